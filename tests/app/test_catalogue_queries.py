"""What pages read: one statement for a list, two for a product, and nothing that is not public."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue import services
from marketplace.catalogue.models import Product
from marketplace.catalogue.queries import (
    cards,
    listed_product,
    newest_products,
    product_by_id,
    products_of_seller,
    readable_product,
    similar,
)
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("moment")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database inside the block, less BEGIN."""
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_product_page_needs_two_statements(people: Cast, session: Session) -> None:
    seller = people.seller()
    valid, ended = a_certificate(seller), a_certificate(seller, "halal-bpjph", valid_to=today() - timedelta(days=1))
    unchecked = a_certificate(seller, "fair-trade", verified_at=None)
    product = a_listed_product(
        seller,
        title="Arabica Kawi",
        texts={"id": "Arabika Kawi", "de": "Arabica vom Kawi"},
        certificates=[valid, ended, unchecked],
        specs={"altitude_masl": Decimal(1200), "moisture_pct": Decimal("11.5")},
        rungs=[
            ("FOB", "Tanjung Perak", "kg", "USD", "300", "6.2"),
            ("FOB", "Tanjung Perak", "kg", "USD", "6000", "5.9"),
            ("EXW", "Malang", "kg", "IDR", "60", "88000"),
        ],
        months={5: 1000, 6: 2000},
    )
    session.rollback()
    with counted() as statements:
        view = listed_product(session, product.slug)
    assert len(statements) == 2
    assert view.text_in("de").title == "Arabica vom Kawi"
    assert view.text_in("zh_Hant").title == "Arabica Kawi"
    assert not view.text_in("de").is_original
    assert [(ladder.incoterm, len(ladder.rungs)) for ladder in view.ladders] == [("FOB", 2), ("EXW", 1)]
    assert [rung.unit_price for rung in view.ladders[0].rungs] == [Decimal("6.2"), Decimal("5.9")]
    specs = {spec.field: spec.value for spec in view.specs}
    assert specs["moisture_pct"] == Decimal("11.5")
    assert [held.code for held in view.certificates_on(today())] == ["organic-eu", "fair-trade"]
    assert [held.code for held in view.ended_certificates(today())] == ["halal-bpjph"]
    assert [plan.quantity for plan in view.months] == [Decimal(1000), Decimal(2000)]
    assert view.producer is not None
    assert view.seller.answer_rate is None
    assert len(view.photos) == 1
    assert view.photos[0].alt_in("de", "x") == "Arabica Kawi"


def test_a_rate_is_told_from_five_leads_on(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    for leads, answered, rate in ((4, 4, None), (5, 4, 0.8)):
        with transaction() as s:
            row = s.get(Seller, seller.seller_id)
            assert row is not None
            row.lead_count, row.answered_count, row.answer_minutes = leads, answered, 240
        view = listed_product(session, product.slug)
        assert view.seller.answer_rate == rate
    assert view.seller.answer_hours == 1


def test_a_list_needs_one_statement_and_keeps_its_order(people: Cast, session: Session) -> None:
    seller = people.seller()
    organic = a_certificate(seller)
    made = [a_listed_product(seller, certificates=[organic], texts={"id": f"Kopi {n}"}) for n in range(24)]
    keys = [product.id for product in reversed(made)]
    session.rollback()
    with counted() as statements:
        rows = cards(session, [*keys, 999999], "id")
    assert len(statements) == 1
    assert [row.id for row in rows] == keys
    assert rows[0].title == "Kopi 23"
    assert rows[0].certificates == ("organic-eu",)
    assert rows[0].price == Decimal("6.2")
    assert rows[0].picture.endswith("-320.webp")


def test_a_certificate_leaves_the_card_by_itself(people: Cast, session: Session) -> None:
    seller = people.seller()
    organic = a_certificate(seller, valid_to=date(2026, 12, 31))
    product = a_listed_product(seller, certificates=[organic])
    with frozen(now() + timedelta(days=39)):
        assert cards(session, [product.id], "en")[0].certificates == ("organic-eu",)
    with frozen(now() + timedelta(days=40)):
        assert cards(session, [product.id], "en")[0].certificates == ()
        assert listed_product(session, product.slug).certificates_on(today()) == ()


@pytest.mark.parametrize("trouble", ["draft", "withdrawn", "paused", "suspended"])
def test_only_public_products_are_read(people: Cast, session: Session, trouble: str) -> None:
    seller, other, curator = people.seller(), people.seller(), people.curator()
    beside = a_listed_product(other)
    product = a_draft(seller) if trouble == "draft" else a_listed_product(seller)
    with transaction() as s:
        if trouble == "withdrawn":
            services.withdraw_listing(s, seller.actor, product.slug)
        row = s.get(Seller, seller.seller_id)
        organisation = s.get(Organisation, seller.organisation_id)
        assert row is not None
        assert organisation is not None
        if trouble == "paused":
            row.curation = "paused"
        if trouble == "suspended":
            organisation.suspended_at = now()
    with pytest.raises(NotFound):
        listed_product(session, product.slug)
    assert cards(session, [product.id], "en") == []
    assert products_of_seller(session, seller.seller_id or 0, "en").items == []
    assert [row.id for row in newest_products(session, "en").items] == [beside.id]
    assert similar(session, beside.id, beside.commodity, beside.category, "en") == []
    with pytest.raises(NotFound):
        readable_product(session, other.actor, product.slug)
    with pytest.raises(NotFound):
        readable_product(session, None, product.slug)
    assert readable_product(session, seller.actor, product.slug).id == product.id
    assert readable_product(session, curator.actor, product.slug).id == product.id


def test_every_number_comes_back_as_it_went_in(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(
        seller, moq=Decimal("0.123456"), rungs=[("FOB", "Tanjung Perak", "kg", "USD", "0.123456", "999999999.999999")]
    )
    view = product_by_id(session, product.id)
    assert view.moq == Decimal("0.123456")
    assert view.ladders[0].rungs[0].unit_price == Decimal("999999999.999999")
    row = session.get(Product, product.id)
    assert row is not None
    assert row.moq == Decimal("0.123456")
