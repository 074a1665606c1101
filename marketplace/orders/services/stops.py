"""A deal is disputed by one side, or cancelled by both."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.orders.events import (
    CancellationAsked,
    CancellationDropped,
    DisputeWithdrawn,
    OrderCancelled,
    OrderDisputed,
)
from marketplace.orders.models import Order
from marketplace.orders.policies import side_of
from marketplace.orders.queries import order_held
from marketplace.orders.rules import ORDER_MOVES, ORDER_OVER, OrderState
from marketplace.orders.services.money_left import take_back_settlement
from marketplace.orders.services.outcomes import forget_order
from marketplace.payments.queries import payment_about
from marketplace.payments.services import cancel_payment
from marketplace.rfqs.rules import Side
from marketplace.rfqs.services.limiting import spend_message


def open_dispute(session: Session, actor: Actor, key: str, note: str) -> Order:
    """One side says that something is wrong, and what. The deal stands still until it is withdrawn or cancelled."""
    order, side = _held(session, actor, key)
    words = _said(note)
    spend_message(session, actor.organisation_id or 0)  # the other side gets a mail each time
    state = OrderState(order.state)
    order.state = advance(state, OrderState.DISPUTED, ORDER_MOVES)
    order.resumes = state
    order.dispute_side, order.dispute_note = side, words
    order.disputed_at, order.disputed_by_id = now(), actor.user_id
    take_back_settlement(order)  # who objects takes the other side's word for it away
    audit(session, actor, "deal.disputed", f"order:{order.id}")
    record(session, OrderDisputed(order_id=order.id, side=side))
    return order


def withdraw_dispute(session: Session, actor: Actor, key: str) -> Order:
    """The side that opened it is content: the deal goes on where it stood."""
    order, side = _held(session, actor, key)
    if order.state != OrderState.DISPUTED:
        raise Conflict(_("Nothing is disputed here any more."))
    if order.dispute_side != side:
        raise Forbidden(_("The side that opened the dispute withdraws it."))
    order.state = advance(OrderState.DISPUTED, OrderState(order.resumes), ORDER_MOVES)
    order.resumes = ""
    audit(session, actor, "deal.dispute_withdrawn", f"order:{order.id}")
    record(session, DisputeWithdrawn(order_id=order.id, side=side))
    return order


def ask_cancellation(session: Session, actor: Actor, key: str, note: str) -> Order:
    """One side asks to cancel the deal, and says why; it stands until the other side agrees."""
    order, side = _held(session, actor, key)
    words = _said(note)
    if OrderState(order.state) in ORDER_OVER:
        raise Conflict(_("This deal is over. Reload the page to see how it ended."))
    if order.cancel_side:
        raise Conflict(_("It was already asked to cancel this deal."))
    spend_message(session, actor.organisation_id or 0)
    order.cancel_side, order.cancel_note = side, words
    order.cancel_asked_at, order.cancel_by_id = now(), actor.user_id
    record(session, CancellationAsked(order_id=order.id, side=side))
    return order


def answer_cancellation(session: Session, actor: Actor, key: str, is_agreed: bool) -> Order:
    """The other side agrees, and nothing unpaid is due any more; or either side lets the deal go on."""
    order, side = _held(session, actor, key)
    if not order.cancel_side:
        raise Conflict(_("Nobody asks to cancel this deal any more."))
    if not is_agreed:
        order.cancel_side, order.cancel_note = "", ""
        order.cancel_asked_at, order.cancel_by_id = None, None
        record(session, CancellationDropped(order_id=order.id, side=side))
        return order
    if order.cancel_side == side:
        raise Forbidden(_("Your side asked; the other side agrees or not."))
    order.state = advance(OrderState(order.state), OrderState.CANCELLED, ORDER_MOVES)
    order.ended_at = now()
    for name in ("deposit", "balance"):
        payment = payment_about(session, f"{name}:{order.deal.key}")
        if payment is not None:
            cancel_payment(session, payment)
    forget_order(session, order.deal_id)
    audit(session, actor, "deal.cancelled", f"order:{order.id}")
    record(session, OrderCancelled(order_id=order.id, side=side))
    return order


def _said(note: str) -> str:
    words = cleaned(note, 500)
    if not words:
        raise DomainError(_("Say in a few words why. The other side reads it."))
    return words


def _held(session: Session, actor: Actor, key: str) -> tuple[Order, Side]:
    order = order_held(session, actor, key)
    side = side_of(actor)
    assert side is not None  # only the two sides hold a deal
    return order, side
