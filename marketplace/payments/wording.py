"""What states, purposes and accounts are called, and what they mean to a reader."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.payments.models import Payment
from marketplace.payments.rules import AccountState, BankState, Method, PaymentState, Purpose, RefundState

STATES = {
    PaymentState.DUE: _("To be paid"),
    PaymentState.PROCESSING: _("On its way"),
    PaymentState.PAID: _("Paid"),
    PaymentState.PARTLY_REFUNDED: _("Partly given back"),
    PaymentState.REFUNDED: _("Given back"),
    PaymentState.DISPUTED: _("Disputed"),
    PaymentState.CHARGED_BACK: _("Taken back by the bank"),
    PaymentState.CANCELLED: _("Cancelled"),
}
MEANINGS = {
    PaymentState.DUE: _("The amount is to be paid."),
    PaymentState.PROCESSING: _("The payer's bank is transferring the amount. This can take a few days."),
    PaymentState.PAID: _("The whole amount has arrived."),
    PaymentState.PARTLY_REFUNDED: _("A part of the amount went back to the payer."),
    PaymentState.REFUNDED: _("The whole amount went back to the payer."),
    PaymentState.DISPUTED: _("The payer's bank holds the amount while it looks into a complaint."),
    PaymentState.CHARGED_BACK: _("The payer's bank decided for the payer and took the amount back."),
    PaymentState.CANCELLED: _("The amount is no longer due."),
}
TONES = {
    PaymentState.DUE: "info",
    PaymentState.PROCESSING: "info",
    PaymentState.PAID: "positive",
    PaymentState.PARTLY_REFUNDED: "neutral",
    PaymentState.REFUNDED: "neutral",
    PaymentState.DISPUTED: "critical",
    PaymentState.CHARGED_BACK: "critical",
    PaymentState.CANCELLED: "neutral",
}
PURPOSES = {
    Purpose.SAMPLE: _("Sample"),
    Purpose.DEPOSIT: _("Deposit"),
    Purpose.BALANCE: _("Balance"),
    Purpose.MEMBERSHIP: _("Membership"),
}
METHODS = {
    Method.CARD: _("by card"),
    Method.BANK: _("by bank transfer"),
    Method.ELSEWHERE: _("another way, by the seller's word"),
}
REFUNDS = {
    RefundState.ASKED: _("asked for"),
    RefundState.PENDING: _("on its way"),
    RefundState.SUCCEEDED: _("done"),
    RefundState.FAILED: _("failed"),
}
ACCOUNTS = {
    "held": _("Received"),
    "owed": _("Owed to the seller"),
    "commission": _("Commission"),
    "dispute": _("Held back by the payer's bank"),
}
# what a chapter has to get itself: the price of its memberships
ACCOUNTS_OF_CHAPTER = ACCOUNTS | {"owed": _("Own income")}
CAUSES = {
    "settled": _("A payment arrived"),
    "refunded": _("Money was given back"),
    "refund-failed": _("A refund could not be credited"),
    "dispute": _("The payer's bank holds an amount back"),
    "dispute-won": _("The payer's bank released the amount"),
    "dispute-lost": _("The payer's bank took the amount back"),
    "paid-out": _("A share was paid out"),
}
SETTLEMENT = {
    AccountState.PENDING: _("Not finished: Stripe needs more from you"),
    AccountState.ACTIVE: _("Ready to take payments by card"),
    AccountState.RESTRICTED: _("Stopped: Stripe asks for something"),
    AccountState.REJECTED: _("Refused by Stripe"),
}
BANK = {
    BankState.PROPOSED: _("Being checked"),
    BankState.CONFIRMED: _("Confirmed"),
    BankState.REFUSED: _("Refused"),
    BankState.REPLACED: _("Replaced"),
}
BANK_TONES = {
    BankState.PROPOSED: "caution",
    BankState.CONFIRMED: "positive",
    BankState.REFUSED: "critical",
    BankState.REPLACED: "neutral",
}


def account_name(account: str, *, is_chapter: bool) -> str:
    """What an account of the ledger is to the organisation that it belongs to."""
    return str((ACCOUNTS_OF_CHAPTER if is_chapter else ACCOUNTS)[account])


def meaning_of(payment: Payment, holder: str) -> str:
    """What a payment's state means to a reader; ``holder`` is the name of who takes card payments for the seller."""
    if payment.purpose == Purpose.MEMBERSHIP:  # whom it is owed to holds it
        return str(MEANINGS[PaymentState(payment.state)])
    if payment.state == PaymentState.PAID and payment.is_by_card:
        return str(
            gettext(
                "The whole amount has arrived at %(holder)s, who takes card payments for the seller.", holder=holder
            )
        )
    if payment.state == PaymentState.PAID and payment.method == Method.ELSEWHERE:
        return str(gettext("The seller says that the whole amount was paid another way."))
    return str(MEANINGS[PaymentState(payment.state)])


def title_of(payment: Payment) -> str:
    """What is paid for, in the reader's language: rows keep a purpose, a reference and the goods, no sentence."""
    if payment.purpose == Purpose.DEPOSIT:
        return str(gettext("Deposit of agreement %(key)s", key=payment.about.partition(":")[2].upper()))
    if payment.purpose == Purpose.BALANCE:
        return str(gettext("Balance of agreement %(key)s", key=payment.about.partition(":")[2].upper()))
    if payment.purpose == Purpose.SAMPLE:
        return str(gettext("Sample: %(goods)s", goods=payment.description))
    return payment.description
