"""T1: every route and method is in exactly one entry of the access table; the default is no."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from config.settings import Settings
from marketplace import access, access_to_trade, admission
from marketplace.access import ACCESS
from marketplace.app import UnlistedRoutes, create_app
from marketplace.kernel.visitors import Who

OWNERS = {Who.SIGNED_IN, Who.SELLER, Who.BUYER, Who.PARTNER}


def policy_classes(endpoint: str) -> set[str]:
    """public, owner (whoever it belongs to) or role (staff); the sample marketplace's own pages are a class."""
    who = ACCESS.get(endpoint, frozenset())
    classes = {"public": {Who.PUBLIC}, "owner": OWNERS, "role": {Who.CURATOR, Who.OPERATOR}, "sample": {Who.SAMPLE}}
    return {name for name, members in classes.items() if who & members}


def test_t1_every_rule_and_method_is_in_exactly_one_policy_class(app: Flask) -> None:
    counted: Counter[str] = Counter()
    for rule in app.url_map.iter_rules():
        for _method in (rule.methods or set()) - {"OPTIONS"}:
            classes = policy_classes(rule.endpoint)
            assert len(classes) == 1, (rule.endpoint, classes)
            counted[classes.pop()] += 1
    assert counted.total() > 250, counted
    assert min(counted[name] for name in ("public", "owner", "role")) > 40, counted


def test_t1_the_table_names_no_route_twice() -> None:
    """A dictionary would keep the last of two entries and say nothing."""
    trees = [ast.parse(Path(part.__file__).read_text(encoding="utf-8")) for part in (access, access_to_trade)]
    parts = [one for tree in trees for one in ast.walk(tree) if isinstance(one, ast.AnnAssign)]
    tables = [part.value for part in parts if isinstance(part.value, ast.Dict)]
    names = [key.value for table in tables for key in table.keys if isinstance(key, ast.Constant)]
    assert len(names) == len(set(names)) == len(ACCESS)


def test_t1_a_route_without_a_class_stops_the_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACCESS, "rfqs.rfq")
    with pytest.raises(UnlistedRoutes, match=r"rfqs\.rfq"):
        create_app(settings, testing=True)


def test_every_route_is_listed(app: Flask) -> None:
    assert admission.unlisted_endpoints(app) == []


def test_no_entry_is_empty() -> None:
    assert [endpoint for endpoint, who in ACCESS.items() if not who] == []


def test_public_stands_alone() -> None:
    """A route is public or it is not; mixing would hide a mistake."""
    assert [endpoint for endpoint, who in ACCESS.items() if Who.PUBLIC in who and len(who) > 1] == []


def test_a_route_without_an_entry_stops_the_build(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACCESS, "health.healthz")
    assert admission.unlisted_endpoints(app) == ["health.healthz"]


def test_an_unlisted_route_answers_like_a_missing_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACCESS, "health.healthz")
    client = app.test_client()
    assert client.get("/healthz").status_code == 404
