"""Money and unit prices: exact sums, one rounding, and reading what people write."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.currencies import CURRENCIES, charge_step, exponent, find_currency
from marketplace.kernel.measures import Quantity, UnitMismatch
from marketplace.kernel.money import CurrencyMismatch, Money, UnitPrice, parse_money, parse_unit_price, total
from marketplace.kernel.numerals import ParseError

currencies = st.sampled_from(sorted(CURRENCIES))
minors = st.integers(min_value=-(10**12), max_value=10**12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rp 45.000", Money(4_500_000, "IDR")),
        ("Rp. 45.000,-", Money(4_500_000, "IDR")),
        ("IDR45000", Money(4_500_000, "IDR")),
        ("45 000 Rp", Money(4_500_000, "IDR")),
        ("6,20 €", Money(620, "EUR")),
        ("1.250,00 EUR", Money(125_000, "EUR")),
        ("1,250.00 USD", Money(125_000, "USD")),
        ("$6.20 USD", Money(620, "USD")),
        ("US$ 1’250.50", Money(125_050, "USD")),
        ("１２ EUR", Money(1200, "EUR")),
        ("RMB 30", Money(3000, "CNY")),
        ("JPY 1,200", Money(1200, "JPY")),
    ],
)
def test_amounts_are_read_as_written(text: str, expected: Money) -> None:
    assert parse_money(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("USD 1.250", "number_ambiguous"),
        ("1,250 EUR", "number_ambiguous"),
        ("$5", "currency_ambiguous"),
        ("¥500", "currency_ambiguous"),
        ("5", "currency_missing"),
        ("5 XYZ", "currency_unknown"),
        ("1e309 USD", "number_unreadable"),
        ("USD 5.12345", "amount_too_fine"),
        ("EUR 5 USD", "currency_twice"),
        ("", "number_missing"),
        ("USD 1.2.3,4,5", "number_unreadable"),
        ("USD " + "9" * 60, "number_too_long"),
    ],
)
def test_doubtful_amounts_are_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_money(text)
    assert caught.value.code == code


def test_a_stated_decimal_sign_settles_the_doubt() -> None:
    assert parse_money("EUR 1.250", decimal=",") == Money(125_000, "EUR")
    assert parse_money("EUR 1.250", decimal=".") == Money(125, "EUR")


def test_a_column_of_dollars_says_which_dollars_the_sign_means() -> None:
    assert find_currency("$", "HKD") == "HKD"
    with pytest.raises(ParseError):
        find_currency("$", "EUR")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("USD 6.20/kg", UnitPrice(Decimal("6.2"), "USD", "kg")),
        ("Rp 45.000 per kg", UnitPrice(Decimal(45000), "IDR", "kg")),
        ("6,20 €/kg", UnitPrice(Decimal("6.2"), "EUR", "kg")),
        ("0.125 USD/lb", UnitPrice(Decimal("0.125"), "USD", "lb")),
        ("1.250,00 EUR pro t", UnitPrice(Decimal(1250), "EUR", "mt")),
        ("USD 250.00 / bag60", UnitPrice(Decimal(250), "USD", "bag60")),
    ],
)
def test_unit_prices_are_read_as_written(text: str, expected: UnitPrice) -> None:
    assert parse_unit_price(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [("-1 USD/kg", "price_negative"), ("USD 5", "price_unit_missing"), ("USD 5/foo", "unit_unknown"),
     ("USD 0.1234567/kg", "price_too_fine"), ("USD 9999999999999/kg", "price_too_large")],
)  # fmt: skip
def test_doubtful_unit_prices_are_refused(text: str, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_unit_price(text)
    assert caught.value.code == code


def test_exponents_follow_stripe_where_it_differs_from_iso() -> None:
    assert [exponent(code) for code in ("USD", "JPY", "KWD", "MGA", "ISK", "UGX", "IDR")] == [2, 0, 3, 0, 2, 2, 2]
    assert (charge_step("ISK"), charge_step("KWD"), charge_step("USD")) == (100, 10, 1)


def test_a_line_is_rounded_once_and_half_up() -> None:
    price = UnitPrice(Decimal("0.005"), "USD", "kg")
    assert price.line(Quantity(Decimal(1), "kg")) == Money(1, "USD")
    assert price.line(Quantity(Decimal(3), "kg")) == Money(2, "USD")
    assert UnitPrice(Decimal("6.2"), "USD", "kg").line(Quantity(Decimal("18.4"), "mt")) == Money(11_408_000, "USD")


def test_a_container_is_priced_only_with_a_known_load() -> None:
    price = UnitPrice(Decimal(6), "USD", "kg")
    load = {"fcl20": Quantity(Decimal(18), "mt")}
    assert price.line(Quantity(Decimal(2), "fcl20"), load) == Money(21_600_000, "USD")
    with pytest.raises(UnitMismatch):
        price.line(Quantity(Decimal(2), "fcl20"))


def test_a_price_is_restated_for_another_unit() -> None:
    assert UnitPrice(Decimal("6.2"), "USD", "kg").per("mt") == UnitPrice(Decimal(6200), "USD", "mt")


@given(currencies, st.lists(minors, max_size=20))
def test_sums_are_exact(currency: str, amounts: list[int]) -> None:
    assert total((Money(minor, currency) for minor in amounts), currency).minor == sum(amounts)


@given(currencies, minors)
def test_the_decimal_amount_leads_back_to_the_same_money(currency: str, minor: int) -> None:
    money = Money(minor, currency)
    assert Money.of(money.amount, currency) == money == Money.rounded(money.amount, currency)


@given(currencies, minors, st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_a_split_loses_nothing_and_gives_nothing_for_no_weight(currency: str, minor: int, weights: list[int]) -> None:
    parts = Money(minor, currency).split(weights)
    assert sum(part.minor for part in parts) == minor
    assert all(part.minor == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    exact = [Decimal(minor) * weight / sum(weights) for weight in weights]
    assert all(abs(part.minor - share) <= 1 for part, share in zip(parts, exact, strict=True))


@given(st.integers(0, 10**9), st.integers(0, 10**7))
def test_a_line_is_within_half_a_cent_of_the_exact_product(millionths: int, grams: int) -> None:
    price = UnitPrice(Decimal(millionths).scaleb(-6), "USD", "kg")
    exact = Decimal(millionths).scaleb(-6) * grams / 1000
    assert abs(price.line(Quantity(Decimal(grams), "g")).amount - exact) <= Decimal("0.005")


def test_two_currencies_never_meet_in_one_sum() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "USD") + Money(1, "EUR")
    with pytest.raises(CurrencyMismatch):
        assert Money(1, "USD") < Money(1, "EUR")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for read in (parse_money, parse_unit_price):
        try:
            read(text)
        except ParseError as problem:
            assert problem.code  # noqa: PT017 - the property is "one or the other"
