"""Who takes part in a conversation, by person: for acts that no session stands behind, such as an answer by mail."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.acting import acting_for
from marketplace.accounts.models import Membership, Organisation, User
from marketplace.kernel.policy import Actor, Role
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import Side
from marketplace.sellers.models import Seller


@dataclass(frozen=True, slots=True)
class Participant:
    """A person as one side of a conversation, with the addresses of their pages."""

    actor: Actor
    side: Side
    rfq_key: str
    recipient_key: str
    path: str
    email: str


def participant_of(session: Session, recipient_id: int, user_id: int) -> Participant | None:
    """This person in this conversation; None once they, or their organisation, may not take part any more.

    Their address must be confirmed: only then is it certain whose it is.
    """
    row = session.execute(
        select(User, Organisation, Membership.role, Rfq, Recipient.key)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Recipient, Recipient.id == recipient_id)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .where(
            User.id == user_id,
            User.suspended_at.is_(None),
            User.erased_at.is_(None),
            User.email_verified_at.is_not(None),
            Organisation.suspended_at.is_(None),
            Rfq.opened_at.is_not(None),
            or_(Organisation.id == Seller.organisation_id, Organisation.id == Rfq.buyer_id),
        )
        .order_by(Organisation.id)
    ).first()
    if row is None:
        return None
    user, organisation, role, rfq, key = row
    side = Side.BUYER if organisation.id == rfq.buyer_id else Side.SELLER
    actor = acting_for(user, organisation, Role(role))
    path = f"/leads/{key}" if side is Side.SELLER else f"/requests/{rfq.key}/with/{key}"
    return Participant(actor, side, rfq.key, key, path, user.email or "")
