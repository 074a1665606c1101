"""A standing speaks from five cases on, by whole numbers, and a mentor only eases it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.sellers.rules import (
    STOP_FROM,
    WARN_FROM,
    Counted,
    Measure,
    Standing,
    is_easier,
    standing_by,
    standing_in_force,
    standing_of,
)

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("measure", "cases", "bad", "said"),
    [
        (Measure.ANSWERS, 4, 4, None),
        (Measure.ANSWERS, 5, 0, Standing.GOOD),
        (Measure.ANSWERS, 5, 1, Standing.WARN),
        (Measure.ANSWERS, 6, 1, Standing.GOOD),
        (Measure.ANSWERS, 6, 3, Standing.STOP),
        (Measure.ANSWERS, 7, 3, Standing.WARN),
        (Measure.SAMPLES, 5, 1, Standing.GOOD),
        (Measure.SAMPLES, 5, 2, Standing.WARN),
        (Measure.SAMPLES, 5, 3, Standing.STOP),
        (Measure.DELIVERIES, 10, 2, Standing.WARN),
        (Measure.DELIVERIES, 10, 5, Standing.STOP),
    ],
)
def test_the_edges_of_each_measure(measure: Measure, cases: int, bad: int, said: Standing | None) -> None:
    assert standing_by(measure, Counted(cases, bad)) is said


def test_the_worst_measure_decides_and_silence_is_good() -> None:
    assert standing_of({}) is Standing.GOOD
    assert standing_of({Measure.ANSWERS: Counted(3, 3)}) is Standing.GOOD
    mixed = {Measure.ANSWERS: Counted(10, 2), Measure.SAMPLES: Counted(9, 0), Measure.DELIVERIES: Counted(4, 4)}
    assert standing_of(mixed) is Standing.WARN
    assert standing_of({**mixed, Measure.DELIVERIES: Counted(5, 5)}) is Standing.STOP


@given(st.sampled_from(Measure), st.integers(5, 500), st.integers(0, 500))
def test_one_more_that_goes_wrong_never_helps(measure: Measure, cases: int, bad: int) -> None:
    bad = min(bad, cases - 1)
    before, after = standing_by(measure, Counted(cases, bad)), standing_by(measure, Counted(cases, bad + 1))
    assert before is not None
    assert after is not None
    assert not is_easier(after, before)


def test_every_measure_warns_before_it_stops() -> None:
    assert set(WARN_FROM) == set(STOP_FROM) == set(Measure)
    assert all(0 < WARN_FROM[one] < STOP_FROM[one] <= 100 for one in Measure)


@pytest.mark.parametrize("eased", list(Standing))
@pytest.mark.parametrize("counted", list(Standing))
def test_a_mentors_word_eases_until_its_last_day_and_never_worsens(counted: Standing, eased: Standing) -> None:
    during = standing_in_force(counted, eased, DAY, DAY)
    assert during is (eased if is_easier(eased, counted) else counted)
    assert standing_in_force(counted, eased, DAY, DAY + timedelta(days=1)) is counted
    assert standing_in_force(counted, "", None, DAY) is counted
