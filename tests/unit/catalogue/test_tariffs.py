"""National customs codes: as many digits as their schedule has, begun by the HS code, never without a source."""

from __future__ import annotations

import pytest

from marketplace.catalogue.rules.tariffs import TariffCode, digits_of, grouped, market_of, reading_order, tariff_faults

UNION = frozenset({"DE", "IT"})


@pytest.mark.parametrize(
    ("market", "code", "source", "faults"),
    [
        ("eu", "09011100", "CN 2026", {}),
        ("us", "0901110025", "HTS 2026", {}),
        ("hk", "09011100", "HKHS 2022", {}),
        ("eu", "0901110025", "CN 2026", {"tariff_eu": "digits"}),
        ("us", "09011100", "HTS", {"tariff_us": "digits"}),
        ("eu", "0901110x", "CN", {"tariff_eu": "digits"}),
        ("eu", "０９０１１１００", "CN", {"tariff_eu": "digits"}),
        ("eu", "09012100", "CN", {"tariff_eu": "other_goods"}),
        ("eu", "09011100", "  ", {"tariff_eu_source": "source"}),
        ("jp", "090111000", "?", {"tariff_jp": "market"}),
    ],
)
def test_codes_are_checked(market: str, code: str, source: str, faults: dict[str, str]) -> None:
    assert tariff_faults([TariffCode(market, code, source)], "090111") == faults


def test_no_national_code_without_an_hs_code() -> None:
    assert tariff_faults([TariffCode("eu", "09011100", "CN")], "") == {"tariff_eu": "other_goods"}


def test_codes_are_typed_and_printed_as_their_schedules_do() -> None:
    assert digits_of("0901.11.00-25") == digits_of("0901 11 00 25") == "0901110025"
    assert grouped("eu", "09011100") == "0901 11 00"
    assert grouped("us", "0901110025") == "0901.11.00.25"
    assert grouped("hk", "09011100") == "0901 1100"


def test_countries_have_their_customs_territory() -> None:
    markets = [market_of(country, UNION) for country in ("DE", "EU", "US", "HK", "JP", "")]
    assert markets == ["eu", "eu", "us", "hk", None, None]


def test_the_likely_market_of_a_reader_comes_first() -> None:
    assert reading_order(["us", "hk", "eu"], "de") == ["eu", "us", "hk"]
    assert reading_order(["us", "hk", "eu"], "zh_Hant") == ["hk", "eu", "us"]
    assert reading_order(["us", "hk", "eu"], "en") == ["eu", "us", "hk"]
