"""Producers (pesantren) and sellers of record: two parties from the first migration."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, Text80, Text200, Text500, reference
from marketplace.sellers.rules import CurationState, SellerForm, Standing


class Producer(Model):
    """A pesantren (or, in a trial seller, another origin) that makes the goods."""

    __tablename__ = "producer"
    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Text200]
    country: Mapped[str] = mapped_column(String(2), default="ID")
    regency: Mapped[Text80] = mapped_column(
        default="", index=True
    )  # key of kernel.countries for East Java, else a name
    address: Mapped[Text200] = mapped_column(default="")
    santri_count: Mapped[int | None]
    founded_year: Mapped[int | None]
    created_at: Mapped[datetime]
    texts: Mapped[list[ProducerText]] = relationship(lazy="raise", cascade="all, delete-orphan")


class ProducerText(Model):
    """The producer's story in one language; ``is_original`` marks the one they wrote."""

    __tablename__ = "producer_text"
    __table_args__ = (UniqueConstraint("producer_id", "language"),)
    id: Mapped[Key]
    producer_id: Mapped[int] = reference("producer.id", cascade=True)
    language: Mapped[Text20]
    story: Mapped[LongText]
    is_original: Mapped[bool]


class Seller(Model):
    """The seller of record: the organisation that offers, answers and signs."""

    __tablename__ = "seller"
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id")
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    form: Mapped[Text20] = mapped_column(default=SellerForm.BUSINESS_UNIT)
    curation: Mapped[Text20] = mapped_column(default=CurationState.APPLIED, index=True)
    nib: Mapped[Text20] = mapped_column(default="")  # Nomor Induk Berusaha, 13 digits
    whatsapp: Mapped[Text20] = mapped_column(default="")  # E.164
    port: Mapped[Text80] = mapped_column(default="")
    languages: Mapped[list[str]]
    export_years: Mapped[int | None]
    mentor_id: Mapped[int | None] = reference("user_account.id", nullable=True)
    lead_count: Mapped[int] = mapped_column(default=0)
    answered_count: Mapped[int] = mapped_column(default=0)
    answer_minutes: Mapped[int] = mapped_column(default=0)  # sum over answered leads
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    producers: Mapped[list[SellerProducer]] = relationship(lazy="raise", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}


class SellerProducer(Model):
    """A seller may sell for a producer: a cooperative for many, a business unit for its own pesantren."""

    __tablename__ = "seller_producer"
    __table_args__ = (UniqueConstraint("seller_id", "producer_id"),)
    id: Mapped[Key]
    seller_id: Mapped[int] = reference("seller.id")
    producer_id: Mapped[int] = reference("producer.id")
    relation: Mapped[Text40] = mapped_column(default="own")
    producer: Mapped[Producer] = relationship(lazy="raise")


class SellerNote(Model):
    """What a curator wrote to a seller about their place on the market; the seller sees it."""

    __tablename__ = "seller_note"
    id: Mapped[Key]
    seller_id: Mapped[int] = reference("seller.id")
    author_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    state: Mapped[Text20]
    text: Mapped[LongText]
    created_at: Mapped[datetime]


class SellerStanding(Model):
    """How a seller keeps its word, counted from facts; ``eased_to`` is a mentor's word that holds above it for a time.
    Buyers never read it. Without a row a seller's standing is good."""

    __tablename__ = "seller_standing"
    seller_id: Mapped[int] = mapped_column(ForeignKey("seller.id"), primary_key=True, autoincrement=False)
    level: Mapped[Text20] = mapped_column(default=Standing.GOOD, index=True)
    figures: Mapped[dict[str, Any]]  # measure -> [cases, how many of them went wrong]
    told: Mapped[Text20] = mapped_column(default=Standing.GOOD)  # what seller and mentor last heard
    measured_at: Mapped[datetime]
    eased_to: Mapped[Text20] = mapped_column(default="")
    eased_until: Mapped[date | None]
    eased_reason: Mapped[Text500] = mapped_column(default="")
    eased_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    eased_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    seller: Mapped[Seller] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}
