"""What this domain keeps about a person: bank details and refunds they entered, bookings they wrote down.

Bookings and confirmed bank details are business records: they stay, without the person.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.payments.models import BankAccount, CommissionRule, LedgerEntry, Refund
from marketplace.payments.rules import BankState


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Bank details the person entered, refunds they asked for, payouts they wrote down."""
    accounts = session.scalars(select(BankAccount).where(BankAccount.proposed_by_id == user_id))
    refunds = session.scalars(select(Refund).where(Refund.asked_by_id == user_id))
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.author_id == user_id))
    return {
        "bank_details": [
            {
                "holder": one.holder, "bank": one.bank, "account": one.account, "swift": one.swift,
                "currency": one.currency, "state": one.state, "entered_at": one.proposed_at.isoformat(),
                "note": one.note,
            }
            for one in accounts
        ],
        "refunds": [{"reason": one.reason, "asked_at": one.asked_at.isoformat()} for one in refunds],
        "bookings": [{"note": one.note, "at": one.at.isoformat()} for one in entries],
    }  # fmt: skip


def erase(session: Session, user_id: int) -> None:
    """Names and own words go; amounts and confirmed details stay with the companies."""
    unsynced = {"synchronize_session": False}
    for statement in (
        update(BankAccount)
        .where(BankAccount.proposed_by_id == user_id, BankAccount.state != "confirmed")
        .values(holder=ERASED_NAME, bank=ERASED_NAME, account="", swift=""),
        update(BankAccount)
        .where(BankAccount.proposed_by_id == user_id, BankAccount.state == BankState.PROPOSED)
        .values(state=BankState.REPLACED),  # nothing is left to confirm
        update(BankAccount).where(BankAccount.proposed_by_id == user_id).values(proposed_by_id=None),
        update(BankAccount).where(BankAccount.decided_by_id == user_id).values(decided_by_id=None, note=""),
        update(Refund).where(Refund.asked_by_id == user_id).values(asked_by_id=None, reason=""),
        update(LedgerEntry).where(LedgerEntry.author_id == user_id).values(author_id=None, note=""),
        update(CommissionRule).where(CommissionRule.created_by_id == user_id).values(created_by_id=None),
    ):
        session.execute(statement, execution_options=unsynced)
    session.expire_all()


register(PersonalData("payments", export, erase))
