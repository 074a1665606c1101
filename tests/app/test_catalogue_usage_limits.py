"""What the trade is used to is told as usual, never as a standard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from marketplace.catalogue.forms.specs import _help
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import SpecRule
from marketplace.catalogue.spec_text import limit_text


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def _rule(commodity: str, key: str) -> SpecRule:
    return load_registry().commodities[commodity].rules[key]


def test_the_trades_usual_value_is_not_a_standard() -> None:
    rule = _rule("patchouli-oil", "patchouli_alcohol_pct")
    assert limit_text(rule, "en") == "usual: at least 30"
    assert _help(rule, "en") == "Buyers decide by it. Usual: at least 30."
    rule = _rule("patchouli-oil", "iron_mgkg")
    assert limit_text(rule, "en") == "usual: at most 25"
    assert _help(rule, "en") == "Buyers decide by it. Usual: at most 25."


def test_a_standards_limit_stays_one() -> None:
    rule = _rule("coffee-arabica-green", "moisture_pct")
    assert limit_text(rule, "en") == "standard: at most 12.5"
    assert "At most 12.5 by SNI 01-2907" in _help(rule, "en")
