"""Fields that buyers decide by: in the registry for every commodity, first in filters, reasons and reading order."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from marketplace.catalogue.registry.loading import DATA, MOST_CRITICAL, load_registry, read_registry
from marketplace.discovery.facets import spec_filters
from marketplace.kernel.datafiles import DataFault
from marketplace.matchmaking.decisive import decides
from search.analysis import lexicon, use_overlay


def test_every_commodity_says_what_its_buyers_decide_by() -> None:
    for commodity in load_registry():
        decisive = [key for key, rule in commodity.rules.items() if rule.is_critical]
        assert 1 <= len(decisive) <= MOST_CRITICAL, commodity.key
        assert list(commodity.by_weight[: len(decisive)]) == decisive
        assert sorted(commodity.by_weight) == sorted(commodity.rules)


def test_filters_begin_with_what_decides() -> None:
    fields = [field.key for field in load_registry().facets(["coffee-arabica-green"])]
    coffee = load_registry().commodity("coffee-arabica-green")
    decisive = [key for key in fields if coffee.rules[key].is_critical]
    assert fields[: len(decisive)] == decisive
    assert fields.index("cup_score") < fields.index("altitude_masl")
    terms, spans = spec_filters(("coffee-arabica-green",), ())
    assert [each.param for each in terms if each.is_open] == ["spec.variety", "spec.process"]
    assert "spec.cup_score" in {each.param for each in spans}


def test_attributes_of_a_request_are_told_apart_by_weight() -> None:
    assert decides("coffee-arabica-green", "process-washed")
    assert decides("coffee-arabica-green", "figure/cup-score")
    assert not decides("coffee-arabica-green", "figure/ph")
    assert not decides("no-such-goods", "process-washed")


def test_a_changed_thesaurus_is_asked_anew() -> None:
    known = lexicon().concepts["process-washed"]
    assert decides("coffee-arabica-green", "process-washed")
    try:
        use_overlay([replace(known, facts={**known.facts, "dimension": "colour"})])
        assert not decides("coffee-arabica-green", "process-washed")
    finally:
        use_overlay([])
    assert decides("coffee-arabica-green", "process-washed")


def test_a_commodity_by_which_nobody_decides_is_refused(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    path = tmp_path / "data" / "commodities.yaml"
    path.write_text(path.read_text().replace(", critical: true", ""))
    with pytest.raises(DataFault, match="0 fields decide"):
        read_registry(tmp_path / "data")


def test_a_usual_minimum_of_unknown_goods_is_refused(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    with (tmp_path / "data" / "usual_minimums.csv").open("a") as rows:
        rows.write("food/rockets,1,kg,\n")
    with pytest.raises(DataFault, match="rockets"):
        read_registry(tmp_path / "data")
