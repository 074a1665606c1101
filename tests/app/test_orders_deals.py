"""Deals on their way: the deposit moves them, one side reports, the other countersigns; stops and outcomes."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.money import Money
from marketplace.kernel.states import IllegalMove, advance
from marketplace.kernel.uow import transaction
from marketplace.orders.jobs import clock
from marketplace.orders.models import Outcome
from marketplace.orders.rules import MILESTONES, ORDER_MOVES, MoneyWord, OrderState, ValueBand, band_of, due_on
from marketplace.orders.services import (
    answer_cancellation,
    ask_cancellation,
    begin_missing,
    countersign,
    open_dispute,
    plan_step,
    report_step,
    settle_unopposed,
    withdraw_dispute,
)
from marketplace.payments.models import CommissionRule, Payment, SettlementAccount
from marketplace.payments.rules import AccountState, PaymentState
from marketplace.payments.services import add_commission_rule, end_commission_rule
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.rules import Side
from tests.support.ordering import Trade, a_deal, a_trade, order_now, paid_by_bank
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_steps_that_are_not_listed_are_refused() -> None:
    for current in OrderState:
        for target in OrderState:
            if target in ORDER_MOVES[current]:
                assert advance(current, target, ORDER_MOVES) is target
            else:
                with pytest.raises(IllegalMove):
                    advance(current, target, ORDER_MOVES)


def test_a_deal_from_the_deposit_to_the_settlement(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    order = order_now(deal)
    payment = session.scalars(select(Payment).where(Payment.about == f"deposit:{deal.key}")).one()
    assert order.state == OrderState.DEPOSIT_DUE
    assert payment.minor == order.deposit_minor == deal.total.share(Decimal(30)).minor
    paid_by_bank(trade, f"deposit:{deal.key}")
    order = order_now(deal)
    assert order.state == OrderState.IN_PRODUCTION
    assert order.steps[0].countersigned_at is not None
    assert due_on(order.steps[2].due_on, order.steps[2].due_days, order.deposit_paid_at) == today() + timedelta(days=30)
    for milestone in MILESTONES[1:]:
        with transaction() as inside:
            report_step(inside, trade.seller.actor, deal.key, milestone, "See the papers.", MoneyWord.ELSEWHERE)
        if milestone is OrderState.SETTLED:
            assert order_now(deal).state == OrderState.ARRIVED, "one side alone settles nothing at once"
        with pytest.raises(Conflict), transaction() as inside:
            report_step(inside, trade.seller.actor, deal.key, milestone)
        with pytest.raises(Forbidden), transaction() as inside:
            countersign(inside, trade.seller.actor, deal.key, milestone)
        with transaction() as inside:
            countersign(inside, trade.buyer.actor, deal.key, milestone)
        with pytest.raises(Conflict), transaction() as inside:
            countersign(inside, trade.buyer.actor, deal.key, milestone)
    order = order_now(deal)
    assert order.state == OrderState.SETTLED
    assert all(step.countersigned_at for step in order.steps)


def test_what_one_side_says_stays_one_sided(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    with pytest.raises(Forbidden), transaction() as inside:
        report_step(inside, trade.buyer.actor, deal.key, OrderState.IN_PRODUCTION)
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, OrderState.IN_PRODUCTION)
    step = order_now(deal).steps[0]
    assert (step.reported_side, step.countersigned_at) == (Side.SELLER, None)
    paid_by_bank(trade, f"deposit:{deal.key}")
    assert order_now(deal).steps[0].countersigned_at == now(), "the money is the buyer's signature"


def test_without_a_deposit_production_begins_at_once(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade, payment="letter_of_credit", deposit_percent=None)
    assert order_now(deal).state == OrderState.IN_PRODUCTION
    assert session.scalar(select(Payment.id)) is None


def through_a_chapter(trade: Trade, partner: Person) -> int:
    """The buyer's chapter takes cards for the trade; gives its settlement account."""
    with transaction() as inside:
        account = SettlementAccount(
            organisation_id=partner.organisation_id,
            country="US",
            stripe_account="acct_example",
            idempotency_key="account-example",
            state=AccountState.ACTIVE,
            created_at=now(),
        )
        inside.add(account)
        inside.get_one(Rfq, trade.rfq.id).chapter_id = partner.chapter_id
        inside.flush()
        return account.id


def test_a_deal_keeps_the_commission_of_the_day_it_was_agreed_on(
    people: Cast, session: Session, moment: datetime
) -> None:
    trade, operator = a_trade(people), people.operator()
    through_a_chapter(trade, people.partner())
    terms = {"chapter_id": None, "commodity": "coffee-arabica-green", "valid_to": None}
    with transaction() as inside:
        add_commission_rule(inside, operator.actor, percent=Decimal("7.5"), valid_from=today(), **terms)
    with frozen(moment + timedelta(hours=1)):
        deal = a_deal(trade)
        paid_by_bank(trade, f"deposit:{deal.key}")
    with frozen(moment + timedelta(days=2)), transaction() as inside:  # a dearer one is dated back before the agreement
        end_commission_rule(inside, operator.actor, inside.scalars(select(CommissionRule)).one())
        before = today() - timedelta(days=9)
        add_commission_rule(inside, operator.actor, percent=Decimal(20), valid_from=before, **terms)
    with frozen(moment + timedelta(days=5)):
        for milestone in MILESTONES[1:-1]:
            with transaction() as inside:
                report_step(inside, trade.seller.actor, deal.key, milestone)
    payments = session.scalars(select(Payment).order_by(Payment.id)).all()
    assert [one.purpose for one in payments] == ["deposit", "balance"]
    assert [one.commission_minor for one in payments] == [
        Money(one.minor, one.currency).share(Decimal("7.5")).minor for one in payments
    ]


def test_the_chapters_account_takes_the_deposit(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    partner = people.partner()
    account_id = through_a_chapter(trade, partner)
    deal = a_deal(trade)
    payment = session.scalars(select(Payment).where(Payment.about == f"deposit:{deal.key}")).one()
    assert payment.settlement_account_id == account_id
    assert partner.client.get(f"/deals/{deal.key}/progress").status_code == 200
    assert people.partner().client.get(f"/deals/{deal.key}/progress").status_code == 404


def test_strangers_do_nothing(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    for stranger in (people.buyer(), people.seller(), people.partner(), people.curator()):
        with pytest.raises(NotFound), transaction() as inside:
            report_step(inside, stranger.actor, deal.key, OrderState.IN_PRODUCTION)
        with pytest.raises(NotFound), transaction() as inside:
            open_dispute(inside, stranger.actor, deal.key, "No.")
    assert order_now(deal).state == OrderState.DEPOSIT_DUE


def test_dates_are_the_sellers_and_exact(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    arrived = OrderState.ARRIVED
    for day, days in ((None, None), (today(), 3), (None, -1), (None, 366)):
        with pytest.raises(DomainError), transaction() as inside:
            plan_step(inside, trade.seller.actor, deal.key, arrived, day, days)
    with pytest.raises(Forbidden), transaction() as inside:
        plan_step(inside, trade.buyer.actor, deal.key, arrived, today(), None)
    with transaction() as inside:
        plan_step(inside, trade.seller.actor, deal.key, arrived, None, 60)
    step = order_now(deal).steps[3]
    assert due_on(step.due_on, step.due_days, None) is None, "no deposit, no day"
    assert due_on(step.due_on, step.due_days, now()) == today() + timedelta(days=60)


def test_a_dispute_stops_the_deal_and_its_side_lets_it_go_on(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    with pytest.raises(DomainError), transaction() as inside:
        open_dispute(inside, trade.buyer.actor, deal.key, "  ")
    with transaction() as inside:
        open_dispute(inside, trade.buyer.actor, deal.key, "The bags are wet.")
    with pytest.raises(Conflict), transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, OrderState.IN_PRODUCTION)
    paid_by_bank(trade, f"deposit:{deal.key}")
    assert order_now(deal).state == OrderState.DISPUTED
    with pytest.raises(Forbidden), transaction() as inside:
        withdraw_dispute(inside, trade.seller.actor, deal.key)
    with transaction() as inside:
        withdraw_dispute(inside, trade.buyer.actor, deal.key)
    assert order_now(deal).state == OrderState.IN_PRODUCTION, "the deposit arrived meanwhile"


def test_both_sides_cancel_and_nothing_is_due(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    assert session.scalars(select(Outcome.kind)).all() == ["first_order"]
    with transaction() as inside:
        ask_cancellation(inside, trade.buyer.actor, deal.key, "Our customer is gone.")
    with pytest.raises(Forbidden), transaction() as inside:
        answer_cancellation(inside, trade.buyer.actor, deal.key, is_agreed=True)
    with transaction() as inside:
        answer_cancellation(inside, trade.seller.actor, deal.key, is_agreed=True)
    assert order_now(deal).state == OrderState.CANCELLED
    assert session.scalars(select(Payment.state)).all() == [PaymentState.CANCELLED]
    assert session.scalars(select(Outcome.kind)).all() == []
    with pytest.raises(Conflict), transaction() as inside:
        ask_cancellation(inside, trade.buyer.actor, deal.key, "Again.")


def test_a_settlement_by_one_side_waits_and_is_objected_to(people: Cast, moment: datetime) -> None:
    trade = a_trade(people)
    deal = reported_by_the_seller(trade)
    with frozen(moment + timedelta(days=13)), transaction() as inside:
        assert settle_unopposed(inside) == 0
    with transaction() as inside:
        open_dispute(inside, trade.buyer.actor, deal.key, "Half of it never came.")
    with frozen(moment + timedelta(days=43)), transaction() as inside:
        assert settle_unopposed(inside) == 0
    order = order_now(deal)
    assert (order.state, order.steps[4].reported_at) == (OrderState.DISPUTED, None), "the objection takes it back"
    with transaction() as inside:
        withdraw_dispute(inside, trade.buyer.actor, deal.key)
    with frozen(moment + timedelta(days=43)), transaction() as inside:
        assert settle_unopposed(inside) == 0
    with transaction() as inside:
        report_step(inside, trade.buyer.actor, deal.key, OrderState.SETTLED)
    with transaction() as inside:
        countersign(inside, trade.seller.actor, deal.key, OrderState.SETTLED)
    assert order_now(deal).state == OrderState.SETTLED


def test_a_settlement_nobody_objects_to_holds_and_stays_one_sided(people: Cast, moment: datetime) -> None:
    trade = a_trade(people)
    deal = reported_by_the_seller(trade)
    page = trade.buyer.client.get(f"/deals/{deal.key}/progress").text
    assert "Holds from" in page
    assert "Order again" not in page
    with transaction() as inside:
        ask_cancellation(inside, trade.buyer.actor, deal.key, "It is the wrong grade.")
    with frozen(moment + timedelta(days=14)):
        with transaction() as inside:
            assert settle_unopposed(inside) == 0, "who asks to cancel has not agreed"
        with transaction() as inside:
            answer_cancellation(inside, trade.seller.actor, deal.key, is_agreed=False)
        clock()
    order = order_now(deal)
    assert (order.state, order.ended_at) == (OrderState.SETTLED, moment + timedelta(days=14))
    assert order.steps[4].countersigned_at is None
    page = trade.buyer.client.get(f"/deals/{deal.key}/progress").text
    assert "one side only" in page
    assert f"/products/{trade.product.slug}/inquiry?quantity=" in page
    assert f"/requests/{trade.rfq.key}/with/{trade.lead}" in page
    theirs = trade.seller.client.get(f"/deals/{deal.key}/progress").text
    assert f"/leads/{trade.lead}" in theirs
    assert "Order again" not in theirs
    form = trade.buyer.client.get(f"/products/{trade.product.slug}/inquiry?quantity=1,250&unit=kg&incoterm=FOB").text
    assert 'value="1,250"' in form


def test_nothing_is_countersigned_after_a_cancellation(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, OrderState.IN_PRODUCTION)
    with transaction() as inside:
        ask_cancellation(inside, trade.buyer.actor, deal.key, "Our customer is gone.")
    with transaction() as inside:
        answer_cancellation(inside, trade.seller.actor, deal.key, is_agreed=True)
    with pytest.raises(Conflict), transaction() as inside:
        countersign(inside, trade.buyer.actor, deal.key, OrderState.IN_PRODUCTION)
    page = trade.buyer.client.get(f"/deals/{deal.key}/progress").text
    assert "/countersign" not in page
    assert order_now(deal).steps[0].countersigned_at is None


def reported_by_the_seller(trade: Trade) -> Deal:
    """A deal of which the seller alone has reported every step."""
    deal = a_deal(trade)
    for milestone in MILESTONES:
        with transaction() as inside:
            report_step(inside, trade.seller.actor, deal.key, milestone, word=MoneyWord.ELSEWHERE)
    assert order_now(deal).state == OrderState.ARRIVED
    return deal


def test_a_request_to_cancel_can_be_refused(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    with transaction() as inside:
        ask_cancellation(inside, trade.buyer.actor, deal.key, "Our customer is gone.")
    with transaction() as inside:
        answer_cancellation(inside, trade.seller.actor, deal.key, is_agreed=False)
    order = order_now(deal)
    assert (order.state, order.cancel_side) == (OrderState.DEPOSIT_DUE, "")


def test_a_way_is_begun_once(people: Cast, session: Session) -> None:
    a_deal(a_trade(people))
    with transaction() as inside:
        assert begin_missing(inside) == 0
    assert session.scalars(select(Outcome.value_band)).all() == [ValueBand.UNDER_50K]
    assert [band_of(Decimal(each)) for each in ("999.99", "1000", "250000")] == ["under_1k", "under_10k", "more"]
