"""A product page that is given before Flask is asked: the same answer, for visitors alone, and gone with its product."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from marketplace.access import ACCESS
from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Product, ProductText
from marketplace.catalogue.rules import ListingState
from marketplace.discovery.keeper import SECONDS, PageKeeper
from marketplace.kernel.caching import KeptPage, PageMemory, release_mark
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.database import db
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from marketplace.kernel.visitors import PUBLIC
from marketplace.web.doors import doors_of
from marketplace.web.product_page import is_touched
from tests.app.test_kept_pages import kept_answers, of
from tests.support.factories import a_listed_product
from tests.support.people import Cast


@pytest.fixture
def lots(people: Cast, client: FlaskClient) -> tuple[Product, Product]:
    """Two products; a page of the second was seen in every way of packing."""
    seller = people.seller()
    found = (
        a_listed_product(seller, "coffee-arabica-green", title="Ijen <arabica> & more"),
        a_listed_product(seller, "coffee-arabica-green", title="Raung arabica"),
    )
    for packing in ("", "gzip"):
        for prefix in ("", "/de"):
            assert of(client, f"{prefix}/products/{found[1].slug}", Accept_Encoding=packing)[0] == 200
    return found


def drawn(app: Flask) -> list[KeptPage]:
    """Pages that came through a door."""
    return [page for page in kept_answers(app) if page.mark]


def keeper_of(app: Flask) -> PageKeeper:
    """The middleware of this application."""
    prefixed = app.wsgi_app
    found: PageKeeper = prefixed.application  # type: ignore[attr-defined]  # Flask types it as a callable
    return found


@pytest.mark.parametrize("packing", ["", "gzip"])
@pytest.mark.parametrize("prefix", ["", "/de"])
def test_a_door_answers_as_flask_does(
    app: Flask, client: FlaskClient, lots: tuple[Product, Product], packing: str, prefix: str
) -> None:
    path = f"{prefix}/products/{lots[0].slug}"
    through_door = of(client, path, Accept_Encoding=packing)
    assert len(drawn(app)) == 1
    next(iter(app.extensions["cache"].values())).clear()
    keeper_of(app)._said.clear()
    by_flask = of(client, path, Accept_Encoding=packing)
    assert drawn(app) == []
    assert through_door == by_flask
    if not packing:
        assert b"Ijen &lt;arabica&gt; &amp; more" in through_door[2]


def test_people_and_queries_are_left_to_flask(
    app: Flask, client: FlaskClient, people: Cast, lots: tuple[Product, Product]
) -> None:
    path = f"/products/{lots[0].slug}"
    assert people.buyer().client.get(path).status_code == 200
    assert client.get(path + "?from=mail").status_code == 200
    assert drawn(app) == []


def test_what_is_hidden_is_gone_at_once(app: Flask, client: FlaskClient, lots: tuple[Product, Product]) -> None:
    path = f"/products/{lots[0].slug}"
    assert client.get(path).status_code == 200
    with transaction() as session:  # by hand, without an event
        session.execute(update(Product).where(Product.id == lots[0].id).values(state=ListingState.WITHDRAWN))
    next(iter(app.extensions["cache"].values())).clear()
    assert client.get(path).status_code == 404
    assert client.get("/products/no-such-thing").status_code == 404


def test_a_change_beside_it_leaves_the_page_and_one_of_it_shows(
    app: Flask, client: FlaskClient, lots: tuple[Product, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, keeper = f"/products/{lots[0].slug}", keeper_of(app)
    first = of(client, path)
    (held,) = drawn(app)
    monkeypatch.setattr(keeper, "_state", lambda: "another state")
    assert of(client, path)[2] == first[2]
    (again,) = drawn(app)
    assert again.state == "another state"
    assert again.body is held.body
    with transaction() as session:
        session.execute(update(ProductText).where(ProductText.product_id == lots[0].id).values(title="Another name"))
    monkeypatch.setattr(keeper, "_state", lambda: "a third state")
    assert b"Another name" in of(client, path)[2]


def test_a_browser_that_has_it_is_sent_nothing(client: FlaskClient, lots: tuple[Product, Product]) -> None:
    first = client.get(f"/products/{lots[0].slug}")
    again = client.get(f"/products/{lots[0].slug}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_only_what_everybody_may_see_has_a_door(app: Flask) -> None:
    for door in doors_of(app).values():
        endpoints = [rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == door.route]
        assert endpoints
        assert all(ACCESS[endpoint] == PUBLIC for endpoint in endpoints)
        assert re.fullmatch("/[a-z]+(/<slug>)?", door.route)


def change(lot: Product) -> None:
    """Something about this product that shows: told as every change is."""
    with transaction() as session:
        record(session, ProductChanged(product_id=lot.id))


def statements(app: Flask, client: FlaskClient, path: str) -> int:
    """How many statements a page asks of the business database."""
    count = 0

    def counted(*_said: object) -> None:
        nonlocal count
        count += 1

    with app.app_context():
        bound = db.engine
    event.listen(bound, "before_cursor_execute", counted)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(bound, "before_cursor_execute", counted)
    return count


def test_a_change_elsewhere_reads_no_row(
    app: Flask, client: FlaskClient, people: Cast, lots: tuple[Product, Product]
) -> None:
    path, far = f"/products/{lots[0].slug}", a_listed_product(people.seller(), "coconut-sugar", title="Sugar")
    client.get(path)
    (first,) = drawn(app)
    change(far)
    assert statements(app, client, path) == 0
    (second,) = drawn(app)
    assert second.state != first.state
    assert (second.body, second.read_at) == (first.body, first.read_at)
    change(lots[0])
    assert statements(app, client, path) == 4
    change(lots[1])  # it stands among the similar goods
    assert statements(app, client, path) == 4
    assert statements(app, client, path) == 0


def test_a_newcomer_of_the_same_kind_shows_at_once(
    client: FlaskClient, people: Cast, lots: tuple[Product, Product]
) -> None:
    path = f"/products/{lots[0].slug}"
    client.get(path)
    a_listed_product(people.seller(), "coffee-arabica-green", title="Newly arrived")
    assert b"Newly arrived" in client.get(path).data


def test_what_is_gone_elsewhere_makes_pages_read_again(
    app: Flask, client: FlaskClient, people: Cast, lots: tuple[Product, Product]
) -> None:
    path, far = f"/products/{lots[0].slug}", a_listed_product(people.seller(), "coconut-sugar", title="Sugar")
    client.get(path)
    with transaction() as session:
        session.execute(update(Product).where(Product.id == far.id).values(state=ListingState.WITHDRAWN))
        record(session, ProductChanged(product_id=far.id))
    assert statements(app, client, path) == 4


def test_rows_are_read_again_when_the_time_of_a_page_is_over(
    app: Flask, client: FlaskClient, people: Cast, lots: tuple[Product, Product]
) -> None:
    path, far = f"/products/{lots[0].slug}", a_listed_product(people.seller(), "coconut-sugar", title="Sugar")
    start = now()
    with frozen(start):
        client.get(path)
        change(far)
    with frozen(start + timedelta(seconds=SECONDS - 1)):
        assert statements(app, client, path) == 0
    with frozen(start + timedelta(seconds=SECONDS + 1)):
        change(far)
        assert statements(app, client, path) == 4


def test_a_page_that_outlives_a_change_is_not_kept_longer_for_it(
    app: Flask, client: FlaskClient, people: Cast, lots: tuple[Product, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, far = f"/products/{lots[0].slug}", a_listed_product(people.seller(), "coconut-sugar", title="Sugar")
    times: list[int] = []
    keep = PageMemory.set

    def noted(memory: PageMemory, key: str, value: Any, timeout: Any = None) -> bool:
        times.append(timeout)
        return keep(memory, key, value, timeout)

    monkeypatch.setattr(PageMemory, "set", noted)
    start = now().replace(microsecond=0)
    with frozen(start):
        client.get(path)
        change(far)
        client.get(path)
        change(far)
    with frozen(start + timedelta(seconds=SECONDS - 10)):
        client.get(path)
    assert times[-1] <= 10


def test_a_page_of_another_release_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    shows = f"{release_mark()} coffee-arabica-green food/coffee 1 2"
    assert not is_touched(shows, [])
    monkeypatch.setattr("marketplace.web.product_page.release_mark", lambda: "next")
    assert is_touched(shows, [])
