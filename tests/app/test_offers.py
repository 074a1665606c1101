"""Offers of a lot: their window to the second, what is left of them, and who may know of a private one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.closures.rules import day_there
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.offers import personal_data
from marketplace.offers.jobs import clock
from marketplace.offers.measuring import in_unit
from marketplace.offers.models import SpotOffer
from marketplace.offers.queries import buyers_by_name, offer_for, own_offer
from marketplace.offers.rules import OfferFacts, OfferState, held_of_capacity, state_at
from marketplace.offers.services import change_offer, make_offer, withdraw_offer
from marketplace.rfqs.models import RfqLine
from tests.support.factories import a_draft, a_listed_product
from tests.support.flows import an_answer, an_inquiry
from tests.support.offering import LOT, an_offer, an_offer_draft, asked_about, offer_now
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
ENDS = datetime.fromisoformat("2026-12-02T17:00:00Z")  # midnight after 2 December in Western Indonesia
_SECOND = timedelta(seconds=1)


def state(offer: SpotOffer) -> OfferState:
    return offer.state(now())


def test_a_window_is_half_open_and_withdrawing_ends_it() -> None:
    begins = ENDS - timedelta(days=1)
    facts = OfferFacts(begins, ENDS)
    moments = (begins - _SECOND, begins, ENDS - _SECOND, ENDS)
    assert [state_at(one, facts) for one in moments] == ["upcoming", "current", "current", "past"]
    assert {state_at(one, replace(facts, is_withdrawn=True)) for one in moments} == {"withdrawn"}


def test_an_offer_holds_its_quantity_then_what_was_taken() -> None:
    ten, three = Decimal(10), Decimal(3)
    held = {one: held_of_capacity(one, ten, three, is_quoted=False) for one in OfferState}
    assert held == {"upcoming": ten, "current": ten, "past": three, "withdrawn": three}
    assert held_of_capacity(OfferState.PAST, ten, three, is_quoted=True) == ten


def page(person: Person | FlaskClient, path: str) -> tuple[int, str]:
    client = person.client if isinstance(person, Person) else person
    answer = client.get(path)
    return answer.status_code, answer.get_data(as_text=True).replace("\xa0", " ")


def test_buyers_read_a_public_offer_to_its_last_second(people: Cast, client: FlaskClient) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller, capacity_per_month=None)
    offer = an_offer(seller, product)
    headline = f"Limited: 18 t from {LOT}, until 2 Dec 2026, firm price"
    for reader in (client, buyer):
        assert headline in page(reader, f"/products/{product.slug}")[1]
        assert headline in page(reader, f"/offers/{offer.key}")[1]
        assert headline in page(reader, f"/sellers/{_slug(seller)}")[1]
    assert LOT in page(buyer, f"/products/{product.slug}/inquiry?offer={offer.key}")[1]
    with frozen(ENDS - _SECOND):
        assert headline in page(buyer, f"/products/{product.slug}")[1]
        assert asked_about(buyer, product, offer).lines[0].offer_id == offer.id
    with frozen(ENDS):  # the job has not run: every read tells by itself
        assert headline not in page(buyer, f"/products/{product.slug}")[1]
        assert "Over" in page(buyer, f"/offers/{offer.key}")[1]
        assert LOT not in page(buyer, f"/products/{product.slug}/inquiry?offer={offer.key}")[1]
        with pytest.raises(Conflict):
            asked_about(buyer, product, offer)


def test_an_upcoming_offer_is_announced_and_cannot_be_asked_about(people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    offer = an_offer(seller, product, opens_on=date(2026, 11, 25))
    assert "opens on 25 Nov 2026" in page(buyer, f"/products/{product.slug}")[1]
    opens = datetime.fromisoformat("2026-11-24T17:00:00Z")
    with frozen(opens - _SECOND), pytest.raises(Conflict):
        asked_about(buyer, product, offer)
    with frozen(opens):
        assert asked_about(buyer, product, offer).lines[0].offer_id == offer.id


def test_search_filters_goods_with_an_open_public_offer(people: Cast, client: FlaskClient) -> None:
    seller = people.seller()
    openly, privately, plain = (a_listed_product(seller) for _number in range(3))
    an_offer(seller, openly)
    an_offer(seller, privately, people.buyer())

    def found() -> str:
        return page(client, "/products?tag=open_offer")[1]

    assert f"/products/{openly.slug}" in found()
    assert f"/products/{privately.slug}" not in found()
    assert f"/products/{plain.slug}" not in found()
    with frozen(ENDS):
        clock()
        assert f"/products/{openly.slug}" not in found()


def _slug(seller: Person) -> str:
    from marketplace.sellers.models import Seller

    with transaction() as session:
        return session.get_one(Seller, seller.seller_id).slug


def test_the_clock_marks_and_tells_once(people: Cast, session: Session) -> None:
    seller = people.seller()
    offer = an_offer(seller, a_listed_product(seller))
    with frozen(ENDS - _SECOND):
        clock()
        assert not offer_now(offer).is_end_noted
    with frozen(ENDS):
        clock()
        clock()
        assert offer_now(offer).is_end_noted
    told = session.scalars(select(Notice).where(Notice.kind == Kind.OFFER_ENDED)).all()
    assert [one.user_id for one in told] == [seller.user_id]


def test_packages_hold_what_the_seller_says_they_do(people: Cast) -> None:
    product = a_listed_product(people.seller(), unit="kg")
    product.pack_unit, product.pack_net_kg, product.packs_per_carton = "pouch", Decimal("0.25"), 48
    assert in_unit(Decimal(10), "carton", "kg", product) == 120
    product.units_per_fcl20 = Decimal(17_000)
    assert in_unit(Decimal(2), "fcl20", "kg", product) == 34_000


def test_a_seller_reads_which_buyers_each_offer_names(people: Cast) -> None:
    seller, first, second = people.seller(), people.buyer(), people.buyer()
    product = a_listed_product(seller)
    for buyer in (first, second):
        an_inquiry(buyer, product)
    offers = [an_offer(seller, product, *named) for named in ((first,), (first, second), ())]
    with transaction() as session:
        named = buyers_by_name(session, [one.id for one in offers])
        names = [session.get_one(Organisation, one.organisation_id).name for one in (first, second)]
    assert named == {offers[0].id: names[:1], offers[1].id: sorted(names)}


@pytest.fixture
def private(people: Cast, client: FlaskClient) -> tuple[Person, Person, Person, SpotOffer, str]:
    """A seller, the buyer whom a private offer names, another buyer, the offer, and the product's address."""
    seller, named, other = people.seller(), people.buyer(), people.buyer()
    product = a_listed_product(seller, capacity_per_month=None)
    return seller, named, other, an_offer(seller, product, named, note="for old friends"), product.slug


def test_nobody_but_its_buyers_and_its_seller_knows_of_a_private_offer(
    app: Flask, people: Cast, private: tuple[Person, Person, Person, SpotOffer, str], client: FlaskClient,
    session: Session, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    seller, named, other, offer, slug = private
    path = f"/offers/{offer.key}"
    strangers = [
        client, other, people.seller(), people.partner(), people.curator(), people.operator(),
        people.buyer(),
    ]  # fmt: skip
    for reader in (named, seller):
        assert page(reader, path)[0] == 200
        assert LOT in page(reader, path)[1]
    for reader in strangers:
        status, html = page(reader, path)
        assert status == page(reader, "/offers/nosuchkey")[0] == 404
        assert LOT not in html
        for public in (f"/products/{slug}", f"/sellers/{_slug(seller)}", f"/products/{slug}/inquiry?offer={offer.key}"):
            assert LOT not in page(reader, public)[1], public
            assert "for old friends" not in page(reader, public)[1]
        assert LOT not in page(reader, "/products?q=ridge+seven")[1]
    assert LOT in page(named, "/offers")[1]
    assert LOT not in page(other, "/offers")[1]
    assert LOT not in page(named, f"/products/{slug}")[1]  # the page is one for all
    told = session.scalars(select(Notice).where(Notice.kind == Kind.OFFER_FOR_YOU)).all()
    assert [one.user_id for one in told] == [named.user_id]
    assert LOT not in str([one.context for one in told])
    assert LOT not in caplog.text


def test_a_kept_page_shows_no_lot_of_a_seller_who_is_erased(people: Cast, client: FlaskClient) -> None:
    seller = people.seller()
    product = a_listed_product(seller, capacity_per_month=None)
    an_offer(seller, product)
    address = f"/products/{product.slug}"
    assert LOT in page(client, address)[1]
    assert LOT in page(client, address)[1]  # the kept page
    with transaction() as session:
        personal_data.erase(session, seller.user_id)
    assert LOT not in page(client, address)[1]


def test_an_inquiry_cannot_name_an_offer_it_may_not_know_of(
    private: tuple[Person, Person, Person, SpotOffer, str], session: Session
) -> None:
    _seller, named, other, offer, _slug = private
    with transaction() as inside:
        product = inside.get_one(SpotOffer, offer.id).product_id
    from marketplace.catalogue.models import Product

    goods = session.get_one(Product, product)
    assert asked_about(named, goods, offer).lines[0].offer_id == offer.id
    refusals = []
    for key in (offer, replace_key(offer, "nosuchoffer")):
        with pytest.raises(Conflict) as fault:
            asked_about(other, goods, key)
        refusals.append(str(fault.value.sentence))
    assert refusals[0] == refusals[1]


def replace_key(_offer: SpotOffer, key: str) -> SpotOffer:
    return SpotOffer(key=key)


def test_a_suspended_company_and_one_that_is_named_no_more_read_nothing(
    private: tuple[Person, Person, Person, SpotOffer, str],
) -> None:
    seller, named, other, offer, _slug = private
    with pytest.raises(NotFound), transaction() as session:
        offer_for(session, replace(named.actor, is_suspended=True), offer.key)
    with transaction() as session:
        draft = an_offer_draft(visibility="private", buyers=(other.organisation_id,))
        change_offer(session, seller.actor, offer.key, 1, draft)
    assert page(named, f"/offers/{offer.key}")[0] == 404
    assert page(other, f"/offers/{offer.key}")[0] == 200


def test_sellers_name_only_buyers_they_know(people: Cast) -> None:
    seller, known, stranger = people.seller(locale="en"), people.buyer(), people.buyer()
    product = a_listed_product(seller)
    an_inquiry(stranger, product)
    an_answer(seller, an_inquiry(known, product))
    html = page(seller, f"/selling/offers/new/{product.slug}")[1]
    assert f'value="{known.organisation_id}"' in html
    assert f'value="{stranger.organisation_id}"' not in html
    sent = _sent(visibility="private", buyers=str(stranger.organisation_id))
    answer = seller.post(f"/selling/offers/new/{product.slug}", sent, page=f"/selling/offers/new/{product.slug}")
    assert answer.status_code == 422


def _sent(**more: str) -> dict[str, str]:
    today = day_there(now())
    values = {
        "lot": LOT, "quantity": "18", "unit": "mt", "kind": "spot", "ship_month": "", "is_firm": "y",
        "prices-0-incoterm": "FOB", "prices-0-place": "Tanjung Perak", "prices-0-unit_price": "5900",
        "prices-0-currency": "USD", "prices-0-min_quantity": "1", "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=10)).isoformat(), "visibility": "public", "note": "",
    }  # fmt: skip
    return values | more


def test_the_form_makes_changes_and_withdraws_an_offer(people: Cast, session: Session) -> None:
    seller = people.seller(locale="en")
    product = a_listed_product(seller)
    form = f"/selling/offers/new/{product.slug}"
    assert product.slug in page(seller, "/selling/offers/new")[1]
    assert seller.post(form, _sent(), page=form).status_code == 303
    offer = session.scalars(select(SpotOffer)).one()
    assert (offer.quantity, offer.unit, offer.closes_at, offer.is_firm) == (Decimal(18), "mt", ENDS, True)
    for wrong in (
        {"quantity": "0"}, {"closes_on": "2026-11-01"}, {"kind": "forward"}, {"prices-0-place": "Nowhere"},
        {"prices-0-unit_price": ""}, {"visibility": "private"}, {"unit": "fcl20"}, {"closes_on": "9999-12-31"},
        {"opens_on": "0001-01-01"}, {"opens_on": "9999-01-01", "closes_on": "9999-12-30"},
    ):  # fmt: skip
        assert seller.post(form, _sent(**wrong), page=form).status_code == 422, wrong
    edit = f"/selling/offers/{offer.key}"
    assert seller.post(edit, _sent(quantity="20", version="1"), page=edit).status_code == 303
    assert offer_now(offer).quantity == 20
    assert seller.post(edit, _sent(quantity="22", version="1"), page=edit).status_code == 409
    assert f'action="{edit}/withdraw"' not in page(seller, "/selling/offers")[1], "nothing goes with one touch"
    assert f'action="{edit}/withdraw"' in page(seller, edit)[1]
    answer = seller.post(f"{edit}/withdraw", {"version": "2"}, page=edit)
    assert answer.status_code == 303
    assert state(offer_now(offer)) is OfferState.WITHDRAWN
    assert "Withdrawn" in page(seller, "/selling/offers")[1]


def test_firm_prices_of_an_open_offer_stay(people: Cast) -> None:
    seller = people.seller()
    offer = an_offer(seller, a_listed_product(seller))
    for more in (
        {"price": "6100"},
        {"is_firm": False},
        {"visibility": "private", "buyers": (people.buyer().organisation_id,)},
    ):
        with pytest.raises(Conflict), transaction() as session:
            change_offer(session, seller.actor, offer.key, 1, an_offer_draft(**more))
    ahead = an_offer(seller, a_listed_product(seller), opens_on=date(2026, 11, 25))
    with transaction() as session:
        change_offer(session, seller.actor, ahead.key, 1, an_offer_draft(price="6100", opens_on=date(2026, 11, 26)))


def test_only_the_seller_changes_an_offer_and_only_goods_on_the_market_are_offered(people: Cast) -> None:
    seller, other = people.seller(), people.seller()
    product = a_listed_product(seller)
    offer = an_offer(seller, product)
    with transaction() as session:
        for person in (other, people.buyer(), people.curator()):
            with pytest.raises(NotFound):
                own_offer(session, person.actor, offer.key)
            with pytest.raises(NotFound):
                withdraw_offer(session, person.actor, offer.key, 1)
            with pytest.raises(NotFound):
                make_offer(session, person.actor, product.slug, an_offer_draft())
        with pytest.raises(Forbidden):
            make_offer(session, replace(seller.actor, is_suspended=True), product.slug, an_offer_draft())
        with pytest.raises(DomainError):
            make_offer(session, seller.actor, a_draft(seller).slug, an_offer_draft())


def test_a_visitors_inquiry_keeps_the_offer_through_the_sign_in(people: Cast, client: FlaskClient) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    offer = an_offer(seller, product)
    form = f"/products/{product.slug}/inquiry?offer={offer.key}"
    html = page(client, form)[1]
    assert f'name="offer" type="hidden" value="{offer.key}"' in html
    assert 'value="mt"' in html


def test_lines_keep_the_offer_they_ask_about(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    rfq = asked_about(buyer, product, an_offer(seller, product))
    plain = asked_about(buyer, product, None)
    found = dict(session.execute(select(RfqLine.rfq_id, RfqLine.offer_id)).all())
    assert found[rfq.id] is not None
    assert found[plain.id] is None
