"""What notices about money say: for what, never an account number."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# kind -> subject, line, what the one button says
PAYMENT_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.PAYMENT_PAID: (
        _("Paid: %(product)s"),
        _("The amount for %(product)s has arrived in full. Your statement shows your share."),
        _("See the payment"),
    ),
    Kind.PAYMENT_RECEIPT: (
        _("Your payment has arrived: %(product)s"),
        _("The seller has your payment for %(product)s. There is nothing more to do for now."),
        _("See the payment"),
    ),
    Kind.CARD_PAID: (
        _("Paid: %(product)s"),
        _(
            "The amount for %(product)s was paid by card. %(holder)s, who takes card payments for you, holds it and "
            "pays out your share. Your statement shows it."
        ),
        _("See the payment"),
    ),
    Kind.CARD_RECEIPT: (
        _("Your payment has arrived: %(product)s"),
        _(
            "Your card payment for %(product)s has arrived at %(holder)s, who takes card payments for the seller. "
            "There is nothing more to do for now."
        ),
        _("See the payment"),
    ),
    Kind.ELSEWHERE_RECEIPT: (
        _("Noted as paid: %(product)s"),
        _(
            "The seller says that the amount for %(product)s was paid another way and that they have it. If that is "
            "wrong, tell them."
        ),
        _("See the payment"),
    ),
    Kind.PAYMENT_FAILED: (
        _("Your payment did not go through: %(product)s"),
        _("The bank refused the payment for %(product)s. Nothing was taken. Try again or choose a bank transfer."),
        _("Pay again"),
    ),
    Kind.PAYMENT_REFUNDED: (
        _("Money went back to you: %(product)s"),
        _("%(amount)s of your payment for %(product)s was given back. It can take days until your bank shows it."),
        _("See the payment"),
    ),
    Kind.REFUND_FAILED: (
        _("Money could not be given back: %(product)s"),
        _(
            "%(amount)s of the payment for %(product)s could not be given back, and is still where it was. Agree with "
            "the payer on another way."
        ),
        _("See the payment"),
    ),
    Kind.REFUND_TAKEN_BACK: (
        _("Money did not reach you: %(product)s"),
        _(
            "%(amount)s of your payment for %(product)s, of which we wrote that it was given back, could not be "
            "credited to you. The payment's page says how it stands; write to the other side about another way."
        ),
        _("See the payment"),
    ),
    Kind.PAYMENT_DISPUTED: (
        _("A payment is disputed: %(product)s"),
        _(
            "The payer's bank holds back the payment for %(product)s while it looks into a complaint. Answer the buyer "
            "and keep the shipping papers at hand."
        ),
        _("See the payment"),
    ),
    Kind.DISPUTE_CLOSED: (
        _("A dispute is decided: %(product)s"),
        _("The payer's bank has decided about the payment for %(product)s. The payment's page says how."),
        _("See the payment"),
    ),
    Kind.MEMBERSHIP_BEGUN: (
        _("Your membership is paid: %(product)s"),
        _("Your payment for %(product)s of %(organisation)s has arrived. It runs from %(begins)s to %(date)s."),
        _("See your memberships"),
    ),
    Kind.MEMBERSHIP_SOLD: (
        _("A membership is paid: %(product)s"),
        _("%(organisation)s has paid for %(product)s. It runs from %(begins)s to %(date)s."),
        _("See your members"),
    ),
    Kind.MEMBERSHIP_ENDING: (
        _("Your membership ends on %(date)s: %(product)s"),
        _(
            "%(product)s of %(organisation)s ends on %(date)s. It does not renew by itself; what you can order now "
            "stands on the page."
        ),
        _("See your memberships"),
    ),
    Kind.MEMBERSHIP_TAKEN_BACK: (
        _("Your order was taken back: %(product)s"),
        _(
            "%(organisation)s took back your order of the membership %(product)s. Nothing is to be paid any more. What "
            "you can order now stands on the page."
        ),
        _("See your memberships"),
    ),
    Kind.MEMBERSHIP_OUTDATED: (
        _("Your order has run out: %(product)s"),
        _(
            "The membership %(product)s of %(organisation)s was not paid in 30 days, and by now it costs something "
            "else or is no longer offered. Nothing is to be paid; what you can order now stands on the page."
        ),
        _("See your memberships"),
    ),
    Kind.MEMBERSHIP_PAID_LATE: (
        _("Paid after the order was cancelled: %(product)s"),
        _(
            "The membership %(product)s was paid although its order had been cancelled. It does not begin; the whole "
            "amount is being given back."
        ),
        _("See the payment"),
    ),
    Kind.MEMBERSHIP_DISPUTED: (
        _("A payment is disputed: %(product)s"),
        _(
            "The payer's bank holds back the payment for %(product)s while it looks into a complaint. The membership "
            "runs on until the bank has decided."
        ),
        _("See the payment"),
    ),
    Kind.BANK_DECIDED: (
        _("Your new bank details were checked"),
        _("The bank details that you entered were checked. The page says whether they stand on your papers now."),
        _("See the bank details"),
    ),
    Kind.QUEUE_BANK: (
        _("New bank details to check: %(organisation)s"),
        _("%(organisation)s entered new bank details. Call them by a number that you knew before, then decide."),
        _("Check them"),
    ),
    Kind.QUEUE_PAYMENT: (
        _("A payment does not match our records"),
        _(
            "Stripe told of a payment whose amount, currency or account differs from ours, or of a second one. "
            "Nothing was marked; somebody has to look."
        ),
        _("See the events"),
    ),
}
