"""Search on three real nodes: one dies, one hangs, two die, all return; pages stay quick and nothing heals by hand."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Settings
from marketplace.discovery.checking import check_index, rebuild_index
from marketplace.discovery.engine import engine
from marketplace.discovery.services import refresh_marked
from marketplace.kernel.database import db
from search.engines.elastic.engine import ElasticEngine
from search.errors import EngineUnavailable
from tests.scaled.conftest import named
from tests.support.application import build
from tests.support.factories import a_listed_product
from tests.support.people import Cast, Person

pytestmark = pytest.mark.scaled
LONGEST_PAGE = 1.5
LONGEST_HEALING = 60.0
_numbers = count()


def tool(*words: str) -> None:
    """The tool that starts, kills and pauses the nodes."""
    subprocess.run([named("SOUQ_TEST_CLUSTER_TOOL"), *words], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def app(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site with a SQLite database and the three nodes as its search."""
    home = tmp_path_factory.mktemp("cluster")
    shutil.copyfile(prepared, home / "souq.sqlite3")
    address = f"{named('SOUQ_TEST_CLUSTER')}/cluster_{uuid.uuid4().hex[:10]}"
    made = build(
        Settings.from_env({"SOUQ_HOME": str(home), "SECRET_KEY": "cluster-tests-" + "k" * 40, "SEARCH_URL": address})
    )
    with made.app_context():
        yield made
        if isinstance(searching := engine(), ElasticEngine):
            searching.drop()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def seller(app: Flask) -> Person:
    """A seller with three coffees, found by the index."""
    person = Cast(app).seller()
    for number in range(3):
        a_listed_product(person, title=f"Ijen arabica lot {number}")
    rebuild_index()
    refresh_marked()
    assert not check_index().faults
    return person


@pytest.fixture
def client(app: Flask, seller: Person) -> FlaskClient:
    """A visitor of a site whose search answers."""
    visitor = app.test_client()
    _until(lambda: _searched(visitor) == 200)
    return visitor


def _page(client: FlaskClient, path: str) -> int:
    """The status of a page that nobody kept; fails when it takes too long twice (once may be the machine)."""
    for _ in range(2):
        began = time.perf_counter()
        status = _status(client, path)
        took = time.perf_counter() - began
        if took <= LONGEST_PAGE:
            return status
    pytest.fail(f"{path} took {took:.2f} s")


def _status(client: FlaskClient, path: str) -> int:
    return client.get(f"{path}{'&' if '?' in path else '?'}visit={next(_numbers)}").status_code


def _searched(client: FlaskClient) -> int:
    return _status(client, f"/products?q=arabica+{next(_numbers)}")


def _all_pages(client: FlaskClient) -> None:
    """Lists answer or rest; whatever needs no search answers."""
    for path in (
        "/products",
        "/products?q=ijen",
        "/products?commodity=coffee-arabica-green",
        "/sellers",
        "/commodities",
    ):
        assert _page(client, path) in {200, 503}, path
    for path in ("/", "/suggest?q=ijen", "/sign-in"):
        assert _page(client, path) == 200, path


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_HEALING
    while not holds():
        assert time.monotonic() < end, "the search did not heal"
        time.sleep(0.5)


def test_a_node_dies_and_comes_back(client: FlaskClient) -> None:
    tool("kill", "1")
    try:
        for _ in range(3):
            _all_pages(client)
        _until(lambda: _searched(client) == 200)  # the others answer
    finally:
        tool("up", "1")
    _all_pages(client)
    _until(lambda: _searched(client) == 200)


def test_a_node_hangs(client: FlaskClient) -> None:
    tool("pause", "2")
    try:
        for _ in range(5):
            _all_pages(client)
    finally:
        tool("resume", "2")
    _until(lambda: _searched(client) == 200)


def test_without_a_majority_search_rests_and_what_changed_meanwhile_is_found_afterwards(
    client: FlaskClient, seller: Person
) -> None:
    word = f"zubaidah{uuid.uuid4().hex[:6]}"
    tool("kill", "1")
    tool("kill", "2")
    try:
        for _ in range(3):
            _all_pages(client)
        product = a_listed_product(seller, title=f"Coffee {word}")
        assert _page(client, f"/products/{product.slug}") == 200
        with pytest.raises(EngineUnavailable):
            refresh_marked()
        _all_pages(client)
    finally:
        tool("up", "1")
        tool("up", "2")
    _until(lambda: _searched(client) == 200)
    _until(_is_indexed)
    assert product.slug in client.get(f"/products?q={word}").get_data(as_text=True)
    assert not check_index().faults


def test_a_full_disk_stops_writes_and_not_searches(client: FlaskClient, seller: Person) -> None:
    word = f"halimah{uuid.uuid4().hex[:6]}"
    _read_only(is_on=True)
    try:
        product = a_listed_product(seller, title=f"Coffee {word}")
        with pytest.raises(EngineUnavailable):
            refresh_marked()
        assert _searched(client) == 200
        _all_pages(client)
    finally:
        _read_only(is_on=False)
    _until(_is_indexed)
    assert product.slug in client.get(f"/products?q={word}").get_data(as_text=True)


def _read_only(*, is_on: bool) -> None:
    """What the server does to every index of a disk that is full."""
    host = named("SOUQ_TEST_CLUSTER").partition(",")[0]
    body = json.dumps({"index.blocks.read_only_allow_delete": True if is_on else None}).encode()
    asked = urllib.request.Request(
        f"{host}/cluster_*/_settings", data=body, method="PUT", headers={"Content-Type": "application/json"}
    )
    urllib.request.urlopen(asked).close()


def _is_indexed() -> bool:
    """The job that refreshes the index runs again, as a worker would let it."""
    try:
        refresh_marked()
        engine().refresh()
    except EngineUnavailable:
        return False
    return not check_index().waiting
