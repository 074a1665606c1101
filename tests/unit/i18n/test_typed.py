"""Numbers in form fields: shown with the decimal sign of the page, taken in either writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from flask import g

from marketplace.app import create_app
from marketplace.i18n.typed import read_amount, read_typed, typed, typed_amount
from marketplace.kernel.money import Money
from marketplace.kernel.numerals import ParseError
from tests.support.application import home_settings

Speak = Callable[[str], None]


@pytest.fixture(scope="module")
def in_language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speak]:
    """Let the page speak a language."""
    app = create_app(home_settings(tmp_path_factory.mktemp("home")), testing=True)

    def speak(locale: str) -> None:
        g.locale = locale

    with app.test_request_context("/"):
        yield speak


@pytest.mark.parametrize(
    ("locale", "number", "shown"),
    [
        ("en", "240.00", "240"),
        ("de", "2.62", "2,62"),
        ("id", "0.5", "0,5"),
        ("zh_Hans", "2.62", "2.62"),
        ("de", "2400", "2400"),
        ("de", "2.375", "2,3750"),  # "2,375" could mean thousands
        ("en", "2.375", "2.3750"),
    ],
)
def test_numbers_are_shown_as_the_reader_types_them(in_language: Speak, locale: str, number: str, shown: str) -> None:
    in_language(locale)
    assert typed(Decimal(number)) == shown
    assert read_typed(shown) == Decimal(number)


def test_amounts_keep_the_decimals_of_their_currency(in_language: Speak) -> None:
    in_language("de")
    assert typed_amount(Money(24000, "USD")) == "240,00"
    assert typed_amount(Money(24000, "JPY")) == "24000"
    assert read_amount("240,00", "USD") == read_amount("240.00", "USD") == Money(24000, "USD")


@pytest.mark.parametrize(("locale", "means"), [("de", "1250"), ("id", "1250"), ("en", "1.25"), ("zh_Hant", "1.25")])
def test_what_could_mean_two_things_means_what_the_page_says(in_language: Speak, locale: str, means: str) -> None:
    in_language(locale)
    assert read_typed("1.250") == Decimal(means)
    assert read_amount("1.250", "KWD") == Money.of(Decimal(means), "KWD")


@pytest.mark.parametrize(("locale", "group", "fraction"), [("de", "1.250", "1,250"), ("en", "1,250", "1.250")])
def test_an_amount_of_three_decimals_is_refused_where_the_coin_has_two(
    in_language: Speak, locale: str, group: str, fraction: str
) -> None:
    in_language(locale)
    assert read_amount(group, "USD") == Money.of(Decimal(1250), "USD")
    with pytest.raises(ParseError):
        read_amount(fraction, "USD")
    assert read_amount(fraction, "IDR") == Money.of(Decimal(1250), "IDR")


@pytest.mark.parametrize("text", ["2,62", "2.62"])
@pytest.mark.parametrize("locale", ["en", "de"])
def test_either_sign_is_taken_where_only_one_reading_is_left(in_language: Speak, locale: str, text: str) -> None:
    in_language(locale)
    assert read_typed(text) == Decimal("2.62")


def test_what_is_no_number_is_refused(in_language: Speak) -> None:
    in_language("de")
    for text in ("", "zwei", "1,2,3"):
        with pytest.raises(ParseError):
            read_typed(text)
