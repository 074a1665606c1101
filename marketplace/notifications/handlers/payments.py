"""Payments and bank details: what their events tell payers, payees and staff."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import member_ids
from marketplace.kernel.events import on
from marketplace.notifications.queries import curators
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify
from marketplace.payments.events import (
    BankAccountDecided,
    BankAccountProposed,
    DisputeClosed,
    PaymentDisputed,
    PaymentFailed,
    PaymentSettled,
    PaymentSuspicious,
    RefundArrived,
    RefundFailed,
)
from marketplace.payments.models import BankAccount, Payment, Refund, SettlementAccount
from marketplace.payments.rules import Method, Purpose


@on(PaymentSettled)
def say_paid(session: Session, event: PaymentSettled) -> None:
    """The seller learns where the money is, the buyer whom it has reached: by card that is who takes cards for them."""
    row = session.get_one(Payment, event.payment_id)
    if row.purpose == Purpose.MEMBERSHIP:
        if row.cancelled_at is not None:  # else its own notices say from when to when it runs
            for organisation_id in (row.payee_id, row.payer_id):
                _tell(session, row, Kind.MEMBERSHIP_PAID_LATE, organisation_id)
        return
    holder = session.get(SettlementAccount, row.settlement_account_id) if row.settlement_account_id else None
    if row.is_by_card and holder is not None:
        name = session.get_one(Organisation, holder.organisation_id).name
        _tell(session, row, Kind.CARD_PAID, row.payee_id, holder=name)
        _tell(session, row, Kind.CARD_RECEIPT, row.payer_id, holder=name)
        return
    _tell(session, row, Kind.PAYMENT_PAID, row.payee_id)
    said = Kind.ELSEWHERE_RECEIPT if row.method == Method.ELSEWHERE else Kind.PAYMENT_RECEIPT
    _tell(session, row, said, row.payer_id)


@on(PaymentFailed)
def say_failed(session: Session, event: PaymentFailed) -> None:
    """The buyer learns that the amount is still due."""
    row = session.get_one(Payment, event.payment_id)
    _tell(session, row, Kind.PAYMENT_FAILED, row.payer_id, f":{row.version}")


@on(RefundArrived)
def say_refunded(session: Session, event: RefundArrived) -> None:
    """The payer learns how much comes back, of each refund once."""
    refund = session.get_one(Refund, event.refund_id)
    row = session.get_one(Payment, refund.payment_id)
    amount = f"{refund.minor} {row.currency}"
    _tell(session, row, Kind.PAYMENT_REFUNDED, row.payer_id, f":refund:{refund.id}", amount=amount)


@on(RefundFailed)
def say_refund_failed(session: Session, event: RefundFailed) -> None:
    """Who gives back looks for another way; the payer hears of it where they were told that it had arrived."""
    refund = session.get_one(Refund, event.refund_id)
    row = session.get_one(Payment, refund.payment_id)
    about, amount = f":refund:{refund.id}", f"{refund.minor} {row.currency}"
    for organisation_id in _holders(session, row):
        _tell(session, row, Kind.REFUND_FAILED, organisation_id, about, amount=amount)
    if event.is_taken_back and row.paid_at is not None:
        _tell(session, row, Kind.REFUND_TAKEN_BACK, row.payer_id, about, amount=amount)


@on(PaymentDisputed)
def say_disputed(session: Session, event: PaymentDisputed) -> None:
    """Seller and holder of the money learn of it."""
    row = session.get_one(Payment, event.payment_id)
    kind = Kind.MEMBERSHIP_DISPUTED if row.purpose == Purpose.MEMBERSHIP else Kind.PAYMENT_DISPUTED
    for organisation_id in _holders(session, row):
        _tell(session, row, kind, organisation_id)


@on(DisputeClosed)
def say_decided(session: Session, event: DisputeClosed) -> None:
    """Seller and holder of the money learn the end of it."""
    row = session.get_one(Payment, event.payment_id)
    for organisation_id in _holders(session, row):
        _tell(session, row, Kind.DISPUTE_CLOSED, organisation_id)


@on(PaymentSuspicious)
def call_staff_to_payment(session: Session, event: PaymentSuspicious) -> None:
    """Staff look at what disagrees."""
    notify(
        session,
        Kind.QUEUE_PAYMENT,
        f"webhook_event:{event.webhook_event_id}",
        curators(session),
        {},
        "/console/payments",
    )


@on(BankAccountProposed)
def call_staff_to_bank(session: Session, event: BankAccountProposed) -> None:
    """Staff check new details before anybody sees them."""
    row = session.get_one(BankAccount, event.bank_account_id)
    name = session.get_one(Organisation, row.organisation_id).name
    notify(
        session,
        Kind.QUEUE_BANK,
        f"bank_account:{row.id}",
        curators(session),
        {"organisation": name},
        "/console/payments",
    )


@on(BankAccountDecided)
def say_bank_decided(session: Session, event: BankAccountDecided) -> None:
    """The company learns how it went; a change that nobody there asked for is seen at once."""
    row = session.get_one(BankAccount, event.bank_account_id)
    people = member_ids(session, row.organisation_id)
    notify(session, Kind.BANK_DECIDED, f"bank_account:{row.id}", people, {}, "/account/bank")


def _holders(session: Session, row: Payment) -> set[int]:
    account = session.get(SettlementAccount, row.settlement_account_id) if row.settlement_account_id else None
    return {row.payee_id, account.organisation_id} if account is not None else {row.payee_id}


def _tell(session: Session, row: Payment, kind: Kind, organisation_id: int, more: str = "", **words: str) -> None:
    people = member_ids(session, organisation_id)
    name, _colon, key = row.about.partition(":")
    # deposit and balance are named in each reader's language
    goods = {f"{name}_of": key.upper()} if name in {"deposit", "balance"} else {"product": row.description}
    notify(session, kind, f"payment:{row.id}{more}", people, {**goods, **words}, f"/payments/{row.key}")
