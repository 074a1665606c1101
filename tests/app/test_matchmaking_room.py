"""What a seller's page of open requests says of their calendar after what they promised, and of the buyer's language."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.clock import today
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.queries.for_sellers import requests_for
from marketplace.matchmaking.queries.room import rooms_for
from marketplace.rfqs.models import Rfq
from marketplace.sellers.models import Seller
from tests.app.test_matchmaking import sugar, text_of
from tests.app.test_matchmaking_selling import PAGE, WORDS, posted, seen
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
    assert rooms_for(session, page.items) == {}


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
    assert rooms_for(session, requests_for(session, seller.actor, 1).items) == {}


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
