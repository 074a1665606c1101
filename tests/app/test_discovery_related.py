"""Where little is found, what is near comes behind it: learnt by the worker, never counted, and never needed."""

from __future__ import annotations

import dataclasses
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import matching.embedding
from config.settings import RANKING_NAMES, Settings, SettingsError
from marketplace.accounts.events import OrganisationChanged
from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.cli.search import command
from marketplace.discovery import learning
from marketplace.discovery.checking import check_index, rebuild_index
from marketplace.discovery.embedder import current_embedder
from marketplace.discovery.engine import engine, related_folder, switched_off
from marketplace.discovery.jobs import ask_for_vectors, look_after
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.events import record
from marketplace.kernel.outbox import Task
from marketplace.kernel.uow import transaction
from marketplace.saved.wishes import search_of
from marketplace.web.warming import warm
from matching.embedding import LearntEmbedder
from matching.vectors import Vectors
from search import ranking
from search.errors import EngineUnavailable
from search.parser import parse
from search.related import Said
from tests.support.factories import a_listed_product
from tests.support.people import Cast, Person

HEADING = "Related goods"
GOODS = {
    "coffee-arabica-green": "Beans of one harvest.",
    "coffee-robusta-green": "Beans from the southern slopes.",
    "coconut-sugar": "Sweet and dark.",
    "palm-sugar-aren": "Sweet blocks.",
    "batik-fabric": "Drawn by hand.",
}
Market = dict[str, list[Product]]


@pytest.fixture
def seller(people: Cast) -> Person:
    return people.seller()


@pytest.fixture
def market(seller: Person, monkeypatch: pytest.MonkeyPatch) -> Market:
    """Two of each of some goods, and enough of them to learn from."""
    monkeypatch.setattr(matching.embedding, "LEAST", 5)
    return {key: [a_listed_product(seller, key, description=text) for _ in range(2)] for key, text in GOODS.items()}


def page(client: FlaskClient, query: str) -> tuple[str, str]:
    """What was found, and what is related."""
    text = client.get(f"/en/products?{query}").get_data(as_text=True)
    found, _, related = text.partition(HEADING)
    return found, related.partition("</section>")[0]


def shown(text: str) -> set[str]:
    return set(re.findall(r"/products/(product-\d+)\"", text))


def slugs(market: Market, *goods: str) -> set[str]:
    return {each.slug for key in goods for each in market[key]}


def test_what_is_near_comes_behind_what_is_found(client: FlaskClient, market: Market) -> None:
    found, related = page(client, "q=palm+sugar")
    assert slugs(market, "palm-sugar-aren") <= shown(found)
    assert not related
    look_after()
    again, related = page(client, "q=palm+sugar")
    assert shown(again) == shown(found)
    assert slugs(market, "coconut-sugar") <= shown(found) | shown(related)
    assert shown(related)
    assert not shown(related) & shown(again)
    assert not shown(related) & slugs(market, "batik-fabric")


def asked_for(session: Session) -> int:
    """How many times the worker was given vectors to look after, once the hour's look was made."""
    ask_for_vectors()
    session.rollback()
    return session.scalar(select(func.count()).select_from(Task).where(Task.job == "discovery.look_after_vectors")) or 0


def test_the_hours_look_begins_nothing_where_nothing_is_to_be_done(
    session: Session, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked_for(session) == 1
    assert asked_for(session) == 1  # of two workers one
    look_after()
    with frozen(now() + timedelta(hours=1)):
        assert asked_for(session) == 1
    (related_folder() / learning._DUE).touch()  # an index that still has to take them in
    with frozen(now() + timedelta(hours=2)):
        assert asked_for(session) == 2
        look_after()
    with frozen(now() + timedelta(hours=3)):
        assert asked_for(session) == 2
    with frozen(now() + learning.KEPT + timedelta(hours=1)):
        assert asked_for(session) == 3
    monkeypatch.setattr(matching.embedding, "LEAST", 500)
    with frozen(now() + learning.KEPT + timedelta(hours=2)):
        assert asked_for(session) == 3  # too few to learn from


def test_filters_and_pages_hold(client: FlaskClient, market: Market) -> None:
    look_after()
    asked = "q=palm+sugar&commodity=palm-sugar-aren"
    assert not shown(page(client, asked)[1])
    assert not shown(page(client, "q=palm+sugar&page=2")[1])
    assert not shown(page(client, "")[1])


def test_where_nothing_is_found_the_ways_out_stay(client: FlaskClient, market: Market) -> None:
    look_after()
    found, related = page(client, "q=palm+sugar&commodity=coconut-sugar&commodity=coffee-arabica-green&price.max=0.01")
    assert "Post this as a request" in found
    assert not related
    found, related = page(client, "q=gula+aren&commodity=coconut-sugar")
    assert "Post this as a request" in found
    assert shown(related) == slugs(market, "coconut-sugar")


def test_goods_that_left_the_market_are_not_near(client: FlaskClient, market: Market, seller: Person) -> None:
    look_after()
    assert shown(page(client, "q=palm+sugar")[1])
    with transaction() as session:
        session.execute(
            update(Organisation).where(Organisation.id == seller.organisation_id).values(suspended_at=now())
        )
        record(session, OrganisationChanged(seller.organisation_id))
    assert not shown("".join(page(client, "q=palm+sugar")))


def test_what_comes_later_is_near_too(client: FlaskClient, market: Market, people: Cast) -> None:
    look_after()
    later = a_listed_product(people.seller(), "coconut-sugar", description="Sweet and dark.")
    assert later.slug in shown("".join(page(client, "q=palm+sugar")))


def test_few_goods_teach_nothing(client: FlaskClient, people: Cast) -> None:
    a_listed_product(people.seller(), "palm-sugar-aren")
    look_after()
    assert current_embedder(related_folder()) is None
    assert HEADING not in "".join(page(client, "q=palm+sugar"))


def test_learnt_once_and_again_when_it_has_aged(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    look_after()
    first = learnt()
    look_after()
    assert learnt() == first
    with frozen(now() + learning.KEPT + timedelta(hours=1)):
        look_after()
        later = learnt()
    assert later != first
    assert folders() == {later}
    with frozen(now() + learning.KEPT + timedelta(hours=2)):
        look_after()
        assert learnt() == later


@pytest.mark.parametrize("fault", ["spoiled", "gone", "another"])
def test_spoiled_vectors_cost_only_what_is_near(client: FlaskClient, market: Market, fault: str) -> None:
    look_after()
    first = learnt()
    matching.embedding._read.cache_clear()  # as in a process that has not read them yet
    if fault == "spoiled":
        (related_folder() / first / "projection.npy").write_bytes(b"spoiled")
    elif fault == "gone":
        (related_folder() / first / "vectors.json").unlink()
    else:
        (related_folder() / "current").write_bytes(b"\xff../..")
    found, related = page(client, "q=palm+sugar")
    assert slugs(market, "palm-sugar-aren") <= shown(found)
    assert not related
    with frozen(now() + timedelta(hours=1)):
        look_after()
    assert shown(page(client, "q=palm+sugar")[1])


def test_spoiled_vectors_are_not_read_for_every_search(
    client: FlaskClient, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_after()
    place, whole = related_folder() / learnt(), (related_folder() / learnt() / "projection.npy").read_bytes()
    matching.embedding._read.cache_clear()
    (place / "projection.npy").write_bytes(b"spoiled")
    read: list[Path] = []
    real = Vectors.load
    monkeypatch.setattr(Vectors, "load", lambda folder: (read.append(folder), real(folder))[1])
    for _ in range(3):
        assert current_embedder(related_folder()) is None
    assert read == [place]
    (place / "projection.npy").write_bytes(whole)
    os.utime(place, ns=(1, 1))  # the folder is another one now
    assert learnt() == place.name
    assert read == [place, place]


def test_saved_searches_do_not_ask_for_what_is_near(app: Flask) -> None:
    with app.test_request_context("/en/"):
        query = search_of("q=palm+sugar", "en")
    assert query.words
    assert not query.related


def test_an_engine_that_rests_gets_it_the_next_time(
    client: FlaskClient, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rest(_documents: object) -> int:
        raise EngineUnavailable("the search engine does not answer")

    with monkeypatch.context() as patched:
        patched.setattr(engine(), "rebuild", rest)
        look_after()
    first = learnt()
    assert not shown(page(client, "q=palm+sugar")[1])
    look_after()
    assert learnt() == first
    assert shown(page(client, "q=palm+sugar")[1])


def test_by_hand(app: Flask, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.app.create_app", lambda _settings: app)
    done = CliRunner().invoke(command, ["learn"])
    assert done.exit_code == 0
    assert learnt() in done.stdout
    asked = CliRunner().invoke(command, ["query", "palm sugar"])
    assert "related" in asked.stdout
    key = next(int(line.split()[1]) for line in asked.stdout.splitlines() if line.endswith("related"))
    told = CliRunner().invoke(command, ["explain", "palm sugar", str(key)])
    assert told.exit_code == 0
    assert "It is related: place 1" in told.stdout
    off = CliRunner().invoke(command, ["explain", "palm sugar", str(key), "--without", "related"])
    assert off.exit_code == 1


def test_too_few_goods_are_not_learnt_from_by_hand_either(
    app: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.app.create_app", lambda _settings: app)
    a_listed_product(people.seller(), "palm-sugar-aren")
    done = CliRunner().invoke(command, ["learn"])
    assert done.exit_code == 1
    assert "too few products" in done.stderr
    assert current_embedder(related_folder()) is None
    assert not folders()


def test_nobody_learns_while_another_does(market: Market) -> None:
    with learning._alone(related_folder(), is_waiting=False) as first:
        assert first
        half = related_folder() / ".261123010101abcdef"
        half.mkdir()
        look_after()
        assert folders() == {half.name}
    look_after()
    assert folders() == {learnt()}  # what a process left half learnt is swept, for now it can be nobody's


def test_changes_go_on_into_the_index_while_a_worker_learns(
    market: Market, people: Cast, outside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild_index()
    made: list[Product] = []
    real = matching.embedding.learn

    def slowly(texts: list[Said], folder: Path) -> LearntEmbedder:
        started.set()
        assert found.wait(30), "what was listed meanwhile is not found"
        return real(texts, folder)

    def bring_in(_count: int = 0) -> None:
        if started.is_set() and not made:
            made.append(a_listed_product(people.seller(), "coconut-sugar", title="Zubaidah sugar"))
        brought(_count)
        if made and engine().search(parse("zubaidah", "en")).keys == (made[0].id,):
            found.set()

    started, found, brought = threading.Event(), threading.Event(), learning._bring_in
    monkeypatch.setattr(matching.embedding, "learn", slowly)
    monkeypatch.setattr(learning, "_bring_in", bring_in)
    look_after()
    assert learnt()
    assert engine().search(parse("zubaidah", "en")).keys == (made[0].id,)
    assert not check_index().faults


@contextmanager
def without(app: Flask, *names: str) -> Iterator[None]:
    """The site as operators who say SEARCH_WITHOUT start it."""
    before: Settings = app.extensions["souq_settings"]
    stores = dataclasses.replace(before.stores, ranked_without=frozenset(names))
    app.extensions["souq_settings"] = dataclasses.replace(before, stores=stores)
    try:
        yield
    finally:
        app.extensions["souq_settings"] = before


def test_operators_switch_it_off_and_on(app: Flask, client: FlaskClient, market: Market, people: Cast) -> None:
    look_after()
    first, before = learnt(), page(client, "q=palm+sugar")
    with without(app, "related"):
        found, related = page(client, "q=palm+sugar")
        assert (shown(found), related) == (shown(before[0]), "")
        later = a_listed_product(people.seller(), "coconut-sugar", description="Sweet and dark.")
        with frozen(now() + learning.KEPT + timedelta(hours=1)):
            look_after()
        assert folders() == {first}  # it would have been learnt anew
    assert later.slug in shown("".join(page(client, "q=palm+sugar")))  # its vector was not left out meanwhile
    assert not switched_off()


def test_switched_off_from_the_start_nothing_is_learnt(app: Flask, market: Market) -> None:
    with without(app, "related"):
        look_after()
        assert current_embedder(related_folder()) is None
    look_after()
    assert learnt()


def test_what_is_switched_off_holds_for_pages_and_explanations(
    app: Flask, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.app.create_app", lambda _settings: app)
    look_after()
    key = str(market["coconut-sugar"][0].id)
    with app.test_request_context("/en/"), without(app, "freshness", "kind"):
        assert search_of("q=palm+sugar", "en").signals_off == {"freshness", "kind"}
    with without(app, "related"):
        assert CliRunner().invoke(command, ["explain", "palm sugar", key]).exit_code == 1
        assert "related" not in CliRunner().invoke(command, ["query", "palm sugar"]).stdout
        assert "SEARCH_WITHOUT" in CliRunner().invoke(command, ["learn"]).stdout
    assert CliRunner().invoke(command, ["explain", "palm sugar", key]).exit_code == 0


def test_the_setting_names_what_ranking_has(tmp_path: Path) -> None:
    assert RANKING_NAMES == ranking.NAMES
    read = Settings.from_env({"SOUQ_HOME": str(tmp_path), "SEARCH_WITHOUT": " related, freshness,"})
    assert read.stores.ranked_without == {"related", "freshness"}
    assert not Settings.from_env({"SOUQ_HOME": str(tmp_path)}).stores.ranked_without
    with pytest.raises(SettingsError, match=r"SEARCH_WITHOUT: .*related"):
        Settings.from_env({"SOUQ_HOME": str(tmp_path), "SEARCH_WITHOUT": "money"})


def test_a_new_worker_reads_the_vectors_before_somebody_waits(app: Flask, market: Market) -> None:
    look_after()
    matching.embedding._read.cache_clear()
    with without(app, "related"):
        warm(app)
        assert matching.embedding._read.cache_info().currsize == 0
    warm(app)
    assert matching.embedding._read.cache_info().currsize == 1


def learnt() -> str:
    """The name of what searches use."""
    found = current_embedder(related_folder())
    assert found is not None
    return found.name


def folders() -> set[str]:
    return {each.name for each in related_folder().iterdir() if each.is_dir()}
