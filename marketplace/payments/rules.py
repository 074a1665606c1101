"""States of payable amounts as they follow from facts, and how an amount is shared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from marketplace.kernel.money import Money


class Purpose(StrEnum):
    SAMPLE = "sample"
    DEPOSIT = "deposit"
    BALANCE = "balance"
    MEMBERSHIP = "membership"


class PaymentState(StrEnum):
    """Derived from facts by `state_of`, never set by hand: events may come in any order."""

    DUE = "due"
    PROCESSING = "processing"  # the payer's bank takes days
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    CHARGED_BACK = "charged_back"
    CANCELLED = "cancelled"


class Method(StrEnum):
    CARD = "card"
    BANK = "bank"
    ELSEWHERE = "elsewhere"  # neither by card nor to the account on the payment's page; by the payee's word


class AttemptState(StrEnum):
    """One try at a card page."""

    ASKED = "asked"  # our row exists, the gateway may or may not know of it
    OPEN = "open"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"


ATTEMPT_MOVES = {
    AttemptState.ASKED: frozenset(set(AttemptState) - {AttemptState.ASKED}),
    AttemptState.OPEN: frozenset(
        {AttemptState.PROCESSING, AttemptState.COMPLETED, AttemptState.FAILED, AttemptState.EXPIRED}
    ),
    AttemptState.PROCESSING: frozenset({AttemptState.COMPLETED, AttemptState.FAILED}),
    # a late "it was paid" beats an earlier word of expiry or failure; nothing beats "paid"
    AttemptState.FAILED: frozenset({AttemptState.COMPLETED}),
    AttemptState.EXPIRED: frozenset({AttemptState.COMPLETED}),
    AttemptState.COMPLETED: frozenset(),
}


class RefundState(StrEnum):
    ASKED = "asked"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # also after success: the bank could not credit it


# later words only replace earlier ones of lower rank, whatever order they arrive in
REFUND_RANK = {RefundState.ASKED: 0, RefundState.PENDING: 1, RefundState.SUCCEEDED: 2, RefundState.FAILED: 3}


class DisputeState(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class AccountState(StrEnum):
    """A settlement account as the card company sees it."""

    PENDING = "pending"
    ACTIVE = "active"
    RESTRICTED = "restricted"
    REJECTED = "rejected"


class BankState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    REPLACED = "replaced"


BANK_MOVES = {
    BankState.PROPOSED: frozenset({BankState.CONFIRMED, BankState.REFUSED, BankState.REPLACED}),
    BankState.CONFIRMED: frozenset({BankState.REPLACED}),
    BankState.REFUSED: frozenset(),
    BankState.REPLACED: frozenset(),
}
CHANGE_IS_TOLD_FOR = timedelta(days=90)  # papers warn that long that bank details are new
# the payer's bank has the money: nothing of it is given back from here
WITH_BANK = frozenset({PaymentState.DISPUTED, PaymentState.CHARGED_BACK})
KEY_HOLDS_FOR = timedelta(hours=20)  # the card company forgets idempotency keys after 24 h; then we look first
CARD_PAGE_LIVES = timedelta(hours=23)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one payment."""

    minor: int
    is_paid: bool = False
    is_cancelled: bool = False
    is_processing: bool = False
    refunded_minor: int = 0
    dispute: DisputeState | None = None


def state_of(facts: Facts) -> PaymentState:
    """The state that these facts amount to."""
    if not facts.is_paid:
        if facts.is_processing:
            return PaymentState.PROCESSING
        return PaymentState.CANCELLED if facts.is_cancelled else PaymentState.DUE
    if facts.dispute is DisputeState.LOST:
        return PaymentState.CHARGED_BACK
    if facts.dispute is DisputeState.OPEN:
        return PaymentState.DISPUTED
    if facts.refunded_minor >= facts.minor:
        return PaymentState.REFUNDED
    return PaymentState.PARTLY_REFUNDED if facts.refunded_minor else PaymentState.PAID


class CommissionKind(StrEnum):
    PERCENT = "percent"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class CommissionTerms:
    """A rule as it is frozen on a deal. ``percent`` is 0 to 100; ``fixed`` a whole amount per payment."""

    rule_id: int
    kind: CommissionKind
    percent: Decimal = Decimal(0)
    fixed: Money | None = None
    chapter_id: int | None = None  # None: holds for every chapter
    commodity: str = ""  # "": holds for every commodity
    valid_from: date | None = None
    valid_to: date | None = None  # the last day

    def holds(self, chapter_id: int | None, commodity: str, day: date) -> bool:
        """Whether the rule speaks about this deal on this day."""
        return (
            self.chapter_id in (None, chapter_id)
            and self.commodity in ("", commodity)
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )


def chosen_rule(
    rules: Iterable[CommissionTerms], chapter_id: int | None, commodity: str, day: date
) -> CommissionTerms | None:
    """The rule that speaks most closely: chapter and commodity, chapter, commodity, all; the newest among equals."""
    holding = [rule for rule in rules if rule.holds(chapter_id, commodity, day)]
    return max(
        holding, key=lambda rule: (rule.chapter_id is not None, rule.commodity != "", rule.rule_id), default=None
    )


def commission_of(amount: Money, terms: CommissionTerms | None) -> Money:
    """The share of ``amount`` that the market partner keeps: never more than the amount, rounded once half up.

    A fixed amount in another currency than the payment's gives nothing: there is no rate in a rule.
    """
    if terms is None:
        return Money.zero(amount.currency)
    if terms.kind is CommissionKind.PERCENT:
        return amount.share(terms.percent)
    if terms.fixed is None or terms.fixed.currency != amount.currency:
        return Money.zero(amount.currency)
    return min(terms.fixed, amount)


def commission_back(commission: Money, amount: Money, refunded: Money) -> Money:
    """How much of the commission has gone back when ``refunded`` of ``amount`` has, in all; exact at the ends."""
    if not amount.minor:
        return Money.zero(amount.currency)
    return Money.rounded(commission.amount * refunded.minor / amount.minor, amount.currency)
