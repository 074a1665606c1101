"""The seller's inbox and one lead, always through the organisation that was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, contains_eager, load_only

from marketplace.accounts.models import Block, Membership, Organisation, User
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.leads.policies import readable_by
from marketplace.rfqs.models import Message, Recipient, Rfq, RfqLine
from marketplace.rfqs.policies import can_be_asked
from marketplace.rfqs.rules import COMMITTED, LIVE, UNANSWERED, RecipientState, Side
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState


class Shelf(StrEnum):
    """What the inbox shows."""

    OPEN = "open"
    ANSWERED = "answered"
    ALL = "all"


# all that a card of the inbox reads; whoever shows more there names it here, since other columns are not loaded
OF_LEAD = (
    Recipient.id, Recipient.key, Recipient.rfq_id, Recipient.state, Recipient.deadline_at, Recipient.seen_at,
    Recipient.committed_at, Recipient.info_asked_at,
)  # fmt: skip
OF_REQUEST = (
    Rfq.state, Rfq.destination, Rfq.incoterm, Rfq.place, Rfq.certificates, Rfq.needed_by, Rfq.sample_is_wanted,
)  # fmt: skip
OF_LINE = (
    RfqLine.product_id, RfqLine.commodity, RfqLine.description, RfqLine.quantity, RfqLine.unit, RfqLine.target_price,
    RfqLine.currency, RfqLine.price_unit, RfqLine.is_below_moq,
)  # fmt: skip
OF_BUYER = (Organisation.name, Organisation.country, Organisation.verification_level)
STILL_OPEN = UNANSWERED | {RecipientState.NO_ANSWER}
ANSWERED = frozenset({RecipientState.WILL_QUOTE, RecipientState.QUOTED, RecipientState.DECLINED})


@dataclass(frozen=True)
class InboxRow:
    """One lead in the inbox with the first line of its request."""

    recipient: Recipient
    line: RfqLine | None
    buyer_country: str
    verification_level: str
    unread: int


def lead_keys(session: Session, actor: Actor, shelf: Shelf, number: int, size: int = 20) -> Page[tuple[int, datetime]]:
    """Keys and deadlines of a page of the organisation's leads: open ones by deadline first."""
    query = (
        select(Recipient.id, Recipient.deadline_at)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .where(readable_by(actor), _on(shelf))
    )
    if shelf is Shelf.OPEN:
        # a lead that waits for the buyer is not urgent
        query = query.order_by(Recipient.info_asked_at.is_not(None), Recipient.deadline_at, Recipient.id)
    elif shelf is Shelf.ANSWERED:
        latest = func.coalesce(Recipient.last_message_at, Recipient.answered_at, Recipient.invited_at)
        query = query.order_by(latest.desc(), Recipient.id.desc())
    else:
        query = query.order_by(Recipient.invited_at.desc(), Recipient.id.desc())
    return page_of(session, query, number, size)


def leads_of(session: Session, actor: Actor, keys: Sequence[int]) -> list[InboxRow]:
    """The organisation's leads under these keys, in their order."""
    found = {one.id: one for one in session.scalars(_leads(actor).where(Recipient.id.in_(keys)))}
    return _rows(session, [found[key] for key in keys if key in found])


def lead(session: Session, actor: Actor, key: str, *, is_locked: bool = False) -> Recipient:
    """One lead with request, lines and seller; `NotFound` for another seller's. Lock it to change it."""
    query = (
        select(Recipient)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .where(Recipient.key == key, readable_by(actor))
        .options(
            contains_eager(Recipient.rfq).selectinload(Rfq.lines),
            contains_eager(Recipient.rfq).joinedload(Rfq.buyer, innerjoin=True),
            contains_eager(Recipient.seller),
        )
    )
    if is_locked:
        query = query.with_for_update(of=Recipient).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def colleagues(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Members of the actor's organisation who can take a lead over: key and name, without the actor."""
    rows = session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            User.id != actor.user_id,
            User.suspended_at.is_(None),
            User.erased_at.is_(None),
        )
        .order_by(User.name, User.id)
    )
    return [(key, name) for key, name in rows]


def fellow_sellers(session: Session, recipient: Recipient, limit: int = 200) -> list[tuple[str, str]]:
    """Approved sellers who list the same commodity and could take this lead: slug and name.

    Sellers who already finished with this request, and pairs that blocked each other, are not among them; a seller who
    was asked as well is, because leaving them out would tell who else was asked.
    """
    commodities = {line.commodity for line in recipient.rfq.lines if line.commodity}
    if recipient.product_id is not None:
        own = session.scalar(select(Product.commodity).where(Product.id == recipient.product_id))
        commodities |= {own} if own else set()
    if not commodities:
        return []
    finished = select(Recipient.seller_id).where(
        Recipient.rfq_id == recipient.rfq_id, Recipient.state.not_in({*STILL_OPEN, *COMMITTED})
    )
    buyer = recipient.rfq.buyer_id
    blocked = select(Block.blocked_id).where(Block.organisation_id == buyer)
    blocking = select(Block.organisation_id).where(Block.blocked_id == buyer)
    offers = select(Product.seller_id).where(Product.commodity.in_(commodities), Product.state == ListingState.LISTED)
    rows = session.execute(
        select(Seller.slug, Organisation.name)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(
            Seller.id.in_(offers),
            Seller.id != recipient.seller_id,
            Seller.id.not_in(finished),
            Seller.curation == CurationState.APPROVED,
            can_be_asked(),
            Organisation.id.not_in(blocked),
            Organisation.id.not_in(blocking),
        )
        .order_by(Organisation.name, Seller.id)
        .limit(limit)
    )
    return [(slug, name) for slug, name in rows]


def unread_leads(session: Session, actor: Actor) -> int:
    """In how many leads something new waits: never opened, or with unread messages."""
    fresh = (Recipient.state == RecipientState.INVITED) & Rfq.state.in_(LIVE)
    newer = exists().where(
        Message.recipient_id == Recipient.id,
        Message.side != Side.SELLER,
        Message.is_hidden.is_(False),
        Message.created_at > func.coalesce(Recipient.seller_read_at, Recipient.invited_at),
    )
    query = select(func.count()).select_from(Recipient).join(Recipient.rfq).join(Recipient.seller)
    return session.scalar(query.where(readable_by(actor), fresh | newer)) or 0


def _leads(actor: Actor) -> Select[Recipient]:
    of_request = contains_eager(Recipient.rfq)
    return (
        select(Recipient)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .where(readable_by(actor))
        .options(
            load_only(*OF_LEAD, raiseload=True),
            of_request.load_only(*OF_REQUEST, raiseload=True),
            of_request.joinedload(Rfq.buyer, innerjoin=True).load_only(*OF_BUYER, raiseload=True),
            of_request.selectinload(Rfq.lines).load_only(*OF_LINE, raiseload=True),
        )
    )


def _on(shelf: Shelf) -> ColumnElement[bool]:
    if shelf is Shelf.OPEN:
        return Recipient.state.in_(STILL_OPEN) & Rfq.state.in_(LIVE)
    if shelf is Shelf.ANSWERED:
        return Recipient.state.in_(ANSWERED)
    return Recipient.id.is_not(None)


def _rows(session: Session, found: list[Recipient]) -> list[InboxRow]:
    unread = unread_from_buyer(session, [one.id for one in found])
    return [
        InboxRow(
            recipient=one,
            line=one.rfq.lines[0] if one.rfq.lines else None,
            buyer_country=one.rfq.buyer.country,
            verification_level=one.rfq.buyer.verification_level,
            unread=unread.get(one.id, 0),
        )
        for one in found
    ]


def unread_from_buyer(session: Session, recipients: list[int]) -> dict[int, int]:
    """Unread messages of the buyer by recipient, where there are any."""
    if not recipients:
        return {}
    seen = func.coalesce(Recipient.seller_read_at, Recipient.invited_at)
    rows = session.execute(
        select(Message.recipient_id, func.count())
        .join(Recipient, Recipient.id == Message.recipient_id)
        .where(
            Message.recipient_id.in_(recipients),
            Message.side != Side.SELLER,
            Message.is_hidden.is_(False),
            Message.created_at > seen,
        )
        .group_by(Message.recipient_id)
    )
    return dict(rows.all())
