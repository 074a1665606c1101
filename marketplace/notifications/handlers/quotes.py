"""Quotes and agreements: what their events tell the other side, and the mentor."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.events import on
from marketplace.notifications.handlers.rfqs import Lead, lead_of, lead_of_deal, tell_buyer, tell_seller
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify
from marketplace.quotes.events import (
    DealAgreed,
    QuoteCapReached,
    QuoteCountered,
    QuoteDeclined,
    QuoteEnding,
    QuoteInReview,
    QuoteReturned,
    QuoteSent,
    QuoteWithdrawn,
)
from marketplace.quotes.models import Deal, Quote, QuoteVersion
from marketplace.rfqs.events import RfqAwarded
from marketplace.rfqs.rules import Side
from marketplace.sellers.models import Seller


@on(QuoteSent)
def say_quote(session: Session, event: QuoteSent) -> None:
    """The buyer learns of a quote or a new version; the seller whose mentor let it go learns that, too."""
    row, lead = _version(session, event.version_id)
    kind = Kind.QUOTE_NEW if row.number == 1 else Kind.QUOTE_REVISED
    tell_buyer(session, lead, kind, _about(row), f"{lead.buyer_path}/quote")
    if event.was_reviewed:
        tell_seller(session, lead, Kind.QUOTE_APPROVED, _about(row), f"{lead.seller_path}/quote")


@on(QuoteInReview)
def call_mentor(session: Session, event: QuoteInReview) -> None:
    """The seller's mentor reads it first; each time it comes back is news."""
    row, lead = _version(session, event.version_id)
    mentor_id, name = session.execute(
        select(Seller.mentor_id, Organisation.name)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Seller.id == lead.recipient.seller_id)
    ).one()
    if mentor_id is not None:
        about = f"{_about(row)}:{row.changed_at:%Y%m%d%H%M%S}"
        notify(session, Kind.QUEUE_QUOTE, about, [mentor_id], {"organisation": name}, f"/console/quotes/{row.id}")


@on(QuoteReturned)
def say_returned(session: Session, event: QuoteReturned) -> None:
    """The seller learns that the mentor left a note."""
    row, lead = _version(session, event.version_id)
    about = f"{_about(row)}:{row.changed_at:%Y%m%d%H%M%S}"
    tell_seller(session, lead, Kind.QUOTE_RETURNED, about, f"{lead.seller_path}/quote/edit")


@on(QuoteCountered)
def say_countered(session: Session, event: QuoteCountered) -> None:
    """The seller learns of a counter-offer."""
    row, lead = _version(session, event.version_id)
    tell_seller(session, lead, Kind.QUOTE_COUNTERED, _about(row), f"{lead.seller_path}/quote")


@on(QuoteDeclined)
def say_declined(session: Session, event: QuoteDeclined) -> None:
    """The other side learns of a no; the reason stands on the page."""
    row, lead = _version(session, event.version_id)
    if row.author_side == Side.BUYER:
        tell_buyer(session, lead, Kind.COUNTER_DECLINED, _about(row), f"{lead.buyer_path}/quote")
        return
    tell_seller(session, lead, Kind.QUOTE_DECLINED, _about(row), f"{lead.seller_path}/quote")


@on(QuoteWithdrawn)
def say_withdrawn(session: Session, event: QuoteWithdrawn) -> None:
    """The buyer learns that a quote is gone."""
    row, lead = _version(session, event.version_id)
    tell_buyer(session, lead, Kind.QUOTE_WITHDRAWN, _about(row), f"{lead.buyer_path}/quote")


@on(QuoteEnding)
def say_ending(session: Session, event: QuoteEnding) -> None:
    """Both sides learn three days before."""
    row, lead = _version(session, event.version_id)
    if row.valid_until is not None:
        lead = replace(lead, context={**lead.context, "date": row.valid_until.date().isoformat()})
    tell_buyer(session, lead, Kind.QUOTE_ENDING, _about(row), f"{lead.buyer_path}/quote")
    tell_seller(session, lead, Kind.QUOTE_ENDING_SELLER, _about(row), f"{lead.seller_path}/quote")


@on(QuoteCapReached)
def say_full(session: Session, event: QuoteCapReached) -> None:
    """Who is left over learns at once that the buyer has what they asked for."""
    lead = lead_of(session, event.recipient_id)
    lead = replace(lead, context={**lead.context, "count": event.count})
    tell_seller(session, lead, Kind.LEAD_FULL, f"recipient:{event.recipient_id}")


@on(DealAgreed)
def say_agreed(session: Session, event: DealAgreed) -> None:
    """The side that did not press the button learns of the agreement."""
    deal = session.get_one(Deal, event.deal_id)
    lead, about, path = lead_of_deal(session, deal), f"deal:{deal.id}", f"/deals/{deal.key}"
    if deal.accepted_side == Side.BUYER:
        tell_seller(session, lead, Kind.QUOTE_ACCEPTED, about, path)
    else:
        tell_buyer(session, lead, Kind.COUNTER_ACCEPTED, about, path)


@on(RfqAwarded)
def say_over(session: Session, event: RfqAwarded) -> None:
    """Everybody left over learns at once that the request is over, and no more."""
    for key in event.closed:
        tell_seller(session, lead_of(session, key), Kind.LEAD_CLOSED, f"recipient:{key}")


def _version(session: Session, version_id: int) -> tuple[QuoteVersion, Lead]:
    row = session.get_one(QuoteVersion, version_id)
    quote = session.get_one(Quote, row.quote_id)
    return row, lead_of(session, quote.recipient_id)


def _about(row: QuoteVersion) -> str:
    return f"quote_version:{row.id}"
