"""The banks and the two sides at once: whoever moves a deal or its money locks the deal first, then the money."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from marketplace.kernel.uow import transaction
from marketplace.orders.rules import MILESTONES, OrderState
from marketplace.orders.services import report_step
from marketplace.payments.models import Payment, Posting
from marketplace.payments.rules import PaymentState
from marketplace.payments.services.holding import locked
from tests.app.test_quotes_races import browser
from tests.support.ordering import a_deal, a_trade, order_now
from tests.support.people import Cast, guards
from tests.support.racing import HANDS, all_at_once, statuses

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_what_is_paid_for_is_locked_before_its_payment(people: Cast, session: Session) -> None:
    deal = a_deal(a_trade(people))
    payment_id = session.scalars(select(Payment.id).where(Payment.about == f"deposit:{deal.key}")).one()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with transaction() as inside:
            seen.clear()
            locked(inside, payment_id)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    tables = [
        next(name for name in ("trade_order", "payment") if f"FROM {name}" in one) for one in seen if "FROM" in one
    ]
    assert tables == ["payment", "trade_order", "payment"]  # whose it is, the deal, the money
    if "postgres" in str(session.get_bind().engine.url):
        assert ["FOR UPDATE" in one for one in seen] == [False, True, True]


def test_money_and_settlement_never_wait_for_each_other(app: Flask, people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    for milestone in MILESTONES[:-1]:  # the seller began without the deposit
        with transaction() as inside:
            report_step(inside, trade.seller.actor, deal.key, milestone)
    session.rollback()
    deposit = session.scalars(select(Payment).where(Payment.about == f"deposit:{deal.key}")).one()
    money, progress = f"/payments/{deposit.key}", f"/deals/{deal.key}/progress"
    said = {
        "milestone": OrderState.SETTLED,
        "version": str(order_now(deal).version),
        "word": "elsewhere",
        "note": "Cash.",
    }
    presses = []
    for number in range(HANDS):
        hand = browser(app, trade.seller)
        page, path = (money, f"{money}/received") if number % 2 else (progress, f"/deals/{deal.key}/report")
        data = {**guards(hand, page), **said}
        presses.append(lambda hand=hand, path=path, data=data: hand.post(path, data=data))
    session.rollback()
    found = statuses(all_at_once(presses))
    assert set(found) <= {303, 409}, found
    assert found[303] == 1  # what came second was told that the deal, or the payment, had changed
    session.rollback()
    states = {one.about.partition(":")[0]: one.state for one in session.scalars(select(Payment))}
    is_settled = order_now(deal).steps[-1].reported_at is not None
    assert states == {"deposit": PaymentState.PAID, "balance": PaymentState.PAID if is_settled else PaymentState.DUE}
    assert session.scalar(select(func.sum(Posting.minor))) == 0
