"""Payable amounts, tries at card pages, refunds, disputes, signed events, and the double-entry ledger."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.kernel.database import Key, Model, Text20, Text40, Text80, Text200, Text500, reference
from marketplace.kernel.money import Money
from marketplace.payments.rules import (
    AccountState,
    AttemptState,
    BankState,
    CommissionKind,
    Method,
    PaymentState,
    RefundState,
)


class SettlementAccount(Model):
    """Where money of the programme arrives: a connected account of a partner in a country that Stripe serves."""

    __tablename__ = "settlement_account"
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id")
    country: Mapped[str] = mapped_column(String(2))
    stripe_account: Mapped[str | None] = mapped_column(String(80), unique=True)  # acct_…
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[Text20] = mapped_column(default=AccountState.PENDING)
    created_at: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class BankAccount(Model):
    """Bank details of a company; on papers and pages only once staff have confirmed them."""

    __tablename__ = "bank_account"
    id: Mapped[Key]
    organisation_id: Mapped[int] = reference("organisation.id")
    holder: Mapped[Text200]
    bank: Mapped[Text200]
    account: Mapped[Text80]  # IBAN or the bank's own number
    swift: Mapped[Text20] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[Text20] = mapped_column(default=BankState.PROPOSED)
    proposed_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    decided_at: Mapped[datetime | None]
    is_change: Mapped[bool] = mapped_column(default=False)  # another account had been confirmed before
    note: Mapped[Text500] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Payment(Model):
    """So much, for this reference. ``state`` is derived from the facts beside it and kept for queries."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("about"),
        CheckConstraint("minor > 0", name="minor_positive"),
        CheckConstraint("commission_minor >= 0 AND commission_minor <= minor", name="commission_within"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    about: Mapped[Text80]  # "sample:k7m2…": what it is for, in words of the domain that asked
    purpose: Mapped[Text20]
    description: Mapped[Text200]  # goods or a key, see wording.title_of; never a sentence
    payer_id: Mapped[int] = reference("organisation.id")
    payee_id: Mapped[int] = reference("organisation.id")  # to whom it is owed in the end
    settlement_account_id: Mapped[int | None] = reference("settlement_account.id", nullable=True)
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    commission_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    commission_to_id: Mapped[int | None] = reference("organisation.id", nullable=True, index=False)
    state: Mapped[Text20] = mapped_column(default=PaymentState.DUE, index=True)
    method: Mapped[str | None] = mapped_column(String(20))
    paid_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    intent_id: Mapped[str | None] = mapped_column(String(80), unique=True)  # pi_…
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[list[CheckoutAttempt]] = relationship(lazy="raise", order_by="CheckoutAttempt.id")
    refunds: Mapped[list[Refund]] = relationship(lazy="raise", order_by="Refund.id")
    disputes: Mapped[list[Dispute]] = relationship(lazy="raise", order_by="Dispute.id")
    settlement_account: Mapped[SettlementAccount | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_by_card(self) -> bool:
        """Whether it came through a card page."""
        return self.method == Method.CARD


class PaymentShare(Model):
    """So much of a payment is owed to somebody else than the payee: a member of a pool."""

    __tablename__ = "payment_share"
    __table_args__ = (
        UniqueConstraint("payment_id", "organisation_id"),
        CheckConstraint("minor > 0", name="minor_positive"),
    )
    id: Mapped[Key]
    payment_id: Mapped[int] = reference("payment.id", index=False)
    organisation_id: Mapped[int] = reference("organisation.id")
    minor: Mapped[int] = mapped_column(BigInteger)


class CheckoutAttempt(Model):
    """One try at a card page; its idempotency key is kept before anybody is called."""

    __tablename__ = "checkout_attempt"
    id: Mapped[Key]
    payment_id: Mapped[int] = reference("payment.id")
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[Text20] = mapped_column(default=AttemptState.ASKED)
    session_id: Mapped[str | None] = mapped_column(String(200), unique=True)  # cs_…
    url: Mapped[str | None] = mapped_column(String(2000))
    language: Mapped[Text20]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Refund(Model):
    """One refund, asked by us or made elsewhere; its Stripe id makes it unique."""

    __tablename__ = "refund"
    __table_args__ = (CheckConstraint("minor > 0", name="minor_positive"),)
    id: Mapped[Key]
    payment_id: Mapped[int] = reference("payment.id")
    idempotency_key: Mapped[str | None] = mapped_column(String(80), unique=True)  # None: made elsewhere
    refund_id: Mapped[str | None] = mapped_column(String(80), unique=True)  # re_…
    minor: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[Text20] = mapped_column(default=RefundState.ASKED)
    reason: Mapped[Text200] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    asked_at: Mapped[datetime]


class Dispute(Model):
    """A payer's bank takes the amount back while it looks into a complaint."""

    __tablename__ = "dispute"
    id: Mapped[Key]
    payment_id: Mapped[int] = reference("payment.id")
    dispute_id: Mapped[str] = mapped_column(String(80), unique=True)  # dp_…
    minor: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[Text20]
    opened_at: Mapped[datetime]


class WebhookEvent(Model):
    """A signed event, once under its id; a job applies it."""

    __tablename__ = "webhook_event"
    __table_args__ = (Index("ix_webhook_event_open", "intent_id", "outcome"),)
    id: Mapped[Key]
    event_id: Mapped[str] = mapped_column(String(80), unique=True)  # evt_…
    kind: Mapped[Text80]
    account: Mapped[str | None] = mapped_column(String(80))
    intent_id: Mapped[str | None] = mapped_column(String(80))
    content: Mapped[dict[str, Any]]  # the object, reduced to what is applied
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    outcome: Mapped[Text40] = mapped_column(default="")


class LedgerEntry(Model):
    """One booking. ``cause`` names the object it stands for, so that nothing is booked twice."""

    __tablename__ = "ledger_entry"
    id: Mapped[Key]
    cause: Mapped[str] = mapped_column(String(200), unique=True)
    payment_id: Mapped[int | None] = reference("payment.id", nullable=True)
    at: Mapped[datetime]
    author_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    note: Mapped[Text200] = mapped_column(default="")
    postings: Mapped[list[Posting]] = relationship(lazy="raise", cascade="all, delete-orphan")


class Posting(Model):
    """One side of a booking; the postings of an entry add up to zero in each currency."""

    __tablename__ = "ledger_posting"
    __table_args__ = (Index("ix_ledger_posting_account", "account", "organisation_id", "currency"),)
    id: Mapped[Key]
    entry_id: Mapped[int] = reference("ledger_entry.id", cascade=True)
    account: Mapped[Text20]  # held | owed | commission | dispute
    organisation_id: Mapped[int] = reference("organisation.id", index=False)
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))


class CommissionRule(Model):
    """What a market partner keeps, by chapter, commodity and dates; frozen on the deal it is applied to."""

    __tablename__ = "commission_rule"
    id: Mapped[Key]
    kind: Mapped[Text20]
    percent: Mapped[Decimal] = mapped_column(default=Decimal(0))
    fixed_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3), default="")
    chapter_id: Mapped[int | None] = reference("chapter.id", nullable=True)
    commodity: Mapped[Text80] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    created_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    created_at: Mapped[datetime]

    @property
    def fixed(self) -> Money | None:
        """The amount of a rule that names one; None of one in percent."""
        return Money(self.fixed_minor, self.currency) if self.kind == CommissionKind.FIXED else None
