"""Fairs at which chapters and the programme show goods of pesantren."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, Model, Text80, Text200, Text500, reference


class Fair(Model):
    """A fair with the code that its visitors scan; ``chapter_id`` is empty for a fair of the programme itself."""

    __tablename__ = "fair"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="days_in_order"),)
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(8), unique=True)
    chapter_id: Mapped[int | None] = reference("chapter.id", nullable=True)
    name: Mapped[Text200]
    city: Mapped[Text80]
    country: Mapped[str] = mapped_column(String(2))
    first_day: Mapped[date]
    last_day: Mapped[date]
    commodities: Mapped[list[str]]  # keys of the registry
    note: Mapped[Text500] = mapped_column(default="")  # for the owner alone
    created_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
