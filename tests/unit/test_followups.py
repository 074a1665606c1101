"""What a chapter may state about a lead, and what closing it asks for."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.followups.rules import Fault, Result, faults_of

ASKED, TODAY = date(2026, 11, 2), date(2026, 11, 23)
CONTACTED, SOLD = date(2026, 11, 4), date(2026, 11, 20)


def stated(
    contacted_on: date | None, result: Result | None, sold_on: date | None, *, closes: bool = True
) -> list[Fault]:
    return faults_of(contacted_on, result, sold_on, asked_on=ASKED, today=TODAY, closes=closes)


@pytest.mark.parametrize(
    ("contacted_on", "result", "sold_on", "expected"),
    [
        (CONTACTED, Result.SOLD, SOLD, []),
        (CONTACTED, Result.NO_NEED, None, []),
        (ASKED, Result.SOLD, ASKED, []),
        (None, Result.NO_NEED, None, [Fault.NO_CONTACT]),
        (CONTACTED, None, None, [Fault.NO_RESULT]),
        (CONTACTED, Result.SOLD, None, [Fault.NO_DAY_OF_SALE]),
        (CONTACTED, Result.NO_NEED, SOLD, [Fault.SALE_WITHOUT_RESULT]),
        (SOLD, Result.SOLD, CONTACTED, [Fault.SOLD_BEFORE_CONTACT]),
        (date(2026, 11, 1), Result.NO_NEED, None, [Fault.BEFORE_REQUEST]),
        (CONTACTED, Result.SOLD, date(2026, 11, 24), [Fault.IN_FUTURE]),
    ],
)
def test_both_days_and_the_result_are_needed_to_close(
    contacted_on: date | None, result: Result | None, sold_on: date | None, expected: list[Fault]
) -> None:
    assert stated(contacted_on, result, sold_on) == expected


def test_an_open_lead_may_say_less_but_nothing_impossible() -> None:
    assert stated(None, None, None, closes=False) == []
    assert stated(CONTACTED, None, None, closes=False) == []
    assert stated(CONTACTED, None, SOLD, closes=False) == [Fault.SALE_WITHOUT_RESULT]
