"""From which day to which a membership runs, and how it stands on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from marketplace.memberships.rules import (
    MOST_MONTHS,
    MembershipFacts,
    MembershipState,
    first_day,
    last_day,
    state_on,
)

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 11, 23), date(2027, 11, 22)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 11, 23), 12, date(2027, 11, 22)),
        (date(2026, 11, 1), 1, date(2026, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 29), 1, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 30), 36, date(2029, 11, 29)),
    ],
)
def test_the_last_day(first: date, months: int, last: date) -> None:
    assert last_day(first, months) == last


@given(some.dates(date(2026, 1, 1), date(2060, 1, 1)), some.integers(1, MOST_MONTHS), some.integers(1, MOST_MONTHS))
def test_a_membership_lasts_as_long_as_its_months(first: date, months: int, more: int) -> None:
    last = last_day(first, months)
    assert 28 * months - 1 <= (last - first).days <= 31 * months
    assert last_day(first, months + more) > last
    assert last_day(first + DAY, months) >= last


@pytest.mark.parametrize(
    ("paid", "begins"),
    [
        ([], FIRST),
        ([(FIRST - 30 * DAY, FIRST - DAY)], FIRST),
        ([(FIRST - 30 * DAY, FIRST)], FIRST + DAY),
        ([(FIRST, LAST)], LAST + DAY),
        ([(LAST + DAY, LAST + 30 * DAY), (FIRST, LAST)], LAST + 31 * DAY),
        ([(LAST + DAY, LAST + 30 * DAY)], FIRST),
        ([(FIRST, LAST), (LAST + 2 * DAY, LAST + 30 * DAY)], LAST + DAY),
        ([(FIRST, LAST), (LAST - 9 * DAY, LAST + 9 * DAY)], LAST + 10 * DAY),
        ([(FIRST, LAST), (FIRST + DAY, LAST - DAY)], LAST + DAY),
        ([(date(2026, 1, 1), date(2026, 2, 1))], FIRST),
    ],
)
def test_the_next_one_begins_after_those_that_run_on(paid: list[tuple[date, date]], begins: date) -> None:
    assert first_day(FIRST, paid) == begins
    assert first_day(FIRST, reversed(paid)) == begins


@pytest.mark.parametrize(
    ("day", "facts", "state"),
    [
        (FIRST, MembershipFacts(), MembershipState.ORDERED),
        (FIRST, MembershipFacts(is_cancelled=True), MembershipState.CANCELLED),
        (FIRST - DAY, MembershipFacts(FIRST, LAST), MembershipState.AHEAD),
        (FIRST, MembershipFacts(FIRST, LAST), MembershipState.RUNNING),
        (LAST, MembershipFacts(FIRST, LAST), MembershipState.RUNNING),
        (LAST + DAY, MembershipFacts(FIRST, LAST), MembershipState.OVER),
        (FIRST, MembershipFacts(FIRST, LAST, is_ended=True), MembershipState.GIVEN_BACK),
        (FIRST - DAY, MembershipFacts(FIRST, LAST, is_ended=True), MembershipState.GIVEN_BACK),
    ],
)
def test_the_state_follows_from_facts(day: date, facts: MembershipFacts, state: MembershipState) -> None:
    assert state_on(day, facts) is state
