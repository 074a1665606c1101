"""People, organisations, memberships, sessions and what is known about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.rules import VerificationLevel
from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, Text80, Text200, Text500, reference


class User(Model):
    """A person. Buyers and partners sign in by e-mail, sellers by e-mail or telephone number."""

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint("email IS NOT NULL OR phone IS NOT NULL OR erased_at IS NOT NULL", name="reachable"),
    )

    id: Mapped[Key]
    name: Mapped[Text200]
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)  # E.164; proven by a link that reached it
    stated_phone: Mapped[str | None] = mapped_column(String(20))  # E.164; what the person wrote, good for nothing else
    password_hash: Mapped[Text200 | None]
    locale: Mapped[Text20] = mapped_column(default="en")
    time_zone: Mapped[Text40] = mapped_column(default="UTC")
    email_verified_at: Mapped[datetime | None]
    totp_secret: Mapped[Text200 | None]  # sealed, see services.second_factor
    totp_enabled_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]  # a code is good once
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    memberships: Mapped[list[Membership]] = relationship(back_populates="user", lazy="raise")


class RecoveryCode(Model):
    """A hashed second-factor code for a lost phone; good once."""

    __tablename__ = "recovery_code"
    id: Mapped[Key]
    user_id: Mapped[int] = reference("user_account.id", cascade=True)
    code_hash: Mapped[Text80]
    used_at: Mapped[datetime | None]


class Organisation(Model):
    """A company, pesantren business unit, chapter or programme: whoever acts on the market."""

    __tablename__ = "organisation"
    id: Mapped[Key]
    kind: Mapped[Text20]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Text200]
    country: Mapped[str] = mapped_column(String(2))
    city: Mapped[Text80] = mapped_column(default="")
    website: Mapped[Text200] = mapped_column(default="")
    registration_number: Mapped[Text80] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    # the current verification, copied from the newest row of Verification so that lists need no join
    verification_level: Mapped[Text20] = mapped_column(default=VerificationLevel.NONE)
    verified_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation", lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class Membership(Model):
    """A person's place in an organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)
    id: Mapped[Key]
    user_id: Mapped[int] = reference("user_account.id", cascade=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    role: Mapped[Text20]
    created_at: Mapped[datetime]
    user: Mapped[User] = relationship(back_populates="memberships", lazy="raise")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships", lazy="raise")


class SessionRow(Model):
    """A sign-in on one device; the cookie holds a token of which this row keeps the hash."""

    __tablename__ = "session"
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = reference("user_account.id", cascade=True)
    organisation_id: Mapped[int | None] = reference("organisation.id", nullable=True, index=False)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    device: Mapped[Text80] = mapped_column(default="")


class LinkToken(Model):
    """A single-use link: only the hash is kept; ``payload`` holds what it is bound to."""

    __tablename__ = "link_token"
    id: Mapped[Key]
    purpose: Mapped[Text20]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = reference("user_account.id", nullable=True, cascade=True)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Verification(Model):
    """One check of an organisation: level, method, evidence, who, when and until when. Never sold."""

    __tablename__ = "verification"
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id")
    level: Mapped[Text20]
    method: Mapped[Text20]
    evidence: Mapped[Text500]
    note: Mapped[Text500] = mapped_column(default="")
    checked_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    checked_on: Mapped[date]
    next_check_on: Mapped[date]
    created_at: Mapped[datetime]


class Consent(Model):
    """What a person agreed to: the document, its version and when; withdrawn when they said so."""

    __tablename__ = "consent"
    id: Mapped[Key]
    user_id: Mapped[int] = reference("user_account.id", cascade=True)
    document: Mapped[Text40]
    document_version: Mapped[Text20]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Block(Model):
    """One organisation does not want to hear from another."""

    __tablename__ = "block"
    __table_args__ = (UniqueConstraint("organisation_id", "blocked_id"),)
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id")
    blocked_id: Mapped[int] = reference("organisation.id")
    created_at: Mapped[datetime]


class DataRequest(Model):
    """A person asked for their data or for erasure; the clock is 72 hours."""

    __tablename__ = "data_request"
    id: Mapped[Key]
    user_id: Mapped[int] = reference("user_account.id", cascade=True)
    kind: Mapped[Text20]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    file_key: Mapped[Text200 | None]


class StoredFile(Model):
    """A document someone uploaded, kept private: evidence, certificates, application papers."""

    __tablename__ = "stored_file"
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id")
    uploaded_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[Text200]  # cleaned; for display and download only
    media_type: Mapped[Text80]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class LegalText(Model):
    """The texts people consent to, by document, version and language, so that a consent can be read again."""

    __tablename__ = "legal_text"
    __table_args__ = (UniqueConstraint("document", "document_version", "language"),)
    id: Mapped[Key]
    document: Mapped[Text40]
    document_version: Mapped[Text20]
    language: Mapped[Text20]
    body: Mapped[LongText]
