"""Slots, tables and clocks of meetings, and their calendar file."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.meetings.calendar import Entry, calendar
from marketplace.meetings.rules import SLOT_LENGTHS, GuestKind, SessionTimes, may_meet, moment_in, tables_for

NINE = datetime(2026, 12, 5, 9, 0, tzinfo=UTC)
HOSTILE = "A;B,C\\D\r\nATTENDEE:mailto:x\x00\u2028Z " + "漢" * 60


@pytest.mark.parametrize(
    ("minutes", "length", "slots"), [(60, 20, 3), (59, 20, 2), (120, 15, 8), (120, 30, 4), (14, 15, 0)]
)
def test_a_session_is_cut_into_whole_slots(minutes: int, length: int, slots: int) -> None:
    times = SessionTimes(NINE, NINE + timedelta(minutes=minutes), length)
    assert times.slots == slots
    assert all(times.slot(number)[1] <= times.ends_at for number in range(slots))
    assert list(times.ahead(NINE)) == list(range(1, slots)), "what begins this moment is not ahead"


@pytest.mark.parametrize(
    ("expected", "slots", "tables"),
    [(100, 10, (11, 12)), (1, 10, (1, 1)), (95, 12, (9, 10)), (0, 10, (0, 0)), (10, 0, (0, 0)), (99999, 1, (200, 200))],
)
def test_tables_are_meetings_by_slots_and_a_tenth_to_a_fifth_more(
    expected: int, slots: int, tables: tuple[int, int]
) -> None:
    assert tables_for(expected, slots) == tables


@given(st.integers(1, 160), st.integers(1, 40))
def test_the_proposed_tables_have_room_for_all(expected: int, slots: int) -> None:
    least, most = tables_for(expected, slots)
    assert least <= most
    assert least * slots >= expected


@pytest.mark.parametrize("length", SLOT_LENGTHS)
def test_sessions_that_touch_do_not_overlap(length: int) -> None:
    one = SessionTimes(NINE, NINE + timedelta(hours=1), length)
    after = SessionTimes(one.ends_at, one.ends_at + timedelta(hours=1), length)
    into = SessionTimes(one.ends_at - timedelta(minutes=1), after.ends_at, length)
    assert not one.overlaps(after)
    assert not after.overlaps(one)
    assert one.overlaps(into)
    assert into.overlaps(one)


def test_the_clock_on_the_wall_is_the_fairs() -> None:
    assert moment_in(date(2026, 12, 5), time(10), "Europe/Berlin") == NINE
    assert moment_in(date(2026, 7, 5), time(10), "Europe/Berlin") == datetime(2026, 7, 5, 8, tzinfo=UTC)
    assert moment_in(date(2026, 12, 5), time(16), "Asia/Jakarta") == NINE
    assert moment_in(date(2026, 3, 29), time(2, 30), "Europe/Berlin") is None, "that night has no such time"


@pytest.mark.parametrize(("one", "other"), list(product(GuestKind, GuestKind)))
def test_a_meeting_has_one_seller(one: GuestKind, other: GuestKind) -> None:
    assert may_meet(one, other) is ((one, other).count(GuestKind.SELLER) == 1)


def test_a_calendar_file_keeps_hostile_words_inside_their_value() -> None:
    entry = Entry("k1", HOSTILE, HOSTILE, HOSTILE, NINE, NINE + timedelta(minutes=20), 3, is_cancelled=True)
    text = calendar([entry], "souq.example", NINE)
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "").split("\r\n")
    names = [line.partition(":")[0] for line in whole if line]
    assert names.count("ATTENDEE") == 0
    assert names.count("BEGIN") == names.count("END") == 2
    assert "DTSTART:20261205T090000Z" in whole
    assert "DTEND:20261205T092000Z" in whole
    assert {"UID:k1@souq.example", "SEQUENCE:3", "STATUS:CANCELLED"} <= set(whole)
    (summary,) = (line for line in whole if line.startswith("SUMMARY:"))
    assert summary.startswith("SUMMARY:A\\;B\\,C\\\\D\\nATTENDEE:mailto:x\\nZ 漢")
    assert summary.count("漢") == 60
