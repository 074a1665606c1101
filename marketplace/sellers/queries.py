"""Reads about sellers and the pesantren they sell for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts.models import Organisation
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.sellers.models import Producer, Seller, SellerNote, SellerProducer
from marketplace.sellers.policies import stopped_sellers
from marketplace.sellers.rules import CurationState


def own_seller(session: Session, actor: Actor) -> Seller:
    """The seller the actor works for, with organisation and producers; `NotFound` if there is none."""
    seller = session.scalar(
        select(Seller)
        .where(Seller.organisation_id == actor.organisation_id)
        .options(
            joinedload(Seller.organisation),
            selectinload(Seller.producers).joinedload(SellerProducer.producer).selectinload(Producer.texts),
        )
        .order_by(Seller.id)
        .limit(1)
    )
    if seller is None:
        raise NotFound
    return seller


def own_producer(session: Session, actor: Actor, producer_id: int) -> Producer:
    """A producer the actor's organisation sells for, with its texts; `NotFound` for any other."""
    producer = session.scalar(
        select(Producer)
        .join(SellerProducer, SellerProducer.producer_id == Producer.id)
        .join(Seller, Seller.id == SellerProducer.seller_id)
        .where(Producer.id == producer_id, Seller.organisation_id == actor.organisation_id)
        .options(selectinload(Producer.texts))
    )
    if producer is None:
        raise NotFound
    return producer


def public_seller(session: Session, slug: str) -> Seller:
    """A seller whom everybody may see, with organisation, producers and stories; `NotFound` for any other."""
    seller = session.scalar(
        select(Seller)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Seller.slug == slug, Seller.curation == CurationState.APPROVED, Organisation.suspended_at.is_(None))
        .options(
            joinedload(Seller.organisation),
            selectinload(Seller.producers).joinedload(SellerProducer.producer).selectinload(Producer.texts),
        )
    )
    if seller is None:
        raise NotFound
    return seller


def is_stopped(session: Session, actor: Actor) -> bool:
    """Whether the actor's own seller is proposed to nobody now, because of its standing."""
    query = select(Seller.id).where(Seller.organisation_id == actor.organisation_id, Seller.id.in_(stopped_sellers()))
    return actor.is_seller and session.scalar(query.limit(1)) is not None


def seller_ids_of(session: Session, organisation_id: int) -> list[int]:
    """Keys of the sellers an organisation has."""
    return list(session.scalars(select(Seller.id).where(Seller.organisation_id == organisation_id)))


def notes_of(session: Session, seller_id: int) -> list[SellerNote]:
    """What curators wrote to a seller, newest first."""
    query = select(SellerNote).where(SellerNote.seller_id == seller_id).order_by(SellerNote.id.desc())
    return list(session.scalars(query))
