"""Requests as buyers, partners and curators read them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts.models import Organisation
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.rfqs.models import Message, Recipient, Rfq, RfqLine
from marketplace.rfqs.policies import owned_by, readable_by
from marketplace.rfqs.rules import COMMITTED, TO_CHECK, RfqState, Side
from marketplace.sellers.models import Seller


@dataclass
class RequestRow:
    """A request in a list: how many sellers were asked, how many said yes, what is unread."""

    rfq: Rfq
    line: RfqLine | None
    asked: int = 0
    committed: int = 0
    unread: int = 0
    sellers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ChapterRequest:
    """A request of a chapter's distributor, as the partner reads it."""

    key: str
    subject: str
    state: str
    company: str
    country: str
    destination: str
    submitted_at: datetime | None
    asked: int
    committed: int


def requests_page(
    session: Session, actor: Actor, states: frozenset[RfqState] | None, number: int, size: int = 20
) -> Page[RequestRow]:
    """A page of the company's requests, newest first; ``states`` narrows it."""
    query = select(Rfq).where(owned_by(actor)).options(selectinload(Rfq.lines))
    if states is not None:
        query = query.where(Rfq.state.in_(states))
    page = page_of(session, query.order_by(Rfq.created_at.desc(), Rfq.id.desc()), number, size)
    return Page(_rows(session, page.items), page.number, page.size, page.has_next)


def request_of(session: Session, actor: Actor, key: str) -> Rfq:
    """The company's request with lines, recipients and their sellers; `NotFound` for another's."""
    rfq = session.scalar(
        select(Rfq)
        .where(Rfq.key == key, owned_by(actor))
        .options(
            selectinload(Rfq.lines).joinedload(RfqLine.product),
            selectinload(Rfq.recipients)
            .joinedload(Recipient.seller, innerjoin=True)
            .joinedload(Seller.organisation, innerjoin=True),
        )
    )
    if rfq is None:
        raise NotFound
    return rfq


def readable_request(session: Session, actor: Actor, key: str) -> Rfq:
    """A request this person may read (owner, partner of its chapter, staff) with lines and buyer; else `NotFound`."""
    rfq = session.scalar(
        select(Rfq)
        .where(Rfq.key == key, readable_by(actor))
        .options(selectinload(Rfq.lines), joinedload(Rfq.buyer, innerjoin=True))
    )
    if rfq is None:
        raise NotFound
    return rfq


def requests_to_check(session: Session, number: int, size: int = 25) -> Page[Rfq]:
    """Unchecked buyers' requests in the curators' queue with buyer and lines, oldest first."""
    query = (
        select(Rfq)
        .where(Rfq.state.in_(TO_CHECK))
        .options(joinedload(Rfq.buyer, innerjoin=True), selectinload(Rfq.lines), selectinload(Rfq.recipients))
        .order_by(Rfq.submitted_at, Rfq.id)
    )
    return page_of(session, query, number, size)


def requests_of_chapter(session: Session, chapter_id: int, number: int, size: int = 25) -> Page[ChapterRequest]:
    """Requests of the distributors a chapter brought, newest first; drafts stay the distributor's own."""
    asked, committed = _counts()
    query = (
        select(
            Rfq.key,
            Rfq.subject,
            Rfq.state,
            Organisation.name,
            Organisation.country,
            Rfq.destination,
            Rfq.submitted_at,
            asked.label("asked"),
            committed.label("committed"),
        )
        .join(Organisation, Organisation.id == Rfq.buyer_id)
        .where(Rfq.chapter_id == chapter_id, Rfq.state != RfqState.DRAFT)
        .order_by(Rfq.submitted_at.desc(), Rfq.id.desc())
    )
    page = page_of(session, query, number, size)
    return Page([ChapterRequest(*row) for row in page.items], page.number, page.size, page.has_next)


def count_at_fair(session: Session, fair_id: int) -> int:
    """How many requests came from a fair; drafts are their writers' own."""
    query = select(func.count(Rfq.id)).where(Rfq.fair_id == fair_id, Rfq.state != RfqState.DRAFT)
    return session.scalar(query) or 0


def unread_from_sellers(session: Session, rfq_ids: list[int]) -> dict[int, dict[int, int]]:
    """Unread messages of sellers by request and recipient, where there are any."""
    if not rfq_ids:
        return {}
    rows = session.execute(
        select(Recipient.rfq_id, Recipient.id, func.count())
        .join(Message, Message.recipient_id == Recipient.id)
        .where(
            Recipient.rfq_id.in_(rfq_ids),
            Message.side != Side.BUYER,
            Message.is_hidden.is_(False),
            Message.created_at > func.coalesce(Recipient.buyer_read_at, Recipient.invited_at),
        )
        .group_by(Recipient.rfq_id, Recipient.id)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for rfq_id, recipient_id, count in rows:
        found[rfq_id][recipient_id] = count
    return dict(found)


def _rows(session: Session, found: list[Rfq]) -> list[RequestRow]:
    rows = {rfq.id: RequestRow(rfq, rfq.lines[0] if rfq.lines else None) for rfq in found}
    recipients = session.execute(
        select(Recipient.rfq_id, Recipient.state, Organisation.name)
        .join(Seller, Seller.id == Recipient.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Recipient.rfq_id.in_(rows))
        .order_by(Recipient.id)
    )
    for rfq_id, state, name in recipients:
        row = rows[rfq_id]
        row.asked += 1
        row.committed += state in COMMITTED
        row.sellers.append(name)
    for rfq_id, unread in unread_from_sellers(session, list(rows)).items():
        rows[rfq_id].unread = sum(unread.values())
    return list(rows.values())


def _counts() -> tuple[Select[int], Select[int]]:
    base = select(func.count(Recipient.id)).where(Recipient.rfq_id == Rfq.id)
    return base.correlate(Rfq), base.where(Recipient.state.in_(COMMITTED)).correlate(Rfq)
