"""T1: every route and method is in exactly one entry of the access table; the default is no."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace import access
from marketplace.access import ACCESS, Who


def test_every_route_is_listed(app: Flask) -> None:
    assert access.unlisted_endpoints(app) == []


def test_no_entry_is_empty() -> None:
    assert [endpoint for endpoint, who in ACCESS.items() if not who] == []


def test_public_stands_alone() -> None:
    """A route is public or it is not; mixing would hide a mistake."""
    assert [endpoint for endpoint, who in ACCESS.items() if Who.PUBLIC in who and len(who) > 1] == []


def test_a_route_without_an_entry_stops_the_build(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACCESS, "health.healthz")
    assert access.unlisted_endpoints(app) == ["health.healthz"]


def test_an_unlisted_route_answers_like_a_missing_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACCESS, "health.healthz")
    client = app.test_client()
    assert client.get("/healthz").status_code == 404
