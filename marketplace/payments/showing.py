"""Bookings and balances as a reader of one side wants them: what one has or is owed is above zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.kernel.money import Money
from marketplace.payments import wording
from marketplace.payments.models import LedgerEntry, Posting
from marketplace.payments.queries import Balance

_CREDIT = frozenset({"owed", "commission"})  # below zero in the ledger, where somebody has to get something


@dataclass(frozen=True, slots=True)
class BookingShown:
    at: datetime
    what: str
    note: str
    account: str
    amount: Money


def shown_amount(account: str, amount: Money) -> Money:
    """The amount with the sign that a reader expects."""
    return -amount if account in _CREDIT else amount


def figures_of(balances: Iterable[Balance], labels: Mapping[str, Any] = wording.ACCOUNTS) -> list[tuple[str, Money]]:
    """Label and amount of each account that is not at zero."""
    return [(str(labels[one.account]), shown_amount(one.account, one.amount)) for one in balances]


def bookings_of(
    rows: Iterable[tuple[LedgerEntry, Posting]], labels: Mapping[str, Any] = wording.ACCOUNTS
) -> list[BookingShown]:
    """The lines of a statement."""
    return [
        BookingShown(
            at=entry.at,
            what=str(wording.CAUSES[entry.cause.partition(":")[0]]),
            note=entry.note,
            account=str(labels[posting.account]),
            amount=shown_amount(posting.account, Money(posting.minor, posting.currency)),
        )
        for entry, posting in rows
    ]
