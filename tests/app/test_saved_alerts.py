"""Saved searches: told once of each new match, whatever happens to a product in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block
from marketplace.catalogue.events import ListingPublished, ListingWithdrawn, ProductChanged
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel import personal_data
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from marketplace.saved.jobs import alert, begin_day, learn
from marketplace.saved.models import (
    ChangedProduct,
    ProductSnapshot,
    SavedSearch,
    SavedSearchMatch,
    SavedSearchTerm,
)
from tests.support.alerting import Later, saved, told
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app")


def change(
    product: Product, change_it: Callable[[Product], object] = lambda _: None, event: type = ProductChanged
) -> None:
    with transaction() as session:
        row = session.get_one(Product, product.id)
        change_it(row)
        row.changed_at = now()
        record(session, event(product.id))


def withdraw(product: Product) -> None:
    change(product, lambda row: setattr(row, "state", ListingState.WITHDRAWN), ListingWithdrawn)


def publish(product: Product) -> None:
    def out(row: Product) -> None:
        row.state, row.listed_at = ListingState.LISTED, row.listed_at or now()

    change(product, out, ListingPublished)


def test_a_new_product_is_told_once_and_to_those_only_whom_it_concerns(session: Session, people: Cast) -> None:
    buyer, other, seller = people.buyer(), people.buyer(), people.seller()
    saved(buyer, "q=arabica+coffee")
    saved(other, "q=coconut+sugar")
    a_listed_product(seller, title="Arabica Gayo washed")
    alert()
    alert()
    assert told(session, buyer) == ["Arabica Gayo washed"]
    assert told(session, other) == []


def test_a_search_in_another_language_finds_the_same_goods(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    for text, locale in (("kopi", "id"), ("Rohkaffee", "de"), ("咖啡生豆", "zh_Hans"), ("咖啡", "zh_Hant")):
        saved(buyer, f"q={text}", locale=locale)
    a_listed_product(seller, title="Arabica green coffee")
    alert()
    assert told(session, buyer) == ["Arabica green coffee"] * 4


@pytest.mark.parametrize(
    ("address", "fits", "does_not"),
    [
        ("commodity=coffee-arabica-green", {}, {"commodity": "coconut-sugar"}),
        ("category=food%2Fcoffee", {}, {"commodity": "coconut-sugar"}),
        ("moq.max=200", {"moq": Decimal(100)}, {"moq": Decimal(900)}),
        ("price.max=7", {}, {"rungs": [("FOB", "Tanjung Perak", "kg", "USD", "100", "9.500000")]}),
        ("incoterm=FOB&regency=kab-malang", {}, {"rungs": [("EXW", "Malang", "kg", "USD", "100", "6.2")]}),
        ("tag=private_label", {"has_private_label": True}, {}),
        ("q=coffee+under+7+USD%2Fkg", {}, {"rungs": [("FOB", "Tanjung Perak", "kg", "USD", "100", "9.500000")]}),
        ("q=HS+0901", {}, {"commodity": "coconut-sugar"}),
        ("crop=2026", {"crop_year": "2026"}, {"crop_year": "2024"}),
    ],
)  # fmt: skip
def test_every_kind_of_condition_counts(
    session: Session, people: Cast, address: str, fits: dict[str, Any], does_not: dict[str, Any]
) -> None:
    buyer, seller = people.buyer(), people.seller()
    saved(buyer, address)
    a_listed_product(seller, title="The other one", **does_not)
    alert()
    assert told(session, buyer) == []
    a_listed_product(seller, title="The right one", **fits)
    alert()
    assert told(session, buyer) == ["The right one"]


def test_a_certificate_counts_from_its_first_day(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    saved(buyer, "certificate=organic-eu")
    tomorrow = now().date() + timedelta(days=1)
    held = a_certificate(seller, valid_from=tomorrow)
    a_listed_product(seller, title="Soon organic", certificates=[held])
    alert()
    assert told(session, buyer) == []
    with frozen(now() + timedelta(days=1)):
        begin_day()
        alert()
        assert told(session, buyer) == ["Soon organic"]


def test_what_was_there_before_is_not_new_but_what_comes_to_match_is(
    session: Session, people: Cast, later: Later
) -> None:
    buyer, seller = people.buyer(), people.seller()
    cheap = a_listed_product(seller, title="Cheap from the start")
    dear = a_listed_product(seller, title="Dear at first", rungs=[("FOB", "Tanjung Perak", "kg", "USD", "100", "9.5")])
    with later(minutes=1):
        saved(buyer, "q=coffee+or+dear&price.max=7")
        alert()
        change(cheap)
        alert()
    assert told(session, buyer) == []
    with later(minutes=2):
        change(dear, lambda row: setattr(row, "price_per_kg_usd", Decimal("6.5")))
        alert()
        assert told(session, buyer) == ["Dear at first"]


def test_a_product_that_leaves_and_comes_back_is_no_news(session: Session, people: Cast, later: Later) -> None:
    buyer, seller = people.buyer(), people.seller()
    old = a_listed_product(seller, title="Old one")
    alert()
    with later(minutes=1):
        saved(buyer, "q=coffee&price.max=7")
        new = a_listed_product(seller, title="New one")
        alert()
        assert told(session, buyer) == ["New one"]
    for minute, product in ((2, new), (3, old)):
        with later(minutes=minute):
            withdraw(product)
            alert()
            publish(product)
            alert()
            change(product, lambda row: setattr(row, "price_per_kg_usd", Decimal("9.5")))
            alert()
            change(product, lambda row: setattr(row, "price_per_kg_usd", Decimal("6.2")))
            alert()
    assert told(session, buyer) == ["New one"]


def test_drafts_own_goods_and_blocked_sellers_do_not_alert(session: Session, people: Cast) -> None:
    buyer, seller, blocked, blocking = people.buyer(), people.seller(), people.seller(), people.seller()
    with transaction() as writing:
        pair = {"created_at": now()}
        writing.add(Block(organisation_id=buyer.organisation_id, blocked_id=blocked.organisation_id, **pair))
        writing.add(Block(organisation_id=blocking.organisation_id, blocked_id=buyer.organisation_id, **pair))
    saved(buyer, "q=coffee")
    saved(seller, "q=coffee", locale="id")
    a_draft(seller, title="A draft")
    a_listed_product(blocked, title="Of somebody blocked")
    a_listed_product(blocking, title="Of somebody who blocked")
    alert()
    assert told(session, buyer) == []
    a_listed_product(seller, title="Of the seller")
    alert()
    assert told(session, buyer) == ["Of the seller"]
    assert "Of the seller" not in " ".join(told(session, seller))


def test_matches_and_marks_end_in_one_transaction(
    session: Session, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer, seller = people.buyer(), people.seller()
    saved(buyer, "q=coffee")
    a_listed_product(seller, title="Only once")

    def fail(*_: object) -> None:
        raise OSError("the machine stops here")

    with monkeypatch.context() as patched:
        patched.setattr("marketplace.saved.services.matching._remember", fail)
        with pytest.raises(OSError):
            alert()
    assert session.scalar(select(func.count()).select_from(SavedSearchMatch)) == 0
    assert session.scalar(select(func.count()).select_from(ChangedProduct)) == 1
    with monkeypatch.context() as patched:
        patched.setattr("marketplace.saved.services.telling.next_mail", fail)
        with pytest.raises(OSError):
            alert()
    assert told(session, buyer) == []
    assert session.scalar(select(func.count()).select_from(ChangedProduct)) == 0
    alert()
    assert told(session, buyer) == ["Only once"]


def test_a_change_during_the_matching_stays_marked(
    session: Session, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer, seller = people.buyer(), people.seller()
    saved(buyer, "q=coffee&price.max=7")
    product = a_listed_product(seller, title="Price moves")
    from marketplace.saved.services import matching

    real = matching._pairs

    def meanwhile(on: Session, changed: matching._Changed) -> list[matching._Pair]:
        found = list(real(on, changed))
        monkeypatch.setattr(matching, "_pairs", real)
        on.rollback()
        change(product, lambda row: setattr(row, "price_per_kg_usd", Decimal("9.5")))
        return found

    monkeypatch.setattr(matching, "_pairs", meanwhile)
    alert()
    assert told(session, buyer) == []
    assert session.scalar(select(func.count()).select_from(ChangedProduct)) == 1
    alert()
    assert told(session, buyer) == []
    assert session.scalar(select(func.count()).select_from(ChangedProduct)) == 0


def test_another_reading_of_words_takes_searches_apart_again(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    key = saved(buyer, "q=coffee")
    with transaction() as writing:
        search = writing.get_one(SavedSearch, key)
        search.conditions, search.made_with = {"groups": [[[["nothing"]], [], ""]], "filters": []}, "an older release"
        writing.query(SavedSearchTerm).delete()
    a_listed_product(seller, title="Found again")
    alert()
    assert told(session, buyer) == ["Found again"]


def test_products_from_before_are_learnt_without_alarm(session: Session, people: Cast, later: Later) -> None:
    buyer, seller = people.buyer(), people.seller()
    a_listed_product(seller, title="There already")
    with transaction() as writing:
        writing.query(ChangedProduct).delete()
    with later(minutes=1):
        saved(buyer, "q=coffee")
        learn()
        alert()
        learn()
    assert told(session, buyer) == []
    assert session.scalar(select(func.count()).select_from(ProductSnapshot)) == 1
    assert session.scalar(select(func.count()).select_from(ChangedProduct)) == 0


def test_personal_data_hold_searches_and_erasure_takes_them(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    saved(buyer, "q=coffee")
    a_listed_product(seller, title="Found")
    alert()
    kept = personal_data.export_all(session, buyer.user_id)["saved"]["saved_searches"]
    assert [(one["name"], one["address"], len(one["found"])) for one in kept] == [("My search", "q=coffee", 1)]
    with transaction() as writing:
        personal_data.erase_all(writing, buyer.user_id)
        personal_data.erase_all(writing, seller.user_id)
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(SavedSearch)) == 0
    assert session.scalar(select(func.count()).select_from(ProductSnapshot)) == 0
