"""What people type becomes words, codes and conditions; nothing makes it fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.measures import OWN_UNIT
from search.numerals import read
from search.parser import clean, parse
from search.query import MAX_TEXT, MAX_WORD_LENGTH, KeywordFilter, NumberFilter

RATES = {"USD": 1.0, "EUR": 1.2, "IDR": 1 / 16_000, "HKD": 0.125}


@pytest.mark.parametrize(
    ("text", "language", "words", "limits"),
    [
        ("coffee under 7 USD/kg", "en", "coffee", {"price_usd_kg": (None, 7.0)}),
        ("coffee below $7 per kg", "en", "coffee", {"price_usd_kg": (None, 7.0)}),
        ("Rohkaffee unter 6,50 €/kg", "de", "Rohkaffee", {"price_usd_kg": (None, 7.8)}),
        ("gula kelapa di bawah Rp 40.000/kg", "id", "gula kelapa", {"price_usd_kg": (None, 2.5)}),
        ("椰糖 低于20港元/公斤", "zh_Hant", "椰糖", {"price_usd_kg": (None, 2.5)}),
        ("honey over 2,000 USD per tonne", "en", "honey", {"price_usd_kg": (2.0, None)}),
        ("batik max 12.50 usd/piece", "en", "batik", {"price_usd_piece": (None, 12.5)}),
        ("virgin coconut oil under 5 usd per liter", "en", "virgin coconut oil", {"price_usd_litre": (None, 5.0)}),
        ("minyak kelapa maks 5 usd/l", "id", "minyak kelapa", {"price_usd_litre": (None, 5.0)}),
        ("Kokosöl ab 0,004 usd je ml", "de", "Kokosöl", {"price_usd_litre": (4.0, None)}),
        ("椰子油 每升低于5美元", "zh_Hans", "椰子油", {"price_usd_litre": (None, 5.0)}),
        ("椰糖 每公斤低於20港元", "zh_Hant", "椰糖", {"price_usd_kg": (None, 2.5)}),
        ("椰子油 低于每升5美元", "zh_Hans", "椰子油", {"price_usd_litre": (None, 5.0)}),
        ("coffee cup score above 84", "en", "coffee", {"spec.cup_score": (84.0, None)}),
        ("coffee 84+ score", "en", "coffee", {"spec.cup_score": (84.0, None)}),
        ("Kaffee ab 84 Punkte", "de", "Kaffee", {"spec.cup_score": (84.0, None)}),
        ("Kaffee mind. 84 Punkte", "de", "Kaffee", {"spec.cup_score": (84.0, None)}),
        ("Kaffee 84,5 Punkte", "de", "Kaffee", {"spec.cup_score": (84.5, None)}),
        ("coffee 86+ points", "en", "coffee", {"spec.cup_score": (86.0, None)}),
        ("3 points about coffee", "en", "3 points about coffee", {}),
        ("椰子油 最低起訂量 500公斤以下", "zh_Hant", "椰子油", {"moq_kg": (None, 500.0)}),
        ("咖啡 84分以上", "zh_Hans", "咖啡", {"spec.cup_score": (84.0, None)}),
        ("kopi kadar air maks 12,5%", "id", "kopi", {"spec.moisture_pct": (None, 12.5)}),
        ("briquettes ash 2.5", "en", "briquettes", {"spec.ash_pct": (None, 2.5)}),
        ("vco lead time 3 weeks", "en", "vco", {"lead_days": (None, 21.0)}),
        ("MOQ 2 t honey", "en", "honey", {"moq_kg": (None, 2000.0)}),
    ],
)
def test_numbers_become_limits(
    text: str, language: str, words: str, limits: dict[str, tuple[float | None, float | None]]
) -> None:
    query = parse(text, language, rates=RATES)
    assert query.words == words
    found = {each.filter.field: each.filter for each in query.understood}
    assert set(found) == set(limits)
    for field, (low, high) in limits.items():
        limit = found[field]
        assert isinstance(limit, NumberFilter)
        assert (limit.low, limit.high) == (low, high)
    for each in query.understood:
        assert query.text[each.start :].startswith(each.surface)


@pytest.mark.parametrize(
    "text",
    [
        "coffee under 7",
        "over 7 usd",
        "7 usd/kg coffee",
        "coffee under 7 usd per carton",
        "under $7 each",
        "under 7 CHF/kg",
        "score card",
        "5 days",
        "coffee 2026",
    ],
)
def test_nothing_is_guessed(text: str) -> None:
    query = parse(text, rates=RATES)
    assert query.understood == ()
    assert query.codes == ()
    assert query.words == text


UNITS = {"bamboo-craft": "piece", "craft": "piece", "food/coffee": "kg", "coconut-sugar": "kg", "textile/fabric": "",
         "coconut-water": "litre", "food/snacks": OWN_UNIT}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "field", "high", "unit"),
    [
        ("coffee under 3 usd", "en", "price_usd_kg", 3.0, "USD/kg"),
        ("Kokosblütenzucker unter 3 Dollar", "de", "price_usd_kg", 3.0, "USD/kg"),
        ("gula kelapa di bawah 3 usd", "id", "price_usd_kg", 3.0, "USD/kg"),
        ("椰糖 3美元以下", "zh_Hans", "price_usd_kg", 3.0, "USD/kg"),
        ("椰糖 低於20港元", "zh_Hant", "price_usd_kg", 2.5, "HKD/kg"),
        ("bamboo baskets below $3", "en", "price_usd_piece", 3.0, "USD/piece"),
        ("Bambuskörbe bis 3 €", "de", "price_usd_piece", 3.6, "EUR/Stück"),
        ("kerajinan bambu maks 3 usd", "id", "price_usd_piece", 3.0, "USD/buah"),
        ("under 3 usd", "en", "price_usd_kg", 3.0, "USD/kg"),
        ("coconut water under 5 usd", "en", "price_usd_litre", 5.0, "USD/litre"),
        ("air kelapa di bawah 5 usd", "id", "price_usd_litre", 5.0, "USD/liter"),
        ("Kokoswasser bis 5 €", "de", "price_usd_litre", 6.0, "EUR/Liter"),
        ("椰子水 低於20港元", "zh_Hant", "price_usd_litre", 2.5, "HKD/升"),
    ],
)
def test_a_price_without_a_unit_is_for_the_unit_of_the_goods(
    text: str, language: str, field: str, high: float, unit: str
) -> None:
    (price,) = parse(text, language, rates=RATES, price_units=UNITS).understood
    assert price.filter == NumberFilter(field, high=high)
    assert (price.name, price.unit) == ("price", unit)
    assert parse(text, language, rates=RATES, price_units=UNITS, plain=("price",)).understood == ()


def test_goods_that_are_chosen_say_what_a_price_is_for() -> None:
    (price,) = parse("under 3 usd", price_units=UNITS, goods=("bamboo-craft",)).understood
    assert price.unit == "USD/piece"
    (price,) = parse("coffee under 3 usd", price_units=UNITS, goods=("bamboo-craft",)).understood
    assert price.unit == "USD/kg"


@pytest.mark.parametrize(
    ("text", "language", "high", "unit"),
    [
        ("cassava chips below $2", "en", 2.0, "USD"),
        ("keripik singkong di bawah 2 usd", "id", 2.0, "USD"),
        ("Cassava-Chips bis 5 €", "de", 6.0, "EUR"),
        ("木薯片 低於20港元", "zh_Hant", 2.5, "HKD"),
    ],
)
def test_goods_that_are_not_weighed_or_counted_are_limited_in_the_unit_of_each_offer(
    text: str, language: str, high: float, unit: str
) -> None:
    (price,) = parse(text, language, rates=RATES, price_units=UNITS).understood
    assert price.filter == NumberFilter("price_usd_unit", high=high)
    assert (price.name, price.unit) == ("price", unit)


@pytest.mark.parametrize(
    "text",
    ["coconut water under 5 usd per carton", "coconut water, freight under 500 usd", "coconut water over 5 usd",
     "coconut water and coconut sugar under 5 usd"],
)  # fmt: skip
def test_what_is_not_for_one_unit_of_such_goods_stays_words(text: str) -> None:
    assert parse(text, rates=RATES, price_units=UNITS).understood == ()


@pytest.mark.parametrize("text", ["batik under 3 usd", "coffee and bamboo baskets under 3 usd"])
def test_goods_that_do_not_agree_about_a_unit_leave_a_price_alone(text: str) -> None:
    query = parse(text, price_units=UNITS)
    assert query.understood == ()
    assert query.words == text


RUPIAH = {"IDR": 1 / 16_000, "CNY": 0.14, "EUR": 1.2, "USD": 1.0}


@pytest.mark.parametrize(
    ("text", "language", "high", "amount", "unit"),
    [
        ("gula kelapa maksimal Rp25rb", "id", 1.5625, 25_000.0, "IDR/kg"),
        ("gula kelapa di bawah Rp 50 ribu", "id", 3.125, 50_000.0, "IDR/kg"),
        ("gula kelapa di bawah Rp. 50 ribu", "id", 3.125, 50_000.0, "IDR/kg"),
        ("gula kelapa maks Rp. 50.000", "id", 3.125, 50_000.0, "IDR/kg"),
        ("gula kelapa di bawah Rp50k", "id", 3.125, 50_000.0, "IDR/kg"),
        ("gula kelapa di bawah Rp 1,5 juta", "id", 93.75, 1_500_000.0, "IDR/kg"),
        ("gula kelapa di bawah 1,5 jt rupiah", "id", 93.75, 1_500_000.0, "IDR/kg"),
        ("gula kelapa di bawah Rp 800 ribu per kuintal", "id", 0.5, 800_000.0, "IDR/kuintal"),
        ("under $3k/t coconut sugar", "en", 3.0, 3000.0, "USD/t"),
        ("coconut sugar under 3 thousand usd per ton", "en", 3.0, 3000.0, "USD/ton"),
        ("Kokosblütenzucker unter 3 Tsd. Euro pro Tonne", "de", 3.6, 3000.0, "EUR/tonne"),
        ("椰糖3千元以下", "zh_Hans", 420.0, 3000.0, "CNY/kg"),
        ("椰糖低于1.5万元/吨", "zh_Hans", 2.1, 15_000.0, "CNY/吨"),
        ("椰糖低於2萬元/噸", "zh_Hant", 2.8, 20_000.0, "CNY/噸"),
    ],
)
def test_thousands_and_millions_belong_to_the_amount(
    text: str, language: str, high: float, amount: float, unit: str
) -> None:
    (price,) = parse(text, language, rates=RUPIAH, price_units=UNITS).understood
    assert price.filter == NumberFilter("price_usd_kg", high=high)
    assert (price.amount, price.unit) == (amount, unit)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # The number goes on, or is of a size that is not read.
        ("coconut sugar under USD 3-4", "en"),
        ("coconut sugar under $3.5-4 per carton", "en"),
        ("coconut sugar under usd 3 - 4 per kg", "en"),
        ("coconut sugar under usd 3 to 4", "en"),
        ("under $3m coconut sugar", "en"),
        ("gula kelapa di bawah Rp 50 ribuan", "id"),
        ("gula kelapa di bawah Rp 1,5 miliar", "id"),
        ("椰糖3万5千元以下", "zh_Hans"),
        # The unit stands apart, before or behind.
        ("coconut sugar under 30 usd 10 kg bag", "en"),
        ("coconut sugar under 3 usd for 500 g", "en"),
        ("coconut sugar under 3000 usd ton", "en"),
        ("coconut sugar under 3000 usd container", "en"),
        ("coconut sugar under 3 usd, per carton", "en"),
        ("coconut sugar under 3 usd (per carton)", "en"),
        ("coconut sugar per carton under 30 usd", "en"),
        ("coconut sugar 500 ml under 3 usd", "en"),
        ("tea bags under 3 usd", "en"),
        ("100 pcs bamboo baskets under 90 usd", "en"),
        ("gula kelapa sekarung di bawah Rp 900 ribu per karung", "id"),
        ("Kokosblütenzucker im Karton unter 30 Euro", "de"),
        ("椰糖每箱3美元以下", "zh_Hans"),
        ("一箱3美元以下", "zh_Hans"),
        ("椰糖低于¥3千克", "zh_Hans"),
        # It is not what the goods cost.
        ("minimum order under 500 usd coconut sugar", "en"),
        ("coconut sugar MOQ under 500 usd", "en"),
        ("freight under 100 usd", "en"),
        ("shipping under 5 usd", "en"),
        ("coconut sugar under 3 usd shipping", "en"),
        ("sample under 20 usd", "en"),
        ("coffee budget under 500 usd", "en"),
        ("under USD 5 million turnover", "en"),
        ("ongkir di bawah Rp 50 ribu", "id"),
        ("Versand unter 5 Euro", "de"),
        ("椰糖运费100美元以下", "zh_Hans"),
        ("椰糖樣品20美元以下", "zh_Hant"),
    ],
)
def test_a_limit_that_may_be_for_something_else_stays_words(text: str, language: str) -> None:
    query = parse(text, language, rates=RUPIAH, price_units=UNITS)
    assert query.understood == ()
    assert query.words == text


def test_a_limit_beside_a_wanted_quantity_may_be_for_all_of_it() -> None:
    query = parse("5 t coconut sugar under 15000 usd", price_units=UNITS)
    assert [each.name for each in query.understood] == ["quantity"]
    assert query.words == "coconut sugar under 15000 usd"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("coffee under 9 usd cup score above 84", ["price", "cup_score"]),
        ("coffee under 9 usd delivery time 14 days", ["price", "lead_time"]),
        ("coffee under 9 usd FOB surabaya", ["price", "incoterm"]),
        ("bamboo boxes under 9 usd", ["price"]),
        ("5 t coffee under 9 usd/kg per container", ["quantity", "price"]),
    ],
)
def test_other_words_leave_a_limit_one_on_the_goods(text: str, names: list[str]) -> None:
    assert [each.name for each in parse(text, rates=RATES, price_units=UNITS).understood] == names


def test_a_currency_without_a_rate_stays_words() -> None:
    query = parse("coffee under 6 €/kg")
    assert query.understood == ()
    assert "6" in query.words


def test_incoterms() -> None:
    query = parse("coffee fob surabaya")
    assert query.understood[0].filter == KeywordFilter("incoterm", ("FOB",))
    assert query.words == "coffee surabaya"
    assert parse("CIP coffee").understood
    assert not parse("cip coffee").understood


def test_a_removed_condition_is_read_as_words() -> None:
    query = parse("coffee cup score above 84 fob", plain=("cup_score",))
    assert [each.name for each in query.understood] == ["incoterm"]
    assert query.words == "coffee cup score above 84"
    assert parse("0901.11", plain=("hs",)).words == "0901.11"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("0901.11", ("090111",)),
        ("0901.11.10", ("09011110",)),
        ("090111", ("090111",)),
        ("HS 0901", ("0901",)),
        ("hs code: 09", ("09",)),
        ("coffee 0901", ("0901",)),
        ("coffee 2008", ()),
        ("coffee 4711", ()),
        ("150000 kg", ()),
        ("990000", ()),
        ("1200.50 usd", ()),
    ],
)
def test_codes(text: str, codes: tuple[str, ...]) -> None:
    assert parse(text).codes == codes


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.234", "de", 1234.0),
        ("1.234", "en", 1.234),
        ("1,234", "en", 1234.0),
        ("1,234", "id", 1.234),
        ("1.234,56", "en", 1234.56),
        ("1,234.56", "de", 1234.56),
        ("1.234.567", "en", 1234567.0),
        ("6,5", "en", 6.5),
        ("1’000", "de", 1000.0),
        ("", "en", None),
        ("999999999999999", "en", None),
    ],
)
def test_numbers_of_every_manner(text: str, language: str, value: float | None) -> None:
    assert read(text, language) == value


def test_text_is_cut_to_size() -> None:
    assert len(clean("word " * 1000)) <= MAX_TEXT
    assert clean("a" * 40_000) == "a" * MAX_WORD_LENGTH
    assert clean("a\x00b\u200bc\ud800") == "a bc"


@given(st.text(), st.text(max_size=8))
def test_never_raises(text: str, language: str) -> None:
    query = parse(text, language)
    assert len(query.text) <= MAX_TEXT
    query.text.encode()
