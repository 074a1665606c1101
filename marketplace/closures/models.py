"""When a seller does not answer: an overlay over their place on the market, which stays as it is."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.closures.rules import Days, Span
from marketplace.kernel.database import Key, Model, Text20, Text200, reference


class SellerClosure(Model):
    """From its first to its last day a seller does not answer, and their clocks stand."""

    __tablename__ = "seller_closure"
    __table_args__ = (
        CheckConstraint("closed_to >= closed_from", name="days_in_order"),
        CheckConstraint("ends_at >= starts_at", name="moments_in_order"),
        Index("ix_seller_closure_seller_ends", "seller_id", "ends_at"),
        Index("ix_seller_closure_turns", "is_over_noted", "starts_at"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    seller_id: Mapped[int] = reference("seller.id", index=False)
    closed_from: Mapped[date]
    closed_to: Mapped[date]  # the last day
    starts_at: Mapped[datetime]  # midnight where the sellers are
    ends_at: Mapped[datetime]  # midnight after the last day, or when they opened again before it
    reason: Mapped[Text20] = mapped_column(default="")  # of presets.PresetKind, "" for another one
    note: Mapped[Text200] = mapped_column(default="")  # buyers read it
    created_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    created_at: Mapped[datetime]
    is_begun_noted: Mapped[bool] = mapped_column(default=False)
    is_over_noted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def days(self) -> Days:
        """Its first and last day."""
        return Days(self.closed_from, self.closed_to)

    @property
    def span(self) -> Span:
        """Its moments."""
        return self.starts_at, self.ends_at
