"""Reads about buying companies."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from marketplace.buyers.models import Buyer
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor


def own_buyer(session: Session, actor: Actor) -> Buyer:
    """The buyer the actor works for, with its organisation; `NotFound` if there is none."""
    query = select(Buyer).where(Buyer.organisation_id == actor.organisation_id)
    buyer = session.scalar(query.options(joinedload(Buyer.organisation)))
    if buyer is None:
        raise NotFound
    return buyer


def buyer_of(session: Session, organisation_id: int) -> Buyer | None:
    """The buyer's side of an organisation, with the organisation."""
    query = select(Buyer).where(Buyer.organisation_id == organisation_id)
    return session.scalar(query.options(joinedload(Buyer.organisation)))
