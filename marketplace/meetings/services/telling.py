"""Who is told what of a meeting; notices carry names of organisations, the fair and the time, never anybody's words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from marketplace.accounts.queries import member_ids
from marketplace.fairs.models import Fair
from marketplace.kernel.events import record
from marketplace.kernel.notices import NoticeWanted
from marketplace.meetings.models import MeetingGuest, MeetingPlan
from marketplace.meetings.queries import MeetingRow

ASKED, WAITS, SET, DECLINED, CANCELLED, OVER, WISHED = (
    f"meeting_{name}" for name in ("asked", "waits", "set", "declined", "cancelled", "over", "wished")
)


def tell(session: Session, kind: str, row: MeetingRow, to: MeetingGuest, about: str = "") -> None:
    """Tell one side; ``about`` makes the notice another one than an earlier of this kind."""
    plan = session.get_one(MeetingPlan, row.meeting.plan_id)
    fair = session.get_one(Fair, plan.fair_id)
    context = {"organisation": row.other(to.id).organisation.name, "fair": fair.name}
    if row.slot is not None:
        begins = row.slot[0].astimezone(ZoneInfo(plan.time_zone))
        context |= {"date": begins.date().isoformat(), "time": f"{begins:%H:%M}"}
    people = tuple(member_ids(session, to.organisation_id))
    subject = f"meeting:{row.meeting.key}:{kind}:{to.id}:{about}"
    record(session, NoticeWanted(kind, subject, people, context, f"/meetings/{row.meeting.key}"))
