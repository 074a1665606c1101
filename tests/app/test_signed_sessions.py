"""A cookie that came before is known, and judged all the same: its signature, its age, and what it holds."""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import Any

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import text

from marketplace.kernel import signed_session
from marketplace.kernel.database import db, reading
from marketplace.kernel.site import Site
from tests.support.people import Cast, guards

PAGE = "/account/sessions"
DAY = 86_400


def cookie_of(app: Flask, values: dict[str, Any]) -> str:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps(values))


def opened(app: Flask, cookie: str) -> dict[str, Any]:
    with app.test_request_context(headers={"Cookie": f"souq={cookie}"}):
        return dict(session)


def test_a_known_cookie_is_as_it_was_signed(app: Flask) -> None:
    values = {"_user_id": "a", "_fresh": True, "csrf_token": "b", "number": 3, "nothing": None}
    cookie = cookie_of(app, values)
    assert opened(app, cookie) == opened(app, cookie) == values
    head, _, tail = cookie.rpartition(".")
    assert opened(app, f"{head}.{tail[:-2]}xx") == {}
    assert opened(app, cookie + "x") == {}
    assert opened(app, "x" * 2_000) == {}


def test_what_one_request_changes_stays_its_own(app: Flask) -> None:
    cookie = cookie_of(app, {"csrf_token": "b", "_flashes": [("info", "Hello")]})
    for _ in range(3):
        with app.test_request_context(headers={"Cookie": f"souq={cookie}"}):
            assert session["_flashes"] == [("info", "Hello")]
            session["_flashes"].append(("info", "Again"))
            session["csrf_token"] = "c"
        with app.test_request_context(headers={"Cookie": f"souq={cookie}"}):
            assert session["csrf_token"] == "b"


def test_a_known_cookie_grows_old(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = cookie_of(app, {"csrf_token": "b"})
    signed_at = time.time()
    assert opened(app, cookie) == {"csrf_token": "b"}
    for days, is_taken in ((29.9, True), (30.1, False), (-0.1, False)):
        monkeypatch.setattr("time.time", lambda days=days: signed_at + days * DAY)
        assert (opened(app, cookie) == {"csrf_token": "b"}) is is_taken


def test_a_new_key_makes_known_cookies_void_unless_the_old_one_is_a_fallback(app: Flask) -> None:
    cookie, old = cookie_of(app, {"csrf_token": "b"}), app.secret_key
    assert opened(app, cookie) == {"csrf_token": "b"}
    try:
        app.secret_key = "another-key-of-thirty-two-letters-x"
        assert opened(app, cookie) == {}
        app.config["SECRET_KEY_FALLBACKS"] = [old]
        assert opened(app, cookie) == {"csrf_token": "b"}
    finally:
        app.secret_key = old
        app.config["SECRET_KEY_FALLBACKS"] = None


def test_the_memory_of_cookies_has_an_end() -> None:
    assert signed_session._read.cache_info().maxsize == 1024


@pytest.mark.parametrize(
    ("referrer", "status"),
    [("https://localhost/en", 303), ("https://elsewhere.example/", 400), ("http://localhost/", 400), ("", 400)],
)
def test_with_https_a_form_comes_from_this_site(app: Flask, people: Cast, referrer: str, status: int) -> None:
    client: FlaskClient = people.buyer().client
    for _ in range(2):  # a token that is known already is not taken more lightly
        headers = {"Referer": referrer} if referrer else {}
        data = guards(client, PAGE)
        answer = client.post(
            "/account/sessions/end-others", data=data, headers=headers, environ_overrides={"wsgi.url_scheme": "https"}
        )
        assert answer.status_code == status


def test_no_view_or_hook_is_a_coroutine(app: Flask) -> None:
    """`Site` calls them as they are."""
    assert isinstance(app, Site)
    hooks = [app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs]
    called = [*app.view_functions.values(), *(one for each in hooks for found in each.values() for one in found)]
    called += [one for each in app.error_handler_spec.values() for by_code in each.values() for one in by_code.values()]
    assert len(called) > 100
    assert [one for one in called if inspect.iscoroutinefunction(one) or asyncio.iscoroutinefunction(one)] == []


def test_a_reading_sees_one_state_of_the_database(app: Flask) -> None:
    count = text("SELECT count(*) FROM tally")
    write = text("INSERT INTO tally (key, since, count) VALUES ('reading', '2026-01-01', 1)")
    with reading() as on:
        before = on.execute(count).scalar_one()
        with db.engine.connect() as other:
            other.execute(write)
            other.commit()
        assert on.execute(count).scalar_one() == before
    with reading() as on:
        assert on.execute(count).scalar_one() == before + 1
