"""Parts of payments: exact over all payments of a deal, and never more than a payment holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.rules import parts_of

AMOUNTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=12)


@given(AMOUNTS, st.integers(0, 10**12), st.integers(0, 100))
def test_deposit_and_balance_share_out_exactly_what_was_promised(amounts: list[int], own: int, percent: int) -> None:
    whole = sum(amounts) + own
    deposit = whole * percent // 100
    if not whole:
        return
    first = parts_of(amounts, deposit, whole)
    rest = [amount - part for amount, part in zip(amounts, first, strict=True)]
    assert all(0 <= part <= amount for part, amount in zip(first, amounts, strict=True))
    assert sum(first) <= deposit
    assert sum(rest) <= whole - deposit
    assert all(abs(part * whole - amount * deposit) < whole for part, amount in zip(first, amounts, strict=True))


def test_the_whole_gives_everybody_their_amount() -> None:
    assert parts_of([3, 5, 7], 20, 20) == [3, 5, 7]
    assert parts_of([1, 1, 1], 1, 3) == [0, 0, 1]
