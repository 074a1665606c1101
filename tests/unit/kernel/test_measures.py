"""Quantities: conversion between units of one dimension, loads from outside, and reading what people write."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.measures import UNITS, Quantity, UnitMismatch, find_unit, parse_quantity
from marketplace.kernel.numerals import ParseError, parse_decimal

masses = st.sampled_from([code for code, unit in UNITS.items() if unit.dimension == "mass"])
amounts = st.decimals(min_value=0, max_value=10**6, places=3)


def _quantity(amount: str, unit: str) -> Quantity:
    return Quantity(Decimal(amount), unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 FCL", _quantity("2", "fcl20")),
        ("1 FCL 40HC", _quantity("1", "fcl40hc")),
        ("2 20ft", _quantity("2", "fcl20")),
        ("1 x 40HC", _quantity("1", "fcl40hc")),
        ("19200 kg", _quantity("19200", "kg")),
        ("18 t", _quantity("18", "mt")),
        ("300 bags", _quantity("300", "bag")),
        ("1,5 ton", _quantity("1.5", "mt")),
        ("500 gr", _quantity("500", "g")),
        ("300 bags of 60 kg", _quantity("300", "bag60")),
        ("275 x 69 kg", _quantity("18975", "kg")),
        ("100 karung @ 50 kg", _quantity("100", "bag50")),
        ("1.250,5 kg", _quantity("1250.5", "kg")),
        ("1 000 kg", _quantity("1000", "kg")),
        ("18吨", _quantity("18", "mt")),
        ("3 kodi", _quantity("3", "score")),
        ("20 Säcke", _quantity("20", "bag")),
    ],
)
def test_quantities_are_read_as_written(text: str, expected: Quantity) -> None:
    assert parse_quantity(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "quantity_missing"),
        ("5", "quantity_unit_missing"),
        ("kg", "quantity_unreadable"),
        ("1.250 kg", "number_ambiguous"),
        ("12,000 kg", "number_ambiguous"),
        ("-3 kg", "quantity_negative"),
        ("2 kg,lbs", "unit_unknown"),
        ("1e5 kg", "unit_unknown"),
        ("0.0000001 kg", "quantity_too_fine"),
        ("5 kg x 60 kg", "quantity_unreadable"),
        ("999999999999999 kg", "quantity_too_large"),
    ],
)
def test_doubtful_quantities_are_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_quantity(text)
    assert caught.value.code == code


def test_the_unit_of_a_column_stands_in_where_none_is_written() -> None:
    assert parse_quantity("60", "kg") == _quantity("60", "kg")
    assert parse_quantity("60 lb", "kg") == _quantity("60", "lb")


def test_mass_converts_by_itself_and_packages_only_by_their_contents() -> None:
    assert _quantity("300", "bag60").to("mt") == _quantity("18", "mt")
    with pytest.raises(UnitMismatch):
        _quantity("1", "drum").to("kg")
    contents = {"drum": _quantity("190", "kg"), "fcl20": _quantity("80", "drum")}
    assert _quantity("2", "fcl20").to("kg", contents) == _quantity("30400", "kg")
    assert _quantity("30400", "kg").to("fcl20", contents).amount == 2


def test_mass_never_becomes_volume() -> None:
    assert not _quantity("1", "kg").converts_to("litre")


def test_contents_that_hold_themselves_end_in_an_error() -> None:
    with pytest.raises(UnitMismatch):
        _quantity("1", "box").to("kg", {"box": _quantity("2", "carton"), "carton": _quantity("3", "box")})


def test_comparison_converts_first() -> None:
    assert _quantity("1", "mt").compared(_quantity("999", "kg")) == 1
    assert _quantity("1", "mt").compared(_quantity("1000", "kg")) == 0
    assert _quantity("1", "bag60").compared(_quantity("61", "kg")) == -1


@given(masses, masses, amounts)
def test_there_and_back_again_is_the_same_amount(here: str, there: str, amount: Decimal) -> None:
    back = Quantity(amount, here).to(there).to(here).amount
    assert abs(back - amount) <= amount.scaleb(-20)


@given(masses, st.lists(amounts, min_size=2, max_size=6))
def test_sums_do_not_depend_on_the_order(unit: str, parts: list[Decimal]) -> None:
    forward = sum((Quantity(part, unit) for part in parts[1:]), Quantity(parts[0], unit))
    backward = sum((Quantity(part, unit) for part in parts[-2::-1]), Quantity(parts[-1], unit))
    assert forward == backward


@given(st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False), st.sampled_from([".", ","]))
def test_numbers_written_with_grouping_are_read_back(amount: Decimal, sign: str) -> None:
    english = f"{amount:,}"
    text = english if sign == "." else english.translate(str.maketrans(",.", ".,"))
    assert parse_decimal(text, "." if sign == "." else ",") == amount
    assert parse_decimal(text) == amount  # four decimals leave no doubt


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for read in (parse_quantity, find_unit):
        try:
            read(text)
        except ParseError as problem:
            assert problem.code  # noqa: PT017 - the property is "one or the other"
