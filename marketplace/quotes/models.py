"""Quotes and their frozen versions, the capacity they promise, and the agreement that one of them becomes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, UniqueConstraint, event, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, object_session, relationship

from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, Text80, Text200, Text500, reference
from marketplace.kernel.money import Money
from marketplace.quotes.rules import DealState, LineAnswer, QuoteState, plain, words_digest
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.sellers.models import Seller

# smallest units of a currency; rupiah outgrow 32 bits
Minor = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]


class FrozenVersion(RuntimeError):
    """Somebody tried to change what was sent."""


class Quote(Model):
    """One seller's quote to one request. ``current_number`` names the version sent last; 0 before the first."""

    __tablename__ = "quote"
    __table_args__ = (UniqueConstraint("recipient_id"),)
    id: Mapped[Key]
    rfq_id: Mapped[int] = reference("rfq.id")
    recipient_id: Mapped[int] = reference("rfq_recipient.id", index=False)
    seller_id: Mapped[int] = reference("seller.id")
    current_number: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    rfq: Mapped[Rfq] = relationship(lazy="raise")
    recipient: Mapped[Recipient] = relationship(lazy="raise")
    seller: Mapped[Seller] = relationship(lazy="raise")
    versions: Mapped[list[QuoteVersion]] = relationship(
        lazy="raise", back_populates="quote", order_by="QuoteVersion.id"
    )
    __mapper_args__ = {"version_id_col": version}


class QuoteVersion(Model):
    """What one side offered at one time. It gets its ``number`` when it is sent, and is frozen from then on."""

    __tablename__ = "quote_version"
    __table_args__ = (
        UniqueConstraint("quote_id", "number"),
        Index("ix_quote_version_state_until", "state", "valid_until"),
    )
    id: Mapped[Key]
    quote_id: Mapped[int] = reference("quote.id", cascade=True)
    number: Mapped[int | None]
    author_side: Mapped[Text20]  # seller | buyer
    author_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    state: Mapped[Text20] = mapped_column(default=QuoteState.DRAFT)
    supersedes_id: Mapped[int | None] = reference("quote_version.id", nullable=True, index=False)
    language: Mapped[Text20]  # of the note and the descriptions

    currency: Mapped[str] = mapped_column(String(3))
    incoterm: Mapped[str] = mapped_column(String(3), default="")
    place: Mapped[Text80] = mapped_column(default="")
    port: Mapped[Text80] = mapped_column(default="")  # of loading
    valid_until: Mapped[datetime | None]
    lead_time_days: Mapped[int | None]  # from the deposit
    ship_by: Mapped[date | None]
    payment: Mapped[Text40] = mapped_column(default="")
    deposit_percent: Mapped[int | None]
    payment_note: Mapped[Text200] = mapped_column(default="")
    sample_is_offered: Mapped[bool] = mapped_column(default=False)
    sample_is_free: Mapped[bool] = mapped_column(default=False)
    sample_days: Mapped[int | None]
    sample_freight: Mapped[Text20] = mapped_column(default="")
    sample_note: Mapped[Text200] = mapped_column(default="")
    packing: Mapped[Text200] = mapped_column(default="")
    package_unit: Mapped[Text20] = mapped_column(default="")
    package_kg: Mapped[Decimal | None]
    loading: Mapped[dict[str, Any]]  # see rules.loading.container_plan
    certificates: Mapped[list[str]]
    note: Mapped[LongText] = mapped_column(default="")
    total_minor: Mapped[Minor] = mapped_column(default=0)
    shares: Mapped[list[Any] | None]  # of a pool, see services.pooling.frozen_shares

    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    note_sha256: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    viewed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # accepted, declined, withdrawn, run out or replaced
    reminded_at: Mapped[datetime | None]  # both sides were told that it ends soon
    decline_reason: Mapped[Text40] = mapped_column(default="")
    review_note: Mapped[Text500] = mapped_column(default="")  # the mentor's, for the seller
    reviewed_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    reviewed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    quote: Mapped[Quote] = relationship(lazy="raise", back_populates="versions")
    lines: Mapped[list[QuoteLine]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="QuoteLine.position", back_populates="owner"
    )
    promises: Mapped[list[QuotePromise]] = relationship(lazy="raise", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}

    @property
    def total(self) -> Money:
        """The sum of its lines, each rounded once."""
        return Money(self.total_minor, self.currency)

    def content(self) -> dict[str, Any]:
        """All that was offered, as plain values in one order; the note only by its digest."""
        content = {name: plain(getattr(self, name)) for name in OFFERED}
        content["note"] = self.note_sha256 or words_digest(self.note)
        if self.shares:  # what members are paid is not the buyer's
            content["shares"] = [{name: share[name] for name in SAID_OF_A_SHARE} for share in self.shares]
        content["lines"] = [line.content() for line in self.lines]
        return content


OFFERED = (
    "author_side", "currency", "incoterm", "place", "port", "valid_until", "lead_time_days", "ship_by", "payment",
    "deposit_percent", "payment_note", "sample_is_offered", "sample_is_free", "sample_days", "sample_freight",
    "sample_note", "packing", "package_unit", "package_kg", "loading", "certificates", "total_minor",
)  # fmt: skip
SAID_OF_A_SHARE = ("rfq_line_id", "seller_id", "quantity", "unit", "is_named")
SAID_OF_A_LINE = (
    "rfq_line_id", "position", "answer", "reason", "description", "product_id", "quantity", "unit", "unit_price",
    "price_unit", "rungs", "kilograms", "amount_minor",
)  # fmt: skip


class QuoteLine(Model):
    """The answer to one line of the request. ``rungs`` are pairs of texts: from quantity, price per price unit."""

    __tablename__ = "quote_line"
    __table_args__ = (
        CheckConstraint("quantity IS NULL OR quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price IS NULL OR unit_price > 0", name="price_positive"),
    )
    id: Mapped[Key]
    version_id: Mapped[int] = reference("quote_version.id", cascade=True)
    rfq_line_id: Mapped[int] = reference("rfq_line.id", index=False)
    position: Mapped[int]
    answer: Mapped[Text20] = mapped_column(default=LineAnswer.OFFERED)
    reason: Mapped[Text200] = mapped_column(default="")
    description: Mapped[Text200] = mapped_column(default="")
    product_id: Mapped[int | None] = reference("product.id", nullable=True)
    quantity: Mapped[Decimal | None]
    unit: Mapped[Text20] = mapped_column(default="")
    unit_price: Mapped[Decimal | None]
    price_unit: Mapped[Text20] = mapped_column(default="")
    rungs: Mapped[list[Any]]
    kilograms: Mapped[Decimal | None]  # net, as it was known when it was written
    amount_minor: Mapped[Minor] = mapped_column(default=0)
    owner: Mapped[QuoteVersion] = relationship(lazy="raise", back_populates="lines")

    def content(self) -> dict[str, Any]:
        """What this line says, as plain values."""
        return {name: plain(getattr(self, name)) for name in SAID_OF_A_LINE}


class QuotePool(Model):
    """One line of a lead that several sellers answer together; the lead's seller coordinates and sells."""

    __tablename__ = "quote_pool"
    __table_args__ = (UniqueConstraint("recipient_id"),)
    id: Mapped[Key]
    recipient_id: Mapped[int] = reference("rfq_recipient.id", index=False)
    rfq_line_id: Mapped[int] = reference("rfq_line.id", index=False)
    commodity: Mapped[Text80]
    wanted: Mapped[Decimal]
    unit: Mapped[Text20]
    own: Mapped[Decimal | None]  # what the coordinator makes
    currency: Mapped[str] = mapped_column(String(3))  # of what members are paid
    specification: Mapped[LongText]  # one for all
    # a chapter that gathers members and writes the quote in the seller's place, once it has agreed to
    coordinator_id: Mapped[int | None] = reference("organisation.id", nullable=True)
    coordinator_agreed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    recipient: Mapped[Recipient] = relationship(lazy="raise")
    shares: Mapped[list[QuoteShare]] = relationship(lazy="raise", order_by="QuoteShare.id", back_populates="pool")
    __mapper_args__ = {"version_id_col": version}


class QuoteShare(Model):
    """What one member makes of a pool and is paid for it by the coordinator; the price is for these two alone."""

    __tablename__ = "quote_share"
    __table_args__ = (
        UniqueConstraint("pool_id", "seller_id"),
        CheckConstraint("quantity > 0 AND unit_price > 0", name="positive"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    pool_id: Mapped[int] = reference("quote_pool.id", cascade=True, index=False)
    seller_id: Mapped[int] = reference("seller.id")
    product_id: Mapped[int] = reference("product.id", index=False)
    quantity: Mapped[Decimal]  # in the pool's unit
    unit_price: Mapped[Decimal]  # for one of the pool's unit, in its currency
    state: Mapped[Text20]
    is_named: Mapped[bool] = mapped_column(default=False)  # whether the buyer may read the member's name
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    pool: Mapped[QuotePool] = relationship(lazy="raise", back_populates="shares")
    seller: Mapped[Seller] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class QuotePromise(Model):
    """So much of a product's capacity in one month is held by a version that stands or was accepted."""

    __tablename__ = "quote_promise"
    __table_args__ = (
        UniqueConstraint("version_id", "product_id", "month"),
        Index("ix_quote_promise_product_month", "product_id", "month"),
    )
    id: Mapped[Key]
    version_id: Mapped[int] = reference("quote_version.id", cascade=True)
    product_id: Mapped[int] = reference("product.id", index=False)
    month: Mapped[date]
    quantity: Mapped[Decimal]  # in the product's unit


class Deal(Model):
    """What both sides agreed, frozen: nothing of the catalogue touches it. One request has at most one."""

    __tablename__ = "deal"
    __table_args__ = (UniqueConstraint("rfq_id"), UniqueConstraint("version_id"))
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    rfq_id: Mapped[int] = reference("rfq.id", index=False)
    recipient_id: Mapped[int] = reference("rfq_recipient.id", index=False)
    version_id: Mapped[int] = reference("quote_version.id", index=False)
    buyer_id: Mapped[int] = reference("organisation.id")
    seller_id: Mapped[int] = reference("seller.id")
    state: Mapped[Text20] = mapped_column(default=DealState.AGREED)
    accepted_side: Mapped[Text20]
    accepted_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    agreed_at: Mapped[datetime]
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[Minor]
    terms: Mapped[dict[str, Any]]  # the version's content without its lines
    content_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    lines: Mapped[list[DealLine]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="DealLine.position", back_populates="deal"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def total(self) -> Money:
        """What is to be paid for the goods."""
        return Money(self.total_minor, self.currency)


class DealLine(Model):
    """Goods, quantity and price as agreed."""

    __tablename__ = "deal_line"
    id: Mapped[Key]
    deal_id: Mapped[int] = reference("deal.id", cascade=True)
    position: Mapped[int]
    product_id: Mapped[int | None] = reference("product.id", nullable=True, index=False)
    description: Mapped[Text200]
    hs_code: Mapped[Text20] = mapped_column(default="")
    quantity: Mapped[Decimal]
    unit: Mapped[Text20]
    unit_price: Mapped[Decimal]
    price_unit: Mapped[Text20]
    kilograms: Mapped[Decimal | None]
    amount_minor: Mapped[Minor]
    deal: Mapped[Deal] = relationship(lazy="raise", back_populates="lines")


def _changed(row: Any, names: tuple[str, ...]) -> Iterator[str]:
    state = inspect(row)
    return (name for name in names if state.attrs[name].history.deleted)


@event.listens_for(QuoteVersion, "before_update")
def _keep_version(_mapper: Mapper[Any], _connection: Connection, row: QuoteVersion) -> None:
    """A sent version keeps what it offered; only its label, dates and reasons move."""
    was_sent = inspect(row).attrs.sent_at.history
    if row.sent_at is not None and not was_sent.added:
        for name in _changed(row, (*OFFERED, "shares", "number", "content_sha256", "note_sha256", "sent_at")):
            raise FrozenVersion(f"{name} of a sent version")


@event.listens_for(QuoteLine, "before_update")
@event.listens_for(QuoteLine, "before_delete")
def _keep_line(_mapper: Mapper[Any], _connection: Connection, row: QuoteLine) -> None:
    session = object_session(row)
    owner = session.get(QuoteVersion, row.version_id) if session is not None and row.version_id else None
    if owner is not None and owner.content_sha256:
        raise FrozenVersion("a line of a sent version")


@event.listens_for(DealLine, "before_update")
def _keep_agreement(_mapper: Mapper[Any], _connection: Connection, row: DealLine) -> None:
    raise FrozenVersion("a line of an agreement")
