"""Chapters of Connect Souq, the distributors they invite, and whose lead is whose."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation, StoredFile
from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, Text80, Text200, Text500, reference
from marketplace.partners.rules import ApplicationState, IntroductionState, OpportunityState


class Chapter(Model):
    """A chapter of the network: an organisation that represents markets."""

    __tablename__ = "chapter"
    __table_args__ = (UniqueConstraint("organisation_id"),)
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id", index=False)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    countries: Mapped[list[str]]
    about: Mapped[Text500] = mapped_column(default="")
    created_at: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Application(Model):
    """A distributor on the way in, from the invitation on; belongs to exactly one chapter."""

    __tablename__ = "distributor_application"
    id: Mapped[Key]
    chapter_id: Mapped[int] = reference("chapter.id")
    state: Mapped[Text20] = mapped_column(default=ApplicationState.INVITED)
    invite_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invite_expires_at: Mapped[datetime]
    invited_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    invited_email: Mapped[Text200] = mapped_column(default="")
    organisation_id: Mapped[int | None] = reference("organisation.id", nullable=True)  # once it has applied
    applicant_id: Mapped[int | None] = reference("user_account.id", nullable=True)
    company_name: Mapped[Text200] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    registration_number: Mapped[Text80] = mapped_column(default="")
    website: Mapped[Text200] = mapped_column(default="")
    about: Mapped[LongText] = mapped_column(default="")
    yearly_volume: Mapped[Text80] = mapped_column(default="")
    channels: Mapped[list[str]]
    territories: Mapped[list[str]]  # ISO countries
    interests: Mapped[list[str]]  # commodity keys
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    version: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    documents: Mapped[list[ApplicationDocument]] = relationship(lazy="raise", cascade="all, delete-orphan")
    notes: Mapped[list[ApplicationNote]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ApplicationNote.created_at"
    )
    __mapper_args__ = {"version_id_col": version}


class ApplicationDocument(Model):
    """A paper handed in with an application."""

    __tablename__ = "application_document"
    id: Mapped[Key]
    application_id: Mapped[int] = reference("distributor_application.id", cascade=True)
    kind: Mapped[Text40]
    file_id: Mapped[int] = reference("stored_file.id", index=False)
    file: Mapped[StoredFile] = relationship(lazy="raise")


class ApplicationNote(Model):
    """A step of the onboarding with what was said; both sides see it."""

    __tablename__ = "application_note"
    id: Mapped[Key]
    application_id: Mapped[int] = reference("distributor_application.id", cascade=True)
    author_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    author_side: Mapped[Text20]
    state: Mapped[Text20]
    text: Mapped[LongText]
    created_at: Mapped[datetime]


class Attribution(Model):
    """An organisation was brought by a chapter: its leads count for that chapter."""

    __tablename__ = "attribution"
    __table_args__ = (UniqueConstraint("organisation_id"),)
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id", index=False)
    chapter_id: Mapped[int] = reference("chapter.id")
    since: Mapped[datetime]


class Introduction(Model):
    """A chapter brings a distributor and a seller together; either side answers for itself."""

    __tablename__ = "introduction"
    id: Mapped[Key]
    chapter_id: Mapped[int] = reference("chapter.id")
    application_id: Mapped[int] = reference("distributor_application.id", index=False)
    organisation_id: Mapped[int] = reference("organisation.id")  # the distributor's
    seller_id: Mapped[int] = reference("seller.id")
    product_id: Mapped[int] = reference("product.id", cascade=True)  # what the seller was found by
    # "seller:organisation" while the two are not to be introduced again, else nothing
    pair: Mapped[Text40 | None] = mapped_column(unique=True)
    state: Mapped[Text20] = mapped_column(default=IntroductionState.PROPOSED)
    seller_answer: Mapped[Text20] = mapped_column(default="")
    distributor_answer: Mapped[Text20] = mapped_column(default="")
    distributor_contacted: Mapped[bool | None]  # whether it has been in touch with the seller, said with a refusal
    refusal_reason: Mapped[Text20] = mapped_column(default="")  # the distributor's; the chapter reads it
    refusal_note: Mapped[Text500] = mapped_column(default="")
    score: Mapped[Decimal]
    reasons: Mapped[dict[str, Any]]  # codes and values, as they stood when it was proposed
    model: Mapped[Text80]
    note: Mapped[Text500] = mapped_column(default="")  # the chapter's words to both
    proposed_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    proposed_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Partnership(Model):
    """What a chapter and an approved distributor are to each other: grade, since when, and when it is looked at."""

    __tablename__ = "partnership"
    __table_args__ = (UniqueConstraint("application_id"),)
    id: Mapped[Key]
    application_id: Mapped[int] = reference("distributor_application.id", cascade=True, index=False)
    grade: Mapped[Text20] = mapped_column(default="")  # empty: none yet
    since: Mapped[date]
    reviewed_on: Mapped[date | None]
    next_review_on: Mapped[date | None] = mapped_column(index=True)
    reminded_for: Mapped[date | None]  # the review that the chapter was reminded of
    stated_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    stated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class Territory(Model):
    """A commodity in a country that a distributor sells for its chapter, exclusively until a day or beside others."""

    __tablename__ = "partner_territory"
    __table_args__ = (UniqueConstraint("application_id", "country", "commodity"),)
    id: Mapped[Key]
    application_id: Mapped[int] = reference("distributor_application.id", cascade=True, index=False)
    country: Mapped[str] = mapped_column(String(2))
    commodity: Mapped[Text80]
    exclusive_until: Mapped[date | None]
    # "DE:coconut-sugar" while it is exclusive, else nothing: two cannot hold the same one
    claim: Mapped[str | None] = mapped_column(String(90), unique=True)
    granted_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    granted_at: Mapped[datetime]
    application: Mapped[Application] = relationship(lazy="raise")


class Opportunity(Model):
    """Business that a distributor with a grade has found by itself and tells its chapter of."""

    __tablename__ = "opportunity"
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    application_id: Mapped[int] = reference("distributor_application.id", cascade=True)
    state: Mapped[Text20] = mapped_column(default=OpportunityState.OPEN)
    customer: Mapped[Text200]  # in the distributor's words; need not be a name
    country: Mapped[str] = mapped_column(String(2))
    commodity: Mapped[Text80]
    quantity: Mapped[Text80] = mapped_column(default="")
    expected_on: Mapped[date | None]
    note: Mapped[Text500] = mapped_column(default="")
    registered_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    registered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}
