"""The list of products and the search in it before Flask is asked: the same answer, the same counts, for visitors alone."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.discovery.models import SearchLog
from marketplace.discovery.views import logbook
from marketplace.kernel.uow import transaction
from tests.app.test_doors import drawn, keeper_of
from tests.app.test_kept_pages import of
from tests.support.factories import a_listed_product
from tests.support.people import Cast


@pytest.fixture
def goods(app: Flask, people: Cast, client: FlaskClient) -> list[Product]:
    """Twenty-six offers; Flask has answered lists of both kinds, so that the door knows what to say."""
    seller = people.seller()
    found = [
        a_listed_product(seller, "coffee-arabica-green", title=f"Ijen <arabica> & more {number}")
        for number in range(26)
    ]
    ask_flask(app, client)
    return found


def ask_flask(app: Flask, client: FlaskClient, prefix: str = "", packing: str = "") -> None:
    """Let the door learn from Flask; no page is kept."""
    for query in ("", "?page=2"):
        assert of(client, f"{prefix}/products{query}", Accept_Encoding=packing)[0] == 200
    forget(app)


def forget(app: Flask) -> None:
    """Empty the memory of pages."""
    next(iter(app.extensions["cache"].values())).clear()


ASKED = (
    "?q=arabica", "?q=%3Ci%3Earabica&sort=price", "?q=arabika+kopi&category=food/coffee", "?view=table",
    "?moq.max=500&sort=-price", "?q=kopi&page=2", "?q=", "?q=kopi;sort=price", "?commodity=coffee-arabica-green&view=table&page=1",
)  # fmt: skip


@pytest.mark.parametrize(("prefix", "packing"), [("", ""), ("/de", "gzip")])
def test_a_list_is_the_same_through_the_door(
    app: Flask, client: FlaskClient, goods: list[Product], packing: str, prefix: str
) -> None:
    keeper, through = keeper_of(app), 0
    ask_flask(app, client, prefix, packing)
    for query in ASKED:
        path = f"{prefix}/products{query}"
        held = dict(keeper._said)
        before = len(drawn(app))
        by_door = of(client, path, Accept_Encoding=packing)
        through += len(drawn(app)) - before
        forget(app)
        keeper._said.clear()
        by_flask = of(client, path, Accept_Encoding=packing)
        assert drawn(app) == []
        keeper._said.update(held)
        assert by_door == by_flask, query
    assert through >= 4


@pytest.mark.parametrize("query", ["?commodity=saffron", "?moq.max=many", "?q=%FF", "?q=kopi%00", "?q=<kopi>"])
def test_what_is_not_plain_is_left_to_flask(app: Flask, client: FlaskClient, goods: list[Product], query: str) -> None:
    client.get("/products" + query)
    assert drawn(app) == []


def test_people_are_answered_by_flask(app: Flask, goods: list[Product], people: Cast) -> None:
    assert people.buyer().client.get("/products?q=arabica").status_code == 200
    assert drawn(app) == []


def test_searches_behind_the_door_are_counted_once_each(
    app: Flask, client: FlaskClient, goods: list[Product], session: Session
) -> None:
    logbook.write(app)
    with transaction() as inner:
        inner.execute(delete(SearchLog))
    for _ in range(3):
        client.get("/products?q=ijen+arabica")
    assert len(drawn(app)) == 1
    logbook.write(app)
    session.rollback()
    assert session.scalar(select(func.sum(SearchLog.count))) == 3


def test_a_full_log_is_written_by_flask(
    app: Flask, client: FlaskClient, goods: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "is_due", lambda: True)
    client.get("/products?q=ijen+arabica")
    assert drawn(app) == []
    client.get("/products?sort=price")
    assert len(drawn(app)) == 1


def test_a_change_shows_at_once(app: Flask, client: FlaskClient, goods: list[Product], people: Cast) -> None:
    assert b"Raung" not in of(client, "/products?q=arabica")[2]
    a_listed_product(people.seller(), "coffee-arabica-green", title="Raung arabica")
    assert b"Raung" in of(client, "/products?q=arabica")[2]
    assert drawn(app)
