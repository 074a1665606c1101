"""The clock of a lead: 72 hours of the time in which its seller is open and waits for nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from marketplace.closures.queries import spans_of
from marketplace.closures.rules import Span, closed_time, runs_out
from marketplace.kernel.clock import now
from marketplace.kernel.inserting import change
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import ANSWER_TIME, LIVE, UNANSWERED, RfqSource, moved_deadline


def start_clock(session: Session, recipient: Recipient, moment: datetime, *, has_closures: bool = True) -> None:
    """The time to answer begins at ``moment``, or once the seller opens again; some are known to have no closures."""
    spans = spans_of(session, recipient.seller_id, moment) if has_closures else ()
    change(recipient, invited_at=moment, deadline_at=runs_out(moment, ANSWER_TIME, spans))


def run_on(session: Session, recipient: Recipient, stopped_at: datetime) -> None:
    """A clock that stood since ``stopped_at`` runs again."""
    spans = spans_of(session, recipient.seller_id, stopped_at)
    recipient.deadline_at = moved_deadline(recipient.deadline_at, stopped_at, now(), spans)


def stop_clock(session: Session, recipient: Recipient) -> None:
    """The seller answered: closed days that still lie ahead have nothing to do with how long they took."""
    moment = now()
    if recipient.deadline_at > moment:
        spans = spans_of(session, recipient.seller_id, moment)
        recipient.deadline_at -= closed_time(moment, recipient.deadline_at, spans)


def move_clocks(session: Session, seller_id: int, before: Iterable[Span]) -> int:
    """Let the clocks of a seller's unanswered leads go by the closures as they are now; gives how many moved.

    ``before`` are the spans by which their deadlines were reckoned.
    """
    old, moment, moved = list(before), now(), 0
    rows = session.scalars(
        select(Recipient)
        .join(Recipient.rfq)
        .options(contains_eager(Recipient.rfq))
        .where(
            Recipient.seller_id == seller_id,
            Recipient.state.in_(UNANSWERED),
            Recipient.deadline_at > moment,
            Rfq.state.in_(LIVE),
        )
        .order_by(Recipient.id)
        .with_for_update(of=(Rfq, Recipient))
        .execution_options(populate_existing=True)
    ).all()
    spans = spans_of(session, seller_id, moment)
    for row in rows:
        deadline = moved_deadline(row.deadline_at, moment, moment, old, spans)
        if deadline != row.deadline_at:
            row.deadline_at = deadline
            if row.rfq.source == RfqSource.INQUIRY:  # it has nobody else to answer it
                row.rfq.closes_at = max(row.rfq.closes_at, deadline)
            moved += 1
    return moved
