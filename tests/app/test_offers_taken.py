"""What agreements take of an offer: prefilled quotes, nothing taken twice, and the calendar beside it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.uow import transaction
from marketplace.offers.models import SpotOffer
from marketplace.offers.services import withdraw_offer
from marketplace.quotes.queries.offered import offered
from marketplace.rfqs.models import Rfq
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry, recipient_of
from tests.support.offering import an_offer, asked_about, offer_now
from tests.support.people import Cast, Person, guards
from tests.support.quoting import a_sent_quote, an_acceptance, the_version
from tests.support.racing import all_at_once, statuses

pytestmark = pytest.mark.usefixtures("app", "moment")


def a_lot(people: Cast, **more: object) -> tuple[Person, Person, Product, SpotOffer]:
    """A buyer, a seller, a product with a capacity of 5 t a month, and an offer of 18 t of it."""
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller, **({"capacity_per_month": Decimal(5000)} | more))
    return buyer, seller, product, an_offer(seller, product)


def quoted(seller: Person, buyer: Person, product: Product, offer: SpotOffer, tonnes: str = "10") -> Rfq:
    rfq = asked_about(buyer, product, offer, tonnes)
    a_sent_quote(seller, rfq, product.id)
    return rfq


def test_a_quote_begins_with_what_the_offer_says(people: Cast) -> None:
    buyer, seller, product, offer = a_lot(people)
    rfq = asked_about(buyer, product, offer, "25")
    html = seller.client.get(f"/leads/{recipient_of(rfq, seller).key}/quote/edit").get_data(as_text=True)
    values = dict(re.findall(r'name="(lines-0-(?:quantity|unit_price))"[^>]*?value="([^"]*)"', html))
    assert values["lines-0-quantity"] == "18"  # no more than is left
    assert values["lines-0-unit_price"].replace(".", "").startswith("5900")
    assert re.search(r'<option selected value="mt">', html)


def test_both_sides_read_which_offer_it_is_about(people: Cast) -> None:
    buyer, seller, product, offer = a_lot(people)
    rfq = asked_about(buyer, product, offer)
    for person, path in ((seller, f"/leads/{recipient_of(rfq, seller).key}"), (buyer, f"/requests/{rfq.key}")):
        assert offer.lot in person.client.get(path).get_data(as_text=True)
    assert offer.lot not in buyer.client.get(f"/requests/{an_inquiry(buyer, product).key}").get_data(as_text=True)


def test_an_accepted_quote_counts_off_what_is_left(people: Cast) -> None:
    buyer, seller, product, offer = a_lot(people)
    rfq = quoted(seller, buyer, product, offer)
    assert offer_now(offer).left == 18  # a quote that stands takes nothing yet
    an_acceptance(buyer, seller, rfq, 1)
    assert (offer_now(offer).taken, offer_now(offer).left) == (10, 8)
    html = seller.client.get(f"/products/{product.slug}").get_data(as_text=True)
    assert "Limited: 8\xa0t from" in html


def test_the_last_agreement_finds_too_little(people: Cast) -> None:
    buyer, seller, product, offer = a_lot(people)
    other = people.buyer()
    first, second = quoted(seller, buyer, product, offer), quoted(seller, other, product, offer)
    an_acceptance(buyer, seller, first, 1)
    with pytest.raises(Conflict) as fault:
        an_acceptance(other, seller, second, 1)
    assert "8" not in str(fault.value.sentence)  # figures are the seller's
    assert offer_now(offer).taken == 10
    with pytest.raises(Conflict, match="8"):
        quoted(seller, people.buyer(), product, offer, "9")


def test_everybody_at_once_takes_no_more_than_there_is(app: Flask, people: Cast, session: Session) -> None:
    _buyer, seller, product, offer = a_lot(people)
    presses = []
    for buyer in [people.buyer() for _number in range(4)]:
        rfq = quoted(seller, buyer, product, offer, "6")
        path = f"/requests/{rfq.key}/with/{recipient_of(rfq, seller).key}/quote"
        hand = app.test_client()
        with hand.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = buyer.token, True
        data = {**guards(hand, path), "number": "1"}
        presses.append(lambda hand=hand, path=path, data=data: hand.post(f"{path}/accept", data=data))
    session.rollback()
    assert statuses(all_at_once(presses)) == {303: 3, 409: 1}
    assert offer_now(offer).left == 0
    assert offer_now(offer).is_end_noted


def test_an_offer_counts_as_offered_in_the_calendar(people: Cast, session: Session) -> None:
    buyer, seller, product, offer = a_lot(people, capacity_per_month=Decimal(20_000))
    with transaction() as inside:
        inside.get_one(SpotOffer, offer.id).ship_month = date(2026, 12, 1)
    months = [date(2026, 11, 1), date(2026, 12, 1)]
    assert offered(session, product, months) == {date(2026, 12, 1): Decimal(18000)}
    plain = an_inquiry(buyer, product, quantity=Decimal(23))  # 20 t in November, 2 t beside the lot in December
    with pytest.raises(Conflict):
        a_sent_quote(seller, plain, product.id)
    with transaction() as inside:
        withdraw_offer(inside, seller.actor, offer.key, inside.get_one(SpotOffer, offer.id).version)
    session.rollback()
    assert offered(session, product, months).get(date(2026, 12, 1), Decimal(0)) == 0
    a_sent_quote(seller, plain, product.id)


def test_a_quote_about_the_lot_needs_no_room_besides(people: Cast) -> None:
    buyer, seller, product, offer = a_lot(people)  # 5 t a month would not make 18 t in time
    rfq = asked_about(buyer, product, offer, "18")
    version = a_sent_quote(seller, rfq, product.id)
    assert the_version(version.id).promises == []
    an_acceptance(buyer, seller, rfq, 1)
    assert offer_now(offer).left == 0


def test_a_standing_quote_holds_the_lot_beyond_its_window(people: Cast, session: Session) -> None:
    buyer, seller, product, offer = a_lot(people)
    rfq = asked_about(buyer, product, offer, "6")
    a_sent_quote(seller, rfq, product.id)
    later = offer.closes_at + timedelta(days=1)
    with frozen(later):
        session.rollback()
        month = now().date().replace(day=1)
        assert offered(session, product, [month]) == {month: Decimal(18000)}
        an_acceptance(buyer, seller, rfq, 1)
        session.rollback()
        assert offered(session, product, [month]) == {month: Decimal(6000)}
    assert offer_now(offer).taken == 6


def test_an_answer_with_other_goods_takes_nothing(people: Cast) -> None:
    buyer, seller, product, offer = a_lot(people)
    other = a_listed_product(seller, capacity_per_month=None)
    rfq = asked_about(buyer, product, offer, "2")
    a_sent_quote(seller, rfq, other.id, answer="alternative", reason="Another harvest")
    an_acceptance(buyer, seller, rfq, 1)
    assert offer_now(offer).taken == 0
