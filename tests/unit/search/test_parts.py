"""Masks and columns, highlights, repair, patience: each against a plain reckoning."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import patience
from search.engines.facets import ranges
from search.engines.sqlite.bits import at_least, mask_of, rows_of
from search.engines.sqlite.number_column import NumberColumn
from search.engines.sqlite.value_column import ValueColumn
from search.highlight import Marker, highlights
from search.parser import parse
from search.plan import make_plan
from search.ranking import prior, words_required
from search.repair import nearest

ROWS = st.sets(st.integers(0, 400))
_SAID = [
    "green",
    "Green,",
    "coffee",
    "(coffee)",
    "coffee-green",
    "Kopi",
    "Malang",
    "of",
    "17",
    "咖啡",
    "绿咖啡",
    "&",
    "\n",
    "\u2003",
]
_TEXTS = st.lists(st.sampled_from(_SAID), max_size=9).map(" ".join)


@given(ROWS)
def test_masks_hold_rows(rows: set[int]) -> None:
    mask = mask_of(rows, 401)
    assert mask.bit_count() == len(rows)
    assert rows_of(mask) == sorted(rows)


@given(
    st.dictionaries(st.integers(0, 400), st.sampled_from("abc")),
    ROWS,
    st.dictionaries(st.integers(0, 400), st.sampled_from("abcd")),
    ROWS,
)
def test_value_columns_change_like_dictionaries(
    first: dict[int, str], gone: set[int], news: dict[int, str], base: set[int]
) -> None:
    column = ValueColumn({}, 0).changed(0, _grouped(first), 401)
    away = gone | set(news)
    after = column.changed(mask_of(away, 401), _grouped(news), 401)
    expected = {row: value for row, value in first.items() if row not in away} | news
    counts = dict(after.counts(mask_of(base, 401), 401))
    for value in "abcd":
        rows = {row for row, each in expected.items() if each == value}
        assert rows_of(after.mask(value)) == sorted(rows)
        assert counts.get(value, 0) == len(rows & base)
    assert dict(column.counts(mask_of(range(401), 401), 401)).get("d", 0) == 0  # the former state stays


def _grouped(values: dict[int, str]) -> dict[str, list[int]]:
    grouped: dict[str, list[int]] = {}
    for row, value in values.items():
        grouped.setdefault(value, []).append(row)
    return grouped


@pytest.mark.parametrize("is_asked_before", [False, True])
@pytest.mark.parametrize("changes", [3, 200])
def test_number_columns_change_like_dictionaries(changes: int, is_asked_before: bool) -> None:
    dice = random.Random(changes)
    first = {row: float(dice.randrange(20)) for row in range(300)}
    column = NumberColumn([(value, row) for row, value in first.items()], 310)
    if is_asked_before:
        assert column.extremes(0, 310, [5]) == (first[5], first[5])
    news = {dice.randrange(320): float(dice.randrange(20)) for _ in range(changes)}
    gone = set(news) | {dice.randrange(300) for _ in range(changes)}
    after = column.changed(mask_of(gone, 320), [(value, row) for row, value in news.items()], 320)
    # after a few changes nobody has to look through the whole column again
    assert (after._by_row is not None) == (is_asked_before and changes == 3)
    expected = {row: value for row, value in first.items() if row not in gone} | news
    for low, high in ((3.0, 9.0), (None, 5.0), (12.0, None), (7.0, 7.0), (9.0, 3.0)):
        rows = [r for r, v in expected.items() if (low is None or v >= low) and (high is None or v <= high)]
        assert rows_of(after.mask(low, high)) == sorted(rows)
    everything = mask_of(range(320), 320)
    assert after.extremes(everything, 320) == (min(expected.values()), max(expected.values()))
    assert after.extremes(0, 320) == (None, None)
    few = sorted(dice.sample(range(320), 9))
    values = [expected[row] for row in few if row in expected]
    assert after.extremes(mask_of(few, 320), 320) == (min(values), max(values))
    assert after.extremes(mask_of(few, 320), 320, few) == (min(values), max(values))
    assert after.extremes(0, 320, []) == (None, None)
    without = sorted(set(range(320)) - set(expected))
    assert after.extremes(mask_of(without, 320), 320, without) == (None, None)
    for is_descending in (False, True):
        groups = list(after.groups(is_descending=is_descending))
        assert [value for value, _ in groups] == sorted(set(expected.values()), reverse=is_descending)
        assert sum(len(rows) for _, rows in groups) == len(expected)


def test_ranges_are_open_at_both_ends() -> None:
    assert ranges((5.0, 2.0)) == [(None, 2.0), (2.0, 5.0), (5.0, None)]


def test_segments_join_to_the_text_and_never_carry_markup() -> None:
    text = "<script>alert(1)</script> green coffee & beans"
    made = highlights(make_plan(parse("coffee script")), "en", "en", {"en": text}, {})
    segments = made[0].segments
    assert "".join(each.text for each in segments) == text
    assert {each.text.lower() for each in segments if each.is_match} == {"script", "green coffee"} or {
        each.text.lower() for each in segments if each.is_match
    } == {"script", "coffee"}


@given(st.lists(st.tuples(_TEXTS, _TEXTS, st.sampled_from(["en", "de", "zh_Hans"])), max_size=6))
def test_texts_marked_together_are_marked_as_each_alone(texts: list[tuple[str, str, str]]) -> None:
    plan = make_plan(parse("green coffee from Malang 咖啡"))
    documents = [(language, {language: title}, {language: told}) for title, told, language in texts]
    together = Marker(plan, "en").highlights(documents)
    assert together == [highlights(plan, "en", *document) for document in documents]
    for (title, _told, language), made in zip(texts, together, strict=True):
        for each in made:
            if each.field == "title":
                assert each.language == language
                assert "".join(segment.text for segment in each.segments) == title


def test_an_extract_surrounds_the_first_match() -> None:
    text = "word " * 100 + "jasmine " + "word " * 100
    made = highlights(make_plan(parse("jasmine")), "en", "en", {"en": "Title"}, {"en": text})
    extract = next(each for each in made if each.field == "description")
    assert [each.text for each in extract.segments if each.is_match] == ["jasmine"]
    assert len("".join(each.text for each in extract.segments)) < 200


def test_the_nearest_word() -> None:
    vocabulary = {"coconut": 5, "cocoa": 9, "sugar": 3, "walnut": 1}
    assert nearest("coconot", vocabulary) == "coconut"
    assert nearest("sugr", vocabulary) == "sugar"
    assert nearest("xylophone", vocabulary) == ""
    assert nearest("abc", {}) == ""


def test_repeating_a_word_asks_for_no_more() -> None:
    assert make_plan(parse("jasmine " * 50)).groups == make_plan(parse("jasmine")).groups


def test_small_words_are_not_asked_for() -> None:
    assert len(make_plan(parse("the jasmine of the evening")).groups) == 2
    assert len(make_plan(parse("of the")).groups) == 2  # unless there are no others


@given(st.integers(1, 12))
def test_relaxing_never_asks_for_more(groups: int) -> None:
    assert 1 <= words_required(groups) <= groups


def test_signals_lift_a_little() -> None:
    everything = dict.fromkeys(("freshness", "completeness", "answer_rate", "verified", "exposure"), 1.0)
    assert 1.0 < prior(everything) < 1.5
    assert prior({}) == 1.0
    assert prior(everything, everything) == 1.0
    assert prior({"money": 1.0}) == 1.0


def test_patience_is_shared_and_never_grows() -> None:
    assert patience.left() is None
    with patience.within(100.0):
        outer = patience.left()
        with patience.within(1_000.0):
            inner = patience.left()
        with patience.within(0.0):
            assert patience.left() == 0.0
    assert outer is not None
    assert inner is not None
    assert 0 < inner <= outer <= 100.0
    assert patience.left() is None
    with patience.unhurried():
        assert patience.is_unhurried()
    assert not patience.is_unhurried()


@given(st.lists(ROWS, min_size=1, max_size=6), st.integers(1, 6))
def test_rows_of_at_least_so_many_masks(sets: list[set[int]], required: int) -> None:
    found = rows_of(at_least([mask_of(rows, 401) for rows in sets], required))
    assert found == [row for row in range(401) if sum(row in rows for rows in sets) >= required]
