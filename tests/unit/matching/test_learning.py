"""Weights learnt from outcomes: known ones come back, too few teach nothing, chance and size do not outvote."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from matching.features import WEIGHTS
from matching.learning import (
    HEAVIEST_PAIR,
    LEAST_REQUESTS,
    LIGHT,
    Outcome,
    TooFew,
    held_out,
    learnt_weights,
    pairs_of,
    put_right,
)

TRUE = {**WEIGHTS, "price": 0.15, "words": 0.0, "room": 0.0}


def simulated(weights: dict[str, float], requests: int, shown: int = 5, seed: int = 3) -> list[Outcome]:
    """Outcomes of buyers who go by ``weights``, with some noise: the best of each request gets furthest."""
    drawn = random.Random(seed)
    found = []
    for request in range(requests):
        offers = [{name: drawn.random() for name in WEIGHTS} | {"grade": 1.0} for _ in range(shown)]
        liking = [
            sum(weights[name] * each[name] for name in weights)
            - 0.02 * math.log(-math.log(drawn.uniform(0.001, 0.999)))
            for each in offers
        ]
        order = sorted(range(shown), key=lambda place: liking[place])
        found += [
            Outcome(f"r{request:04}", f"{request}-{place}", f"s{drawn.randrange(60)}", offers[place], stage)
            for stage, place in enumerate(order)
        ]
    return found


def test_known_weights_come_back() -> None:
    found = learnt_weights(pairs_of(simulated(TRUE, 400)), WEIGHTS)
    assert found["grade"] == WEIGHTS["grade"]
    assert found["price"] == max(value for name, value in found.items() if name != "grade")
    for name in ("shared", "wished", "certain", "export"):  # against one another: the scale hangs on the grade alone
        assert found[name] / found["price"] == pytest.approx(TRUE[name] / TRUE["price"], abs=0.12), name
    assert max(found["words"], found["room"]) < 0.15 * found["price"]
    assert learnt_weights(pairs_of(simulated(TRUE, 400)), WEIGHTS) == found


def test_they_win_where_buyers_differ_and_not_where_they_do_not() -> None:
    won = held_out(pairs_of(simulated(TRUE, 120)), WEIGHTS)
    assert won.is_won
    assert won.learnt > won.live
    assert not held_out(pairs_of(simulated(dict(WEIGHTS), 120)), WEIGHTS).is_won


def test_few_outcomes_hardly_move_the_serving_weights() -> None:
    few = pairs_of(simulated(TRUE, LEAST_REQUESTS))
    many = pairs_of(simulated(TRUE, 600))

    def moved(weights: dict[str, float]) -> float:
        return sum(abs(weights[name] / weights["price"] - TRUE[name] / TRUE["price"]) for name in WEIGHTS)

    assert moved(learnt_weights(few, WEIGHTS)) > moved(learnt_weights(many, WEIGHTS))


def test_too_few_requests_pairs_or_sellers_are_refused() -> None:
    with pytest.raises(TooFew) as refused:
        learnt_weights(pairs_of(simulated(TRUE, LEAST_REQUESTS - 1)), WEIGHTS)
    assert refused.value.requests == LEAST_REQUESTS - 1
    with pytest.raises(TooFew):
        held_out(pairs_of(simulated(TRUE, 60, shown=2)), WEIGHTS)  # some 60 pairs
    few_sellers = [replace(each, seller=f"s{index % 5}") for index, each in enumerate(simulated(TRUE, 60))]
    with pytest.raises(TooFew):
        learnt_weights(pairs_of(few_sellers), WEIGHTS)


def test_nothing_falls_below_nothing_and_the_grade_stays_on_top() -> None:
    against = {**WEIGHTS, "price": -0.3, "words": 0.9}
    found = learnt_weights(pairs_of(simulated(against, 200)), WEIGHTS)
    assert found["price"] == 0
    assert all(value >= 0 for value in found.values())
    assert sum(found.values()) - found["grade"] <= LIGHT * found["grade"]


def test_a_large_request_counts_for_one_and_chance_is_weighed_in() -> None:
    def shown(request: str, stages: list[int], propensity: float = 1.0) -> list[Outcome]:
        return [
            Outcome(request, f"{request}{place}", f"s{place}", {"grade": 1.0}, stage, propensity)
            for place, stage in enumerate(stages)
        ]

    pairs = pairs_of([*shown("large", [1, *[0] * 9]), *shown("small", [1, 0])])
    totals = {request: sum(each.weight for each in pairs if each.request == request) for request in ("large", "small")}
    assert totals == pytest.approx({"large": 1.0, "small": 1.0})
    assert [each.weight for each in pairs_of(shown("rare", [2, 1], 0.25))] == [4.0]
    assert [each.weight for each in pairs_of(shown("rarer", [2, 1], 0.001))] == [HEAVIEST_PAIR]
    assert pairs_of(shown("same", [1, 1])) == []
    assert pairs_of([replace(each, seller="one") for each in shown("of one seller", [1, 0])]) == []


def test_a_tie_is_half_right() -> None:
    alike = [Outcome("r", str(stage), str(stage), {"grade": 1.0}, stage) for stage in (0, 1)]
    assert put_right(pairs_of(alike), WEIGHTS) == 0.5
