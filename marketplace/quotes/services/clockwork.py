"""What time does to quotes: readers leave a mark, both sides are told before the end, then a label changes."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.events import record
from marketplace.kernel.prepared import Prepared
from marketplace.kernel.states import advance
from marketplace.quotes.events import QuoteEnding
from marketplace.quotes.models import Quote, QuoteVersion
from marketplace.quotes.rules import ENDING_BEFORE, QUOTE_MOVES, STANDING, QuoteDecline, QuoteState
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import LIVE, MomentCode, Side
from marketplace.rfqs.services.timeline import note_moment

_OF_OTHERS = Prepared(
    select(Quote.id).where(Quote.rfq_id == bindparam("rfq_id"), Quote.recipient_id != bindparam("besides")).limit(1)
)


def mark_viewed(session: Session, version_id: int, reader: Side) -> bool:
    """Remember that the other side opened a version; True the first time. The caller checked the reader's right."""
    row = session.scalar(
        select(QuoteVersion)
        .where(QuoteVersion.id == version_id, QuoteVersion.state == QuoteState.SENT, QuoteVersion.author_side != reader)
        .with_for_update(of=QuoteVersion)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return False
    row.state = advance(QuoteState.SENT, QuoteState.VIEWED, QUOTE_MOVES)
    row.viewed_at = now()
    quote = session.get_one(Quote, row.quote_id)
    code = MomentCode.QUOTE_VIEWED if reader is Side.BUYER else MomentCode.COUNTER_VIEWED
    note_moment(session, quote.rfq_id, code, reader, recipient_id=quote.recipient_id)
    return True


def relabel_expired(session: Session, batch: int = 200) -> int:
    """Say of standing quotes whose last day has passed that they ran out; gives how many. Nothing is decided by it."""
    rows = session.execute(
        select(QuoteVersion, Quote.rfq_id, Quote.recipient_id)
        .join(Quote, Quote.id == QuoteVersion.quote_id)
        .where(QuoteVersion.state.in_(STANDING), QuoteVersion.valid_until < now())
        .order_by(QuoteVersion.valid_until, QuoteVersion.id)
        .limit(batch)
        .with_for_update(of=QuoteVersion, skip_locked=True)
    ).all()
    for row, rfq_id, recipient_id in rows:
        row.state = advance(QuoteState(row.state), QuoteState.EXPIRED, QUOTE_MOVES)
        row.ended_at = row.valid_until
        note_moment(session, rfq_id, MomentCode.QUOTE_EXPIRED, Side.PROGRAMME, recipient_id=recipient_id)
    return len(rows)


def remind_of_ending(session: Session, batch: int = 200) -> int:
    """Tell both sides once of quotes that end within three days; gives how many. Short ones are not reminded of."""
    rows = session.scalars(
        select(QuoteVersion)
        .join(Quote, Quote.id == QuoteVersion.quote_id)
        .join(Rfq, Rfq.id == Quote.rfq_id)
        .where(
            QuoteVersion.state.in_(STANDING),
            QuoteVersion.valid_until >= now(),
            QuoteVersion.valid_until <= now() + ENDING_BEFORE,
            QuoteVersion.reminded_at.is_(None),
            Rfq.state.in_(LIVE),
        )
        .order_by(QuoteVersion.valid_until, QuoteVersion.id)
        .limit(batch)
        .with_for_update(of=QuoteVersion, skip_locked=True)
    ).all()
    for row in rows:
        row.reminded_at = now()
        if row.valid_until and row.sent_at and row.valid_until - row.sent_at > ENDING_BEFORE:
            record(session, QuoteEnding(version_id=row.id))
    return len(rows)


def close_quotes(session: Session, rfq_id: int, reason: QuoteDecline, besides: int = 0) -> int:
    """The request is over: what still stands is closed with it; gives how many. ``besides`` is a recipient to spare."""
    if not _OF_OTHERS.raw(session, rfq_id=rfq_id, besides=besides):
        return 0
    rows = session.scalars(
        select(QuoteVersion)
        .join(Quote, Quote.id == QuoteVersion.quote_id)
        .join(Recipient, Recipient.id == Quote.recipient_id)
        .where(Quote.rfq_id == rfq_id, Quote.recipient_id != besides, QuoteVersion.state.in_(STANDING))
        .with_for_update(of=QuoteVersion)
    ).all()
    for row in rows:
        row.state = advance(QuoteState(row.state), QuoteState.DECLINED, QUOTE_MOVES)
        row.ended_at, row.decline_reason = now(), reason
    return len(rows)
