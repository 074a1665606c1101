"""Quotes as one side reads them, always through the owner check."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from marketplace.accounts.models import Organisation
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.quotes.models import Deal, Quote, QuoteVersion
from marketplace.quotes.policies import (
    bought_by,
    dealt_by,
    mentored_by,
    quoted_by,
    readable_versions,
    waits_for_mentor,
    written_by,
)
from marketplace.quotes.rules import UNSENT
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import Side
from marketplace.sellers.models import Seller


def lead_to_quote(session: Session, actor: Actor, key: str) -> Recipient:
    """The seller's lead with request, its lines, buyer and seller; `NotFound` for another's."""
    return _lead(session, key, quoted_by(actor))


def lead_to_write(session: Session, actor: Actor, key: str) -> Recipient:
    """The same for who writes its quote: the seller's own, or one whose pool the actor's chapter coordinates."""
    return _lead(session, key, written_by(actor))


def _lead(session: Session, key: str, condition: ColumnElement[bool]) -> Recipient:
    found = session.scalar(
        select(Recipient)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .where(Recipient.key == key, condition)
        .options(
            contains_eager(Recipient.rfq).selectinload(Rfq.lines),
            contains_eager(Recipient.rfq).joinedload(Rfq.buyer, innerjoin=True),
            contains_eager(Recipient.seller).joinedload(Seller.organisation, innerjoin=True),
        )
    )
    if found is None:
        raise NotFound
    return found


def versions_of(session: Session, recipient_id: int, side: Side) -> list[QuoteVersion]:
    """All versions one side may read with their lines, newest first; an unsent one stands on top."""
    rows = session.scalars(
        select(QuoteVersion)
        .join(Quote, Quote.id == QuoteVersion.quote_id)
        .where(Quote.recipient_id == recipient_id, readable_versions(side))
        .options(selectinload(QuoteVersion.lines))
        .order_by(QuoteVersion.id.desc())
    ).all()
    return sorted(rows, key=lambda one: (one.number is not None, -(one.number or 0)))


def unsent_of(session: Session, recipient_id: int) -> QuoteVersion | None:
    """The seller's version that is still written, or read by the mentor, with its lines."""
    return session.scalar(
        select(QuoteVersion)
        .join(Quote, Quote.id == QuoteVersion.quote_id)
        .where(Quote.recipient_id == recipient_id, QuoteVersion.state.in_(UNSENT))
        .options(selectinload(QuoteVersion.lines))
    )


def current_of(session: Session, recipient_ids: Sequence[int]) -> dict[int, QuoteVersion]:
    """The version that was sent last by recipient, with lines and quote; whoever calls has checked the reader."""
    if not recipient_ids:
        return {}
    rows = session.scalars(
        select(QuoteVersion)
        .join(QuoteVersion.quote)
        .where(Quote.recipient_id.in_(recipient_ids), QuoteVersion.number == Quote.current_number)
        .options(contains_eager(QuoteVersion.quote), selectinload(QuoteVersion.lines))
    )
    return {row.quote.recipient_id: row for row in rows}


def asked_of(session: Session, actor: Actor, key: str, recipient_key: str) -> Recipient:
    """The buyer's own request as one seller has it, with lines, seller and organisation; `NotFound` otherwise."""
    found = session.scalar(
        select(Recipient)
        .join(Recipient.rfq)
        .join(Recipient.seller)
        .where(Rfq.key == key, Recipient.key == recipient_key, bought_by(actor))
        .options(
            contains_eager(Recipient.rfq).selectinload(Rfq.lines),
            contains_eager(Recipient.rfq).joinedload(Rfq.buyer, innerjoin=True),
            contains_eager(Recipient.seller).joinedload(Seller.organisation, innerjoin=True),
        )
    )
    if found is None:
        raise NotFound
    return found


def quotes_of_request(session: Session, actor: Actor, key: str) -> tuple[Rfq, list[tuple[QuoteVersion, str, str]]]:
    """The buyer's request with lines, and each seller's current version with recipient key and seller's name."""
    rfq = session.scalar(select(Rfq).where(Rfq.key == key, bought_by(actor)).options(selectinload(Rfq.lines)))
    if rfq is None:
        raise NotFound
    rows = session.execute(
        select(QuoteVersion, Recipient.key, Organisation.name)
        .join(QuoteVersion.quote)
        .join(Recipient, Recipient.id == Quote.recipient_id)
        .join(Seller, Seller.id == Quote.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Quote.rfq_id == rfq.id, QuoteVersion.number == Quote.current_number)
        .options(contains_eager(QuoteVersion.quote), selectinload(QuoteVersion.lines))
        .order_by(QuoteVersion.sent_at, QuoteVersion.id)
    ).all()
    return rfq, [(version, recipient_key, name) for version, recipient_key, name in rows]


def deal_of_request(session: Session, rfq_id: int) -> Deal | None:
    """The agreement a request ended in; whoever calls has checked that the reader is a party of it."""
    return session.scalar(select(Deal).where(Deal.rfq_id == rfq_id))


def deal_of(session: Session, actor: Actor, key: str) -> Deal:
    """An agreement of the actor's organisation with its lines; `NotFound` for anybody else's."""
    deal = session.scalar(
        select(Deal)
        .join(Rfq, Rfq.id == Deal.rfq_id)
        .join(Seller, Seller.id == Deal.seller_id)
        .where(Deal.key == key, dealt_by(actor))
        .options(selectinload(Deal.lines))
    )
    if deal is None:
        raise NotFound
    return deal


def waiting_page(session: Session, actor: Actor, number: int, size: int = 25) -> Page[QuoteVersion]:
    """Quotes of the actor's charges that wait for their mentor, oldest first."""
    return page_of(session, _waiting(actor).order_by(QuoteVersion.changed_at, QuoteVersion.id), number, size)


def waiting_version(session: Session, actor: Actor, version_id: int) -> QuoteVersion:
    """One of them; `NotFound` for another mentor's, or one that waits no more."""
    found = session.scalar(_waiting(actor).where(QuoteVersion.id == version_id))
    if found is None:
        raise NotFound
    return found


def _waiting(actor: Actor) -> Select[QuoteVersion]:
    return (
        select(QuoteVersion)
        .join(QuoteVersion.quote)
        .join(Quote.seller)
        .join(Quote.rfq)
        .where(waits_for_mentor(), mentored_by(actor))
        .options(
            selectinload(QuoteVersion.lines),
            contains_eager(QuoteVersion.quote).options(
                contains_eager(Quote.seller).joinedload(Seller.organisation, innerjoin=True),
                contains_eager(Quote.rfq).options(selectinload(Rfq.lines), joinedload(Rfq.buyer, innerjoin=True)),
                joinedload(Quote.recipient, innerjoin=True),
            ),
        )
    )
