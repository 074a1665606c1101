"""What this domain keeps about a person: which papers they asked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.documents.models import Paper
from marketplace.kernel.personal_data import PersonalData, register


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Numbers and kinds of the papers the person asked for."""
    rows = session.scalars(select(Paper).where(Paper.asked_by_id == user_id).order_by(Paper.id))
    return {"papers": [{"number": one.number, "kind": one.kind, "asked_at": one.asked_at.isoformat()} for one in rows]}


def erase(session: Session, user_id: int) -> None:
    """Papers belong to both companies and have to be kept; who asked for them is forgotten."""
    session.execute(
        update(Paper).where(Paper.asked_by_id == user_id).values(asked_by_id=None),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()


register(PersonalData("documents", export=export, erase=erase))
