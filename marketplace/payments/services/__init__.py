"""Writes on payable amounts."""

from marketplace.payments.services.accounts import connect_account, decide_bank_account, propose_bank_account
from marketplace.payments.services.bookings import mark_paid_out
from marketplace.payments.services.card_pages import ask_card_page, open_card_page
from marketplace.payments.services.commissions import add_commission_rule, end_commission_rule
from marketplace.payments.services.demands import (
    cancel_payment,
    confirm_bank_transfer,
    demand,
    note_paid_elsewhere,
    waive_payment,
)
from marketplace.payments.services.events import apply_event, keep_event
from marketplace.payments.services.refunds import ask_refund, send_refund

__all__ = [
    "add_commission_rule",
    "apply_event",
    "ask_card_page",
    "ask_refund",
    "cancel_payment",
    "confirm_bank_transfer",
    "connect_account",
    "decide_bank_account",
    "demand",
    "end_commission_rule",
    "keep_event",
    "mark_paid_out",
    "note_paid_elsewhere",
    "open_card_page",
    "propose_bank_account",
    "send_refund",
    "waive_payment",
]
