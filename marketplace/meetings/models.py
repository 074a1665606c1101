"""Meetings at fairs: the plan of a fair, its sessions, who takes part, who meets whom, and who sits where."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.kernel.database import Key, Model, Text20, Text40, Text80, Text500, reference
from marketplace.meetings.rules import MeetingState, SessionTimes


class MeetingPlan(Model):
    """Meetings are arranged at this fair; the caps count a participant's meetings that have a place."""

    __tablename__ = "meeting_plan"
    __table_args__ = (
        UniqueConstraint("fair_id"),
        CheckConstraint(
            "most_a_session >= 1 AND most_buyer >= 1 AND most_distributor >= 1 AND most_seller >= 1",
            name="caps_positive",
        ),
    )
    id: Mapped[Key]
    fair_id: Mapped[int] = reference("fair.id", index=False)
    time_zone: Mapped[Text40]
    most_a_session: Mapped[int]
    most_buyer: Mapped[int]
    most_distributor: Mapped[int]
    most_seller: Mapped[int]
    created_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class MeetingSession(Model):
    """A stretch of time at one place, cut into slots; sessions of one fair never overlap."""

    __tablename__ = "meeting_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="moments_in_order"),
        CheckConstraint("slot_minutes IN (15, 20, 30)", name="slot_length"),
        CheckConstraint("tables >= 1 AND tables <= 200", name="tables_within"),
    )
    id: Mapped[Key]
    plan_id: Mapped[int] = reference("meeting_plan.id")
    place: Mapped[Text80]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    slot_minutes: Mapped[int]
    tables: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def times(self) -> SessionTimes:
        """Its slots."""
        return SessionTimes(self.starts_at, self.ends_at, self.slot_minutes)


class MeetingGuest(Model):
    """An organisation that takes part in the meetings of one fair, with what it looks for or shows."""

    __tablename__ = "meeting_guest"
    __table_args__ = (UniqueConstraint("plan_id", "organisation_id"),)
    id: Mapped[Key]
    plan_id: Mapped[int] = reference("meeting_plan.id", index=False)
    organisation_id: Mapped[int] = reference("organisation.id")
    kind: Mapped[Text20]
    person: Mapped[Text80]  # who comes; read by those they meet
    about: Mapped[Text500]
    commodities: Mapped[list[str]]  # keys of the registry
    joined_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class Meeting(Model):
    """Two participants, asked for with a reason; a place is a session, a slot and a table, none or all of them."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("session_id", "slot", "table_number"),  # empty ones never clash
        CheckConstraint("asker_id <> asked_id", name="two_sides"),
        CheckConstraint(
            "(session_id IS NULL) = (slot IS NULL) AND (slot IS NULL) = (table_number IS NULL)", name="whole_place"
        ),
        CheckConstraint(
            "(state IN ('accepted', 'held', 'no_show')) = (table_number IS NOT NULL)", name="seated_with_place"
        ),
        Index("ix_meeting_turns", "state", "reminded_at"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    plan_id: Mapped[int] = reference("meeting_plan.id")
    asker_id: Mapped[int] = reference("meeting_guest.id")
    asked_id: Mapped[int] = reference("meeting_guest.id")
    state: Mapped[Text20] = mapped_column(default=MeetingState.REQUESTED)
    reason: Mapped[Text500]
    answer: Mapped[Text500] = mapped_column(default="")  # why it was declined or cancelled
    session_id: Mapped[int | None] = reference("meeting_session.id", nullable=True, index=False)
    slot: Mapped[int | None]
    table_number: Mapped[int | None]
    missing: Mapped[Text20] = mapped_column(default="")
    outcome: Mapped[Text20] = mapped_column(default="")
    outcome_note: Mapped[Text500] = mapped_column(default="")
    rfq_id: Mapped[int | None] = reference("rfq.id", nullable=True)
    asked_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    answered_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    noted_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    asked_at: Mapped[datetime]
    reminded_at: Mapped[datetime]  # when somebody was last told that it waits for them
    is_outcome_asked: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class MeetingSeat(Model):
    """Where one participant sits in one slot: the database lets nobody sit at two tables."""

    __tablename__ = "meeting_seat"
    __table_args__ = (UniqueConstraint("session_id", "slot", "guest_id"),)
    id: Mapped[Key]
    meeting_id: Mapped[int] = reference("meeting.id", cascade=True)
    guest_id: Mapped[int] = reference("meeting_guest.id")
    session_id: Mapped[int] = reference("meeting_session.id", index=False)
    slot: Mapped[int]
