"""Order inside ties, caps, pooled answers and reliability: plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.matchmaking.fairness import LOT, arranged, most_a_week
from marketplace.matchmaking.pooling import Part, parts_of, pooled
from marketplace.matchmaking.wording import quantity_of
from matching.reliability import expected_error, reliability, wilson
from matching.ties import TIE

NOBODY = frozenset[str]()


@dataclass(frozen=True)
class A:
    """A match as far as its order goes."""

    seller: str
    score: float
    grade: int = 3


def order(matches: list[A], exposure: dict[str, float], full: frozenset[str] = NOBODY, seed: str = "1") -> list[str]:
    """Sellers as they are placed."""
    return [each.match.seller for each in arranged(matches, exposure, full, seed)]


def undrawn(matches: list[A]) -> str:
    """A seed whose lot leaves the tie alone."""
    seeds = (str(number) for number in range(100))
    return next(each for each in seeds if arranged(matches, {}, NOBODY, each)[0].propensity > 0.5)


def test_a_visible_difference_is_never_crossed() -> None:
    far = [A("a", 0.9), A("b", 0.9 - 2 * TIE), A("c", 0.9 - 4 * TIE)]
    grades = [A("a", 0.9, 3), A("b", 0.9, 2)]
    for seed in map(str, range(50)):
        assert order(far, {"a": 9.0}, frozenset({"a"}), seed) == ["a", "b", "c"]
        assert order(grades, {"a": 9.0}, frozenset({"a"}), seed) == ["a", "b"]
        assert all(each.propensity == 1.0 for each in arranged(far, {}, NOBODY, seed))


def test_inside_a_tie_who_was_shown_less_comes_first() -> None:
    tie = [A("old", 0.9), A("new", 0.895)]
    seed = undrawn(tie)
    assert order(tie, {"old": 4.0}, seed=seed) == ["new", "old"]
    assert order(tie, {"new": 4.0}, seed=seed) == ["old", "new"]
    assert order(tie, {}, frozenset({"old"}), seed) == ["new", "old"]


def test_a_tie_does_not_creep_down_the_list() -> None:
    chain = [A(str(number), 0.9 - number * TIE * 0.9) for number in range(6)]
    assert order(chain, {"0": 9, "1": 8, "2": 7, "3": 6, "4": 5, "5": 0}).index("5") >= 4


def test_a_share_is_drawn_by_lot_and_propensities_tell_it() -> None:
    tie = [A("a", 0.9), A("b", 0.9), A("c", 0.9)]
    firsts = Counter(order(tie, {"b": 1.0, "c": 2.0}, seed=str(number))[0] for number in range(4000))
    assert firsts["a"] / 4000 == pytest.approx(1 - LOT + LOT / 3, abs=0.03)
    assert firsts["b"] / 4000 == pytest.approx(LOT / 3, abs=0.03)
    for number in range(200):
        for place in arranged(tie, {"b": 1.0, "c": 2.0}, NOBODY, str(number)):
            assert place.propensity in (pytest.approx(LOT / 3), pytest.approx(1 - LOT + LOT / 3))
    assert order(tie, {}, seed="7") == order(tie, {}, seed="7")


@given(
    st.lists(st.tuples(st.integers(1, 3), st.floats(0, 1)), max_size=12),
    st.lists(st.floats(0, 50), min_size=12, max_size=12),
    st.text(max_size=5),
)
def test_nobody_is_lost_and_grades_stay_in_order(values: list[tuple[int, float]], seen: list[float], seed: str) -> None:
    ordered = sorted(values, reverse=True)
    matches = [A(str(number), score, grade) for number, (grade, score) in enumerate(ordered)]
    placed = arranged(matches, {str(number): value for number, value in enumerate(seen)}, NOBODY, seed)
    assert sorted(each.match.seller for each in placed) == sorted(each.seller for each in matches)
    grades = [each.match.grade for each in placed]
    assert grades == sorted(grades, reverse=True)
    assert all(0 < each.propensity <= 1 for each in placed)


@pytest.mark.parametrize(
    ("minimum", "capacity", "most"),
    [(100, 1000, 20), (100, 200, 6), (100, 100_000, 30), (None, 400, 12), (100, None, 12), (0, 10, 12)],
)
def test_how_often_a_seller_is_asked_follows_declared_capacity(
    minimum: float | None, capacity: float | None, most: int
) -> None:
    assert most_a_week(minimum, capacity) == most


def test_several_sellers_answer_together() -> None:
    short = {"against": [{"code": "capacity", "values": {"capacity": 600.0, "wanted": 1000.0}}]}
    more = {"against": [{"code": "capacity", "values": {"capacity": 700.0, "wanted": 1000.0}}]}
    also = {"against": [*short["against"], {"code": "price", "values": {}}]}
    parts = parts_of([(1, 11, short), (2, 12, more), (3, 13, also)])
    assert [each.product_id for each in parts] == [1, 2]
    whole = pooled(parts)
    assert [part.product_id for part, _amount in whole.takes] == [2, 1]
    assert sum(amount for _part, amount in whole.takes) == parts[0].wanted
    assert whole.gap == 0
    assert whole.coordinator is not None
    assert whole.coordinator.product_id == 2
    assert pooled(parts[:1]).takes == pooled([]).takes == ()
    some = pooled([Part(number, number, 100, 1000) for number in range(20)])
    assert (len(some.takes), some.gap) == (4, 600)
    assert pooled([Part(1, 1, 5, 9, "kg"), Part(2, 2, 3, 9, "pcs")]).products == frozenset()


def test_reliability_tells_what_came_and_how_sure_that_is() -> None:
    cases = [("likely", 0.9, number % 10 > 0) for number in range(50)] + [("none", 0.0, False)] * 4
    likely, nobody = reliability(("likely", "possible", "none"), cases)
    assert (likely.band, likely.cases, likely.came) == ("likely", 50, 0.9)
    assert likely.told == pytest.approx(0.9)
    assert likely.low < 0.9 < likely.high
    assert (nobody.came, nobody.low) == (0.0, 0.0)
    assert nobody.high > 0.4
    assert wilson(0, 0) == (0.0, 1.0)


def test_expected_error_grows_with_broken_promises() -> None:
    kept = [(0.9, number % 10 > 0) for number in range(100)]
    broken = [(0.9, number % 10 == 0) for number in range(100)]
    assert expected_error(kept) == pytest.approx(0.0, abs=0.01)
    assert expected_error(broken) == pytest.approx(0.8, abs=0.01)
    assert expected_error([]) == 0.0


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("amount", "told"), [(6933.3333, "6,930"), (18000.0, "18,000"), (123456.0, "123,000"), (66.6667, "66.667")]
)
def test_an_estimated_capacity_is_told_in_round_figures(amount: float, told: str) -> None:
    assert quantity_of({"capacity": amount, "unit": "kg"}, "capacity", "en").startswith(told)
    assert quantity_of({"minimum": 6933.3333, "unit": "kg"}, "minimum", "en").startswith("6,933.333")
