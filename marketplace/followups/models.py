"""What chapters state about leads of their distributors."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, Model, Text20, Text500, reference


class FollowUp(Model):
    """One request of a distributor as its chapter looks after it; the days are the chapter's own word."""

    __tablename__ = "lead_follow_up"
    __table_args__ = (UniqueConstraint("rfq_id"),)
    id: Mapped[Key]
    rfq_id: Mapped[int] = reference("rfq.id", cascade=True, index=False)
    chapter_id: Mapped[int] = reference("chapter.id")
    contacted_on: Mapped[date | None]
    result: Mapped[Text20] = mapped_column(default="")
    sold_on: Mapped[date | None]
    note: Mapped[Text500] = mapped_column(default="")  # the chapter's own people read it
    stated_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    stated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
