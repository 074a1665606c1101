"""A search engine behind a bad line: every page comes in time, nothing is lost, and it heals without a hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.discovery.checking import check_index, rebuild_index
from marketplace.discovery.engine import engine, use_engine
from marketplace.kernel.jobs import run_due
from search.errors import EngineUnavailable
from tests.scaled.conftest import named
from tests.scaled.searching import (
    a_market,
    a_site,
    a_word,
    alias_of,
    all_pages,
    ask_server,
    failed_tasks,
    is_found,
    quick_pages,
    searched,
    shows_what_is_near,
    status,
    until,
    waiting,
    whole_again,
)
from tests.support.factories import a_listed_product
from tests.support.people import Cast, Person
from tests.support.wire import Weather, Wire, a_wire

pytestmark = pytest.mark.scaled
BAD = [each for each in Weather if each is not Weather.FAIR]


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    server = urlsplit(named("SOUQ_TEST_ELASTIC"))
    with a_wire(str(server.hostname), int(server.port or 9200)) as made:
        yield made


@pytest.fixture(scope="module")
def app(wire: Wire, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with a_site(prepared, tmp_path_factory.mktemp("faults"), wire.address) as made:
        yield made


@pytest.fixture(scope="module")
def seller(app: Flask) -> Person:
    """A seller with three coffees, found by the index, and goods that are near to them."""
    person = Cast(app).seller()
    a_market(person)
    run_due()
    assert not check_index().faults
    until(lambda: shows_what_is_near(app.test_client()), "what is near")
    return person


@pytest.fixture
def client(app: Flask, seller: Person, wire: Wire) -> Iterator[FlaskClient]:
    """A visitor of a site whose search answers."""
    visitor = app.test_client()
    until(lambda: searched(visitor) == 200, "a search that answers")
    yield visitor
    wire.set(Weather.FAIR)


@pytest.mark.parametrize("weather", BAD)
def test_pages_come_in_time_and_search_heals_by_itself(
    client: FlaskClient, seller: Person, wire: Wire, weather: Weather
) -> None:
    word = a_word("zubaidah")
    wire.set(weather)
    slow = weather is Weather.SLOW
    quick_pages(client, searching=frozenset({200, 503} if slow else {503}))
    product = a_listed_product(seller, title=f"Coffee {word}")
    assert status(client, f"/products/{product.slug}") == 200
    run_due()
    assert not failed_tasks()
    assert waiting() or slow
    all_pages(client)
    wire.set(Weather.FAIR)
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")
    assert is_found(client, word, product.slug)


def test_an_index_taken_away_is_filled_again(client: FlaskClient, app: Flask, seller: Person) -> None:
    server, alias = named("SOUQ_TEST_ELASTIC"), alias_of(app.extensions["souq_settings"])
    for name in ask_server(server, "GET", f"/{alias}"):
        ask_server(server, "DELETE", f"/{name}")
    all_pages(client)
    a_listed_product(seller, title="Coffee of the day after")
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")


def test_a_full_disk_stops_writes_and_not_searches(client: FlaskClient, app: Flask, seller: Person) -> None:
    server, alias, word = named("SOUQ_TEST_ELASTIC"), alias_of(app.extensions["souq_settings"]), a_word("halimah")
    full = {"index.blocks.read_only_allow_delete": True}
    ask_server(server, "PUT", f"/{alias}/_settings", full)
    try:
        product = a_listed_product(seller, title=f"Coffee {word}")
        run_due()
        assert waiting()
        assert not failed_tasks()
        quick_pages(client, searching=frozenset({200}))
    finally:
        ask_server(server, "PUT", f"/{alias}/_settings", dict.fromkeys(full))
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")
    assert is_found(client, word, product.slug)


def test_a_rebuild_that_is_cut_leaves_the_index_as_it_was(client: FlaskClient, wire: Wire) -> None:
    before = engine().count()
    with pytest.raises(EngineUnavailable):
        rebuild_index(lambda _count: wire.set(Weather.REFUSED))
    wire.set(Weather.FAIR)
    use_engine(None)
    until(lambda: engine().health().is_ready, "an engine that answers")
    assert engine().count() == before
    assert rebuild_index() == before
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")
