"""The second look: what a title says about a query, by name, and how categories and denials move documents."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import pytest

from search import ranking
from search.document import Document
from search.engine import connect
from search.parser import parse
from search.plan import make_plan
from search.rerank import Candidate, Named, rerank, weighed


def features(text: str, title: str, language: str = "en", **parts: tuple[str, ...]) -> dict[str, float]:
    query = parse(text, language)
    candidate = Candidate(1.0, [Named(language, title)], **parts)
    rerank(make_plan(query), query, [candidate])
    return candidate.features


def order(text: str, *titles: str) -> list[str]:
    """Titles of documents that have the words equally often, best first."""
    query = parse(text)
    found = [Candidate(1.0, [Named("en", title)]) for title in titles]
    scores = rerank(make_plan(query), query, found)
    return [title for _, title in sorted(zip(scores, titles, strict=True), reverse=True)]


def test_the_thing_goes_before_what_belongs_to_it() -> None:
    assert order("phone holder", "Phone case with holder", "Car phone holder")[0] == "Car phone holder"
    assert order("desk lamp", "Bulb for desk lamp", "Oak desk lamp, dimmable")[0] == "Oak desk lamp, dimmable"


@pytest.mark.parametrize(
    ("title", "head"), [("Blue garden ladder", 1.0), ("Ladder cover", 0.5), ("Cushion for ladder", 0.0), ("Table", 0.0)]
)
def test_the_head_of_a_title(title: str, head: float) -> None:
    assert features("garden ladder", title).get("head", 0.0) == head


def test_neighbours_and_all_words() -> None:
    together = features("steel water bottle", "Steel water bottle 1 l")
    assert (together["phrase"], together["near"], together["all_in_title"]) == (1.0, 1.0, 1.0)
    apart = features("steel water bottle", "Bottle opener made of steel, in water blue")
    assert apart["phrase"] == 0.0
    assert apart["all_in_title"] == 1.0
    assert "all_in_title" not in features("steel water bottle", "Steel bottle")


def test_possessives_ask_for_nothing() -> None:
    assert [group.surface for group in make_plan(parse("men's shoes")).groups] == ["men", "shoes"]


def test_the_category_of_the_best_lifts_its_own() -> None:
    query = parse("apple")
    shoes = [Candidate(1.0, [Named("en", "Apple juicer")], categories=("kitchen",)) for _ in range(5)]
    other = Candidate(1.0, [Named("en", "Apple juicer")], categories=("music",))
    scores = rerank(make_plan(query), query, [*shoes, other])
    assert scores[0] > scores[-1]
    off = rerank(make_plan(query), replace(query, signals_off=frozenset({"category"})), [*shoes, other])
    assert off[0] == off[-1]


def test_what_is_not_wanted_stands_behind() -> None:
    engine = connect("sqlite:")
    engine.put([Document("product", key, 1, {"en": title}) for key, title in enumerate(("Robusta green coffee", "Arabica green coffee"))])  # fmt: skip
    assert engine.search(parse("green coffee not robusta")).keys == (1, 0)
    assert engine.search(parse("green coffee not arabica")).keys == (0, 1)
    engine.close()


def test_an_explanation_adds_up() -> None:
    engine = connect("sqlite:")
    engine.put([
        Document("product", key, 1, {"en": title}, signals={"completeness": 0.5})
        for key, title in enumerate(("Steel water bottle", "Bottle brush", "Glass bottle for water"))
    ])  # fmt: skip
    told = engine.explain(parse("water bottle"), 0)
    assert told.is_found
    assert told.place == 1
    assert told.words == {"water": "title", "bottle": "title"}
    features = sum(share for name, _, _, share in told.parts() if name in ranking.RERANK)
    signals = sum(share for name, _, _, share in told.parts() if name in ranking.SIGNALS)
    assert told.score == pytest.approx(told.text_score * (1 + features) * (1 + signals))
    assert not engine.explain(parse("water bottle"), 99).is_found
    engine.close()


@pytest.mark.parametrize(
    ("scores", "order_found"),
    [
        ([2.0, 1.0, -1.0], [0, 1, 2]),
        ([-1.0, -2.0, 0.0], [0, 1, 2]),
        ([float("inf"), 2.0, 1.0], [0, 1, 2]),
        ([float("nan"), 2.0, 1.0], [1, 2, 0]),
    ],
)
def test_scores_of_any_kind_become_numbers(scores: list[float], order_found: list[int]) -> None:
    query = parse("garden chair")
    found = [Candidate(score, [Named("en", "Garden chair")]) for score in scores]
    told = rerank(make_plan(query), query, found)
    assert all(isinstance(each, float) and isfinite(each) and each >= 0.0 for each in told)
    assert sorted(range(len(told)), key=lambda place: -told[place]) == order_found


def test_weighing_leaves_candidates_as_they_are() -> None:
    query = parse("garden chair")
    found = [Candidate(2.0, [Named("en", "Garden chair")]), Candidate(1.0, [Named("en", "Chair for the garden")])]
    told = weighed(make_plan(query), query, found)
    assert [(each.text, each.features) for each in found] == [(0.0, {})] * 2
    assert told.scores == rerank(make_plan(query), query, found)
    assert [each.features for each in found] == told.features


@pytest.mark.parametrize("other", [Named("en", "Parasol"), Named("de", "Sonnenschirm"), Named("id", "Payung")])
def test_the_title_that_says_most_counts_wherever_it_stands(other: Named) -> None:
    query, best = parse("garden chair"), Named("en", "Garden chair")
    neighbours = [Candidate(1.0, [Named("id", "Payung taman")]), Candidate(1.0, [])]
    found = [Candidate(1.0, titles) for titles in ([best], [best, other], [other, best])]
    scores = rerank(make_plan(query), query, [*neighbours, *found])[2:]
    assert scores == [scores[0]] * 3
    assert all(each.features["all_in_title"] for each in found)
