"""Attacks on quotes, samples, papers, payments and answer links: what an evil side or helper tries, and gets not."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, StoredFile
from marketplace.documents.models import Paper
from marketplace.kernel.errors import TooMany
from marketplace.kernel.jobs import run_due
from marketplace.kernel.limits import spend_try
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.orders.models import Sample
from marketplace.orders.rules import OrderState
from marketplace.payments.models import Refund, SettlementAccount
from marketplace.payments.rules import PaymentState
from marketplace.payments.services.accounts import settlement_account
from marketplace.payments.services.bookings import HELD, OWED, Side, book
from marketplace.payments.stripe_gateway import StripeGateway
from marketplace.rfqs.models import RfqLine
from marketplace.rfqs.rules import MESSAGES_AN_HOUR
from marketplace.rfqs.services.limiting import HOUR
from marketplace.sellers.models import Seller
from tests.app.test_answer_links import a_lead
from tests.support.ordering import ADDRESS, Trade, a_deal, a_trade, an_approved_sample, order_now
from tests.support.payments import (
    Scene,
    a_card_page,
    a_payment,
    deliver,
    dispute_object,
    session_object,
    state,
    sums,
    work,
)
from tests.support.people import Cast, Person
from tests.support.quoting import a_counter, a_sent_quote, standing
from tests.support.racing import HANDS, all_at_once
from tests.support.stripe_double import SECRET_KEY, WEBHOOK_SECRET, StripeDouble

pytestmark = pytest.mark.usefixtures("app")


def test_a_counter_offer_is_never_printed_as_the_sellers_quotation(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    a_sent_quote(trade.seller, trade.rfq, trade.product.id)
    a_counter(trade.buyer, trade.seller, trade.rfq, "0.01")
    for person in (trade.buyer, trade.seller):
        path = f"/quotations/{trade.lead}/2/papers"
        assert person.client.get(path).status_code == 404
        page = f"/quotations/{trade.lead}/1/papers"
        assert person.post(path, {"kind": "quotation", "language": ""}, page=page).status_code == 404
    assert session.scalar(select(func.count(Paper.id))) == 0


def test_odd_numbers_in_addresses_are_unknown_things(people: Cast) -> None:
    trade = a_trade(people)
    a_sent_quote(trade.seller, trade.rfq, trade.product.id)
    curator, operator = people.curator(), people.operator()
    for number in ("0", "2147483648", "9" * 18, "9" * 19, "9" * 40):
        for path in (f"/quotations/{trade.lead}/{number}/papers", f"/leads/{trade.lead}/quote/{number}"):
            assert trade.seller.client.get(path).status_code == 404, path
        path = f"/requests/{trade.rfq.key}/with/{trade.lead}/quote/{number}"
        assert trade.buyer.client.get(path).status_code == 404, path
        assert curator.client.get(f"/console/quotes/{number}").status_code == 404
        data = {"decision": "confirm", "note": "x"}
        assert operator.post(f"/console/payments/bank/{number}", data, page="/console/payments").status_code == 404
        answer = operator.post(f"/console/payments/commission/{number}/end", page="/console/payments")
        assert answer.status_code == 404, number


@pytest.mark.parametrize("leg", ["freight", "insurance", "inland", "duty", "unit", "currency", "incoterm"])
def test_the_comparison_bears_odd_estimates(people: Cast, leg: str) -> None:
    trade = a_trade(people)
    a_sent_quote(trade.seller, trade.rfq, trade.product.id)
    for value in (
        "9" * 20,
        "1e9",
        "-1",
        "NaN",
        "0.0000001",
        "999999999999.999999",
        "bag",
        "fcl20",
        "piece",
        "IDR",
        "DDP",
        "m",
        "x" * 3000,
    ):
        for form in ("quotes", "quotes.xlsx"):
            answer = trade.buyer.client.get(f"/requests/{trade.rfq.key}/{form}", query_string={leg: value})
            assert answer.status_code == 200, (leg, value, form)


def test_a_file_of_a_paper_is_handed_out_by_its_paper_alone(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    a_sent_quote(trade.seller, trade.rfq, trade.product.id)
    path = f"/quotations/{trade.lead}/1/papers"
    assert trade.seller.post(path, {"kind": "quotation", "language": ""}, page=path).status_code == 303
    run_due()
    file_id = session.scalars(select(StoredFile.id)).one()
    key = session.scalars(select(Paper.key)).one()
    others = [(person, "") for person in (people.seller(), people.buyer(), people.partner())]
    for person, root in [*others, (people.curator(), "/console")]:
        assert person.client.get(f"{root}/papers/{key}").status_code == 404
        assert person.client.get(f"/files/{file_id}").status_code == 404, person.actor.kind
    assert trade.buyer.client.get(f"/papers/{key}").status_code == 200


def test_pages_behind_answer_links_keep_their_address_to_themselves(app: Flask, people: Cast) -> None:
    *_rest, path = a_lead(people)
    for here in (path, f"/de{path}", "/answer/forged"):
        headers = app.test_client().get(here).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"


def test_where_a_sample_goes_is_read_by_its_seller_alone(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    key, curator = an_approved_sample(trade), people.curator()
    with transaction() as inside:
        inside.get_one(Seller, trade.seller.seller_id).mentor_id = curator.user_id
    path = f"/samples/{key}/papers"
    assert trade.seller.post(path, {"kind": "sample_invoice", "language": ""}, page=path).status_code == 303
    run_due()
    paper = session.scalars(select(Paper.key)).one()
    for helper in (curator, people.operator()):
        shown = helper.client.get(f"/console/samples/{key}")
        assert shown.status_code == 200
        assert ADDRESS not in shown.get_data(as_text=True)
        assert helper.client.get(f"/console{path}").status_code == 404
        assert helper.client.get(f"/console/papers/{paper}").status_code == 404
    assert ADDRESS in trade.seller.client.get(f"/samples/{key}").get_data(as_text=True)


def paid_by_card(session: Session, scene: Scene, client: FlaskClient, double: StripeDouble) -> None:
    """The whole amount of a scene arrives on the partner's account."""
    attempt = a_card_page(session, scene, StripeGateway(SECRET_KEY, WEBHOOK_SECRET, double.url))
    deliver(client, double, "checkout.session.completed", session_object(scene, attempt.session_id or "", 10_000))
    work()
    assert state(session, scene) == PaymentState.PAID


@pytest.mark.parametrize(
    ("word", "kind", "expected"),
    [
        ("needs_response", "charge.dispute.created", PaymentState.DISPUTED),
        ("lost", "charge.dispute.closed", PaymentState.CHARGED_BACK),
    ],
)
def test_what_a_bank_holds_back_is_not_given_back_a_second_time(
    people: Cast, session: Session, client: FlaskClient, double: StripeDouble, word: str, kind: str, expected: str
) -> None:
    scene = a_payment(people)
    paid_by_card(session, scene, client, double)
    deliver(client, double, kind, dispute_object(scene, "dp_1", 10_000, word))
    work()
    assert state(session, scene) == expected
    before, page = sums(session), f"/payments/{scene.key}"
    answer = scene.partner.post(f"{page}/refund", {"amount": "100", "reason": "Sorry."}, page="/account/sessions")
    assert answer.status_code == 409
    work()
    assert session.scalar(select(func.count(Refund.id))) == 0
    assert (sums(session), double.refunds) == (before, {})


def test_a_partner_writes_down_no_more_than_it_owes_itself(
    people: Cast, session: Session, client: FlaskClient, double: StripeDouble
) -> None:
    """Another partner owes the same seller, and this one holds money of other sellers."""
    scene, other = a_payment(people), people.partner()
    paid_by_card(session, scene, client, double)
    third = people.seller()
    with transaction() as inside:
        for number, (seller, minor) in enumerate(((scene.seller, 1_000), (third, 50_000))):
            money = Money(minor, "USD")
            sides = [Side(HELD, other.organisation_id, money), Side(OWED, seller.organisation_id, -money)]
            book(inside, f"test:{number}", sides)
    for amount, expected in (("11", 409), ("10", 303), ("0.01", 404)):
        data = {"amount": amount, "currency": "USD", "receiver": str(scene.seller.organisation_id), "note": "x"}
        answer = other.post(
            "/payments/paid-out", data, page="/payments/statement" if amount == "1" else "/account/sessions"
        )
        assert answer.status_code == expected, amount
    session.rollback()
    assert sums(session)["owed", scene.seller.organisation_id] == -9_250


def test_a_chapter_gets_one_settlement_account_however_many_ask(people: Cast, session: Session) -> None:
    partner = people.partner()

    def ask() -> int:
        with current.app_context(), transaction() as inside:
            organisation = inside.get_one(Organisation, partner.organisation_id)
            return settlement_account(inside, partner.actor, organisation, "DE").id

    current = people.app
    assert len(set(all_at_once([ask] * HANDS))) == 1
    session.rollback()
    assert session.scalar(select(func.count(SettlementAccount.id))) == 1


def test_one_side_cannot_flood_the_other_with_mails_of_steps(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    here, line = f"/deals/{deal.key}", a_line(trade)
    an_hour_of_messages(trade.buyer)
    for name in ("dispute", "cancel"):
        answer = trade.buyer.post(f"{here}/{name}", {f"{name}-why": "Because."}, page=f"{here}/progress")
        assert answer.status_code == 429, name
    wish = {"line": line, "kind": "offer", "address": ADDRESS, "unit": "kg"}
    assert trade.buyer.post(f"/samples/new/{trade.lead}", wish, page=f"{here}/progress").status_code == 429
    assert order_now(deal).state == OrderState.DEPOSIT_DUE
    assert session.scalar(select(func.count(Sample.id))) == 0
    fitting = trade.seller.post(f"{here}/dispute", {"dispute-why": "Because."}, page=f"{here}/progress")
    assert fitting.status_code == 303, "the other side has its own count"


def test_quotes_and_counter_offers_are_counted_as_messages(people: Cast) -> None:
    trade = a_trade(people)
    a_sent_quote(trade.seller, trade.rfq, trade.product.id)
    for person in (trade.buyer, trade.seller):
        an_hour_of_messages(person)
    with pytest.raises(TooMany):
        a_counter(trade.buyer, trade.seller, trade.rfq, "5")
    with pytest.raises(TooMany):
        a_sent_quote(trade.seller, trade.rfq, trade.product.id, "6.10")
    assert standing(trade.seller, trade.rfq).number == 1


def an_hour_of_messages(person: Person) -> None:
    """As many messages as one organisation may write in an hour."""
    with transaction() as session:
        for _number in range(MESSAGES_AN_HOUR):
            spend_try(session, "rfqs.message", str(person.organisation_id), HOUR, MESSAGES_AN_HOUR)


def a_line(trade: Trade) -> int:
    """The key of the line of a request."""
    with transaction() as session:
        return session.scalars(select(RfqLine.id).where(RfqLine.rfq_id == trade.rfq.id)).one()
