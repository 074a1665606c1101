"""Freight that was promised for a score sheet: what goes back by itself, what does not, and who is told of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.notifications.composing import compose
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.orders.drafts import Judgement
from marketplace.orders.queries import freight_to_send
from marketplace.orders.rules import OrderState, Verdict
from marketplace.orders.services import confirm_delivery, judge_sample, report_step, ship_sample
from marketplace.payments.models import Dispute, Payment, Refund
from marketplace.payments.rules import DisputeState, Method
from marketplace.payments.services import ask_refund
from marketplace.payments.services.facts import settle
from marketplace.payments.services.holding import locked
from marketplace.quotes.rules import PaymentTerms
from marketplace.rfqs.models import Rfq
from tests.support.members import takes_cards
from tests.support.ordering import Trade, a_deal, a_trade, an_approved_sample, paid_by_bank, sample_now
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
FREIGHT = 4_000  # of 5 500 paid


def told(app: Flask, session: Session, kind: Kind) -> dict[int | None, str]:
    """What each reader of a kind of notice is mailed, in English."""
    session.rollback()
    found = {}
    for notice in session.scalars(select(Notice).where(Notice.kind == kind)):
        notice.locale = "en"
        mail = compose(notice, session.get_one(User, notice.user_id), app.extensions["souq_settings"])
        assert mail is not None
        found[notice.user_id] = " ".join(mail.text.split())
    session.rollback()
    return found


def given(trade: Trade, who: Person, key: str, minor: int) -> None:
    with transaction() as inside:
        payment = inside.scalars(select(Payment).where(Payment.about == f"sample:{key}")).one()
        ask_refund(inside, who.actor, payment, Money(minor, "USD"), "by hand")


def judged(trade: Trade, key: str) -> None:
    """Sent, in hand, and with its score sheet."""
    with transaction() as inside:
        ship_sample(inside, trade.seller.actor, key, "DHL", "EXAMPLE-1")
    with transaction() as inside:
        confirm_delivery(inside, trade.buyer.actor, key)
    with transaction() as inside:
        judge_sample(inside, trade.buyer.actor, key, Judgement(Verdict.SUITS, {}, words="Clean cup."))


def by_card(people: Cast) -> tuple[Trade, Person, str]:
    """A sample whose freight is promised back, paid by card through a chapter."""
    trade, partner = a_trade(people), people.partner()
    takes_cards(partner)
    with transaction() as inside:
        inside.get_one(Rfq, trade.rfq.id).chapter_id = partner.chapter_id
    key = an_approved_sample(trade, freight=FREIGHT, refunds_freight=True)
    with transaction() as inside:  # as the card company's word leaves it
        payment = locked(inside, inside.scalars(select(Payment.id).where(Payment.about == f"sample:{key}")).one())
        payment.paid_at, payment.method, payment.intent_id = now(), Method.CARD, "pi_of_sample"
        settle(inside, payment)
    return trade, partner, key


@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [
        (0, [4_000], None),
        (
            1_000,
            [3_000],
            ("US$10.00 back before, so US$30.00 goes back now", "US$10.00 had gone back before, so US$30.00"),
        ),
        (
            2_500,
            [1_500],
            ("US$25.00 back before, so US$15.00 goes back now", "US$25.00 had gone back before, so US$15.00"),
        ),
        (4_000, [], ("US$40.00 back before, so nothing more", "US$40.00 had gone back before, so nothing more")),
        (5_500, [], ("US$55.00 back before, so nothing more", "US$55.00 had gone back before, so nothing more")),
    ],
)
def test_what_was_given_back_by_hand_counts_and_both_sides_are_told(
    app: Flask, people: Cast, session: Session, earlier: int, later: list[int], said: tuple[str, str] | None
) -> None:
    trade, partner, key = by_card(people)
    if earlier:
        given(trade, partner, key, earlier)
    judged(trade, key)
    assert session.scalars(select(Refund.minor).order_by(Refund.id)).all() == ([earlier] if earlier else []) + later
    buyers, sellers = told(app, session, Kind.FREIGHT_BUYER), told(app, session, Kind.FREIGHT_SELLER)
    if said is None:
        assert buyers == sellers == {}, "the refund's own notice says it"
        return
    assert set(buyers) == {trade.buyer.user_id}
    assert set(sellers) == {trade.seller.user_id, partner.user_id}
    assert said[0] in buyers[trade.buyer.user_id]
    assert all(said[1] in text for text in sellers.values())


def test_nothing_goes_back_while_the_payers_bank_has_the_money(app: Flask, people: Cast, session: Session) -> None:
    trade, partner, key = by_card(people)
    with transaction() as inside:
        payment = locked(inside, inside.scalars(select(Payment.id).where(Payment.about == f"sample:{key}")).one())
        dispute = Dispute(
            payment_id=payment.id, dispute_id="dp_1", state=DisputeState.OPEN, minor=payment.minor, opened_at=now()
        )
        inside.add(dispute)
        inside.flush()
        settle(inside, payment)
    judged(trade, key)
    assert session.scalars(select(Refund.minor)).all() == []
    assert "your bank has the payment" in told(app, session, Kind.FREIGHT_BUYER)[trade.buyer.user_id]
    assert set(told(app, session, Kind.FREIGHT_SELLER)) == {trade.seller.user_id, partner.user_id}


def test_by_bank_the_seller_is_asked_for_what_is_missing(app: Flask, people: Cast, session: Session) -> None:
    trade = a_trade(people)
    key = an_approved_sample(trade, freight=FREIGHT, refunds_freight=True)
    paid_by_bank(trade, f"sample:{key}")
    given(trade, trade.seller, key, 1_500)
    judged(trade, key)
    assert session.scalars(select(Refund.minor)).all() == [1_500]
    assert "Send US$25.00 by bank transfer" in told(app, session, Kind.FREIGHT_SELLER)[trade.seller.user_id]
    assert "The seller sends you US$25.00" in told(app, session, Kind.FREIGHT_BUYER)[trade.buyer.user_id]
    page = trade.seller.client.get(f"/samples/{key}")
    assert "Send US$25.00 by bank transfer" in page.text
    given(trade, trade.seller, key, 2_500)
    with transaction() as inside:
        payment = inside.scalars(select(Payment).where(Payment.about == f"sample:{key}")).one()
        assert freight_to_send(inside, sample_now(key), payment) is None


def test_a_buyer_who_reports_the_arrival_hears_that_the_balance_is_due(
    app: Flask, people: Cast, session: Session
) -> None:
    """With open account the arrival makes the whole sum due, and it is mostly the buyer who reports it."""
    trade = a_trade(people)
    deal = a_deal(trade, payment=PaymentTerms.OPEN_ACCOUNT, deposit_percent=None)
    for step in (OrderState.PAPERS_READY, OrderState.SHIPPED):
        with transaction() as inside:
            report_step(inside, trade.seller.actor, deal.key, step)
    assert told(app, session, Kind.BALANCE_DUE) == {}
    with frozen(now() + timedelta(days=30)), transaction() as inside:
        report_step(inside, trade.buyer.actor, deal.key, OrderState.ARRIVED)
    payment = session.scalars(select(Payment).where(Payment.about == f"balance:{deal.key}")).one()
    assert Decimal(payment.minor) == deal.total_minor
    mails = told(app, session, Kind.BALANCE_DUE)
    assert set(mails) == {trade.buyer.user_id}
    assert "the balance is to be paid" in mails[trade.buyer.user_id]
    assert f"/payments/{payment.key}" in mails[trade.buyer.user_id]
