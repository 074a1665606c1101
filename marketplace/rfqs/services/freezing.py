"""Contact details frozen while something serious is looked into, and free again afterwards."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.rfqs.models import ContactFreeze, Recipient, Rfq
from marketplace.sellers.models import Seller


def freeze_contacts(session: Session, organisation_id: int, about: str) -> None:
    """Hide ways round the marketplace in all conversations of this organisation; nothing where ``about`` did so."""
    if session.scalar(select(ContactFreeze.id).where(ContactFreeze.about == about)) is None:
        session.add(ContactFreeze(organisation_id=organisation_id, about=about, since=now()))


def release_contacts(session: Session, about: str) -> None:
    """Take away the freeze that ``about`` caused; others stay."""
    session.execute(delete(ContactFreeze).where(ContactFreeze.about == about))


def have_talked(session: Session, one: int, other: int) -> bool:
    """Whether these two organisations stand in a conversation, either as its buyer."""
    query = (
        select(Recipient.id)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(
            ((Rfq.buyer_id == one) & (Seller.organisation_id == other))
            | ((Rfq.buyer_id == other) & (Seller.organisation_id == one)),
            Rfq.opened_at.is_not(None),
        )
    )
    return session.scalar(query.limit(1)) is not None
