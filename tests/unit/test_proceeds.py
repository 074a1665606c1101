"""What a seller receives of a price: less the commission, in rupiah, against their costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from marketplace.i18n.translations import speaking
from marketplace.kernel.exchange import Rates, reference_rates
from marketplace.kernel.money import Money
from marketplace.payments.rules import CommissionKind, CommissionTerms
from marketplace.proceeds import showing
from marketplace.proceeds.rules import AskedPrice, Costs, received, rounded

D = Decimal
DAY = date(2026, 10, 30)
RATES = Rates(DAY, {"EUR": D(1), "USD": D("1.10"), "IDR": D("18150")})
PRICE = AskedPrice(D("4.20"), "USD", "kg", "FOB", "Surabaya")
THREE = CommissionTerms(1, CommissionKind.PERCENT, D(3))


def test_the_commission_is_taken_before_the_rate() -> None:
    found = received(PRICE, THREE, RATES)
    assert found.exact == pytest.approx(D("4.20") * D("0.97") * D(16500), abs=D("0.000001"))
    assert (found.percent, found.about, found.day) == (D(3), D(67200), DAY)
    assert received(PRICE, None, RATES).about == D(69300)


def test_rupiah_need_no_rate_and_are_told_exactly() -> None:
    found = received(AskedPrice(D(60000), "IDR", "kg"), THREE, RATES)
    assert (found.exact, found.about, found.day) == (D(58200), D(58200), None)


def test_without_a_rate_nothing_is_invented() -> None:
    found = received(AskedPrice(D(4), "XAU", "kg"), THREE, RATES)
    assert (found.exact, found.about, found.day) == (None, None, None)


@pytest.mark.parametrize(
    ("amount", "told"), [("0", "0"), ("64287.4", "64300"), ("999.6", "1000"), ("12.4", "12"), ("64287400", "64300000")]
)
def test_three_digits_say_all_that_a_rate_of_another_day_knows(amount: str, told: str) -> None:
    assert rounded(D(amount)) == D(told)


@pytest.fixture
def spoken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "reference_rates", lambda: RATES)
    monkeypatch.setattr(showing, "today", lambda: date(2026, 11, 1))


@pytest.mark.usefixtures("spoken")
def test_the_line_names_price_share_rate_and_source() -> None:
    with speaking("en"):
        (line,) = showing.lines_of(PRICE, THREE, "en")
    amount = line.split("about ")[1].split(" /")[0]
    assert "67,200" in amount
    assert line == (
        f"Buyer sees US$4.20 / kg FOB Surabaya; you receive about {amount} / kg after 3% commission, at the rate of "
        "30 Oct 2026 (European Central Bank)."
    )


@pytest.mark.usefixtures("spoken")
def test_an_old_rate_is_said_to_be_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "today", lambda: date(2026, 11, 7))
    with speaking("en"):
        assert "8 days old" in showing.lines_of(PRICE, None, "en")[1]
    monkeypatch.setattr(showing, "today", lambda: date(2026, 11, 6))
    with speaking("en"):
        assert len(showing.lines_of(PRICE, None, "en")) == 1


@pytest.mark.usefixtures("spoken")
def test_costs_are_held_against_what_is_received_in_the_unit_of_the_price() -> None:
    costs = Costs("kg", D(50000), D(9000))
    with speaking("en"):
        fits = showing.lines_of(PRICE, THREE, "en", costs=costs)[-1]
        by_tonne = AskedPrice(D(3000), "USD", "mt", "CIF", "Hamburg")
        short = showing.lines_of(by_tonne, None, "en", costs=costs)
        strange = showing.lines_of(PRICE, THREE, "en", costs=Costs("litre", D(1), D(1)))
    assert "59,000" in fits
    assert "8,220" in fits  # 67,221 received less 59,000
    assert "Freight is in this price" in short[1]
    assert "9,500,000" in short[2]
    assert "is missing" in short[2]
    assert len(strange) == 1


@pytest.mark.usefixtures("spoken")
def test_a_fixed_commission_is_told_beside_and_a_missing_rate_in_words() -> None:
    fixed = CommissionTerms(1, CommissionKind.FIXED, fixed=Money(2500, "USD"))
    with speaking("en"):
        assert "25" in showing.lines_of(PRICE, fixed, "en")[1]
        (line,) = showing.lines_of(AskedPrice(D(4), "ARS", "kg"), THREE, "en")
    assert "no rate for ARS" in line


def test_the_rates_that_come_with_the_product_reach_rupiah() -> None:
    rates = reference_rates()
    assert rates.convert(D(1), "USD", "IDR") > 1000
    assert rates.day <= date.today()


@pytest.mark.parametrize("text", ["", "x", "1e999999", "NaN", "Infinity", "1" * 40])
def test_what_is_no_amount_is_none(text: str) -> None:
    with speaking("en"):
        assert showing.number_typed(text, "USD") is None


@pytest.mark.parametrize(
    ("locale", "text", "currency", "amount"),
    [
        ("id", "85.000", "IDR", "85000"),
        ("en", "85.000", "IDR", "85000"),
        ("id", "4,20", "USD", "4.20"),
        ("de", "1.250,50", "EUR", "1250.50"),
        ("en", "1,250", "EUR", "1250"),
    ],
)
def test_an_amount_typed_is_read_as_the_form_reads_it(locale: str, text: str, currency: str, amount: str) -> None:
    with speaking(locale):
        assert showing.number_typed(text, currency) == D(amount)
