"""Who did and who saw what matters: an append-only table without personal texts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, exists, select
from sqlalchemy.orm import Mapped, Session

from marketplace.kernel.clock import now
from marketplace.kernel.database import Key, Model, Text80
from marketplace.kernel.policy import Actor

ONE_LOOK = timedelta(hours=1)


class AuditEntry(Model):
    """One act: ``action`` such as "listing.published" or "evidence.seen" on ``subject`` such as "product:7"."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject_at", "subject", "at"),)

    id: Mapped[Key]
    at: Mapped[datetime]
    user_id: Mapped[int | None]
    organisation_id: Mapped[int | None]
    action: Mapped[Text80]
    subject: Mapped[Text80]
    details: Mapped[dict[str, Any]]


def audit(session: Session, actor: Actor | None, action: str, subject: str, **details: Any) -> None:
    """Write down one act in this transaction; details are keys and codes, never free text of a person."""
    session.add(
        AuditEntry(
            at=now(),
            user_id=actor.user_id if actor else None,
            organisation_id=actor.organisation_id if actor else None,
            action=action,
            subject=subject,
            details=details,
        )
    )


def audit_look(session: Session, actor: Actor, action: str, subject: str, **details: Any) -> None:
    """Write down that a person saw something, once an hour: a page that is loaded again tells nothing new."""
    known = exists().where(
        AuditEntry.subject == subject,
        AuditEntry.at > now() - ONE_LOOK,
        AuditEntry.action == action,
        AuditEntry.user_id == actor.user_id,
        AuditEntry.organisation_id == actor.organisation_id,
    )
    if not session.scalar(select(known)):
        audit(session, actor, action, subject, **details)
