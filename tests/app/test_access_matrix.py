"""T1, T2, T5: every route is called as every kind of person; whoever may not gets no answer and changes nothing."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from marketplace.access import ACCESS
from marketplace.kernel.copying import tables
from marketplace.kernel.http import HEADERS
from marketplace.kernel.policy import Actor
from marketplace.kernel.visitors import Who, classes_of
from tests.support.people import Cast, Person, guards

# rows that a refused request may touch: who was seen last, how often someone tried
NOT_BUSINESS = {"session", "tally", "audit_entry", "task", "search_log"}
VALUES: dict[str, str] = {"token": "no-such-token-at-all", "slug": "no-such-thing", "path": "css/site.css", "name": "x"}


def address(rule: Rule) -> str:
    """An address of ``rule``, with values that exist for nobody."""
    parts: list[str] = []
    for is_dynamic, data in rule._trace:
        if not is_dynamic:
            parts.append(data)
            continue
        converter = rule._converters[data]
        kind = type(converter).__name__
        if kind == "IntegerConverter":
            parts.append("1")
        elif kind == "AnyConverter":
            parts.append(sorted(converter.items)[0])
        else:
            parts.append(VALUES.get(data, "no-such-thing"))
    return "".join(parts).replace("|", "")


def calls(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of every route."""
    found = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            found.append((rule.endpoint, method, address(rule)))
    return sorted(found)


def fingerprint(session: Session) -> str:
    """A hash of every business row."""
    session.rollback()
    digest = hashlib.sha256()
    for table in tables():
        if table.name in NOT_BUSINESS:
            continue
        for row in session.execute(select(table).order_by(*table.primary_key.columns)):
            digest.update(repr((table.name, tuple(row))).encode())
    return digest.hexdigest()


def people_of(cast: Cast) -> dict[str, tuple[FlaskClient, Actor | None, Person | None]]:
    made: dict[str, tuple[FlaskClient, Actor | None, Person | None]] = {"visitor": (cast.app.test_client(), None, None)}
    for name in ("buyer", "seller", "partner", "curator", "operator"):
        person = getattr(cast, name)()
        made[name] = (person.client, person.actor, person)
    return made


@pytest.mark.parametrize("who", ["visitor", "buyer", "seller", "partner", "curator", "operator"])
def test_whoever_may_not_changes_nothing(app: Flask, people: Cast, session: Session, who: str) -> None:
    client, actor, person = people_of(people)[who]
    page = "/account/sessions" if person else "/sign-in"
    hidden = guards(client, page)
    before = fingerprint(session)
    leaks: list[tuple[str, str, int]] = []
    refused = 0
    for endpoint, method, path in calls(app):
        if classes_of(actor) & ACCESS[endpoint] or ACCESS[endpoint] == {Who.SAMPLE}:
            continue
        answer = client.open(path, method=method, data=hidden if method == "POST" else None)
        refused += 1
        is_led_away = answer.status_code == 302 and actor is None and "/sign-in" in answer.headers["Location"]
        if answer.status_code not in {403, 404} and not is_led_away:
            leaks.append((method, path, answer.status_code))
    assert leaks == []
    assert refused > 0 or who == "operator"
    assert fingerprint(session) == before


@pytest.mark.parametrize("who", ["visitor", "buyer", "seller", "partner", "curator", "operator"])
def test_no_route_answers_with_a_fault_of_ours(app: Flask, people: Cast, who: str) -> None:
    """T16 in small: allowed routes with values of nobody's, empty forms, and odd ones."""
    client, actor, _person = people_of(people)[who]
    faults: list[tuple[str, str, int]] = []
    for endpoint, method, path in calls(app):
        if not classes_of(actor) & ACCESS[endpoint] or endpoint == "health.readyz":
            continue
        for data in _bodies(method):
            if actor and client.get("/account/sessions").status_code != 200:
                # ending one's sessions or erasing oneself is allowed; go on as somebody new
                client, actor, _person = people_of(people)[who]
            hidden = guards(client, "/account/sessions" if actor else "/sign-in") if method == "POST" else {}
            answer = client.open(path, method=method, data={**hidden, **data} if method == "POST" else None)
            if answer.status_code >= 500:
                faults.append((method, path, answer.status_code))
            for name in HEADERS:
                assert name in answer.headers, (path, name)
            answer.close()
    assert faults == []


def _bodies(method: str) -> list[dict[str, Any]]:
    if method != "POST":
        return [{}]
    odd = dict.fromkeys(("text", "name", "version", "email", "quantity", "role", "state"), "\x00\u202e<script>1e309-1")
    return [{}, odd]


@pytest.mark.parametrize("status", [400, 404, 405, 413])
def test_failures_carry_the_headers(client: FlaskClient, status: int) -> None:
    answer = {
        400: lambda: client.post("/sign-in", data={}),
        404: lambda: client.get("/nothing/here"),
        405: lambda: client.delete("/healthz"),
        413: lambda: client.post("/sign-in", data={"a": "x" * (25 * 1024 * 1024)}),
    }[status]()
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "change",
    [
        {"csrf_token": ""},
        {"csrf_token": "x"},
        {"csrf_token": None},
        {"csrf_token": "a.b.c"},
        {"csrf_token": "0" * 5000},
    ],
)
def test_every_post_without_a_valid_token_is_refused(
    app: Flask, people: Cast, session: Session, change: dict[str, Any]
) -> None:
    """T6: before anyone's identity is read, and nothing changes."""
    person = people.operator()
    hidden = guards(person.client, "/account/sessions")
    body = {key: value for key, value in {**hidden, **change}.items() if value is not None}
    before = fingerprint(session)
    passed = []
    for _endpoint, method, path in calls(app):
        if method != "POST":
            continue
        answer = person.client.post(path, data=body)
        if answer.status_code not in {400, 404}:
            passed.append((path, answer.status_code))
    assert passed == []
    assert fingerprint(session) == before
