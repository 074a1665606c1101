"""States follow from facts; commissions are exact at both ends and never more than the amount."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.money import Money
from marketplace.payments.rules import (
    ATTEMPT_MOVES,
    AttemptState,
    CommissionKind,
    CommissionTerms,
    DisputeState,
    Facts,
    PaymentState,
    chosen_rule,
    commission_back,
    commission_of,
    state_of,
)

PERCENT = CommissionTerms(1, CommissionKind.PERCENT, Decimal("7.5"))


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(100), PaymentState.DUE),
        (Facts(100, is_processing=True), PaymentState.PROCESSING),
        (Facts(100, is_cancelled=True), PaymentState.CANCELLED),
        (Facts(100, is_cancelled=True, is_paid=True), PaymentState.PAID),
        (Facts(100, is_paid=True, refunded_minor=1), PaymentState.PARTLY_REFUNDED),
        (Facts(100, is_paid=True, refunded_minor=100), PaymentState.REFUNDED),
        (Facts(100, is_paid=True, dispute=DisputeState.OPEN), PaymentState.DISPUTED),
        (Facts(100, is_paid=True, dispute=DisputeState.LOST, refunded_minor=5), PaymentState.CHARGED_BACK),
        (Facts(100, is_paid=True, dispute=DisputeState.WON), PaymentState.PAID),
    ],
)
def test_states(facts: Facts, state: PaymentState) -> None:
    assert state_of(facts) is state


def test_nothing_is_paid_without_money() -> None:
    for cancelled, processing, refunded, dispute in product(
        (True, False), (True, False), (0, 50, 100), (None, *DisputeState)
    ):
        assert state_of(Facts(100, False, cancelled, processing, refunded, dispute)) in {
            PaymentState.DUE,
            PaymentState.PROCESSING,
            PaymentState.CANCELLED,
        }


def test_completed_is_the_end_of_a_try() -> None:
    assert ATTEMPT_MOVES[AttemptState.COMPLETED] == frozenset()
    assert all(AttemptState.COMPLETED in moves for state, moves in ATTEMPT_MOVES.items() if state != "completed")


@given(minor=st.integers(1, 10**12), percent=st.decimals(0, 100, places=3))
def test_a_commission_is_within_the_amount(minor: int, percent: Decimal) -> None:
    amount = Money(minor, "USD")
    fee = commission_of(amount, CommissionTerms(1, CommissionKind.PERCENT, percent))
    assert 0 <= fee.minor <= minor
    assert commission_back(fee, amount, Money(0, "USD")).minor == 0
    assert commission_back(fee, amount, amount) == fee


@given(minor=st.integers(1, 10**9), first=st.integers(0, 10**9), second=st.integers(0, 10**9))
def test_more_given_back_never_means_less_commission_back(minor: int, first: int, second: int) -> None:
    amount = Money(minor, "USD")
    fee = commission_of(amount, PERCENT)
    low, high = sorted((min(first, minor), min(second, minor)))
    assert commission_back(fee, amount, Money(low, "USD")) <= commission_back(fee, amount, Money(high, "USD"))


def test_the_closest_rule_wins() -> None:
    day = date(2026, 11, 22)
    every = CommissionTerms(1, CommissionKind.PERCENT, Decimal(5))
    ours = CommissionTerms(2, CommissionKind.PERCENT, Decimal(4), chapter_id=7)
    coffee = CommissionTerms(3, CommissionKind.PERCENT, Decimal(3), commodity="coffee")
    both = CommissionTerms(4, CommissionKind.PERCENT, Decimal(2), chapter_id=7, commodity="coffee")
    past = CommissionTerms(5, CommissionKind.PERCENT, Decimal(1), chapter_id=7, valid_to=date(2026, 11, 21))
    rules = [every, ours, coffee, both, past]
    assert chosen_rule(rules, 7, "coffee", day) is both
    assert chosen_rule(rules, 7, "sugar", day) is ours
    assert chosen_rule(rules, 8, "coffee", day) is coffee
    assert chosen_rule(rules, None, "sugar", day) is every
    assert chosen_rule([past], 7, "sugar", day) is None


def test_a_fixed_amount_of_another_currency_is_no_commission() -> None:
    fixed = CommissionTerms(1, CommissionKind.FIXED, fixed=Money(500, "USD"))
    assert commission_of(Money(10_000, "USD"), fixed) == Money(500, "USD")
    assert commission_of(Money(300, "USD"), fixed) == Money(300, "USD")
    assert commission_of(Money(10_000, "EUR"), fixed) == Money(0, "EUR")
    assert commission_of(Money(10_000, "EUR"), None) == Money(0, "EUR")
