"""Memberships that chapters offer, and those that sellers and buyers ordered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, Model, Text20, Text80, Text500, reference


class MembershipPlan(Model):
    """Services that a chapter sells for so many months; its words are in one language, which it says."""

    __tablename__ = "membership_plan"
    __table_args__ = (
        CheckConstraint("minor > 0", name="minor_positive"),
        CheckConstraint("months >= 1 AND months <= 36", name="months_within"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = reference("organisation.id")  # the chapter's
    name: Mapped[Text80]
    services: Mapped[Text500]
    language: Mapped[Text20]
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    months: Mapped[int]
    created_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class PaidMembership(Model):
    """A membership as it was ordered: words and price stay, whatever becomes of the plan. Days come with the money."""

    __tablename__ = "paid_membership"
    __table_args__ = (
        CheckConstraint("minor > 0", name="minor_positive"),
        CheckConstraint("months >= 1 AND months <= 36", name="months_within"),
        CheckConstraint("ends_on >= begins_on", name="days_in_order"),
        Index("ix_paid_membership_of_plan", "plan_id", "organisation_id"),
        Index("ix_paid_membership_ending", "ends_on", "end_told_at"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    plan_id: Mapped[int] = reference("membership_plan.id", index=False)
    organisation_id: Mapped[int] = reference("organisation.id")  # the member's
    name: Mapped[Text80]
    services: Mapped[Text500]
    language: Mapped[Text20]
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    months: Mapped[int]
    ordered_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    ordered_at: Mapped[datetime]
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    cancelled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # before its last day, see ``ended_why``
    ended_why: Mapped[Text20] = mapped_column(default="")
    end_told_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def about(self) -> str:
        """What its payment is for."""
        return f"membership:{self.key}"
