"""A meeting is asked for, gets a place, moves, is declined or cancelled.

Who books holds the session first, then both participants by key: so nobody gets two tables or more meetings than
the caps say. Behind the locks the database itself refuses a table or a participant that is taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import is_blocked
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.meetings.models import Meeting, MeetingGuest, MeetingPlan, MeetingSeat, MeetingSession
from marketplace.meetings.policies import may_take_part
from marketplace.meetings.queries import (
    MeetingRow,
    count_seated,
    meeting_for,
    meeting_kept,
    meetings_of,
    own_guest,
    plan_at,
    seats_of,
)
from marketplace.meetings.rules import MEETING_MOVES, MOST_ASKED, REASON_LENGTH, GuestKind, MeetingState, may_meet
from marketplace.meetings.services.telling import ASKED, CANCELLED, DECLINED, SET, tell

_OPEN = (MeetingState.REQUESTED, MeetingState.ACCEPTED)
_FRESH = {"populate_existing": True}


def ask(session: Session, actor: Actor, fair_id: int, guest_id: int, reason: str) -> Meeting:
    """Ask a participant for a meeting, saying why. `NotFound` for somebody who cannot be asked."""
    require(may_take_part(actor))
    fair, plan = plan_at(session, fair_id)
    own = own_guest(session, actor, plan.id)
    if own is None or own.left_at is not None:
        raise DomainError(_("Take part in the meetings of this fair first."))
    words = cleaned(reason, REASON_LENGTH)
    if not words:
        raise DomainError(_("Write why you would like to meet."))
    guests = {one.id: one for one in _hold_guests(session, (own.id, guest_id))}
    other = guests.get(guest_id)
    if other is None or other.plan_id != plan.id or other.left_at is not None or _is_suspended(session, other):
        raise NotFound
    if not may_meet(GuestKind(own.kind), GuestKind(other.kind)):
        raise DomainError(_("A meeting brings a seller together with a buyer."))
    if is_blocked(session, own.organisation_id, other.organisation_id):
        raise NotFound
    rows = meetings_of(session, own.id)
    if any(one.other(own.id).id == other.id and one.meeting.state in _OPEN for one in rows):
        raise Conflict(_("You have a meeting or an open request with them already."))
    if sum(one.asker.id == own.id and one.asked.id == other.id for one in rows) >= MOST_ASKED:
        raise Conflict(
            _(
                "You have asked them %(count)s times at this fair. They know that you would like to meet.",
                count=MOST_ASKED,
            )
        )
    waiting = sum(one.asker.id == own.id and one.meeting.state == MeetingState.REQUESTED for one in rows)
    if waiting + count_seated(session, own.id) >= cap_of(plan, own):
        raise Conflict(_("You have as many meetings and open requests as this fair allows. Cancel one to ask anew."))
    if fair.last_day < now().date():
        raise Conflict(_("This fair is over."))
    meeting = Meeting(
        key=new_public_key(), plan_id=plan.id, asker_id=own.id, asked_id=other.id, state=MeetingState.REQUESTED,
        reason=words, asked_by_id=actor.user_id, asked_at=now(), reminded_at=now(),
    )  # fmt: skip
    session.add(meeting)
    session.flush()  # the notice names its key
    row, _fair, _plan = meeting_for(session, actor, meeting.key)
    tell(session, ASKED, row, row.asked)
    audit(session, actor, "meeting.asked", f"meeting:{meeting.id}")
    return meeting


def accept(session: Session, actor: Actor, key: str, version: int, slot: str) -> Meeting:
    """Whoever was asked accepts by choosing a slot that is free on both sides."""
    row, _fair, plan = _held(session, actor, key, version)
    own = row.own(actor)
    if own is None or own.id != row.asked.id:
        raise NotFound
    _place(session, row, plan, slot)
    row.meeting.answered_by_id = actor.user_id
    _tell_set(session, actor, key, (row.asker,))
    audit(session, actor, "meeting.accepted", f"meeting:{row.meeting.id}")
    return row.meeting


def move(session: Session, actor: Actor, key: str, version: int, slot: str) -> Meeting:
    """Either side moves a meeting that is set to another slot; the other side is told."""
    row, _fair, plan = _held(session, actor, key, version)
    own = row.own(actor)
    assert own is not None  # it would not have been found
    if row.meeting.state != MeetingState.ACCEPTED:
        raise _stale()
    _place(session, row, plan, slot)
    _tell_set(session, actor, key, (row.other(own.id),))
    audit(session, actor, "meeting.moved", f"meeting:{row.meeting.id}")
    return row.meeting


def schedule(session: Session, actor: Actor, fair_id: int, key: str, version: int, slot: str) -> Meeting:
    """Whoever looks after the fair gives a request a place, or moves a meeting that has one; both sides are told."""
    row, _fair, plan = meeting_kept(session, actor, fair_id, key)
    hold_meeting(session, row, version)
    row, _fair, plan = meeting_kept(session, actor, fair_id, key)
    _place(session, row, plan, slot)
    audit(session, actor, "meeting.scheduled", f"meeting:{row.meeting.id}")
    row, _fair, plan = meeting_kept(session, actor, fair_id, key)
    for side in (row.asker, row.asked):
        tell(session, SET, row, side, str(row.meeting.version))
    return row.meeting


def decline(session: Session, actor: Actor, key: str, version: int, reason: str) -> Meeting:
    """Whoever was asked says no, with the reason."""
    row, _fair, _plan = _held(session, actor, key, version)
    own, words = row.own(actor), cleaned(reason, REASON_LENGTH)
    if own is None or own.id != row.asked.id:
        raise NotFound
    if not words:
        raise DomainError(_("Write why, so that they know."))
    _end(session, row, MeetingState.DECLINED, words, actor.user_id)
    tell(session, DECLINED, row, row.asker)
    audit(session, actor, "meeting.declined", f"meeting:{row.meeting.id}")
    return row.meeting


def cancel(session: Session, actor: Actor, key: str, version: int, reason: str) -> Meeting:
    """Either side does without a meeting; a request is taken back by whoever asked. Its place is free at once."""
    row, _fair, _plan = _held(session, actor, key, version)
    own = row.own(actor)
    if own is None or (row.meeting.state == MeetingState.REQUESTED and own.id != row.asker.id):
        raise NotFound
    tell(session, CANCELLED, row, row.other(own.id))
    _end(session, row, MeetingState.CANCELLED, cleaned(reason, REASON_LENGTH), actor.user_id)
    audit(session, actor, "meeting.cancelled", f"meeting:{row.meeting.id}")
    return row.meeting


def cancel_kept(session: Session, actor: Actor, fair_id: int, key: str, version: int, reason: str) -> Meeting:
    """Whoever looks after the fair cancels a meeting; both sides are told."""
    row, _fair, _plan = meeting_kept(session, actor, fair_id, key)
    hold_meeting(session, row, version)
    row, _fair, _plan = meeting_kept(session, actor, fair_id, key)
    for side in (row.asker, row.asked):
        tell(session, CANCELLED, row, side)
    _end(session, row, MeetingState.CANCELLED, cleaned(reason, REASON_LENGTH), actor.user_id)
    audit(session, actor, "meeting.cancelled", f"meeting:{row.meeting.id}")
    return row.meeting


def drop_open(session: Session, guest: MeetingGuest, user_id: int | None) -> None:
    """Cancel whatever a participant has open and what is still to come, and tell the others."""
    mine = or_(Meeting.asker_id == guest.id, Meeting.asked_id == guest.id) & Meeting.state.in_(_OPEN)
    held = set(session.scalars(select(Meeting.id).where(mine).order_by(Meeting.id).with_for_update()))
    _hold_guests(session, (guest.id,))  # after the meetings, as everybody who books does
    moment = now()
    for row in meetings_of(session, guest.id):
        if row.meeting.id not in held or row.meeting.state not in _OPEN:
            continue
        if row.slot is None or row.slot[1] > moment:
            tell(session, CANCELLED, row, row.other(guest.id))
            _end(session, row, MeetingState.CANCELLED, "", user_id)


def drop(session: Session, row: MeetingRow) -> None:
    """Cancel a meeting that nobody can hold any more and tell both; the clock's work."""
    for side in (row.asker, row.asked):
        tell(session, CANCELLED, row, side)
    _end(session, row, MeetingState.CANCELLED, "", None)


def cap_of(plan: MeetingPlan, guest: MeetingGuest) -> int:
    """How many meetings this kind of participant may have at the fair."""
    return {
        GuestKind.BUYER: plan.most_buyer,
        GuestKind.DISTRIBUTOR: plan.most_distributor,
        GuestKind.SELLER: plan.most_seller,
    }[GuestKind(guest.kind)]


def _held(session: Session, actor: Actor, key: str, version: int) -> tuple[MeetingRow, object, MeetingPlan]:
    """A meeting of one's own as it stands, with its row lock."""
    row, _fair, _plan = meeting_for(session, actor, key)
    hold_meeting(session, row, version)
    row, fair, plan = meeting_for(session, actor, key)
    plan_at(session, fair.id)  # withdrawn or suspended: gone
    return row, fair, plan


def hold_meeting(session: Session, row: MeetingRow, version: int) -> None:
    """Lock a meeting's row; `Conflict` if it is no longer what was seen."""
    session.execute(select(Meeting.id).where(Meeting.id == row.meeting.id).with_for_update())
    session.refresh(row.meeting)
    if row.meeting.version != version:
        raise Conflict(_("Somebody changed this meeting meanwhile. Look at it again."))


def _hold_guests(session: Session, ids: Sequence[int]) -> Sequence[MeetingGuest]:
    query = select(MeetingGuest).where(MeetingGuest.id.in_(ids)).order_by(MeetingGuest.id).with_for_update()
    return session.scalars(query.execution_options(**_FRESH)).all()


def _place(session: Session, row: MeetingRow, plan: MeetingPlan, slot: str) -> None:
    """Give a meeting a slot and the lowest free table; `Conflict` where somebody was faster or a cap is reached."""
    meeting = row.meeting
    advance_to = MeetingState.ACCEPTED
    if meeting.state != MeetingState.ACCEPTED:
        advance_to = advance(MeetingState(meeting.state), advance_to, MEETING_MOVES)
    at, number = _slot_of(session, plan, slot)
    guests = _hold_guests(session, (row.asker.id, row.asked.id))
    if len({one.id for one in guests if one.left_at is None}) != 2:
        raise _stale()
    one, other = guests
    if is_blocked(session, one.organisation_id, other.organisation_id) or any(
        _is_suspended(session, each) for each in guests
    ):
        raise Conflict(_("One of the two cannot be met any more. Cancel or decline the meeting."))
    seats = [
        one for one in seats_of(session, [one.id for one in guests]) if one[1:] != (meeting.session_id, meeting.slot)
    ]
    for guest in guests:
        own = [(place, taken) for who, place, taken in seats if who == guest.id]
        if (at.id, number) in own:
            raise _taken()
        if sum(place == at.id for place, _taken_slot in own) >= plan.most_a_session:
            raise Conflict(_("One of the two has as many meetings in this session as the fair allows."))
        if meeting.state != MeetingState.ACCEPTED and count_seated(session, guest.id) >= cap_of(plan, guest):
            raise Conflict(_("One of the two has as many meetings as this fair allows."))
    query = select(Meeting.table_number).where(
        Meeting.session_id == at.id, Meeting.slot == number, Meeting.id != meeting.id
    )
    used = set(session.scalars(query))
    table = next((one for one in range(1, at.tables + 1) if one not in used), None)
    if table is None:
        raise _taken()
    try:
        with session.begin_nested():  # the database has the last word
            session.execute(delete(MeetingSeat).where(MeetingSeat.meeting_id == meeting.id))
            meeting.state, meeting.session_id, meeting.slot, meeting.table_number = advance_to, at.id, number, table
            session.add_all(
                MeetingSeat(meeting_id=meeting.id, guest_id=one.id, session_id=at.id, slot=number) for one in guests
            )
    except IntegrityError:
        raise _taken() from None


def _slot_of(session: Session, plan: MeetingPlan, code: str) -> tuple[MeetingSession, int]:
    """The session, held, and the slot that a form named; `DomainError` for none that is still ahead."""
    key, _dash, number = code.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (key, number)):
        raise DomainError(_("Choose a time."))
    query = select(MeetingSession).where(MeetingSession.id == int(key), MeetingSession.plan_id == plan.id)
    at = session.scalar(query.with_for_update().execution_options(**_FRESH))
    if at is None or int(number) not in set(at.times.ahead(now())):
        raise DomainError(_("Choose a time that is still ahead."))
    return at, int(number)


def _end(session: Session, row: MeetingRow, state: MeetingState, words: str, user_id: int | None) -> None:
    meeting = row.meeting
    meeting.state = advance(MeetingState(meeting.state), state, MEETING_MOVES)
    meeting.session_id = meeting.slot = meeting.table_number = None
    meeting.answer, meeting.answered_by_id = words, user_id
    session.execute(delete(MeetingSeat).where(MeetingSeat.meeting_id == meeting.id))
    session.flush()  # others look for free places in this transaction


def _tell_set(session: Session, actor: Actor, key: str, sides: Sequence[MeetingGuest]) -> None:
    row, _fair, _plan = meeting_for(session, actor, key)
    for side in sides:
        tell(session, SET, row, side, str(row.meeting.version))


def _is_suspended(session: Session, guest: MeetingGuest) -> bool:
    since = select(Organisation.suspended_at).where(Organisation.id == guest.organisation_id)
    return session.scalar(since) is not None


def _taken() -> Conflict:
    return Conflict(_("This time was taken a moment ago. Choose another one."))


def _stale() -> Conflict:
    return Conflict(_("This meeting has changed meanwhile. Look at it again."))
