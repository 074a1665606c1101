"""Reads of meetings: fairs with meetings, participants, what is asked and set, and which slots are free."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from marketplace.accounts.models import Block, Organisation
from marketplace.fairs.models import Fair
from marketplace.fairs.queries import fair_for
from marketplace.i18n.formats import day_of
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.meetings.models import Meeting, MeetingGuest, MeetingPlan, MeetingSeat, MeetingSession
from marketplace.meetings.policies import arranged_at, guest_of, met_by
from marketplace.meetings.rules import SEATED, GuestKind, MeetingState, SessionTimes, may_meet
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.policies import owned_by

_FRESH = {"populate_existing": True}
MOST_LISTED = 300  # participants on one page


@dataclass(frozen=True, slots=True)
class FairRow:
    """A fair at which meetings are arranged; ``is_joined`` where the reader's organisation takes part."""

    fair: Fair
    plan: MeetingPlan
    is_joined: bool


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting with its two sides and, once it has a place, its session and first and last moment (UTC)."""

    meeting: Meeting
    asker: MeetingGuest
    asked: MeetingGuest
    session: MeetingSession | None

    @property
    def slot(self) -> tuple[datetime, datetime] | None:
        """First and last moment, UTC."""
        if self.session is None or self.meeting.slot is None:
            return None
        return self.session.times.slot(self.meeting.slot)

    def other(self, guest_id: int) -> MeetingGuest:
        """Whom this participant meets."""
        return self.asked if self.asker.id == guest_id else self.asker

    def own(self, actor: Actor) -> MeetingGuest | None:
        """The actor's own side, if any."""
        return next((one for one in (self.asker, self.asked) if one.organisation_id == actor.organisation_id), None)

    def seller(self) -> MeetingGuest:
        """The side that sells."""
        return self.asker if self.asker.kind == GuestKind.SELLER else self.asked

    def buyer(self) -> MeetingGuest:
        """The side that buys."""
        return self.asked if self.asker.kind == GuestKind.SELLER else self.asker


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot in which both sides and at least one table are free."""

    session: MeetingSession
    number: int

    @property
    def code(self) -> str:
        """How forms name it."""
        return f"{self.session.id}-{self.number}"

    @property
    def begins(self) -> datetime:
        """Its first moment, UTC."""
        return self.session.times.slot(self.number)[0]


def fairs_with_meetings(session: Session, actor: Actor) -> list[FairRow]:
    """Fairs ahead at which meetings are arranged, then those of the past that one took part in."""
    own = select(MeetingGuest.plan_id).where(guest_of(actor), MeetingGuest.left_at.is_(None))
    rows = session.execute(
        select(Fair, MeetingPlan, MeetingPlan.id.in_(own))
        .join(MeetingPlan, MeetingPlan.fair_id == Fair.id)
        .where(arranged_at(), or_(Fair.last_day >= today(), MeetingPlan.id.in_(own)))
        .order_by(Fair.last_day < today(), Fair.first_day, Fair.id)
        .limit(100)
    )
    return [FairRow(fair, plan, bool(joined)) for fair, plan, joined in rows]


def plan_at(session: Session, fair_id: int) -> tuple[Fair, MeetingPlan]:
    """The fair and its plan of meetings as participants may know them; `NotFound` where none are arranged."""
    row = session.execute(
        select(Fair, MeetingPlan)
        .join(MeetingPlan, MeetingPlan.fair_id == Fair.id)
        .where(Fair.id == fair_id, arranged_at())
        .execution_options(**_FRESH)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def has_meetings(session: Session, fair_id: int) -> bool:
    """Whether participants can arrange meetings at a fair that is not over."""
    query = select(Fair.id).where(Fair.id == fair_id, arranged_at(), Fair.last_day >= today())
    return session.scalar(query) is not None


def plan_kept(
    session: Session, actor: Actor, fair_id: int, *, is_locked: bool = False
) -> tuple[Fair, MeetingPlan | None]:
    """A fair that the actor looks after, and its plan if meetings are arranged there."""
    fair = fair_for(session, actor, fair_id, is_locked=is_locked)
    query = select(MeetingPlan).where(MeetingPlan.fair_id == fair.id).execution_options(**_FRESH)
    return fair, session.scalar(query.with_for_update() if is_locked else query)


def sessions_of(session: Session, plan_id: int) -> Sequence[MeetingSession]:
    """A plan's sessions in order of time."""
    query = select(MeetingSession).where(MeetingSession.plan_id == plan_id).order_by(MeetingSession.starts_at)
    return session.scalars(query.execution_options(**_FRESH)).all()


def session_days(sessions: Collection[MeetingSession], zone: str) -> list[date]:
    """The days of sessions, in the fair's zone."""
    return sorted({day_of(one.starts_at, zone) for one in sessions})


def own_guest(session: Session, actor: Actor, plan_id: int) -> MeetingGuest | None:
    """How the actor's organisation takes part, or took part until it left."""
    query = select(MeetingGuest).where(MeetingGuest.plan_id == plan_id, guest_of(actor))
    query = query.options(joinedload(MeetingGuest.organisation))
    return session.scalar(query.execution_options(**_FRESH))


def guests_of(session: Session, plan_id: int) -> Sequence[MeetingGuest]:
    """Everybody who takes part, with their organisations, by name; who left or is suspended is left out."""
    return session.scalars(
        select(MeetingGuest)
        .join(Organisation, Organisation.id == MeetingGuest.organisation_id)
        .where(MeetingGuest.plan_id == plan_id, _takes_part())
        .options(joinedload(MeetingGuest.organisation))
        .order_by(Organisation.name, MeetingGuest.id)
        .limit(MOST_LISTED)
    ).all()


def counterparts(session: Session, guest: MeetingGuest) -> list[MeetingGuest]:
    """Those whom a participant could ask: the other side of the trade, less who blocked or is blocked."""
    blocked = set(
        session.scalars(select(Block.blocked_id).where(Block.organisation_id == guest.organisation_id))
    ) | set(session.scalars(select(Block.organisation_id).where(Block.blocked_id == guest.organisation_id)))
    return [
        one
        for one in guests_of(session, guest.plan_id)
        if may_meet(GuestKind(guest.kind), GuestKind(one.kind)) and one.organisation_id not in blocked
    ]


def meetings_of(session: Session, guest_id: int) -> list[MeetingRow]:
    """All meetings of one participant: those with a place in order of time, then the others, newest first."""
    return _ordered(rows_where(session, or_(Meeting.asker_id == guest_id, Meeting.asked_id == guest_id)))


def meetings_at(session: Session, plan_id: int) -> list[MeetingRow]:
    """All meetings of a fair, in the same order."""
    return _ordered(rows_where(session, Meeting.plan_id == plan_id))


def meeting_for(session: Session, actor: Actor, key: str) -> tuple[MeetingRow, Fair, MeetingPlan]:
    """A meeting of the actor's own organisation; anything else does not exist."""
    return _one(session, key, met_by(actor) & Meeting.plan_id.in_(select(MeetingPlan.id)))


def meeting_kept(session: Session, actor: Actor, fair_id: int, key: str) -> tuple[MeetingRow, Fair, MeetingPlan]:
    """A meeting of a fair that the actor looks after; anything else does not exist."""
    _fair, plan = plan_kept(session, actor, fair_id)
    return _one(session, key, Meeting.plan_id == plan.id if plan is not None else false())


def seats_of(session: Session, guest_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """Participant, session and slot of every seat that these participants have."""
    rows = session.execute(
        select(MeetingSeat.guest_id, MeetingSeat.session_id, MeetingSeat.slot).where(
            MeetingSeat.guest_id.in_(guest_ids)
        )
    )
    return [(guest, at, slot) for guest, at, slot in rows]


def free_slots(session: Session, row: MeetingRow, plan: MeetingPlan) -> list[FreeSlot]:
    """Slots ahead in which the two could meet, in order of time; the place that the meeting has is not among them."""
    taken = seats_of(session, (row.asker.id, row.asked.id))
    sitting = {(at, slot) for _guest, at, slot in taken}
    counts: dict[tuple[int, int], int] = {}
    for guest, at, _slot in taken:
        if at != row.meeting.session_id:  # a meeting that moves within its session makes it no fuller
            counts[guest, at] = counts.get((guest, at), 0) + 1
    full = {at for (_guest, at), count in counts.items() if count >= plan.most_a_session}
    tables = {
        (at, slot): count
        for at, slot, count in session.execute(
            select(Meeting.session_id, Meeting.slot, func.count())
            .where(Meeting.plan_id == plan.id, Meeting.table_number.is_not(None))
            .group_by(Meeting.session_id, Meeting.slot)
        )
    }
    moment = now()
    return [
        FreeSlot(one, number)
        for one in sessions_of(session, plan.id)
        if one.id not in full
        for number in one.times.ahead(moment)
        if (one.id, number) not in sitting and tables.get((one.id, number), 0) < one.tables
    ]


def overlapping(sessions: Collection[MeetingSession], times: SessionTimes, but: int | None = None) -> bool:
    """Whether one of these sessions, but for ``but``, lies at the same time."""
    return any(one.id != but and one.times.overlaps(times) for one in sessions)


def _takes_part() -> ColumnElement[bool]:
    return MeetingGuest.left_at.is_(None) & Organisation.suspended_at.is_(None)


def rows_where(session: Session, where: ColumnElement[bool]) -> list[MeetingRow]:
    """Meetings under a condition with both sides and their place, the newest first."""
    asker, asked = aliased(MeetingGuest), aliased(MeetingGuest)
    rows = session.execute(
        select(Meeting, asker, asked, MeetingSession)
        .join(asker, asker.id == Meeting.asker_id)
        .join(asked, asked.id == Meeting.asked_id)
        .outerjoin(MeetingSession, MeetingSession.id == Meeting.session_id)
        .where(where)
        .options(joinedload(asker.organisation), joinedload(asked.organisation))
        .order_by(Meeting.id.desc())
        .execution_options(**_FRESH)
    )
    return [MeetingRow(*row) for row in rows]


def _ordered(rows: list[MeetingRow]) -> list[MeetingRow]:
    placed = [one for one in rows if one.slot is not None]
    placed.sort(key=lambda one: (one.slot or (now(),))[0])
    waits = [one for one in rows if one.slot is None and one.meeting.state == MeetingState.REQUESTED]
    return placed + waits + [one for one in rows if one.slot is None and one.meeting.state != MeetingState.REQUESTED]


def _one(session: Session, key: str, where: ColumnElement[bool]) -> tuple[MeetingRow, Fair, MeetingPlan]:
    found = rows_where(session, (Meeting.key == key) & where)
    if not found:
        raise NotFound
    plan = session.get_one(MeetingPlan, found[0].meeting.plan_id)
    return found[0], session.get_one(Fair, plan.fair_id), plan


def count_seated(session: Session, guest_id: int) -> int:
    """How many meetings with a place a participant has at the fair."""
    query = select(func.count()).select_from(Meeting)
    return (
        session.scalar(
            query.where(or_(Meeting.asker_id == guest_id, Meeting.asked_id == guest_id), Meeting.state.in_(SEATED))
        )
        or 0
    )


def request_key(session: Session, meeting: Meeting, actor: Actor) -> str:
    """The key of the request that came of a meeting, for the company that sent it; else nothing."""
    if meeting.rfq_id is None:
        return ""
    return session.scalar(select(Rfq.key).where(Rfq.id == meeting.rfq_id, owned_by(actor))) or ""
