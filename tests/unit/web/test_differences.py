"""Which rows of a comparison are marked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from marketplace.catalogue.registry.types import NumberRange
from marketplace.web.differences import amounts_differ, specs_differ, words_differ


@pytest.mark.parametrize(
    ("amounts", "differ"),
    [
        (("100", "91"), False),
        (("100", "89"), True),
        (("100", None), False),
        ((None, None), False),
        (("0", "0"), False),
        (("7.2", "7.3", "9"), True),
    ],
)
def test_a_tenth_is_no_difference(amounts: tuple[str | None, ...], differ: bool) -> None:
    assert amounts_differ([None if one is None else Decimal(one) for one in amounts]) is differ


def test_words_that_only_one_states_are_none() -> None:
    assert words_differ(["FOB", "CIF"])
    assert not words_differ(["FOB", None, ""])
    assert not words_differ(["FOB", "FOB"])


def test_values_of_specifications() -> None:
    assert specs_differ("moisture_pct", [Decimal("8"), Decimal("12")])
    assert not specs_differ("moisture_pct", [Decimal("12"), Decimal("12.5"), None])
    assert not specs_differ("moisture_pct", [Decimal("12"), NumberRange(Decimal("11"), Decimal("13"))])
    assert specs_differ("process", ["washed", "natural"])
    assert not specs_differ("process", ["washed", None])
    assert not specs_differ("production_date", [date(2026, 1, 2), date(2026, 5, 6)])
