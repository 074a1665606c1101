"""T6: no POST of any route is taken without the token of its own page, whoever sends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from marketplace.wiring import csrf
from tests.support.accounts import HASH, PASSWORD, fill
from tests.support.people import Cast, guards

PAGE = "/account/sessions"
Way = Callable[[dict[str, str], dict[str, str]], dict[str, Any]]
# each gets the hidden inputs of a page of one's own and of somebody else's
WAYS: dict[str, Way] = {
    "nothing": lambda _own, _other: {"data": {}},
    "empty": lambda _own, _other: {"data": {"csrf_token": ""}},
    "made up": lambda _own, _other: {"data": {"csrf_token": "a" * 60}},
    "changed": lambda own, _other: {"data": {"csrf_token": own["csrf_token"][:-2] + "xx"}},
    "cut": lambda own, _other: {"data": {"csrf_token": own["csrf_token"][:20]}},
    "somebody else's": lambda _own, other: {"data": {"csrf_token": other["csrf_token"]}},
    "submit key only": lambda own, _other: {"data": {"_once": own["_once"]}},
    "in the address": lambda own, _other: {"query_string": {"csrf_token": own["csrf_token"]}},
    "as JSON": lambda own, _other: {"json": {"csrf_token": own["csrf_token"]}},
    "as plain text": lambda own, _other: {"data": f"csrf_token={own['csrf_token']}", "content_type": "text/plain"},
    "in a cookie": lambda own, _other: {"headers": {"Cookie": f"csrf_token={own['csrf_token']}"}},
    "header of somebody else": lambda _own, other: {"headers": {"X-CSRFToken": other["csrf_token"]}},
    "other method by header": lambda _own, _other: {"headers": {"X-HTTP-Method-Override": "GET"}},
}


def posting(app: Flask) -> list[Rule]:
    """Every route that takes a POST and is not spared by a stated exception."""
    spared = csrf._exempt_views
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "POST" in (rule.methods or ()) and f"{view.__module__}.{view.__name__}" not in spared:
            found.append(rule)
    return found


def address(app: Flask, rule: Rule) -> str:
    """An address of the rule with some values in it."""
    values: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        if kind == "AnyConverter":
            values[name] = sorted(converter.items)[0]
        else:
            values[name] = 1 if kind == "IntegerConverter" else "x"
    with app.test_request_context():
        return str(app.url_map.bind("").build(rule.endpoint, values, method="POST"))


@pytest.mark.parametrize("way", WAYS)
def test_t6_no_post_without_its_token(app: Flask, people: Cast, way: str) -> None:
    person = people.operator()
    own, other = guards(person.client, PAGE), guards(people.buyer().client, PAGE)
    rules = posting(app)
    assert len(rules) > 100
    assert len(WAYS) >= 11
    taken = [
        rule.rule
        for rule in rules
        if person.client.post(address(app, rule), **WAYS[way](own, other)).status_code != 400
    ]
    assert taken == []


def test_t6_a_visitor_needs_the_token_as_well(app: Flask, client: FlaskClient) -> None:
    taken = [rule.rule for rule in posting(app) if client.post(address(app, rule)).status_code != 400]
    assert taken == []


def test_the_token_of_before_signing_in_is_void_afterwards(app: Flask, people: Cast) -> None:

    people.buyer(email="who@example.test", password_hash=HASH)
    client = app.test_client()
    before = guards(client, "/sign-in")
    fill(client, "/sign-in", identifier="who@example.test", password=PASSWORD)
    assert client.post("/account/sessions/end-others", data=before).status_code == 400
    assert client.post("/account/sessions/end-others", data=guards(client, PAGE)).status_code == 303
