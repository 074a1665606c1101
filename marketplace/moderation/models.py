"""Reports of listings and messages, what was decided, and appeals."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import StoredFile
from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, Text500, reference
from marketplace.moderation.rules import ReportState


class Report(Model):
    """Someone says that a thing breaks the rules."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_target", "target", "target_id"),)
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    target: Mapped[Text20]
    target_id: Mapped[int]
    owner_id: Mapped[int | None] = reference("organisation.id", nullable=True)  # whose thing it is
    reporter_id: Mapped[int | None] = reference("user_account.id", nullable=True)
    reason: Mapped[Text40]
    text: Mapped[LongText]
    state: Mapped[Text20] = mapped_column(default=ReportState.OPEN, index=True)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # by when it is answered, or its second look is
    is_upheld: Mapped[bool | None]  # how it stands; none while undecided
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    decision_note: Mapped[LongText] = mapped_column(default="")
    appealed_at: Mapped[datetime | None]
    appeal_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    appeal_text: Mapped[LongText] = mapped_column(default="")
    appeal_decided_at: Mapped[datetime | None]
    appeal_decided_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    appeal_note: Mapped[LongText] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    evidence: Mapped[list[ReportEvidence]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ReportEvidence.position"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def answer_until(self) -> datetime | None:
        """``due_at`` as people read it: the last minute of a day, not the midnight that begins the next one."""
        return self.due_at - timedelta(minutes=1) if self.due_at is not None else None


class ReportEvidence(Model):
    """One piece of what a report rests on: what it is or where it stands, with a document if there is one."""

    __tablename__ = "report_evidence"
    id: Mapped[Key]
    report_id: Mapped[int] = reference("report.id", cascade=True)
    position: Mapped[int]
    text: Mapped[Text500]
    file_id: Mapped[int | None] = reference("stored_file.id", nullable=True)
    file: Mapped[StoredFile | None] = relationship(lazy="raise")
