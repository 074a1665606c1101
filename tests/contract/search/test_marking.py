"""Matches are marked alike on every engine, wherever a text stands: in a column of the index or in what it stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from search.document import Document
from search.engine import Engine
from search.parser import parse
from search.query import FacetWanted

FILLER = "Sorted by hand, dried on raised beds and packed in clean bags. "


def _put(engine: Engine, key: int, titles: Mapping[str, str], descriptions: Mapping[str, str], original: str) -> None:
    made = Document("product", key, 1, titles, descriptions=descriptions, original_language=original)
    assert engine.put([made]) == 1


def _marked(engine: Engine, text: str, language: str) -> dict[int, list[tuple[str, str, str]]]:
    """By key: field, language and what was marked in it."""
    results = engine.search(replace(parse(text, language), highlight=True))
    return {
        hit.key: [
            (each.field, each.language, " ".join(part.text for part in each.segments if part.is_match))
            for each in hit.highlights
        ]
        for hit in results.hits
    }


@pytest.mark.parametrize("language", ["en", "de", "id", "zh_Hans"])
def test_texts_are_marked_whatever_their_language_and_length(engine: Engine, language: str) -> None:
    _put(engine, 1, {"en": "Zamrud beans"}, {"en": "Grown on zamrud soil."}, "en")
    _put(engine, 2, {"en": "Zamrud beans"}, {"en": f"{FILLER * 60} Grown on zamrud soil."}, "en")
    _put(engine, 3, {"id": "Biji zamrud"}, {"id": "Tumbuh di tanah zamrud."}, "id")
    _put(engine, 4, {"de": "Zamrud Bohnen", "id": "Biji zamrud"}, {"de": "Zamrud aus den Bergen."}, "de")
    _put(engine, 5, {"en": "Zamrud beans"}, {}, "en")
    engine.refresh()
    found = _marked(engine, "zamrud", language)
    ends = {1: "en", 2: "en", 3: "id", 4: "de"}
    for key, described in ends.items():
        assert [each[0] for each in found[key]] == ["title", "description"]
        assert found[key][1][1:] == (described, "Zamrud" if key == 4 else "zamrud")
    assert [each[0] for each in found[5]] == ["title"]
    assert found[4][0][1] == ("id" if language == "id" else "de")


def test_a_boundless_title_is_found_and_marked(engine: Engine) -> None:
    boundless = f"{FILLER * 150} zamrud"
    _put(engine, 1, {"en": boundless}, {"en": "Zamrud from the hills."}, "en")
    _put(engine, 2, {"id": "Biji zamrud", "en": boundless}, {"en": "Zamrud from the hills."}, "id")
    engine.refresh()
    found = _marked(engine, "zamrud", "en")
    for key in (1, 2):
        assert [(field, language) for field, language, _ in found[key]] == [("title", "en"), ("description", "en")]


def test_facets_count_values_and_numbers_that_the_schema_knows(engine: Engine) -> None:
    made = Document(
        "product", 1, 1, {"en": "Zamrud beans"}, keywords={"commodity": ("zamrud",)}, numbers={"price_usd_kg": 4.5}
    )
    engine.put([made])
    engine.refresh()
    wanted = (FacetWanted("commodity"), FacetWanted("price_usd_kg"), FacetWanted("price_usd_kg", edges=(4.0,)))
    values, span, ranges = engine.search(replace(parse("zamrud"), facets=wanted)).facets
    assert [(each.value, each.count) for each in values.values] == [("zamrud", 1)]
    assert (values.low, values.high) == (None, None)
    assert (span.low, span.high, span.values) == (4.5, 4.5, ())
    assert [(each.low, each.high, each.count) for each in ranges.ranges] == [(None, 4.0, 0), (4.0, None, 1)]
