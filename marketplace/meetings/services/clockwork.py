"""Work of the clock on meetings: who waits is reminded, what cannot be held any more ends, the outcome is asked for."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketplace.fairs.models import Fair
from marketplace.kernel.clock import now, today
from marketplace.meetings.models import Meeting, MeetingPlan, MeetingSession
from marketplace.meetings.queries import MeetingRow, rows_where
from marketplace.meetings.rules import REMINDED_EVERY, MeetingState
from marketplace.meetings.services.booking import drop
from marketplace.meetings.services.telling import OVER, WAITS, tell

AT_ONCE = 50


def end_impossible(session: Session) -> int:
    """Cancel requests that nobody answered by the fair's end, and all that is open at a withdrawn fair."""
    moment = now()
    withdrawn = _of_fairs(Fair.withdrawn_at.is_not(None))
    over = _of_fairs(Fair.last_day < today())
    ahead = select(MeetingSession.id).where(MeetingSession.starts_at > moment)
    rows = _locked(
        session,
        or_(
            (Meeting.state == MeetingState.REQUESTED) & (withdrawn | over),
            (Meeting.state == MeetingState.ACCEPTED) & withdrawn & Meeting.session_id.in_(ahead),
        ),
    )
    for row in rows:
        drop(session, row)
    return len(rows)


def remind(session: Session) -> int:
    """Tell whoever has left a request unanswered for two days that it waits, and every two days again."""
    rows = _locked(session, (Meeting.state == MeetingState.REQUESTED) & (Meeting.reminded_at <= now() - REMINDED_EVERY))
    for row in rows:
        row.meeting.reminded_at = now()
        tell(session, WAITS, row, row.asked, today().isoformat())
    return len(rows)


def ask_outcomes(session: Session) -> int:
    """Once the session of a meeting is over and nobody has said what came of it, both are asked once."""
    ended = select(MeetingSession.id).where(MeetingSession.ends_at <= now())
    rows = _locked(
        session,
        (Meeting.state == MeetingState.ACCEPTED)
        & Meeting.is_outcome_asked.is_(False)
        & Meeting.session_id.in_(ended)
        & _of_fairs(Fair.withdrawn_at.is_(None)),
    )
    for row in rows:
        row.meeting.is_outcome_asked = True
        for side in (row.asker, row.asked):
            tell(session, OVER, row, side)
    return len(rows)


def _of_fairs(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return Meeting.plan_id.in_(select(MeetingPlan.id).join(Fair, Fair.id == MeetingPlan.fair_id).where(which))


def _locked(session: Session, where: ColumnElement[bool]) -> list[MeetingRow]:
    """So many meetings, each with its row lock; those that somebody holds at the moment wait for the next time."""
    query = select(Meeting.id).where(where).order_by(Meeting.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    keys = session.scalars(query).all()
    return rows_where(session, Meeting.id.in_(keys)) if keys else []
