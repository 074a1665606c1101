"""Samples, agreed deals on their way with their steps, and the ledger of outcomes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, Text80, Text200, Text500, reference
from marketplace.kernel.money import Money
from marketplace.orders.rules import OrderState, SampleState, ValueBand
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.sellers.models import Seller

Minor = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]


class Sample(Model):
    """One sample of one seller's goods for one buyer. Amounts are set when the seller approves."""

    __tablename__ = "sample"
    __table_args__ = (
        CheckConstraint("price_minor >= 0 AND freight_minor >= 0", name="amounts_not_negative"),
        Index("ix_sample_seller_state", "seller_id", "state"),
        Index("ix_sample_buyer_state", "buyer_id", "state"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    rfq_id: Mapped[int] = reference("rfq.id", index=False)
    recipient_id: Mapped[int] = reference("rfq_recipient.id")
    seller_id: Mapped[int] = reference("seller.id", index=False)
    buyer_id: Mapped[int] = reference("organisation.id", index=False)
    product_id: Mapped[int | None] = reference("product.id", nullable=True, index=False)
    commodity: Mapped[Text80] = mapped_column(default="")
    description: Mapped[Text200]
    hs_code: Mapped[Text20] = mapped_column(default="")
    kind: Mapped[Text20]
    state: Mapped[Text20] = mapped_column(default=SampleState.REQUESTED)
    quantity: Mapped[Decimal | None]
    unit: Mapped[Text20] = mapped_column(default="")
    address: Mapped[Text500]  # where it is sent to
    wish: Mapped[Text500] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    price_minor: Mapped[Minor] = mapped_column(default=0)
    freight_minor: Mapped[Minor] = mapped_column(default=0)
    refunds_freight: Mapped[bool] = mapped_column(default=False)  # once the buyer wrote what they think
    ready_on: Mapped[date | None]
    decline_reason: Mapped[Text40] = mapped_column(default="")
    reply: Mapped[Text500] = mapped_column(default="")  # the seller's word with the decision
    carrier: Mapped[Text80] = mapped_column(default="")
    tracking: Mapped[Text80] = mapped_column(default="")
    scores: Mapped[dict[str, Any]]  # attribute -> points as text, and "taints", "faults"
    score: Mapped[Decimal | None]
    verdict: Mapped[Text20] = mapped_column(default="")
    feedback: Mapped[LongText] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    decided_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    judged_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    rfq: Mapped[Rfq] = relationship(lazy="raise")
    recipient: Mapped[Recipient] = relationship(lazy="raise")
    seller: Mapped[Seller] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}

    @property
    def about(self) -> str:
        """Its name in payments."""
        return f"sample:{self.key}"

    @property
    def amount(self) -> Money | None:
        """What the buyer pays for goods and freight; None before the decision and where it is free."""
        whole = self.price_minor + self.freight_minor
        return Money(whole, self.currency) if whole else None


class Order(Model):
    """An agreed deal on its way. The agreement itself stays frozen in its own row."""

    __tablename__ = "trade_order"
    __table_args__ = (UniqueConstraint("deal_id"),)
    id: Mapped[Key]
    deal_id: Mapped[int] = reference("deal.id", index=False)
    state: Mapped[Text20] = mapped_column(default=OrderState.DEPOSIT_DUE, index=True)
    resumes: Mapped[Text20] = mapped_column(default="")  # where it stood before a dispute
    deposit_minor: Mapped[Minor | None]
    deposit_paid_at: Mapped[datetime | None]
    dispute_side: Mapped[Text20] = mapped_column(default="")
    dispute_note: Mapped[Text500] = mapped_column(default="")
    disputed_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    disputed_at: Mapped[datetime | None]
    cancel_side: Mapped[Text20] = mapped_column(default="")  # who asked to cancel; the other side decides
    cancel_note: Mapped[Text500] = mapped_column(default="")
    cancel_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    cancel_asked_at: Mapped[datetime | None]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    deal: Mapped[Deal] = relationship(lazy="raise")
    steps: Mapped[list[OrderStep]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OrderStep.position", back_populates="order"
    )
    __mapper_args__ = {"version_id_col": version}


class OrderStep(Model):
    """One milestone: when it is expected, who reported it, whether the other side countersigned."""

    __tablename__ = "trade_order_step"
    __table_args__ = (UniqueConstraint("order_id", "milestone"),)
    id: Mapped[Key]
    order_id: Mapped[int] = reference("trade_order.id", cascade=True, index=False)
    position: Mapped[int]
    milestone: Mapped[Text20]
    due_on: Mapped[date | None]  # stated; otherwise reckoned from the deposit
    due_days: Mapped[int | None]  # days from the deposit
    reported_side: Mapped[Text20] = mapped_column(default="")
    reported_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    reported_at: Mapped[datetime | None]
    note: Mapped[Text500] = mapped_column(default="")
    countersigned_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    countersigned_at: Mapped[datetime | None]
    order: Mapped[Order] = relationship(lazy="raise", back_populates="steps")


class Outcome(Model):
    """One result of the programme, written once: no names of people, no price, a band of value only."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("about"), Index("ix_outcome_kind_at", "kind", "at"))
    id: Mapped[Key]
    about: Mapped[Text80]  # "recipient:7", "sample:3", "deal:9"
    kind: Mapped[Text20]
    at: Mapped[datetime]
    seller_id: Mapped[int] = reference("seller.id")
    buyer_id: Mapped[int] = reference("organisation.id")
    chapter_id: Mapped[int | None] = reference("chapter.id", nullable=True)
    fair: Mapped[Text80] = mapped_column(default="")
    commodity: Mapped[Text80] = mapped_column(default="")
    value_band: Mapped[Text20] = mapped_column(default=ValueBand.NONE)
