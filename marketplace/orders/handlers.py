"""Agreements begin their way; what is paid moves samples and deals; outcomes are counted."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.events import on
from marketplace.orders.events import SampleShipped
from marketplace.orders.models import Order, Sample
from marketplace.orders.services import begin_order, deposit_arrived, record_order, record_sample, sample_paid
from marketplace.orders.services.money_left import reopen
from marketplace.payments.events import DisputeClosed, PaymentSettled
from marketplace.payments.models import Payment
from marketplace.payments.rules import Method
from marketplace.payments.services.holding import held_first
from marketplace.quotes.events import DealAgreed
from marketplace.quotes.models import Deal


@held_first("deposit", "balance")
def hold_order(session: Session, deal_key: str) -> None:
    """Steps of a deal lock it before its money."""
    wanted = select(Order.id).join(Deal, Deal.id == Order.deal_id).where(Deal.key == deal_key)
    session.execute(wanted.with_for_update(of=Order))


@held_first("sample")
def hold_sample(session: Session, key: str) -> None:
    """Steps of a sample lock it before its money."""
    session.execute(select(Sample.id).where(Sample.key == key).with_for_update())


@on(DealAgreed)
def begin(session: Session, event: DealAgreed) -> None:
    """The deposit becomes due, the steps are laid out, the order is counted."""
    begin_order(session, event.deal_id)
    record_order(session, event.deal_id)


@on(PaymentSettled)
def move_what_was_paid(session: Session, event: PaymentSettled) -> None:
    """The reference says what was paid for."""
    payment = session.get_one(Payment, event.payment_id)
    kind, _colon, key = payment.about.partition(":")
    if kind == "sample":
        sample_paid(session, key)
    elif kind == "deposit":
        deposit_arrived(session, key, is_own_word=payment.method == Method.ELSEWHERE)


@on(DisputeClosed)
def ask_again_what_became_of_it(session: Session, event: DisputeClosed) -> None:
    """Money that a bank took back needs a word of its own before its deal is settled."""
    reopen(session, session.get_one(Payment, event.payment_id))


@on(SampleShipped)
def count_sample(session: Session, event: SampleShipped) -> None:
    """A sample that is on its way is an outcome."""
    record_sample(session, event.sample_id)
