"""What web workers are forked from: pages gone through once, nothing open, nothing counted."""

from __future__ import annotations

import logging
import os
import runpy
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from config.settings import Settings
from marketplace.discovery.checking import rebuild_index
from marketplace.discovery.engine import engine, use_engine
from marketplace.discovery.models import SearchLog
from marketplace.kernel.database import db
from marketplace.web.rehearsal import rehearse
from tests.support.application import build, home_settings
from tests.support.factories import a_listed_product
from tests.support.people import Cast

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def alone(settings: Settings, app: Flask, people: Cast) -> Flask:
    """An application on a market with one product, as `souq serve` has it before it forks: nothing else is open."""
    a_listed_product(people.seller())
    rebuild_index()
    engine().close()
    use_engine(None)  # a client of Elasticsearch does not open again
    db.session.remove()
    db.engine.dispose()
    return build(settings)


def open_files(folder: Path) -> list[str]:
    """The files below ``folder`` that this process holds open."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith(str(folder)):
            found.append(target)
    return found


def test_pages_are_made_and_every_connection_is_closed_again(
    alone: Flask, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if not settings.stores.is_sqlite or "sqlite:" not in settings.stores.search_url or settings.stores.redis_url:
        assert not rehearse(alone)
        return
    before, threads = sorted(open_files(tmp_path)), threading.active_count()
    with caplog.at_level(logging.WARNING, "marketplace"):
        assert rehearse(alone)
    assert caplog.records == []
    assert sorted(open_files(tmp_path)) == before
    assert threading.active_count() == threads
    made = alone.jinja_env.cache
    assert made is not None
    names = {name for _, name in made.keys()}  # noqa: SIM118 - jinja's cache is no dictionary
    assert {"layouts/base.html", "web/home.html"} <= names


def test_no_search_is_counted_that_nobody_asked(alone: Flask) -> None:
    rehearse(alone)
    with alone.app_context():
        assert db.session.scalar(select(func.count()).select_from(SearchLog)) == 0


def test_pages_are_gone_through_once(alone: Flask, settings: Settings) -> None:
    rehearse(alone)
    assert not rehearse(alone)


def test_a_database_that_is_not_ready_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    application = build(home_settings(tmp_path))
    with caplog.at_level(logging.WARNING, "marketplace"):
        assert not rehearse(application)
    assert caplog.records == []
    assert open_files(tmp_path) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"},
        {"search_url": "http://127.0.0.1:1"},
        {"redis_url": "redis://127.0.0.1:1"},
    ],
)
def test_what_is_reached_by_the_network_is_not_reached(
    tmp_path: Path, elsewhere: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = home_settings(tmp_path)
    application = build(settings)
    application.extensions["souq_settings"] = replace(settings, stores=replace(settings.stores, **elsewhere))
    monkeypatch.setattr("marketplace.web.rehearsal._go_through", lambda _app: pytest.fail("a page was asked for"))
    assert not rehearse(application)


def test_a_failure_is_told_and_keeps_nobody_from_starting(
    alone: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_app: Flask) -> None:
        raise RuntimeError("no page today")

    stores = alone.extensions["souq_settings"].stores
    monkeypatch.setattr("marketplace.web.rehearsal._go_through", fail)
    assert not rehearse(alone)
    is_local = stores.is_sqlite and "sqlite:" in stores.search_url and not stores.redis_url
    assert [each.message for each in caplog.records if each.name.endswith("rehearsal")] == [
        "rehearsal.failed"
    ] * is_local


def test_a_page_that_fails_is_told(alone: Flask, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    if not settings.stores.is_sqlite or "sqlite:" not in settings.stores.search_url or settings.stores.redis_url:
        return

    def fail() -> None:
        raise OSError("no room for counters")

    alone.before_request_funcs.setdefault(None, []).insert(0, fail)
    assert not rehearse(alone)
    assert [each.message for each in caplog.records if each.name.endswith("rehearsal")] == ["rehearsal.failed"]


def test_a_new_home_has_a_place_for_counters_before_pages_are_gone_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUQ_HOME", str(tmp_path))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics"))
    hooks = runpy.run_path(str(ROOT / "config" / "gunicorn.py"))
    found: list[bool] = []
    application = SimpleNamespace(extensions={"souq_share": lambda _app: found.append((tmp_path / "metrics").is_dir())})
    hooks["on_starting"](SimpleNamespace(app=SimpleNamespace(wsgi=lambda: application)))
    assert found == [True]
    assert (tmp_path / "metrics").is_dir()


def test_visitors_find_what_they_would_find_without_it(alone: Flask, client: FlaskClient) -> None:
    before = client.get("/en/products").text
    rehearse(alone)
    assert alone.test_client().get("/en/products").text == before
