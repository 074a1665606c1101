"""Search on three real nodes: one dies, one hangs, two die, all die; pages stay quick and nothing heals by hand."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.discovery.checking import check_index, rebuild_index
from marketplace.discovery.engine import engine
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
    is_in_step,
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

pytestmark = pytest.mark.scaled
NODES = ("1", "2", "3")
LONGEST_START = 600.0  # three servers on two cores that others use


def tool(*words: str) -> None:
    """The tool that kills and pauses the nodes."""
    subprocess.run([named("SOUQ_TEST_CLUSTER_TOOL"), *words], check=True, stdout=subprocess.DEVNULL)


def up(*nodes: str) -> None:
    """Start nodes at once and wait for them: alone none is part of a cluster, and how long it takes is the machine's."""
    command = named("SOUQ_TEST_CLUSTER_TOOL")
    quiet = subprocess.DEVNULL
    for each in [subprocess.Popen([command, "up", node], stdout=quiet, stderr=quiet) for node in nodes]:
        each.wait()  # it gives up after two minutes, the node does not
    until(is_complete, "three nodes, each copy in its place", LONGEST_START)


def hosts() -> list[str]:
    """Addresses of the nodes, the first one first."""
    first, *others = named("SOUQ_TEST_CLUSTER").split(",")
    return [first, *(each if "://" in each else f"http://{each}" for each in others)]


def is_complete() -> bool:
    """Whether three nodes have found each other and every copy is where it should be."""
    try:
        health = ask_server(hosts()[0], "GET", "/_cluster/health")
    except OSError:
        return False
    return health["number_of_nodes"] == len(NODES) and health["status"] == "green"


@pytest.fixture(scope="module")
def app(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site with a SQLite database and the three nodes as its search."""
    with a_site(prepared, tmp_path_factory.mktemp("cluster"), named("SOUQ_TEST_CLUSTER")) as made:
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
def client(app: Flask, seller: Person) -> FlaskClient:
    """A visitor of a site whose search answers, on a cluster that is complete."""
    visitor = app.test_client()
    until(is_complete, "three nodes, each copy in its place", LONGEST_START)
    until(lambda: is_in_step() and searched(visitor) == 200, "a search that answers")
    return visitor


@pytest.mark.parametrize("node", NODES)
def test_a_node_dies_and_comes_back(client: FlaskClient, seller: Person, node: str) -> None:
    word = a_word("zubaidah")
    tool("kill", node)
    try:
        quick_pages(client)
        product = a_listed_product(seller, title=f"Coffee {word}")
        until(lambda: is_in_step() and searched(client) == 200, "the other two answer and write")
        assert is_found(client, word, product.slug)
    finally:
        up(node)
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")
    assert is_found(client, word, product.slug)


@pytest.mark.parametrize("node", NODES)
def test_a_node_hangs(client: FlaskClient, node: str) -> None:
    tool("pause", node)
    try:
        quick_pages(client)
        all_pages(client)
    finally:
        tool("resume", node)
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")


def test_without_a_majority_pages_go_on_and_what_changed_is_found_afterwards(
    client: FlaskClient, seller: Person
) -> None:
    word = a_word("halimah")
    tool("kill", "1")
    tool("kill", "2")
    try:
        quick_pages(client)
        product = a_listed_product(seller, title=f"Coffee {word}")
        assert status(client, f"/products/{product.slug}") == 200
        run_due()
        assert not failed_tasks()
    finally:
        up("1", "2")
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")
    assert is_found(client, word, product.slug)


def test_without_any_node_search_rests(client: FlaskClient, seller: Person) -> None:
    word = a_word("maryam")
    for node in NODES:
        tool("kill", node)
    try:
        quick_pages(client, searching=frozenset({503}))
        product = a_listed_product(seller, title=f"Coffee {word}")
        run_due()
        assert waiting()
        assert not failed_tasks()
        all_pages(client)
    finally:
        up(*NODES)
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")
    assert is_found(client, word, product.slug)


def test_a_rebuild_is_done_while_a_node_dies(client: FlaskClient, app: Flask) -> None:
    before = engine().count()
    killed: list[str] = []

    def meanwhile(_count: int) -> None:
        if not killed:
            killed.append("3")
            tool("kill", "3")

    try:
        until(lambda: rebuilt(meanwhile) == before, "a rebuild")
        assert killed
        assert engine().count() == before
        assert searched(client) == 200
    finally:
        up("3")
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")
    alias = alias_of(app.extensions["souq_settings"])
    assert len(ask_server(hosts()[0], "GET", f"/{alias}")) == 1


def rebuilt(meanwhile: Callable[[int], None]) -> int:
    """How many documents a rebuild wrote; a try that failed with the node is followed by another."""
    try:
        return rebuild_index(meanwhile)
    except EngineUnavailable as fault:
        print(f"a rebuild failed: {fault}")
        return -1


def test_a_full_disk_stops_writes_and_not_searches(client: FlaskClient, seller: Person, app: Flask) -> None:
    word, alias = a_word("salamah"), alias_of(app.extensions["souq_settings"])
    full = {"index.blocks.read_only_allow_delete": True}
    ask_server(hosts()[1], "PUT", f"/{alias}/_settings", full)
    try:
        product = a_listed_product(seller, title=f"Coffee {word}")
        run_due()
        assert waiting()
        quick_pages(client, searching=frozenset({200}))
    finally:
        ask_server(hosts()[1], "PUT", f"/{alias}/_settings", dict.fromkeys(full))
    whole_again(client)
    until(lambda: shows_what_is_near(client), "what is near")
    assert is_found(client, word, product.slug)
