"""Requests for quotation, their lines, recipients, messages and timeline. One table for inquiries and requests."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation, StoredFile
from marketplace.catalogue.models import Product
from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, Text80, Text200, named_index, reference
from marketplace.rfqs.rules import DEFAULT_QUOTE_CAP, RecipientState, RfqState
from marketplace.sellers.models import Seller


class Rfq(Model):
    """A buyer's request. ``key`` is its public name; it gives no right to anything."""

    __tablename__ = "rfq"
    __table_args__ = (named_index("ix_rfq_chapter_id", "chapter_id"), named_index("ix_rfq_fair_id", "fair_id"))
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    source: Mapped[Text20]
    state: Mapped[Text20] = mapped_column(default=RfqState.DRAFT, index=True)
    buyer_id: Mapped[int] = reference("organisation.id")
    created_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    chapter_id: Mapped[int | None] = reference("chapter.id", nullable=True, index=False)  # whose distributor asked
    fair_id: Mapped[int | None] = reference("fair.id", nullable=True, index=False)  # where buyer and programme met
    language: Mapped[Text20]
    subject: Mapped[Text200]
    text: Mapped[LongText]  # the buyer's own words
    destination: Mapped[str] = mapped_column(String(2), default="")
    incoterm: Mapped[str] = mapped_column(String(3), default="")
    place: Mapped[Text80] = mapped_column(default="")
    needed_from: Mapped[date | None]
    needed_by: Mapped[date | None]
    packaging: Mapped[Text200 | None]
    certificates: Mapped[list[str]]
    papers: Mapped[list[str] | None]  # documents the goods must come with, codes of rules.WantedPaper
    sample_is_wanted: Mapped[bool] = mapped_column(default=False)
    quote_cap: Mapped[int] = mapped_column(default=DEFAULT_QUOTE_CAP)
    contact_phone: Mapped[Text20] = mapped_column(default="")  # E.164, given for sellers who commit to answer
    reading: Mapped[dict[str, Any]]  # what was read from the text, with the words it came from
    closes_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[Text80] = mapped_column(default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    buyer: Mapped[Organisation] = relationship(lazy="raise")
    lines: Mapped[list[RfqLine]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="RfqLine.position")
    recipients: Mapped[list[Recipient]] = relationship(lazy="raise", cascade="all, delete-orphan", back_populates="rfq")
    moments: Mapped[list[RfqMoment]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="RfqMoment.id")
    files: Mapped[list[RfqFile]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="RfqFile.id")
    __mapper_args__ = {"version_id_col": version}


class RfqLine(Model):
    """One wanted thing: a catalogue product or free text, with quantity and target price."""

    __tablename__ = "rfq_line"
    __table_args__ = (
        CheckConstraint("quantity IS NULL OR quantity > 0", name="quantity_positive"),
        named_index("ix_rfq_line_offer_id", "offer_id"),
    )
    id: Mapped[Key]
    rfq_id: Mapped[int] = reference("rfq.id", cascade=True)
    position: Mapped[int] = mapped_column(default=0)
    product_id: Mapped[int | None] = reference("product.id", nullable=True)
    commodity: Mapped[Text80] = mapped_column(default="")
    description: Mapped[Text200]
    quantity: Mapped[Decimal | None]
    unit: Mapped[Text20] = mapped_column(default="")
    target_price: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(String(3), default="")
    price_unit: Mapped[Text20] = mapped_column(default="")
    is_below_moq: Mapped[bool] = mapped_column(default=False)  # as it was when asked; accepted, but said
    offer_id: Mapped[int | None] = reference(
        "spot_offer.id", nullable=True, index=False
    )  # of a lot, that it asks about
    product: Mapped[Product | None] = relationship(lazy="raise")


class Recipient(Model):
    """A seller who was asked: the lead, seen from their side."""

    __tablename__ = "rfq_recipient"
    __table_args__ = (
        UniqueConstraint("rfq_id", "seller_id"),
        Index("ix_rfq_recipient_inbox", "seller_id", "state", "deadline_at"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    rfq_id: Mapped[int] = reference("rfq.id", cascade=True, index=False)  # found by the constraint's own index
    seller_id: Mapped[int] = reference("seller.id", index=False)
    product_id: Mapped[int | None] = reference("product.id", nullable=True, index=False)
    state: Mapped[Text20] = mapped_column(default=RecipientState.INVITED)
    invited_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]  # the first answer of any kind: yes, no or handed on
    committed_at: Mapped[datetime | None]  # said yes: from here on the buyer's name is known to this seller
    info_asked_at: Mapped[datetime | None]  # the seller waits for information: the clock stands
    decline_reason: Mapped[Text40] = mapped_column(default="")
    assigned_to_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    handed_from_id: Mapped[int | None] = reference("seller.id", nullable=True, index=False)  # who handed the lead on
    score: Mapped[Decimal | None]
    reasons: Mapped[dict[str, Any]]
    last_message_at: Mapped[datetime | None]
    buyer_read_at: Mapped[datetime | None]
    seller_read_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    rfq: Mapped[Rfq] = relationship(lazy="raise", back_populates="recipients")
    seller: Mapped[Seller] = relationship(lazy="raise", foreign_keys="Recipient.seller_id")
    product: Mapped[Product | None] = relationship(lazy="raise")
    messages: Mapped[list[Message]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="Message.id")
    __mapper_args__ = {"version_id_col": version}


class Message(Model):
    """One message of a conversation between buyer and one seller; the original words stay.

    ``parts`` tells how a message with sentences of the phrase bank was put together (see `rfqs.phrases`); ``text``
    then holds the same in the writer's language.
    """

    __tablename__ = "message"
    id: Mapped[Key]
    recipient_id: Mapped[int] = reference("rfq_recipient.id", cascade=True)
    author_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    side: Mapped[Text20]  # buyer | seller
    language: Mapped[Text20]
    text: Mapped[LongText]
    parts: Mapped[list[Any] | None]
    created_at: Mapped[datetime]
    is_hidden: Mapped[bool] = mapped_column(default=False)  # by moderation
    attachments: Mapped[list[Attachment]] = relationship(lazy="raise", cascade="all, delete-orphan")


class HeardAnswer(Model):
    """That a message was said by telephone or came by WhatsApp: by whom, on which day, and who put it down here."""

    __tablename__ = "heard_answer"
    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), unique=True)
    channel: Mapped[Text20]
    said_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    said_on: Mapped[date]
    written_by: Mapped[Text20]


class Attachment(Model):
    """A file sent with a message."""

    __tablename__ = "message_attachment"
    id: Mapped[Key]
    message_id: Mapped[int] = reference("message.id", cascade=True)
    file_id: Mapped[int] = reference("stored_file.id", index=False)
    file: Mapped[StoredFile] = relationship(lazy="raise")


class RfqFile(Model):
    """A file that belongs to the request itself: every seller who committed to answer reads it."""

    __tablename__ = "rfq_file"
    id: Mapped[Key]
    rfq_id: Mapped[int] = reference("rfq.id", cascade=True)
    file_id: Mapped[int] = reference("stored_file.id")
    file: Mapped[StoredFile] = relationship(lazy="raise")


class RfqMoment(Model):
    """One step of the timeline that both sides see; ``recipient_id`` is set for steps of one seller only."""

    __tablename__ = "rfq_moment"
    id: Mapped[Key]
    rfq_id: Mapped[int] = reference("rfq.id", cascade=True)
    recipient_id: Mapped[int | None] = reference("rfq_recipient.id", nullable=True, index=False, cascade=True)
    at: Mapped[datetime]
    code: Mapped[Text40]
    side: Mapped[Text20]
    author_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)  # who wrote the note
    note: Mapped[LongText] = mapped_column(default="")


class KeptText(Model):
    """What a visitor typed before signing in, kept for two days under a token that only their browser holds."""

    __tablename__ = "kept_text"
    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    fields: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ContactFreeze(Model):
    """While it stands, the conversations of an organisation show no contact details; ``about`` is its cause."""

    __tablename__ = "contact_freeze"
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id")
    about: Mapped[Text80] = mapped_column(unique=True)  # "report:7"
    since: Mapped[datetime]
