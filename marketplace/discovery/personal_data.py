"""What discovery keeps about a person: which names an operator gave to concepts. Searches are kept without people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.discovery.models import LexiconChange
from marketplace.kernel.personal_data import PersonalData, register


def export(session: Session, user_id: int) -> dict[str, Any]:
    """A person's edits of the lexicon."""
    rows = session.scalars(select(LexiconChange).where(LexiconChange.by_id == user_id).order_by(LexiconChange.id))
    return {
        "lexicon": [
            {"concept": one.concept, "language": one.language, "name": one.name, "added": one.is_added,
             "at": one.at.isoformat()}
            for one in rows
        ]
    }  # fmt: skip


def erase(session: Session, user_id: int) -> None:
    """The edits stay, without their person."""
    session.execute(update(LexiconChange).where(LexiconChange.by_id == user_id).values(by_id=None))


register(PersonalData("discovery", export=export, erase=erase))
