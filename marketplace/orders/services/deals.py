"""An agreed deal from the deposit to the settlement: one side reports a step, the other countersigns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden
from marketplace.kernel.events import record
from marketplace.kernel.inserting import write_family
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import Prepared
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.orders.events import OrderMoved, OrderSettled, StepCountersigned
from marketplace.orders.models import Order, OrderStep
from marketplace.orders.policies import side_of
from marketplace.orders.queries import order_held
from marketplace.orders.rules import (
    MILESTONES,
    ORDER_MOVES,
    ORDER_OVER,
    TIME_TO_OBJECT,
    MoneyWord,
    OrderState,
    may_report,
)
from marketplace.orders.services.collecting import collect_balance, collect_deposit
from marketplace.orders.services.money_left import clear_money, is_unclear, require_cleared
from marketplace.quotes.models import Deal
from marketplace.quotes.rules import WITH_DEPOSIT, PaymentTerms
from marketplace.rfqs.rules import Side

MOST_DAYS = 365
_BEGUN = Prepared(select(Order.id).where(Order.deal_id == bindparam("deal_id")))


def begin_order(session: Session, deal_id: int) -> Order:
    """The way of an agreement, begun once: its steps, and the deposit where one was agreed."""
    if _BEGUN.raw(session, deal_id=deal_id):
        return session.scalars(select(Order).where(Order.deal_id == deal_id)).one()
    deal = session.get_one(Deal, deal_id)
    terms = deal.terms
    percent = _deposit_percent(terms.get("payment", ""), terms.get("deposit_percent"))
    deposit = deal.total.share(Decimal(percent)) if percent else None
    order = Order(deal_id=deal.id, state=OrderState.DEPOSIT_DUE, begun_at=now())
    order.steps = [OrderStep(position=place, milestone=step) for place, step in enumerate(MILESTONES)]
    shipped = order.steps[MILESTONES.index(OrderState.SHIPPED)]
    shipped.due_on = date.fromisoformat(terms["ship_by"]) if terms.get("ship_by") else None
    shipped.due_days = None if shipped.due_on else terms.get("lead_time_days")
    if deposit:
        order.deposit_minor = deposit.minor
        collect_deposit(session, deal, deposit)
    else:
        order.state = OrderState.IN_PRODUCTION
        first = order.steps[0]
        first.reported_side, first.reported_at, first.countersigned_at = Side.PROGRAMME, now(), now()
    write_family(session, order, order.steps, "order_id")
    return order


def report_step(
    session: Session, actor: Actor, key: str, milestone: OrderState, note: str = "", word: MoneyWord | None = None
) -> Order:
    """One side says that the next step is done: the deal moves, and the other side may countersign.

    The settlement alone waits: until the other side countersigns it, or until its time to object has run.
    While money that was asked for is not there, the seller alone reports it, and says by ``word`` what became of that.
    """
    order, side = _held(session, actor, key)
    state = OrderState(order.state)
    if not may_report(state, milestone, side):
        if state is OrderState.DEPOSIT_DUE and milestone is OrderState.IN_PRODUCTION:
            raise Forbidden(_("Only the seller may begin before the deposit has arrived."))
        raise Conflict(_("This step is not the next one. Reload the page to see how the deal stands."))
    step = _step(order, milestone)
    if step.reported_at is not None:
        raise Conflict(_("This step is reported already. The other side countersigns it or objects."))
    if milestone is OrderState.SETTLED:
        clear_money(session, actor, order, side, word)
        changed(order)
    else:
        order.state = advance(state, milestone, ORDER_MOVES)
    step.reported_side, step.reported_at, step.reported_by_id = side, now(), actor.user_id
    step.note = cleaned(note, 500)
    collect_balance(session, order.deal, milestone)
    record(session, OrderMoved(order_id=order.id, milestone=milestone, side=side))
    return order


def countersign(session: Session, actor: Actor, key: str, milestone: OrderState) -> Order:
    """The other side confirms what one side reported."""
    order, side = _held(session, actor, key)
    if order.state == OrderState.CANCELLED:
        raise Conflict(_("This deal is over. Reload the page to see how it ended."))
    step = _step(order, milestone)
    if step.reported_at is None:
        raise Conflict(_("Nobody has reported this step yet."))
    if step.countersigned_at is not None:
        raise Conflict(_("Both sides have confirmed this step already."))
    if step.reported_side == side:
        raise Forbidden(_("Your side reported this step; the other side countersigns."))
    if milestone is OrderState.SETTLED:
        require_cleared(session, order)
    step.countersigned_at, step.countersigned_by_id = now(), actor.user_id
    changed(order)
    if milestone is OrderState.SETTLED and order.state == OrderState.ARRIVED:
        _settle(order)
    record(session, StepCountersigned(order_id=order.id, milestone=milestone, side=side))
    return order


def settle_unopposed(session: Session, batch: int = 100) -> int:
    """Settle deals whose settlement one side reported and the other did not object to in time; gives how many.

    One whose money is due again or with the banks waits for it.
    """
    rows = session.scalars(
        select(Order)
        .join(OrderStep, OrderStep.order_id == Order.id)
        .join(Deal, Deal.id == Order.deal_id)
        .where(
            Order.state == OrderState.ARRIVED,
            ~is_unclear(),
            Order.cancel_side == "",
            OrderStep.milestone == OrderState.SETTLED,
            OrderStep.reported_at <= now() - TIME_TO_OBJECT,
        )
        .order_by(Order.id)
        .limit(batch)
        .with_for_update(of=Order, skip_locked=True)
    ).all()
    for order in rows:
        _settle(order)
        record(session, OrderSettled(order_id=order.id))
    return len(rows)


def _settle(order: Order) -> None:
    order.state = advance(OrderState(order.state), OrderState.SETTLED, ORDER_MOVES)
    order.ended_at = now()


def plan_step(
    session: Session, actor: Actor, key: str, milestone: OrderState, due_on: date | None, due_days: int | None
) -> Order:
    """The seller says when a step is expected: on a day, or so many days after the deposit."""
    order, side = _held(session, actor, key)
    if side is not Side.SELLER:
        raise Forbidden(_("The seller names the dates."))
    step = _step(order, milestone)
    if step.reported_at is not None or OrderState(order.state) in ORDER_OVER:
        raise Conflict(_("This step is done, so its date stays."))
    if (due_on is None) == (due_days is None):
        raise DomainError(_("Give either a day or a number of days after the deposit."))
    if due_days is not None and not 0 <= due_days <= MOST_DAYS:
        raise DomainError(_("Give a number of days from 0 to %(most)s.", most=MOST_DAYS))
    step.due_on, step.due_days = due_on, due_days
    changed(order)
    return order


def require_seen(session: Session, actor: Actor, key: str, version: int) -> None:
    """Lock a deal of one's own company and go on if it is as one saw it; `Conflict` where a step was done meanwhile."""
    if order_held(session, actor, key).version != version:
        raise Conflict(_("This deal has changed meanwhile. Reload the page to see how it stands now."))


def changed(order: Order) -> None:
    """Count a change of its steps as one of the deal, so that who saw it before is told."""
    flag_modified(order, "state")


def deposit_arrived(session: Session, deal_key: str, *, is_own_word: bool = False) -> None:
    """The deposit is paid: production begins, and both sides have seen it; of the seller's own word only one has."""
    order = session.scalar(
        select(Order)
        .join(Deal, Deal.id == Order.deal_id)
        .where(Deal.key == deal_key)
        .options(selectinload(Order.steps))
        .with_for_update(of=Order)
    )
    if order is None or order.deposit_paid_at is not None:
        return
    order.deposit_paid_at = now()
    step = _step(order, OrderState.IN_PRODUCTION)
    if order.state == OrderState.DEPOSIT_DUE:
        order.state = advance(OrderState(order.state), OrderState.IN_PRODUCTION, ORDER_MOVES)
        step.reported_side, step.reported_at, step.countersigned_at = Side.BUYER, now(), now()
        record(session, OrderMoved(order_id=order.id, milestone=OrderState.IN_PRODUCTION, side=Side.BUYER))
    elif order.state == OrderState.DISPUTED and order.resumes == OrderState.DEPOSIT_DUE:
        order.resumes = OrderState.IN_PRODUCTION
        step.reported_side, step.reported_at, step.countersigned_at = Side.BUYER, now(), now()
    elif step.reported_at is not None and step.countersigned_at is None and not is_own_word:
        step.countersigned_at = now()  # the seller had begun already


def _deposit_percent(payment: str, percent: int | None) -> int:
    if payment == PaymentTerms.IN_ADVANCE:
        return 100
    return (percent or 0) if payment in WITH_DEPOSIT else 0


def _held(session: Session, actor: Actor, key: str) -> tuple[Order, Side]:
    order = order_held(session, actor, key)
    side = side_of(actor)
    assert side is not None  # only the two sides hold a deal
    return order, side


def _step(order: Order, milestone: OrderState) -> OrderStep:
    found = next((step for step in order.steps if step.milestone == milestone), None)
    if found is None:
        raise Conflict(_("This step is not the next one. Reload the page to see how the deal stands."))
    return found
