"""What this domain keeps about a person: the reports and appeals they wrote, and the notes they left on the desk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, selectinload

from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.moderation.models import Report, ReportEvidence


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Reports the person made, and the appeals they wrote."""
    concerning = or_(Report.reporter_id == user_id, Report.appeal_by_id == user_id)
    reports = session.scalars(
        select(Report).where(concerning).options(selectinload(Report.evidence)).order_by(Report.id)
    ).all()
    return {
        "reports": [
            {
                "key": one.key,
                "target": one.target,
                "reason": one.reason,
                "text": one.text if one.reporter_id == user_id else "",
                "appeal": one.appeal_text if one.appeal_by_id == user_id else "",
                "evidence": [piece.text for piece in one.evidence] if one.reporter_id == user_id else [],
                "state": one.state,
                "created_at": one.created_at.isoformat(),
            }
            for one in reports
        ]
    }


def erase(session: Session, user_id: int) -> list[str]:
    """The words go; that a thing was reported and how it was decided stays, because it concerns others."""
    own = select(Report.id).where(Report.reporter_id == user_id)
    session.execute(delete(ReportEvidence).where(ReportEvidence.report_id.in_(own)))
    session.execute(update(Report).where(Report.reporter_id == user_id).values(text=ERASED_NAME, reporter_id=None))
    session.execute(
        update(Report).where(Report.appeal_by_id == user_id).values(appeal_text=ERASED_NAME, appeal_by_id=None)
    )
    session.execute(update(Report).where(Report.decided_by_id == user_id).values(decided_by_id=None))
    session.execute(update(Report).where(Report.appeal_decided_by_id == user_id).values(appeal_decided_by_id=None))
    return []


register(PersonalData("moderation", export=export, erase=erase))
