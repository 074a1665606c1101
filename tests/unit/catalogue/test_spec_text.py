"""Specifications in a reader's words: the digits a figure deserves, and no unit said twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketplace.catalogue.registry.types import NumberRange
from marketplace.catalogue.spec_text import value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [("1383.792", "1,384\u00a0m asl"), ("999.5", "999.5\u00a0m asl"), ("900", "900\u00a0m asl")],
)
def test_a_large_figure_has_no_decimals(value: str, text: str) -> None:
    assert value_text("altitude_masl", Decimal(value), "en") == text


def test_both_ends_of_a_range_are_rounded() -> None:
    span = NumberRange(Decimal("950.4"), Decimal("1219.2"))
    assert value_text("altitude_masl", span, "de") == "950,4–1.219\u00a0m ü. NN"


def test_a_unit_that_the_field_is_called_by_is_not_repeated() -> None:
    assert value_text("ph", Decimal("5.86"), "de") == "5,86"
