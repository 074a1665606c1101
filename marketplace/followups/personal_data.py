"""What this domain keeps about a person: statements on leads that they made for their chapter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.followups.models import FollowUp
from marketplace.kernel.personal_data import PersonalData, register


def export(session: Session, user_id: int) -> dict[str, Any]:
    """What the person stated last about leads, with their notes."""
    rows = session.scalars(select(FollowUp).where(FollowUp.stated_by_id == user_id).order_by(FollowUp.id))
    return {
        "follow_ups": [
            {
                "contacted_on": one.contacted_on.isoformat() if one.contacted_on else "",
                "result": one.result,
                "sold_on": one.sold_on.isoformat() if one.sold_on else "",
                "note": one.note,
                "at": one.stated_at.isoformat(),
            }
            for one in rows
        ]
    }


def erase(session: Session, user_id: int) -> None:
    """Days and results are the chapter's account and stay; the person and their words go."""
    session.execute(
        update(FollowUp).where(FollowUp.stated_by_id == user_id).values(stated_by_id=None, note=""),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()


register(PersonalData("followups", export, erase))
