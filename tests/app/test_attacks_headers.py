"""T5 and T6 on every route: the headers on every answer, and no statement before a form's token was checked."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, abort, redirect
from sqlalchemy import event
from werkzeug.datastructures import Headers

from marketplace import admission
from marketplace.access import ACCESS
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound, TooMany
from marketplace.kernel.http import HEADERS
from marketplace.kernel.visitors import Who, classes_of
from tests.app.test_access_matrix import calls, people_of
from tests.support.people import Cast, guards

pytestmark = pytest.mark.usefixtures("moment")


def _raise(fault: BaseException) -> Any:
    raise fault


# what a view can do, by the status that people then see
ENDS: dict[int, Any] = {
    200: lambda **_: "fine",
    302: lambda **_: redirect("/"),
    303: lambda **_: redirect("/", 303),
    400: lambda **_: abort(400),
    403: lambda **_: _raise(Forbidden("No.")),
    404: lambda **_: _raise(NotFound()),
    405: lambda **_: abort(405),
    409: lambda **_: _raise(Conflict("Changed.")),
    413: lambda **_: abort(413),
    422: lambda **_: _raise(DomainError("Not so.")),
    429: lambda **_: _raise(TooMany("Later.", 30)),
    500: lambda **_: _raise(RuntimeError("planted")),
}


def is_kept(name: str, value: str, given: Headers) -> bool:
    """Whether a header is there once, with its value; pages whose address holds a token tell no referrer at all."""
    stricter = ["no-referrer"] if name == "Referrer-Policy" else []
    return given.getlist(name) in ([value], stricter)


@pytest.mark.parametrize("status", ENDS)
def test_t5_every_route_carries_the_headers_whatever_its_status(app: Flask, people: Cast, status: int) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as outside of tests
    cast = people_of(people)
    hidden = {
        who: guards(client, "/account/sessions" if actor else "/sign-in") for who, (client, actor, _one) in cast.items()
    }
    misses: list[tuple[str, str, str]] = []
    checked = 0
    for endpoint, method, path in calls(app):
        if ACCESS[endpoint] == {Who.SAMPLE}:
            continue
        who = next(name for name, (_client, actor, _one) in cast.items() if classes_of(actor) & ACCESS[endpoint])
        app.view_functions[endpoint] = ENDS[status]
        answer = cast[who][0].open(path, method=method, data=hidden[who] if method == "POST" else None)
        assert answer.status_code == status, (endpoint, answer.status_code)
        checked += 1
        given = answer.headers
        misses += [(endpoint, path, name) for name, value in HEADERS.items() if not is_kept(name, value, given)]
        if "unsafe" in given.get("Content-Security-Policy", "unsafe"):
            misses.append((endpoint, path, "unsafe"))
    assert misses == []
    assert checked > 150


def test_t5_pictures_and_files_that_set_their_own_policy_allow_nothing(app: Flask) -> None:
    from marketplace.catalogue.views.media import _SVG_POLICY

    assert "unsafe" not in _SVG_POLICY
    assert _SVG_POLICY.startswith("default-src 'none'")
    assert "sandbox" in _SVG_POLICY


# no form posts there: what comes is refused by its own signature, see test_payments_stripe.py
SIGNED = frozenset({"payments.stripe_events", "whatsapp.events"})


@pytest.mark.parametrize("who", ["visitor", "buyer", "seller", "partner", "curator", "operator"])
def test_t6_a_post_without_its_token_is_refused_before_identity_is_read(
    app: Flask, people: Cast, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, actor, _person = people_of(people)[who]
    guards(client, "/account/sessions" if actor else "/sign-in")
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    def come_too_far(*_: Any) -> None:
        raise AssertionError("who it is was asked before the token was checked")

    monkeypatch.setattr(admission, "check_access", come_too_far)
    event.listen(db.engine, "before_cursor_execute", note)
    taken: list[tuple[str, int, str]] = []
    count = 0
    for endpoint, method, path in calls(app):
        if method != "POST" or endpoint in SIGNED:
            continue
        statements.clear()
        answer = client.post(path, data={"csrf_token": "made up", "_once": "x", "text": "x"})
        count += 1
        asked = [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        if answer.status_code not in {400, 404} or asked:
            taken.append((path, answer.status_code, "; ".join(asked)[:200]))
    assert taken == []
    assert count > 60
