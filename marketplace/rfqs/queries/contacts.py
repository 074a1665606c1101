"""Whether a conversation may show ways to reach each other outside the marketplace."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import today
from marketplace.kernel.prepared import On, Prepared
from marketplace.rfqs.contacts import WhyHidden, without_contacts
from marketplace.rfqs.models import ContactFreeze, Recipient, Rfq
from marketplace.rfqs.policies import is_check_valid
from marketplace.rfqs.rules import RecipientState, RfqState
from marketplace.sellers.models import Seller

Guard = Callable[[str], str]  # what one side wrote -> what the other reads of it


def _how_it_stands(conversations: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(
            Recipient.key,
            Rfq.state,
            Recipient.state,
            Organisation.verification_level,
            Organisation.verified_until,
            exists()
            .where(
                or_(
                    ContactFreeze.organisation_id == Rfq.buyer_id,
                    ContactFreeze.organisation_id == Seller.organisation_id,
                )
            )
            .label("is_frozen"),
        )
        .select_from(Recipient)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .join(Organisation, Organisation.id == Rfq.buyer_id)
        .where(conversations)
    )


_OF_ONE = _how_it_stands(Recipient.id == bindparam("recipient_id"))
_OF_REQUEST = _how_it_stands(Recipient.rfq_id == bindparam("rfq_id"))


def why_hidden(on: On, recipient_id: int) -> WhyHidden | None:
    """Why this conversation hides contact details; None where it does not, and never once its quote is accepted."""
    return next((_why(*row) for _key, *row in _OF_ONE.rows(on, recipient_id=recipient_id)), None)


def _why(state: str, place: str, level: str, until: date | None, is_frozen: bool) -> WhyHidden | None:
    if state == RfqState.AWARDED and place == RecipientState.QUOTED:  # those who were left over are closed
        return None
    if is_frozen:
        return WhyHidden.FROZEN
    return None if is_check_valid(level, until, today()) else WhyHidden.UNVERIFIED


def as_written(text: str) -> str:
    """The guard of a conversation that hides nothing."""
    return text


def guard_of(on: On, recipient_id: int) -> Guard:
    """What the two sides of this conversation read of each other's words now."""
    return as_written if why_hidden(on, recipient_id) is None else without_contacts


def guards_of(on: On, rfq_id: int) -> dict[str, Guard]:
    """The same for every conversation of a request, by key of its recipient."""
    return {
        key: as_written if _why(*row) is None else without_contacts for key, *row in _OF_REQUEST.rows(on, rfq_id=rfq_id)
    }


def frozen_among(session: Session, organisation_ids: Collection[int]) -> frozenset[int]:
    """Those of these organisations whose contact details a waiting report freezes."""
    query = select(ContactFreeze.organisation_id).where(ContactFreeze.organisation_id.in_(organisation_ids))
    return frozenset(session.scalars(query))


def guard_between(buyer: Organisation, seller: Organisation, frozen: Collection[int]) -> Guard:
    """The same for two who have no conversation yet; ``frozen`` is what `frozen_among` says of them."""
    is_checked = is_check_valid(buyer.verification_level, buyer.verified_until, today())
    is_open = is_checked and buyer.id not in frozen and seller.id not in frozen
    return as_written if is_open else without_contacts


def is_frozen_by(session: Session, about: str) -> bool:
    """Whether this cause freezes contact details now."""
    return session.scalar(select(ContactFreeze.id).where(ContactFreeze.about == about)) is not None
