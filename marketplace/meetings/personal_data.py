"""What this domain keeps about a person: plans they opened, who comes, and what they wrote of meetings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisations_left_empty
from marketplace.kernel.clock import now
from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.meetings.models import Meeting, MeetingGuest, MeetingPlan
from marketplace.meetings.services import drop_open


def export(session: Session, user_id: int) -> dict[str, Any]:
    """How the person entered their organisation at fairs, and their words about meetings."""
    guests = session.scalars(select(MeetingGuest).where(MeetingGuest.joined_by_id == user_id).order_by(MeetingGuest.id))
    mine = or_(Meeting.asked_by_id == user_id, Meeting.answered_by_id == user_id, Meeting.noted_by_id == user_id)
    plans = session.scalars(select(MeetingPlan).where(MeetingPlan.created_by_id == user_id).order_by(MeetingPlan.id))
    return {
        "meeting_plans": [{"fair": one.fair_id, "at": one.created_at.isoformat()} for one in plans],
        "taking_part": [
            {"person": one.person, "about": one.about, "goods": one.commodities, "at": one.joined_at.isoformat()}
            for one in guests
        ],
        "meetings": [
            {
                "key": one.key, "state": one.state, "at": one.asked_at.isoformat(),
                "reason": one.reason if one.asked_by_id == user_id else "",
                "answer": one.answer if one.answered_by_id == user_id else "",
                "note": one.outcome_note if one.noted_by_id == user_id else "",
            }
            for one in session.scalars(select(Meeting).where(mine).order_by(Meeting.id))
        ],
    }  # fmt: skip


def erase(session: Session, user_id: int) -> None:
    """Meetings stay with the two organisations, without the person and their words.

    Where nobody is left of an organisation, what it has open at fairs is cancelled and it takes part no more.
    """
    closing = organisations_left_empty(session, user_id)
    for guest in session.scalars(select(MeetingGuest).where(MeetingGuest.organisation_id.in_(closing))).all():
        drop_open(session, guest, None)
        guest.person, guest.about, guest.left_at = ERASED_NAME, "", guest.left_at or now()
    session.flush()
    unsynced = {"synchronize_session": False}
    for statement in (
        update(MeetingPlan).where(MeetingPlan.created_by_id == user_id).values(created_by_id=None),
        update(MeetingGuest)
        .where(MeetingGuest.joined_by_id == user_id)
        .values(joined_by_id=None, person=ERASED_NAME, about=""),
        update(Meeting).where(Meeting.asked_by_id == user_id).values(asked_by_id=None, reason=ERASED_NAME),
        update(Meeting).where(Meeting.answered_by_id == user_id).values(answered_by_id=None, answer=""),
        update(Meeting).where(Meeting.noted_by_id == user_id).values(noted_by_id=None, outcome_note=""),
    ):
        session.execute(statement, execution_options=unsynced)
    session.expire_all()


register(PersonalData("meetings", export, erase))
