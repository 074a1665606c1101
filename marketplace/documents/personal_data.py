"""What this domain keeps about a person: which papers they asked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.documents.models import Paper
from marketplace.documents.services import forget_addresses
from marketplace.kernel.personal_data import PersonalData, register


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Numbers and kinds of the papers the person asked for."""
    rows = session.scalars(select(Paper).where(Paper.asked_by_id == user_id).order_by(Paper.id))
    return {"papers": [{"number": one.number, "kind": one.kind, "asked_at": one.asked_at.isoformat()} for one in rows]}


def erase(session: Session, user_id: int) -> list[str]:
    """Papers of trade have to be kept; who asked for them is forgotten, and addresses on invoices nobody paid."""
    keys = forget_addresses(session, user_id)
    session.execute(
        update(Paper).where(Paper.asked_by_id == user_id).values(asked_by_id=None),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
    return keys


register(PersonalData("documents", export=export, erase=erase))
