"""Judgements about requests and leads on plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.measures import Quantity
from marketplace.kernel.public_keys import new_public_key
from marketplace.rfqs.rules import (
    ANSWER_TIME,
    OVER,
    UNANSWERED,
    RecipientState,
    RfqState,
    answer_minutes,
    is_answerable,
    is_below,
    moved_deadline,
    talks,
    written_in,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURS = st.integers(0, 500)


@given(HOURS, HOURS, HOURS)
def test_time_that_stood_still_is_not_counted(before: int, pause: int, after: int) -> None:
    """However long the clock stood, a seller is judged by the time it ran."""
    asked = NOON + timedelta(hours=before)
    deadline = moved_deadline(NOON + ANSWER_TIME, asked, asked + timedelta(hours=pause))
    answered = asked + timedelta(hours=pause + after)
    assert deadline - NOON == ANSWER_TIME + timedelta(hours=pause)
    assert answer_minutes(answered, deadline) == 60 * (before + after)


@pytest.mark.parametrize("state", sorted(OVER))
def test_nothing_is_answerable_once_a_request_is_over(state: RfqState) -> None:
    assert not any(is_answerable(state, recipient) for recipient in RecipientState)


def test_only_the_living_talk_and_the_committed_after_time_ran_out() -> None:
    assert {one for one in RecipientState if talks(RfqState.EXPIRED, one)} == {
        RecipientState.WILL_QUOTE,
        RecipientState.QUOTED,
    }
    assert all(talks(RfqState.OPEN, one) for one in UNANSWERED)
    for state in (RfqState.CANCELLED, RfqState.REJECTED_SPAM, RfqState.CLOSED_NO_AWARD, RfqState.DRAFT):
        assert not any(talks(state, one) for one in RecipientState)


@pytest.mark.parametrize(
    ("amount", "unit", "moq", "moq_unit", "expected"),
    [
        ("499.999999", "kg", "500", "kg", True),
        ("0.5", "mt", "500", "kg", False),
        ("8", "bag60", "500", "kg", True),
        ("9", "bag60", "500", "kg", False),
        ("1", "fcl20", "500", "kg", False),
        ("1", "jar", "500", "kg", False),  # nobody knows: not surely below
        ("10", "jar", "500", "jar", True),
    ],
)
def test_below_the_moq(amount: str, unit: str, moq: str, moq_unit: str, expected: bool) -> None:
    contents = {"fcl20": Quantity(Decimal(18), "mt")}
    assert is_below(Quantity(Decimal(amount), unit), Quantity(Decimal(moq), moq_unit), contents) is expected


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("請問最低訂購量是多少？", "en", "zh_Hans"),
        ("請問最低訂購量是多少？", "zh_Hant", "zh_Hant"),
        ("Berapa MOQ?", "id", "id"),
        ("We are 香港 based and look for sugar", "en", "en"),
        ("", "de", "de"),
    ],
)
def test_plainly_chinese_words_are_marked_so(text: str, locale: str, expected: str) -> None:
    assert written_in(text, locale) == expected


def test_public_names_are_not_guessed() -> None:
    keys = {new_public_key() for _ in range(2000)}
    assert len(keys) == 2000
    assert {len(key) for key in keys} == {10}
