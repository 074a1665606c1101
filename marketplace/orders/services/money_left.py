"""What is still due of a deal that one side calls settled: it is paid, or the seller says what became of it."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, selectinload

from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.policy import Actor
from marketplace.orders.models import Order
from marketplace.orders.queries.money_left import MOMENTS, money_left
from marketplace.orders.rules import ORDER_OVER, MoneyWord, OrderState
from marketplace.payments.models import Payment
from marketplace.payments.queries import is_shared
from marketplace.payments.rules import PaymentState
from marketplace.payments.services import note_paid_elsewhere, waive_payment
from marketplace.quotes.models import Deal
from marketplace.rfqs.rules import Side
from marketplace.rfqs.services.timeline import note_moment

_UNCLEAR = (PaymentState.DUE, PaymentState.PROCESSING, PaymentState.DISPUTED)


def clear_money(session: Session, actor: Actor, order: Order, side: Side, word: MoneyWord | None) -> None:
    """Go on to the settlement if nothing is left, or the seller says that it was paid another way or is waived.

    What they say stands in the timeline of both sides, closes the payment, and is booked as money that the seller has,
    or as nothing. `Conflict` while banks still decide, or for a buyer; `DomainError` where nothing was said.
    """
    left = money_left(session, order.deal)
    if not left:
        return
    require_decided(left)
    if side is not Side.SELLER:
        raise Conflict(_not_noted())
    if word is None:
        raise DomainError(_("Say what became of the money that is still due. The buyer reads it."))
    for payment in left:
        if payment.state != PaymentState.DUE:
            continue  # taken back by the bank: the word stands for it in the timeline
        if word is MoneyWord.ELSEWHERE:
            note_paid_elsewhere(session, actor, payment)
        elif is_shared(session, payment):
            raise Conflict(
                _("Others have a part of this amount. Say that it was paid another way, or settle it once it is paid.")
            )
        else:
            waive_payment(session, actor, payment)
    deal = order.deal
    note_moment(session, deal.rfq_id, MOMENTS[word], side, recipient_id=deal.recipient_id, author_id=actor.user_id)


def require_cleared(session: Session, order: Order) -> None:
    """Go on if nothing is left of a deal whose settlement is countersigned; `Conflict` otherwise.

    A settlement that stands was reported after a bank had taken money back (`reopen`), with a word for it.
    """
    left = money_left(session, order.deal)
    require_decided(left)
    if any(one.state == PaymentState.DUE for one in left):
        raise Conflict(_not_noted())


def reopen(session: Session, payment: Payment) -> None:
    """A bank took money of a deal back: a settlement that was reported before says nothing of it and is taken back."""
    kind, _colon, key = payment.about.partition(":")
    if payment.state != PaymentState.CHARGED_BACK or kind not in {"deposit", "balance"}:
        return
    order = session.scalar(
        select(Order)
        .join(Deal, Deal.id == Order.deal_id)
        .where(Deal.key == key, Order.state.not_in(ORDER_OVER))
        .options(selectinload(Order.steps))
        .with_for_update(of=Order)
    )
    if order is not None:
        take_back_settlement(order)


def take_back_settlement(order: Order) -> None:
    """What one side said of the settlement holds no more; one that both confirmed has ended the deal."""
    for step in order.steps:
        if step.milestone == OrderState.SETTLED:
            step.reported_side, step.reported_at, step.reported_by_id, step.note = "", None, None, ""


def require_decided(left: list[Payment]) -> None:
    """Go on unless a bank still has to say whether the money came."""
    if any(one.state in {PaymentState.PROCESSING, PaymentState.DISPUTED} for one in left):
        raise Conflict(_("A payment of this deal is still with the banks. Settle the deal once they have decided."))


def is_unclear() -> ColumnElement[bool]:
    """Whether money of a deal is still due or with the banks; for a query that has `Deal`."""
    abouts = [name + ":" + Deal.key for name in ("deposit", "balance")]
    return exists(select(Payment.id).where(Payment.about.in_(abouts), Payment.state.in_(_UNCLEAR)).correlate(Deal))


def _not_noted() -> str:
    return str(
        _(
            "Money of this deal is not noted as paid yet. The seller notes it on the payment's page, or says with the "
            "settlement what became of it."
        )
    )
