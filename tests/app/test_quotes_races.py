"""T13: many acceptances at once of two versions of one quote make exactly one deal; capacity is promised once."""

from __future__ import annotations

import os
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.kernel.uow import transaction
from marketplace.quotes.models import Deal, QuotePromise, QuoteVersion
from marketplace.quotes.rules import QuoteState
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import RecipientState, RfqState
from tests.support.factories import a_listed_product
from tests.support.flows import a_request, an_inquiry, fresh, recipient_of
from tests.support.people import Cast, Person, guards
from tests.support.quoting import a_saved_quote, a_sent_quote
from tests.support.racing import all_at_once, statuses

pytestmark = pytest.mark.usefixtures("app", "moment")
# make races asks for more rounds, and gets the whole two hundred
ACCEPTANCES = 200 if os.environ.get("SOUQ_RACE_ROUNDS") else 16


def browser(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = person.token, True
    return client


def test_t13_two_versions_accepted_by_many_make_one_deal(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller, capacity_per_month=None))
    a_sent_quote(seller, rfq, price="6.20")
    a_sent_quote(seller, rfq, price="5.90")
    path = f"/requests/{rfq.key}/with/{recipient_of(rfq, seller).key}/quote"
    presses = []
    for number in range(ACCEPTANCES):
        hand = browser(app, buyer)
        data = {**guards(hand, path), "number": str(1 + number % 2)}
        presses.append(lambda hand=hand, data=data: hand.post(f"{path}/accept", data=data))
    session.rollback()
    assert statuses(all_at_once(presses)) == {303: 1, 409: ACCEPTANCES - 1}
    session.rollback()
    deal = session.scalars(select(Deal)).one()
    accepted = session.scalars(select(QuoteVersion).where(QuoteVersion.state == QuoteState.ACCEPTED)).one()
    assert (deal.version_id, accepted.number, deal.total_minor) == (accepted.id, 2, 1_180_000)
    assert fresh(rfq).state == RfqState.AWARDED


def test_t13_accepting_withdrawing_and_revising_exclude_each_other(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller, capacity_per_month=None))
    a_sent_quote(seller, rfq)
    version = a_saved_quote(seller, rfq, price="9.90")
    key = recipient_of(rfq, seller).key
    theirs, lead = f"/requests/{rfq.key}/with/{key}/quote", f"/leads/{key}"
    presses = []
    for person, path, page, data in (
        (buyer, f"{theirs}/accept", theirs, {"number": "1"}),
        (seller, f"{lead}/quote/withdraw", f"{lead}/quote/withdraw", {"number": "1"}),
        (seller, f"{lead}/quote/preview", f"{lead}/quote/preview", {"version": str(version)}),
    ) * 3:
        hand = browser(app, person)
        sent = {**guards(hand, page), **data}
        presses.append(lambda hand=hand, path=path, sent=sent: hand.post(path, data=sent))
    session.rollback()
    found = statuses(all_at_once(presses))
    assert set(found) <= {303, 409}
    session.rollback()
    deals = session.scalars(select(Deal)).all()
    states = {row.number: row.state for row in session.scalars(select(QuoteVersion))}
    assert len(deals) == list(states.values()).count(QuoteState.ACCEPTED) <= 1
    if deals:
        assert states[1] == QuoteState.ACCEPTED
        assert deals[0].total_minor == 1_240_000  # never the price of the other version


def test_t13_the_same_tonnes_are_promised_once(app: Flask, people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(seller, capacity_per_month=Decimal(2000))
    presses = []
    for _one in range(4):
        rfq = an_inquiry(people.buyer(), product)
        ships = today().replace(day=28)
        version = a_saved_quote(seller, rfq, product.id, ship_by=ships, lead_time_days=None)
        page = f"/leads/{recipient_of(rfq, seller).key}/quote/preview"
        hand = browser(app, seller)
        data = {**guards(hand, page), "version": str(version)}
        presses.append(lambda hand=hand, page=page, data=data: hand.post(page, data=data))
    session.rollback()
    assert statuses(all_at_once(presses)) == {303: 1, 409: 3}
    session.rollback()
    assert session.scalar(select(func.sum(QuotePromise.quantity))) == Decimal(2000)


def test_t13_the_cap_holds_under_haste(app: Flask, people: Cast, session: Session) -> None:
    buyer, sellers = people.buyer(), [people.seller() for _ in range(5)]
    rfq = a_request(buyer, sellers)
    with transaction() as inside:
        inside.get_one(Rfq, rfq.id).quote_cap = 2
    presses = []
    for seller in sellers:
        version = a_saved_quote(seller, rfq)
        page = f"/leads/{recipient_of(rfq, seller).key}/quote/preview"
        hand = browser(app, seller)
        data = {**guards(hand, page), "version": str(version)}
        presses.append(lambda hand=hand, page=page, data=data: hand.post(page, data=data))
    session.rollback()
    assert statuses(all_at_once(presses)) == {303: 2, 409: 3}
    session.rollback()
    states = [row.state for row in session.scalars(select(Recipient).where(Recipient.rfq_id == rfq.id))]
    assert (states.count(RecipientState.QUOTED), states.count(RecipientState.CLOSED)) == (2, 3)
