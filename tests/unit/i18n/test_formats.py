"""Numbers, money, quantities and dates as readers of the five languages expect them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from marketplace.i18n import formats
from marketplace.i18n.formats import (
    format_country,
    format_date,
    format_datetime,
    format_days,
    format_list,
    format_money,
    format_number,
    format_percent,
    format_quantity,
    format_unit_price,
    month_name,
    zone_city,
)
from marketplace.i18n.units import UNIT_NAMES, unit_name
from marketplace.kernel.countries import COUNTRIES, NAME_LOCALES, country_name, find_country
from marketplace.kernel.measures import UNITS, Quantity
from marketplace.kernel.money import Money, UnitPrice
from marketplace.kernel.numerals import ParseError
from marketplace.kernel.regions import REGENCIES, find_regency

LANGUAGES = ("en", "id", "de", "zh_Hans", "zh_Hant")


@pytest.mark.parametrize(
    ("locale", "number", "percent"),
    [
        ("en", "1,234.5", "12.5%"),
        ("id", "1.234,5", "12,5%"),
        ("de", "1.234,5", "12,5\xa0%"),
        ("zh_Hans", "1,234.5", "12.5%"),
    ],
)
def test_numbers_carry_the_locales_signs(locale: str, number: str, percent: str) -> None:
    assert format_number(Decimal("1234.50"), locale) == number
    assert format_percent(Decimal("12.5"), locale, 1) == percent
    assert format_number(Decimal("0.12345"), "en") == "0.123"
    assert format_number(Decimal(5), "de", places=2) == "5,00"


@pytest.mark.parametrize(
    ("money", "locale", "expected"),
    [
        (Money.of(45000, "IDR"), "id", "Rp45.000"),
        (Money.of("45000.50", "IDR"), "id", "Rp45.000,50"),
        (Money.of(45000, "IDR"), "en", "Rp\xa045,000"),
        (Money.of(1250, "USD"), "de", "1.250,00\xa0US$"),
        (Money.of(1250, "USD"), "en", "US$1,250.00"),
        (Money.of("6.2", "EUR"), "de", "6,20\xa0€"),
        (Money.of(500, "JPY"), "zh_Hant", "JP¥500"),
        (Money.of(30, "CNY"), "zh_Hans", "CN¥30.00"),
        (Money.of("5.1", "CHF"), "en", "CHF\xa05.10"),
        (Money.of("-7", "HKD"), "en", "-HK$7.00"),
    ],
)
def test_money_shows_which_currency_and_no_needless_decimals(money: Money, locale: str, expected: str) -> None:
    assert format_money(money, locale) == expected


@pytest.mark.parametrize(
    ("price", "locale", "expected"),
    [
        (UnitPrice(Decimal("6.2"), "USD", "kg"), "en", "US$6.20 / kg"),
        (UnitPrice(Decimal("0.125"), "EUR", "bag60"), "de", "0,125\xa0€ / Sack zu 60 kg"),
        (UnitPrice(Decimal(45000), "IDR", "kg"), "id", "Rp45.000 / kg"),
        (UnitPrice(Decimal("6.2"), "USD", "kg"), "zh_Hant", "US$6.20 / 公斤"),
    ],
)
def test_unit_prices_show_their_coin_and_their_unit(price: UnitPrice, locale: str, expected: str) -> None:
    assert format_unit_price(price, locale) == expected


@pytest.mark.parametrize(
    ("amount", "unit", "locale", "expected"),
    [
        ("18.5", "mt", "de", "18,5\xa0t"),
        ("18.5", "mt", "zh_Hant", "18.5\xa0噸"),
        ("1", "carton", "en", "1 carton"),
        ("300", "bag60", "en", "300 bags of 60 kg"),
        ("300", "bag60", "id", "300 karung 60 kg"),
        ("2", "fcl20", "en", "2 × 20 ft container"),
        ("1500", "piece", "de", "1.500 Stück"),
    ],
)
def test_quantities_are_counted_in_words(amount: str, unit: str, locale: str, expected: str) -> None:
    assert format_quantity(Quantity(Decimal(amount), unit), locale) == expected


def test_every_unit_has_a_name_in_every_language() -> None:
    assert set(UNIT_NAMES) == set(UNITS)
    for code in UNITS:
        assert all(unit_name(code, locale, is_plural=many) for locale in LANGUAGES for many in (False, True))


def test_moments_carry_their_zone() -> None:
    moment = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert format_datetime(moment, "en", "Asia/Jakarta") == "22 Nov 2026, 15:00 WIB"
    assert format_datetime(moment, "de", "Europe/Berlin") == "22.11.2026, 09:00 CET"
    assert format_datetime(moment, "zh_Hans", "Asia/Hong_Kong") == "2026年11月22日 16:00 HKT"
    assert format_datetime(moment, "en", "Asia/Dubai").endswith("UTC+04")
    with pytest.raises(ValueError, match="zone"):
        format_datetime(datetime(2026, 11, 22), "en")


def test_dates_months_and_lists() -> None:
    assert format_date(date(2026, 11, 22), "id") == "22 Nov 2026"
    assert [month_name(3, locale) for locale in LANGUAGES] == ["March", "Maret", "März", "三月", "三月"]
    assert format_list(["A", "B", "C"], "en") == "A, B and C"
    assert format_list(["A", "B"], "de", "or") == "A oder B"
    assert format_list([], "en") == ""


def test_countries_are_named_and_found_in_every_language() -> None:
    assert format_country("DE", "id") == "Jerman"
    for code in COUNTRIES:
        for locale in NAME_LOCALES:
            assert find_country(country_name(code, locale)) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Viet Nam", "VN"), ("Cote d?Ivoire", "CI"), ("Tanzania, United Republic Of", "TZ"), ("Taiwan", "TW"),
        ("United States", "US"), ("usa", "US"), ("Korea, Republic of", "KR"), ("Hong Kong SAR", "HK"), ("DEU", "DE"),
        ("the netherlands", "NL"), ("Cina", "CN"), ("德国", "DE"), ("Lao People's Democratic Republic", "LA"),
    ],
)  # fmt: skip
def test_countries_are_found_as_people_write_them(text: str, code: str) -> None:
    assert find_country(text) == code


@pytest.mark.parametrize("text", ["", "Atlantis", "United States (Hawaii)", "XX"])
def test_unknown_countries_are_refused(text: str) -> None:
    with pytest.raises(ParseError):
        find_country(text)


def test_the_regencies_of_east_java() -> None:
    assert len(REGENCIES) == 38
    assert sum(regency.is_city for regency in REGENCIES.values()) == 9
    assert find_regency("Kab. Malang").key == "kab-malang"
    assert find_regency("Kota Malang").key == "kota-malang"
    assert find_regency("surabaya").full_name == "Kota Surabaya"
    assert find_regency("kab-jember").name == "Jember"
    for regency in REGENCIES.values():
        assert find_regency(regency.full_name) == regency


@pytest.mark.parametrize(
    ("text", "code"), [("Malang", "regency_ambiguous"), ("Bandung", "regency_unknown"), ("", "regency_missing")]
)
def test_doubtful_regencies_are_refused(text: str, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        find_regency(text)
    assert caught.value.code == code


@pytest.mark.parametrize("locale", ["en", "id", "de", "zh_Hans", "zh_Hant"])
@pytest.mark.parametrize("currency", ["USD", "EUR", "IDR", "JPY", "CHF", "HKD", "CNY"])
def test_quick_digits_are_those_of_babel(locale: str, currency: str) -> None:
    amounts = ("0", "0.5", "6.2", "6.25", "12.345678", "999.999999", "1000", "45000", "1234567.1", "99999999999.99")
    for text in amounts:
        for least, most in ((0, 0), (2, 2), (0, 6), (2, 6)):
            amount = Decimal(text)
            slow = formats._by_pattern(amount, currency, locale, least, most)
            assert formats._currency(amount, currency, locale, least, most) == slow, (text, least, most)
    assert formats.format_number(Decimal("1234567.891"), "de") == "1.234.567,891"
    assert formats.format_number(Decimal("-1234.5"), "en") == "-1,234.5"


def test_a_time_zone_is_told_by_its_city() -> None:
    assert [zone_city("Europe/Berlin", one) for one in ("en", "de", "zh_Hans")] == ["Berlin", "Berlin", "柏林"]
    assert [zone_city(one) for one in ("America/New_York", "America/Indiana/Indianapolis", "UTC")] == [
        "New York", "Indianapolis", "UTC",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 11, 24), date(2026, 11, 26), ("24–26 Nov 2026", "24.–26. Nov. 2026", "2026年11月24日至26日")),
        (date(2026, 11, 24), date(2026, 12, 2), ("24 Nov – 2 Dec 2026", "24. Nov. – 2. Dez. 2026", "2026年11月24日至12月2日")),
        (date(2026, 12, 30), date(2027, 1, 2),
         ("30 Dec 2026 – 2 Jan 2027", "30. Dez. 2026 – 2. Jan. 2027", "2026年12月30日至2027年1月2日")),
        (date(2026, 12, 30), date(2026, 12, 30), ("30 Dec 2026", "30. Dez. 2026", "2026年12月30日")),
    ],
)  # fmt: skip
def test_days_name_no_part_of_a_date_twice(first: date, last: date, written: tuple[str, str, str]) -> None:
    assert tuple(format_days(first, last, language) for language in ("en", "de", "zh_Hans")) == written
