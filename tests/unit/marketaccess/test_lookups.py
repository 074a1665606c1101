"""Links to public tools are filled in for the goods and the way, and are left out where they would lead astray."""

from __future__ import annotations

import pytest

from marketplace.marketaccess.facts import load_facts
from marketplace.marketaccess.lookups import _NUMBERS, Tool, lookups
from marketplace.marketaccess.rules import countries_of

UNION = load_facts().blocs["EU"]


def test_goods_origin_and_destination_are_filled_in() -> None:
    union, world = lookups("17029090", "DE", UNION)
    assert union.address == (
        "https://trade.ec.europa.eu/access-to-markets/en/results?product=170290&origin=ID&destination=DE"
    )
    assert world.address == "https://www.macmap.org/en/query/results?reporter=276&partner=360&product=170290&level=6"
    (only,) = lookups("090111", "US", UNION)
    assert only.tool is Tool.MARKET_ACCESS_MAP
    assert "reporter=842&partner=360&product=090111" in only.address


@pytest.mark.parametrize(
    ("code", "to"), [("", "DE"), ("1702", "DE"), ("17o290", "DE"), ("170290", "EU"), ("170290", "XX")]
)
def test_without_code_or_country_there_is_no_link(code: str, to: str) -> None:
    assert lookups(code, to, UNION) == ()


def test_every_country_of_the_facts_has_a_tool_and_every_number_is_its_own() -> None:
    assert all(lookups("170290", code, UNION) for code in countries_of(load_facts()))
    assert len(set(_NUMBERS.values())) == len(_NUMBERS)
