"""Clocks that stand on closed days, and the table of days that pesantren share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.closures.presets import HIJRI, PresetKind, presets, presets_ahead
from marketplace.closures.rules import (
    LONGEST_DAYS,
    ClosureState,
    Days,
    closed_time,
    midnight,
    most_in_a_year,
    open_time,
    overlapping,
    runs_out,
    state_at,
)
from marketplace.rfqs.rules import ANSWER_TIME, moved_deadline

NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


def test_a_closure_begins_and_ends_at_the_very_second_where_the_sellers_are() -> None:
    begins, ends = Days(date(2027, 2, 8), date(2027, 3, 15)).span
    assert (begins, ends) == (datetime(2027, 2, 7, 17, tzinfo=UTC), datetime(2027, 3, 15, 17, tzinfo=UTC))
    at = {moment: state_at(moment, (begins, ends)) for moment in (begins - _SECOND, begins, ends - _SECOND, ends)}
    assert list(at.values()) == [ClosureState.AHEAD, ClosureState.RUNNING, ClosureState.RUNNING, ClosureState.OVER]


def test_a_clock_counts_open_time_alone() -> None:
    spans = [(NOON + 24 * HOUR, NOON + 48 * HOUR), (NOON + 60 * HOUR, NOON + 70 * HOUR)]
    assert runs_out(NOON, 72 * HOUR, spans) == NOON + (72 + 24 + 10) * HOUR
    assert runs_out(NOON + 30 * HOUR, 72 * HOUR, spans) == NOON + (48 + 72 + 10) * HOUR  # while closed
    assert runs_out(NOON, 24 * HOUR, spans) == NOON + 24 * HOUR  # done as the first day begins
    assert open_time(NOON, NOON + 65 * HOUR, spans) == (65 - 24 - 5) * HOUR
    assert closed_time(NOON + 80 * HOUR, NOON + 90 * HOUR, spans) == timedelta()


_hours = st.integers(0, 300)


@given(st.lists(st.tuples(_hours, st.integers(1, 50)), max_size=4), st.integers(0, 200), st.integers(0, 200))
def test_what_a_clock_runs_to_is_what_it_has_counted(gaps: list[tuple[int, int]], start: int, needed: int) -> None:
    spans, moment = [], NOON
    for before, length in gaps:
        moment += before * HOUR
        spans.append((moment, moment + length * HOUR))
        moment += length * HOUR
    begin = NOON + start * HOUR
    end = runs_out(begin, needed * HOUR, spans)
    assert open_time(begin, end, spans) == needed * HOUR


def test_a_deadline_moves_by_the_pause_and_by_what_closed_days_changed() -> None:
    deadline, asked, answered = NOON + 72 * HOUR, NOON + 10 * HOUR, NOON + 30 * HOUR
    assert moved_deadline(deadline, asked, answered) == deadline + 20 * HOUR
    over = NOON - HOUR
    assert moved_deadline(over, asked, answered) == over + 20 * HOUR
    # a closure of a day within the pause costs the seller nothing, and gives nothing
    span = [(NOON + 12 * HOUR, NOON + 20 * HOUR)]
    by_then = runs_out(NOON, ANSWER_TIME, span)
    assert moved_deadline(by_then, asked, answered, span) == NOON + 92 * HOUR
    # taken back, the deadline is what it had been
    assert moved_deadline(by_then, NOON, NOON, span, []) == NOON + ANSWER_TIME


def test_closures_share_no_day() -> None:
    one = Days(date(2027, 2, 8), date(2027, 3, 15))
    assert overlapping(Days(date(2027, 3, 15), date(2027, 3, 16)), [one])
    assert not overlapping(Days(date(2027, 3, 16), date(2027, 3, 20)), [one])


def _tabular(year: int, month: int, day: int) -> date:
    """A day of the arithmetical Islamic calendar (30-year cycle, civil epoch)."""
    days = day + (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30
    return date.fromordinal(227014 + days)


def test_the_table_reaches_years_ahead_and_agrees_with_the_arithmetical_calendar() -> None:
    table = presets()
    assert {one.kind for one in table} == set(PresetKind)
    assert max(one.days.last for one in table) > date(2030, 6, 1)
    assert list(table) == sorted(table, key=lambda one: (one.days.first, one.kind))
    assert all(0 < (one.days.last - one.days.first).days < LONGEST_DAYS for one in table)
    assert len({one.key for one in table}) == len(table)
    for one in table:
        if one.kind not in HIJRI:
            continue
        year = int(one.label.split()[0])
        first = _tabular(year, 9, 1 if one.kind is PresetKind.RAMADAN else 21)
        assert abs(one.days.first - first) <= timedelta(days=1), one
        assert abs(one.days.last - _tabular(year, 10, 7)) <= timedelta(days=1), one


def test_school_breaks_have_twelve_and_eighteen_working_days() -> None:
    for one in presets():
        days = [one.days.first + timedelta(days=n) for n in range((one.days.last - one.days.first).days + 1)]
        working = sum(day.isoweekday() != 7 for day in days)
        if one.kind is PresetKind.SCHOOL_WINTER:
            assert working == 12
        if one.kind is PresetKind.SCHOOL_SUMMER:
            assert working == 18


def test_proposals_lie_ahead() -> None:
    day = date(2027, 2, 8)
    assert all(one.days.first >= day for one in presets_ahead(day))
    assert presets_ahead(day)[0].days.first == day
    assert midnight(day) == datetime(2027, 2, 7, 17, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 120)), max_size=8))
def test_the_fullest_year_is_found_as_by_looking_at_every_one(drawn: list[tuple[int, int]]) -> None:
    start = date(2027, 1, 1)
    closures: list[Days] = []
    for first, length in drawn:
        one = Days(start + timedelta(days=first), start + timedelta(days=first + length - 1))
        if not overlapping(one, closures):
            closures.append(one)
    closed = {one.first + timedelta(days=n) for one in closures for n in range((one.last - one.first).days + 1)}
    by_day = [start + timedelta(days=n) in closed for n in range(-400, 1500)]
    assert most_in_a_year(closures) == max(sum(by_day[n : n + 365]) for n in range(len(by_day) - 365))
