"""What a document says stands in one field a language, its title as often as a title's word counts. No server is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from search import ranking
from search.document import Document
from search.engines.elastic.body import request
from search.engines.elastic.mapping import mappings
from search.engines.elastic.source import source_of
from search.parser import parse
from search.plan import make_plan
from search.query import Sort
from search.schema import CATALOGUE

COFFEE = Document(
    "product",
    1,
    1,
    {"en": "Gayo coffee", "zh_Hans": "咖啡生豆", "zh_Hant": "咖啡生豆"},
    descriptions={"en": "Washed lots.", "zh_Hans": "水洗。"},
    facts={"en": "Bags of 60 kg"},
)


def asked_fields(value: object) -> Iterator[str]:
    """The fields that ``match`` names anywhere in a request."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "match":
                yield from inner
            yield from asked_fields(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from asked_fields(inner)


def body_of(text: str, **changes: Any) -> dict[str, Any]:
    query = replace(parse(text), **changes)
    return request(query, make_plan(query), is_relaxed=False)


def test_a_title_is_said_as_often_as_its_words_count() -> None:
    said = source_of(COFFEE)["said"]
    times = ranking.TITLE / ranking.BODY
    assert times == int(times)  # no part of a word can be said
    assert said["en"].count("Gayo coffee") == times
    assert said["en"].count("Washed lots.") == said["en"].count("Bags of 60 kg") == 1
    assert len(said["en"]) == times + 2


def test_chinese_of_either_script_is_said_in_one_field_cut_into_words() -> None:
    said = source_of(COFFEE)["said"]
    assert set(said) == {"en", "zh"}
    assert len(said["zh"]) == 2 * ranking.TITLE / ranking.BODY + 1
    assert " " in said["zh"][0]
    assert "。" not in said["zh"][-1]


@pytest.mark.parametrize("text", ["coffee", "export lot", "Rohkaffee Fairtrade", "咖啡生豆", "kopi arabika 25kg"])
def test_every_field_that_is_asked_is_in_the_mapping(text: str) -> None:
    known = {f"said.{each}" for each in mappings(CATALOGUE)["properties"]["said"]["properties"]}
    fields = set(asked_fields(body_of(text)))
    assert fields
    assert fields <= known


def test_scores_are_worked_out_once() -> None:
    assert not body_of("coffee")["track_scores"]
    assert body_of("coffee", sort=Sort("price_usd_kg"))["track_scores"]
