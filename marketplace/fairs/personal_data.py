"""What this domain keeps about a person: the fairs they recorded."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.fairs.models import Fair
from marketplace.kernel.personal_data import PersonalData, register


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Fairs the person recorded, with their notes."""
    rows = session.scalars(select(Fair).where(Fair.created_by_id == user_id).order_by(Fair.id))
    return {
        "fairs": [
            {"code": one.code, "name": one.name, "note": one.note, "at": one.created_at.isoformat()} for one in rows
        ]
    }


def erase(session: Session, user_id: int) -> None:
    """The fair stays with its chapter; the person leaves it, and so do their words."""
    session.execute(update(Fair).where(Fair.created_by_id == user_id).values(created_by_id=None, note=""))


register(PersonalData("fairs", export=export, erase=erase))
