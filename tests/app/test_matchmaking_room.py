"""What a seller's page of open requests says of their calendar after what they promised, and of the buyer's language."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now, today
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.models import MatchWeights
from marketplace.matchmaking.queries.weighed import requests_for
from marketplace.matchmaking.services.weights import delivered_weights
from marketplace.rfqs.models import Rfq
from marketplace.sellers.models import Seller
from tests.app.test_matchmaking import sugar, text_of
from tests.app.test_matchmaking_selling import PAGE, WORDS, posted, seen
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry
from tests.support.people import Cast, Person
from tests.support.quoting import a_sent_quote

pytestmark = pytest.mark.usefixtures("app", "moment")
AFTER_PROMISES = "after what you have promised"


def read(seller: Person) -> str:
    return text_of(seller.client, PAGE).replace("\N{NO-BREAK SPACE}", " ")


def promised_2_t(people: Cast, seller: Person, session: Session, key: int) -> None:
    """Two tonnes of a product of ``seller`` are held for somebody else within the months that are asked about."""
    product = session.get_one(Product, key)
    rfq = an_inquiry(people.buyer(), product)
    a_sent_quote(seller, rfq, key, ship_by=today() + timedelta(days=40), lead_time_days=None)
    session.rollback()


def test_what_is_promised_to_others_is_not_left_for_a_request(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = sugar(seller, capacity_per_month=Decimal(1000))
    key = posted(buyer, session)
    html = read(seller)
    assert "left until" not in html, "nothing is promised yet: what they can make is what is left"
    promised_2_t(people, seller, session, product)
    html = read(seller)
    assert "Your calendar has 1,000 kg left until January 2027 after what you have promised" in html
    assert "Offer a part, or two deliveries." in html
    assert seen(seller, session) == [key], "it stays among the requests"
    assert AFTER_PROMISES not in text_of(buyer.client, f"/requests/{key}"), "a buyer never hears of it"


def test_enough_that_is_left_is_a_reason(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = sugar(seller, capacity_per_month=Decimal(2000))
    posted(people.buyer(), session)
    promised_2_t(people, seller, session, product)
    html = read(seller)
    assert "Your calendar has 4,000 kg left until January 2027" in html
    assert AFTER_PROMISES not in html


def test_a_calendar_that_has_less_than_the_usual_is_told_too(people: Cast, session: Session) -> None:
    seller = people.seller()
    sugar(seller, capacity_per_month=Decimal(1000), months={1: 0, 12: 0})
    posted(people.buyer(), session)
    assert "Your calendar has only 1,000 kg until January 2027" in read(seller)


@pytest.mark.parametrize("words", ["2 t coconut sugar per month to Hamburg", "coconut sugar to Hamburg"])
def test_without_an_amount_for_one_window_nothing_is_said_of_it(people: Cast, session: Session, words: str) -> None:
    seller = people.seller()
    product = sugar(seller, capacity_per_month=Decimal(2500))
    posted(people.buyer(), session, words)
    promised_2_t(people, seller, session, product)
    page = requests_for(session, seller.actor, 1)
    assert page.items
    assert [each.room for each in page.items] == [None]


def test_days_that_do_not_suffice_are_told_before_months_that_do(people: Cast, session: Session) -> None:
    seller = people.seller()
    sugar(seller, capacity_per_month=Decimal(700))
    posted(people.buyer(), session)
    html = read(seller)
    assert "You can make about 1,540 kg in the time there is" in html
    assert "left until" not in html
    assert "has only" not in html


def test_nothing_is_said_where_no_capacity_is_stated(people: Cast, session: Session) -> None:
    seller = people.seller()
    sugar(seller, capacity_per_month=None)
    posted(people.buyer(), session)
    assert [each.room for each in requests_for(session, seller.actor, 1).items] == [None]


def test_a_language_is_a_reason_and_never_excludes(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    sugar(seller)
    key = posted(buyer, session, WORDS)
    assert "You answer in English, the buyer&#39;s language" in read(seller)
    with transaction() as writing:
        rfq = writing.query(Rfq).filter(Rfq.key == key).one()
        rfq.language = "zh_Hans"
    html = read(seller)
    assert "among the languages you answer in" in html
    assert seen(seller, session) == [key]
    for languages, words in ((["zh"], "You answer in"), ([], "")):
        with transaction() as writing:
            writing.get_one(Seller, seller.seller_id).languages = languages
        html = read(seller)
        assert "among the languages you answer in" not in html
        assert ("You answer in" in html) is bool(words)


def two_goods(people: Cast, seller: Person, session: Session) -> dict[str, int]:
    """Two equal requests for two of the seller's goods, the first of their page first: its key to the product."""
    for goods, title in (("coconut-sugar", "Coconut sugar"), ("clove", "Cloves")):
        a_listed_product(seller, goods, title=title, capacity_per_month=Decimal(1200), lead_time_days=20)
    for words in (WORDS, WORDS.replace("coconut sugar", "cloves")):
        posted(people.buyer(), session, words)
    page = requests_for(session, seller.actor, 1)
    assert [each.is_beyond for each in page.items] == [False, False]
    return {each.own.rfq.key: each.own.fit.product_id for each in page.items}


def held(people: Cast, seller: Person, session: Session, product: int, kilograms: int) -> None:
    """So much of a product is promised to somebody else within the months asked about."""
    rfq = an_inquiry(people.buyer(), session.get_one(Product, product))
    more = {"ship_by": today() + timedelta(days=40), "lead_time_days": None}
    a_sent_quote(seller, rfq, product, quantity=Decimal(kilograms), unit="kg", **more)
    session.rollback()


@pytest.mark.parametrize(("kilograms", "is_beyond"), [(2000, False), (2800, True)])
def test_less_than_asked_for_comes_after_enough(
    people: Cast, session: Session, kilograms: int, is_beyond: bool
) -> None:
    """Up to 140 % of what is left is a near miss, and more is told below all others, as everywhere."""
    seller = people.seller()
    keys = two_goods(people, seller, session)
    first, last = keys
    held(people, seller, session, keys[first], kilograms)
    page = requests_for(session, seller.actor, 1)
    assert [(each.own.rfq.key, each.is_beyond) for each in page.items] == [(last, False), (first, is_beyond)]
    html = read(seller)
    assert AFTER_PROMISES in html
    assert ("More than your calendar has left" in html) is is_beyond


def test_more_left_comes_before_less_left(people: Cast, session: Session) -> None:
    seller = people.seller()
    keys = two_goods(people, seller, session)
    first, last = keys
    held(people, seller, session, keys[first], 1200)  # leaves more than is asked for
    page = requests_for(session, seller.actor, 1)
    by_key = {each.own.rfq.key: each for each in page.items}
    assert by_key[first].features["calendar"] < by_key[last].features["calendar"]
    assert not by_key[first].room.is_short  # type: ignore[union-attr]  # it has a calendar
    weigh(calendar=0.5)  # the goods may differ in more than this
    assert seen(seller, session) == [last, first]
    weigh(calendar=0.0)
    assert seen(seller, session) == [first, last]


def test_a_language_one_answers_in_comes_first_among_equals(people: Cast, session: Session) -> None:
    seller = people.seller()
    sugar(seller)
    keys = [posted(people.buyer(), session, WORDS) for _each in range(2)]
    listed = seen(seller, session)
    assert set(listed) == set(keys)
    with transaction() as writing:
        writing.query(Rfq).filter(Rfq.key == listed[0]).one().language = "de"
    assert seen(seller, session) == listed[::-1]
    weigh(language=0.0)
    assert seen(seller, session) == listed
    weigh()
    with transaction() as writing:
        writing.get_one(Seller, seller.seller_id).languages = []
    assert seen(seller, session) == listed, "who named no language may answer in any"


def test_the_language_never_stands_above_a_near_miss(people: Cast, session: Session) -> None:
    seller = people.seller()
    keys = two_goods(people, seller, session)
    first, last = keys
    held(people, seller, session, keys[first], 2000)
    with transaction() as writing:
        writing.query(Rfq).filter(Rfq.key == last).one().language = "de"
    assert seen(seller, session) == [last, first]


def weigh(**other: float) -> None:
    """Weights that serve from now on."""
    with transaction() as writing:
        writing.add(
            MatchWeights(
                weights={**delivered_weights(), **other}, note="Test", made_at=now(), promoted_at=now(), figures={}
            )
        )
