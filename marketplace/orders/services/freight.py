"""Freight of a sample goes back for the score sheet: by card at once, by bank as the seller is asked."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.kernel.events import record
from marketplace.kernel.money import Money
from marketplace.kernel.policy import Actor
from marketplace.orders.events import FreightOwed
from marketplace.orders.models import Sample
from marketplace.orders.rules.freight import freight_left, freight_news
from marketplace.payments.queries import given_back, payment_about
from marketplace.payments.rules import WITH_BANK, PaymentState
from marketplace.payments.services import ask_refund
from marketplace.payments.services.holding import locked


def give_freight_back(session: Session, actor: Actor, row: Sample) -> None:
    """Keep a seller's promise for a sample that has its score sheet now.

    What was given back by hand before counts; both sides are told then, and where the payer's bank has the payment.
    """
    payment = payment_about(session, row.about) if row.refunds_freight else None
    if payment is None or payment.paid_at is None:
        return
    held = locked(session, payment.id)  # nobody gives back by hand between the look and the step
    earlier = given_back(session, held)
    left = freight_left(Money(row.freight_minor, row.currency), earlier)
    is_with_bank = PaymentState(held.state) in WITH_BANK
    news = freight_news(is_by_card=held.is_by_card, is_with_bank=is_with_bank, given_back=earlier, left=left)
    if held.is_by_card and left and not is_with_bank:
        ask_refund(session, actor, held, left, _("Freight of the sample, given back for the score sheet"))
    if news is not None:
        record(session, FreightOwed(row.id, held.id, news, given_back_minor=earlier.minor, left_minor=left.minor))
