"""Writes of who looks after a fair: its meetings are opened and changed, sessions added, changed and removed."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.fairs.models import Fair
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.policy import Actor
from marketplace.kernel.text import cleaned
from marketplace.meetings.drafts import PlanDraft, SessionDraft
from marketplace.meetings.models import Meeting, MeetingPlan, MeetingSession
from marketplace.meetings.queries import overlapping, plan_kept, sessions_of
from marketplace.meetings.rules import (
    LONGEST_SESSION,
    MOST_MEETINGS,
    MOST_SESSIONS,
    MOST_TABLES,
    SLOT_LENGTHS,
    SessionTimes,
    moment_in,
)

_DAY = timedelta(days=1)


def save_plan(session: Session, actor: Actor, fair_id: int, version: int, draft: PlanDraft) -> MeetingPlan:
    """Open meetings at a fair the actor looks after, or change their terms.

    ``version`` is 0 where none were open. `Conflict` if it changed meanwhile or the fair is over.
    """
    fair, plan = plan_kept(session, actor, fair_id, is_locked=True)
    _be_ahead(fair)
    if draft.time_zone not in available_timezones():
        raise DomainError(_("Choose the time zone from the list."))
    caps = (draft.most_a_session, draft.most_buyer, draft.most_distributor, draft.most_seller)
    if not all(1 <= one <= MOST_MEETINGS for one in caps):
        raise DomainError(_("Write a number of meetings from 1 to %(most)s.", most=MOST_MEETINGS))
    if (plan.version if plan is not None else 0) != version:
        raise _changed()
    if plan is None:
        plan = MeetingPlan(fair_id=fair.id, created_by_id=actor.user_id, created_at=now(), time_zone=draft.time_zone)
        session.add(plan)
    elif plan.time_zone != draft.time_zone and sessions_of(session, plan.id):
        raise Conflict(_("Sessions are entered already, so the time zone stays. Remove them to choose another one."))
    plan.time_zone = draft.time_zone
    plan.most_a_session, plan.most_buyer, plan.most_distributor, plan.most_seller = caps
    session.flush()  # the audit names it
    audit(session, actor, "meeting.planned", f"fair:{fair.id}")
    return plan


def add_session(session: Session, actor: Actor, fair_id: int, draft: SessionDraft) -> MeetingSession:
    """A new session of a fair's meetings."""
    fair, plan = _plan(session, actor, fair_id)
    others = sessions_of(session, plan.id)
    if len(others) >= MOST_SESSIONS:
        raise DomainError(_("A fair has at most %(most)s sessions.", most=MOST_SESSIONS))
    times = _times(fair, plan, draft)
    if overlapping(others, times):
        raise _overlap()
    made = MeetingSession(
        plan_id=plan.id,
        place=cleaned(draft.place, 80),
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        slot_minutes=times.minutes,
        tables=_tables(draft),
    )
    session.add(made)
    session.flush()  # the audit names it
    audit(session, actor, "meeting.session_added", f"fair:{fair.id}")
    return made


def change_session(
    session: Session, actor: Actor, fair_id: int, key: int, version: int, draft: SessionDraft
) -> MeetingSession:
    """Say something else of a session. Once meetings are set in it, its times stay and no table in use goes away."""
    fair, plan = _plan(session, actor, fair_id)
    one = _session(session, plan, key, version)
    times, tables = _times(fair, plan, draft), _tables(draft)
    used = session.scalar(select(func.max(Meeting.table_number)).where(Meeting.session_id == one.id)) or 0
    if used and times != one.times:
        raise Conflict(_("Meetings are set in this session, so its times stay. Move or cancel them first."))
    if tables < used:
        raise Conflict(_("Table %(number)s is in use. Move or cancel its meetings first.", number=used))
    if overlapping(sessions_of(session, plan.id), times, but=one.id):
        raise _overlap()
    one.place, one.tables = cleaned(draft.place, 80), tables
    one.starts_at, one.ends_at, one.slot_minutes = times.starts_at, times.ends_at, times.minutes
    audit(session, actor, "meeting.session_changed", f"fair:{fair.id}")
    return one


def remove_session(session: Session, actor: Actor, fair_id: int, key: int, version: int) -> None:
    """Take a session away in which no meeting is set."""
    fair, plan = _plan(session, actor, fair_id)
    one = _session(session, plan, key, version)
    if session.scalar(select(func.count()).where(Meeting.session_id == one.id)):
        raise Conflict(_("Meetings are set in this session. Move or cancel them first."))
    session.delete(one)
    audit(session, actor, "meeting.session_removed", f"fair:{fair.id}")


def _plan(session: Session, actor: Actor, fair_id: int) -> tuple[Fair, MeetingPlan]:
    fair, plan = plan_kept(session, actor, fair_id, is_locked=True)
    if plan is None:
        raise NotFound
    _be_ahead(fair)
    return fair, plan


def _session(session: Session, plan: MeetingPlan, key: int, version: int) -> MeetingSession:
    query = select(MeetingSession).where(MeetingSession.id == key, MeetingSession.plan_id == plan.id)
    one = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if one is None:
        raise NotFound
    if one.version != version:
        raise _changed()
    return one


def _be_ahead(fair: Fair) -> None:
    if fair.withdrawn_at is not None or fair.last_day + _DAY < today():
        raise Conflict(_("This fair is withdrawn or over. Its meetings cannot be changed any more."))


def _times(fair: Fair, plan: MeetingPlan, draft: SessionDraft) -> SessionTimes:
    if draft.minutes not in SLOT_LENGTHS:
        raise DomainError(_("A meeting lasts 15, 20 or 30 minutes."))
    if not _in_fair(fair, draft.day):
        raise DomainError(_("Choose a day of the fair."))
    opens, closes = (moment_in(draft.day, clock, plan.time_zone) for clock in (draft.opens, draft.closes))
    if opens is None or closes is None:
        raise DomainError(_("The clocks are changed at that time on that day. Choose another time."))
    times = SessionTimes(opens, closes, draft.minutes)
    if closes <= opens or times.slots < 1:
        raise DomainError(_("The session is too short for a meeting. Choose a later end."))
    if closes - opens > LONGEST_SESSION:
        raise DomainError(_("A session lasts at most twelve hours. Make two of it."))
    return times


def _in_fair(fair: Fair, day: date) -> bool:
    return fair.first_day <= day <= fair.last_day


def _tables(draft: SessionDraft) -> int:
    if not 1 <= draft.tables <= MOST_TABLES:
        raise DomainError(_("Write a number of tables from 1 to %(most)s.", most=MOST_TABLES))
    return draft.tables


def _changed() -> Conflict:
    return Conflict(_("Somebody changed this meanwhile. Look at it again."))


def _overlap() -> DomainError:
    return DomainError(_("Another session lies at the same time. Nobody can be in both."))
