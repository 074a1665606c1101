"""Reads of contacts, and of the leads somebody may answer from their telephone."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts.acting import acting_for
from marketplace.accounts.models import Membership, Organisation, User
from marketplace.kernel.policy import Actor, OrganisationKind, Role
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import LIVE, UNANSWERED, RecipientState
from marketplace.sellers.models import Seller
from marketplace.whatsapp.models import WhatsappContact, WhatsappMessage
from marketplace.whatsapp.rules import MOST_CHOICES


def contact_of(session: Session, user_id: int, *, is_locked: bool = False) -> WhatsappContact | None:
    """What a person has said about WhatsApp; None where nothing."""
    query = select(WhatsappContact).where(WhatsappContact.user_id == user_id)
    return session.scalar(query.with_for_update() if is_locked else query)


def contact_at(session: Session, phone: str) -> WhatsappContact | None:
    """Who agreed from this number, also if they said stop since; with the row lock."""
    query = select(WhatsappContact).where(WhatsappContact.phone == phone)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def acting_seller(session: Session, user_id: int, recipient_id: int) -> tuple[Actor, str] | None:
    """The person acting for the seller of this lead, and the lead's key; None where they may not, or not any more."""
    row = session.execute(_own(user_id).where(Recipient.id == recipient_id)).first()
    if row is None:
        return None
    user, organisation, role, recipient = row
    return acting_for(user, organisation, Role(role)), recipient.key


def open_leads(session: Session, user_id: int) -> list[Recipient]:
    """Leads of the person's organisations that wait for an answer, the most urgent first; at most `MOST_CHOICES`."""
    waiting = Recipient.state.in_({*UNANSWERED, RecipientState.NO_ANSWER})
    query = _own(user_id).where(waiting, Rfq.state.in_(LIVE)).order_by(Recipient.deadline_at, Recipient.id)
    return [row[3] for row in session.execute(query.limit(MOST_CHOICES))]


def lead_answered(session: Session, contact: WhatsappContact, wamid: str) -> int | None:
    """The lead that one of our messages to this very person was about."""
    query = select(WhatsappMessage.recipient_id).where(
        WhatsappMessage.wamid == wamid, WhatsappMessage.contact_id == contact.id
    )
    return session.scalar(query)


def _own(user_id: int) -> Select[User, Organisation, str, Recipient]:
    return (
        select(User, Organisation, Membership.role, Recipient)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Seller, Seller.organisation_id == Organisation.id)
        .join(Recipient, Recipient.seller_id == Seller.id)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .where(
            User.id == user_id,
            User.suspended_at.is_(None),
            User.erased_at.is_(None),
            Organisation.kind == OrganisationKind.SELLER,
            Organisation.suspended_at.is_(None),
            Rfq.opened_at.is_not(None),
        )
    )
