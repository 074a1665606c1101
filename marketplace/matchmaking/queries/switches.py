"""Which model was let serve when, and by whom: read from the audit trail, where every switch is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.kernel.audit import AuditEntry

PROMOTED = "model.promoted"
_PREFIX = "model:"


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch: ``by`` is "rule", "first" or "command line", or empty where a person did it."""

    model: str
    at: datetime
    by: str
    person: str


def switches(session: Session, limit: int = 20) -> list[Switch]:
    """The latest switches between models, the newest first."""
    rows = session.execute(
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.action == PROMOTED)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [
        Switch(row.subject.removeprefix(_PREFIX), row.at, str((row.details or {}).get("by", "")), name or "")
        for row, name in rows
    ]


def lately_served(session: Session) -> set[str]:
    """The model that serves and the one before it."""
    names = dict.fromkeys(each.model for each in switches(session))
    return set(list(names)[:2])
