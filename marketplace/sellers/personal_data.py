"""What the sellers' domain keeps about a person: their number on a profile, notes they wrote, mentoring."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, User
from marketplace.accounts.queries import organisations_left_empty
from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.sellers.models import Producer, ProducerText, Seller, SellerNote, SellerProducer, SellerStanding


def export(session: Session, user_id: int) -> dict[str, Any]:
    """The profiles of a person's sellers with their pesantren and stories, and the notes the person wrote."""
    sellers = session.execute(
        select(Seller)
        .join(Membership, Membership.organisation_id == Seller.organisation_id)
        .where(Membership.user_id == user_id)
    ).scalars()
    producers = session.execute(
        select(Producer, ProducerText.story)
        .join(SellerProducer, SellerProducer.producer_id == Producer.id)
        .join(Seller, Seller.id == SellerProducer.seller_id)
        .join(Membership, Membership.organisation_id == Seller.organisation_id)
        .outerjoin(ProducerText, ProducerText.producer_id == Producer.id)
        .where(Membership.user_id == user_id)
    )
    notes = session.scalars(select(SellerNote).where(SellerNote.author_id == user_id).order_by(SellerNote.id))
    return {
        "profiles": [
            {
                "nib": one.nib,
                "whatsapp": one.whatsapp,
                "port": one.port,
                "languages": one.languages,
                "state": one.curation,
            }
            for one in sellers
        ],
        "pesantren": [
            {"name": one.name, "regency": one.regency, "address": one.address, "story": story}
            for one, story in producers
        ],
        "notes_written": [{"at": note.created_at.isoformat(), "text": note.text} for note in notes],
        "standings_eased": [
            {"at": str(row.eased_at), "until": str(row.eased_until), "reason": row.eased_reason}
            for row in session.scalars(select(SellerStanding).where(SellerStanding.eased_by_id == user_id))
        ],
        "mentors": list(session.scalars(select(Seller.slug).where(Seller.mentor_id == user_id))),
    }


def erase(session: Session, user_id: int) -> None:
    """Take the person's number off profiles and their name off notes; close sellers that nobody is left to run."""
    numbers = session.execute(select(User.phone, User.stated_phone).where(User.id == user_id)).one()
    for number in filter(None, numbers):
        session.execute(update(Seller).where(Seller.whatsapp == number).values(whatsapp=""))
    session.execute(update(Seller).where(Seller.mentor_id == user_id).values(mentor_id=None))
    session.execute(update(SellerNote).where(SellerNote.author_id == user_id).values(author_id=None))
    session.execute(update(SellerStanding).where(SellerStanding.eased_by_id == user_id).values(eased_by_id=None))
    closing = organisations_left_empty(session, user_id)
    for seller in session.scalars(select(Seller).where(Seller.organisation_id.in_(closing))).all():
        seller.slug, seller.nib, seller.whatsapp, seller.port = f"closed-{seller.id}", "", "", ""
        session.execute(
            update(SellerStanding).where(SellerStanding.seller_id == seller.id).values(eased_reason="")
        )  # words about a house that is gone
        _close_producers(session, seller.id)


def _close_producers(session: Session, seller_id: int) -> None:
    """Empty the pesantren that no other seller sells for."""
    shared = select(SellerProducer.producer_id).where(SellerProducer.seller_id != seller_id)
    own = select(SellerProducer.producer_id).where(SellerProducer.seller_id == seller_id)
    query = select(Producer).where(Producer.id.in_(own), Producer.id.not_in(shared))
    for producer in session.scalars(query).all():
        producer.name, producer.slug = ERASED_NAME, f"closed-{producer.id}"
        producer.address, producer.santri_count, producer.founded_year = "", None, None
        session.execute(delete(ProducerText).where(ProducerText.producer_id == producer.id))


register(PersonalData("sellers", export=export, erase=erase))
