"""What happened to payable amounts. Higher domains know what a reference stands for."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class PaymentSettled(Event):
    """The whole amount has arrived, once."""

    payment_id: int


@dataclass(frozen=True)
class PaymentFailed(Event):
    """A card or bank refused; the amount is still due."""

    payment_id: int


@dataclass(frozen=True)
class PaymentRefunded(Event):
    """The state says now that a part or all of it went back, or more of what a bank had taken a part of."""

    payment_id: int


@dataclass(frozen=True)
class RefundArrived(Event):
    """One refund went through, once each, whatever state the payment is in."""

    refund_id: int


@dataclass(frozen=True)
class RefundFailed(Event):
    """One refund could not be made or credited; ``is_taken_back``: it had been told as gone through before."""

    refund_id: int
    is_taken_back: bool


@dataclass(frozen=True)
class PaymentDisputed(Event):
    """The payer's bank holds the amount back."""

    payment_id: int


@dataclass(frozen=True)
class DisputeClosed(Event):
    """Won: the amount is back; lost: it is gone."""

    payment_id: int


@dataclass(frozen=True)
class PaymentSuspicious(Event):
    """A signed event disagrees with our row: wrong amount, currency, account or mode. Nothing was marked."""

    webhook_event_id: int


@dataclass(frozen=True)
class BankAccountProposed(Event):
    """A company wants other bank details on its papers; staff check them first."""

    bank_account_id: int


@dataclass(frozen=True)
class BankAccountDecided(Event):
    """Staff confirmed or refused new bank details."""

    bank_account_id: int
