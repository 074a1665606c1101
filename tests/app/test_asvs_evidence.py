"""What ref-asvs.md names and no other test shows: cookies by name, what a sign-out leaves, what is written down."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import marketplace.app as app_module
from config.logging import configure_logging
from config.settings import Settings
from marketplace.accounts.passwords import hash_password, matches
from marketplace.accounts.rules import PASSWORD_LENGTH, PASSWORD_LIMIT
from marketplace.kernel.database import db
from tests.support.application import build
from tests.support.people import Cast, guards

PASSWORD = "kapal-layar-di-teluk-biru"


@pytest.fixture
def signing_in(app: Flask, people: Cast) -> FlaskClient:
    """A visitor's client; there is a buyer with PASSWORD at ada@example.test."""
    people.buyer(email="ada@example.test", password_hash=hash_password(PASSWORD))
    return app.test_client()


def test_the_session_cookie_is_this_hosts_alone(settings: Settings) -> None:
    public = build(replace(settings, web=replace(settings.web, public_url="https://souq.test")))
    with public.app_context():
        answer = public.test_client().get("/sign-in", base_url="https://souq.test")
        (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if "souq=" in one]
        db.session.remove()
        db.engine.dispose()
    assert cookie.startswith("__Host-souq=")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
    assert not [part for part in parts if part.startswith("Domain")]


def test_a_signed_in_person_is_known_by_that_cookie(settings: Settings) -> None:
    public = build(replace(settings, web=replace(settings.web, public_url="https://souq.test")))
    with public.app_context():
        Cast(public).buyer(email="ada@example.test", password_hash=hash_password(PASSWORD))
        client, home = public.test_client(), {"base_url": "https://souq.test"}
        page = client.get("/sign-in", **home).text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        sent = {"csrf_token": token, "identifier": "ada@example.test", "password": PASSWORD}
        answer = client.post("/sign-in", data=sent, headers={"Referer": "https://souq.test/sign-in"}, **home)
        assert answer.status_code == HTTPStatus.SEE_OTHER
        assert client.get("/account", **home).status_code == HTTPStatus.OK
        assert client.get("/products", **home).status_code == HTTPStatus.OK  # never another's kept page
        assert "Sign out" in client.get("/products", **home).text
        db.session.remove()
        db.engine.dispose()


def test_signing_out_empties_what_the_browser_kept(people: Cast) -> None:
    buyer = people.buyer()
    answer = buyer.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"storage"'


def test_each_try_to_sign_in_is_written_down_without_what_was_typed(
    signing_in: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for name, password in (("ada@example.test", "wrong-words-altogether"), ("nobody@example.test", PASSWORD)):
        sent = {**guards(signing_in, "/sign-in"), "identifier": name, "password": password}
        assert signing_in.post("/sign-in", data=sent).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    sent = {**guards(signing_in, "/sign-in"), "identifier": "ada@example.test", "password": PASSWORD}
    assert signing_in.post("/sign-in", data=sent).status_code == HTTPStatus.SEE_OTHER
    said = [(one.message, vars(one).get("user_id") is not None) for one in caplog.records if "accounts." in one.message]
    assert said == [
        ("accounts.sign_in_refused", True),
        ("accounts.sign_in_refused", False),
        ("accounts.session_begun", True),
    ]
    assert "ada@" not in caplog.text
    assert PASSWORD not in caplog.text


def test_who_is_refused_is_written_down(app: Flask, people: Cast, caplog: pytest.LogCaptureFixture) -> None:
    buyer = people.buyer()
    assert buyer.client.get("/leads").status_code == HTTPStatus.FORBIDDEN
    assert buyer.client.get("/requests/9999").status_code == HTTPStatus.NOT_FOUND
    assert app.test_client().post("/sign-in").status_code == HTTPStatus.BAD_REQUEST
    said = [(one.message, vars(one).get("status")) for one in caplog.records if one.message.startswith("access.")]
    assert said == [("access.refused", 403), ("access.refused", 404), ("access.without_token", None)]


def test_a_password_is_compared_whole_as_it_was_typed() -> None:
    longest = "ab cd EF 12 ü" * 20
    longest = longest[:PASSWORD_LIMIT]
    kept = hash_password(longest)
    assert PASSWORD_LENGTH >= 8
    assert len(longest) >= 64
    assert matches(kept, longest)
    for other in (longest + "x", longest[:-1], longest.lower(), f" {longest[1:]}", longest.replace("ü", "u")):
        assert not matches(kept, other)


@pytest.mark.parametrize("path", ["/", "/products", "/account", "/healthz"])
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_methods_that_show_a_request_to_its_sender_are_not_taken(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method, headers={"Cookie": "souq=secret-of-somebody"})
    assert answer.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}
    assert "secret-of-somebody" not in answer.text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/en/products", "text/html; charset=utf-8"),
        ("/nothing/here", "text/html; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/healthz", "application/json"),  # RFC 8259 knows no charset for it
    ],
)
def test_every_text_says_what_it_is_and_how_it_is_written(client: FlaskClient, path: str, kind: str) -> None:
    assert client.get(path).headers["Content-Type"] == kind


@pytest.mark.parametrize("path", ["/sign-in", "/account/password", "/account/privacy"])
def test_fields_of_passwords_hide_what_is_typed_and_may_be_filled(people: Cast, client: FlaskClient, path: str) -> None:
    html = (client if path == "/sign-in" else people.buyer().client).get(path).text
    fields = [tag for tag in re.findall(r"<input[^>]*>", html) if re.search(r'name="(password|present)"', tag)]
    assert fields
    for tag in fields:
        assert 'type="password"' in tag
        assert re.search(r'autocomplete="(current|new)-password"', tag), tag
        assert "onpaste" not in tag


@pytest.mark.parametrize(
    "path", ["/.git/config", "/static/../.git/config", "/static/%2e%2e/app.py", "/.env", "/static/", "/static/js/"]
)
def test_no_file_beside_those_to_be_shown_is_served(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "Index of" not in answer.text


def test_scripts_write_words_as_words() -> None:
    """Markup is made of the site's own alone: a blank line out of the same page, and pages that the site answers."""
    scripts = Path(app_module.__file__).parent / "static" / "js"
    texts = {one.name: one.read_text(encoding="utf-8") for one in scripts.glob("*.js")}
    makers = re.compile(r"\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\b|new Function")
    assert {name for name, text in texts.items() if makers.search(text)} == {"lines.js"}
    assert re.findall(r"innerHTML = ([^;]+);", texts["lines.js"]) == [
        'blank.innerHTML.replaceAll("__n__", String(next()))'
    ]
    parsed = {
        name: re.findall(r"parseFromString\((.*?), ", text) for name, text in texts.items() if "DOMParser" in text
    }
    assert parsed == {"finder.js": ["await answer.text()"], "proceeds.js": ["await answer.text()"]}


def test_a_log_line_is_one_line_with_its_time_and_holds_no_person(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers
    try:
        configure_logging("json")
        hostile = 'x"}\n{"event": "payment.settled", "amount": 1}'
        logging.getLogger("souq.test").warning("thing.seen", extra={"subject": hostile, "email": "ada@example.test"})
    finally:
        logging.getLogger().handlers = before
    (line,) = [one for one in capsys.readouterr().err.splitlines() if one]
    said = json.loads(line)
    assert (said["event"], said["level"], said["subject"]) == ("thing.seen", "warning", hostile)
    assert datetime.fromisoformat(said["timestamp"]).utcoffset() == timedelta(0)
    assert "ada@" not in line


def test_a_fault_is_written_down_where_it_happened_and_told_to_nobody(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_values: object) -> None:
        raise RuntimeError("the inside of the house")

    endpoint, _values = app.url_map.bind("localhost").match("/sellers")
    monkeypatch.setitem(app.view_functions, endpoint, fail)
    answer = client.get("/sellers")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "inside of the house" not in answer.text
    assert "RuntimeError" not in answer.text
    (record,) = [one for one in caplog.records if one.message == "request.failed"]
    assert vars(record)["endpoint"] == endpoint
    assert record.exc_info is not None


@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("10.2.3.4", 200), ("fd00::7", 200), ("8.8.8.8", 404), ("odd", 404)]
)
def test_figures_are_for_the_operators_own_networks(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get("/metrics", environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert ("souq_requests" in answer.text) is (status == HTTPStatus.OK)
    assert client.get("/readyz", environ_overrides={"REMOTE_ADDR": address}).status_code == HTTPStatus.OK
