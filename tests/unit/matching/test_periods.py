"""Amounts by the week, month, quarter, half year and year, in every language; and words that only look like one."""

from datetime import date

import pytest

from matching.reader.request import read_request

POSTED = date(2026, 11, 23)

RHYTHMS = [
    ("coconut sugar 120 MT/year to Hamburg", "en", 120_000, "year"),
    ("5 t a week of desiccated coconut", "en", 5000, "week"),
    ("cassia, 90 t per quarter", "en", 90_000, "quarter"),
    ("annual requirement of about 300 MT coconut sugar", "en", 300_000, "year"),
    ("coconut sugar, 24 t over 12 months", "en", 24_000, "year"),
    ("12 x 20' per year, coconut sugar", "en", 228_000, "year"),
    ("2 containers every two months, coconut sugar", "en", 38_000, "2-months"),
    ("10 t p.a. turmeric", "en", 10_000, "year"),
    ("turmeric 120 tpa", "en", 120_000, "year"),
    ("3 FCL monthly, charcoal briquettes", "en", 57_000, "month"),
    ("jaehrlich 60 t Kokoszucker", "de", 60_000, "year"),
    ("Kokoszucker, jährlich 60 t", "de", 60_000, "year"),
    ("Jahresbedarf 120 t Kurkuma", "de", 120_000, "year"),
    ("60 Tonnen pro Quartal Kokosbriketts", "de", 60_000, "quarter"),
    ("wöchentlich 3 t Kurkuma", "de", 3000, "week"),
    ("2 t/Woche Kurkuma", "de", 2000, "week"),
    ("Halbjährlich 20 t Nelken", "de", 20_000, "half-year"),
    ("alle zwei Wochen 4 t Nelken", "de", 4000, "2-weeks"),
    ("9 t coconut sugar a year", "en", 9000, "year"),
    ("10 MT of desiccated coconut per month", "en", 10_000, "month"),
    ("10 t Kokosraspel im Monat", "de", 10_000, "month"),
    ("20 ton gula kelapa setiap bulan", "id", 20_000, "month"),
    ("100吨椰糖每年", "zh_Hans", 100_000, "year"),
    ("gula kelapa 20 ton per bulan", "id", 20_000, "month"),
    ("gula semut 240 ton per tahun", "id", 240_000, "year"),
    ("per minggu 2 ton kunyit", "id", 2000, "week"),
    ("100 ton setahun cengkeh", "id", 100_000, "year"),
    ("kontrak tahunan 120 ton kunyit", "id", 120_000, "year"),
    ("per kuartal 30 ton cengkeh", "id", 30_000, "quarter"),
    ("椰糖 每月两柜", "zh_Hans", 38_000, "month"),
    ("椰糖 每年100吨", "zh_Hans", 100_000, "year"),
    ("每季度30吨 丁香", "zh_Hans", 30_000, "quarter"),
    ("每周2吨香草", "zh_Hans", 2000, "week"),
    ("每半年50吨 丁香", "zh_Hans", 50_000, "half-year"),
    ("年需求100噸 椰糖", "zh_Hant", 100_000, "year"),
    ("一週一櫃 椰炭", "zh_Hant", 19_000, "week"),
    ("月用量3噸 椰糖", "zh_Hant", 3000, "month"),
    ("一年需要100吨椰糖", "zh_Hans", 100_000, "year"),
    ("10 t coconut sugar, monthly", "en", 10_000, "month"),
    ("10 t Kokoszucker, monatlich.", "de", 10_000, "month"),
    ("月需3噸 椰糖", "zh_Hant", 3000, "month"),
    ("24 t coconut sugar over the next 12 months", "en", 24_000, "year"),
    ("24 t coconut sugar over the next six months", "en", 24_000, "half-year"),
    ("5 t Kokoszucker in der Woche", "de", 5000, "week"),
    ("10 t every year after the harvest, coconut sugar", "en", 10_000, "year"),
    ("10 t per month 2 FCL coconut sugar", "en", 10_000, "month"),
    ("our monthly need is 5 t coconut sugar", "en", 5000, "month"),
    ("5 t as our monthly need of coconut sugar", "en", 5000, "month"),
    ("Monthly we need about 5 t coconut sugar", "en", 5000, "month"),
    ("monthly coconut sugar 5 t", "en", 5000, "month"),
    ("monatlich brauchen wir 5 t Kokoszucker", "de", 5000, "month"),
    ("jährlich werden 60 t Kokoszucker benötigt", "de", 60_000, "year"),
    ("kebutuhan bulanan 5 ton gula kelapa", "id", 5000, "month"),
]


@pytest.mark.parametrize(("text", "lang", "amount", "period"), RHYTHMS)
def test_a_rhythm_is_read_with_its_amount(text: str, lang: str, amount: float, period: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.quantity, read.unit, read.period) == (amount, "kg", period)
    assert read.deadline is None
    (chip,) = [each for each in read.understood if each.kind == "quantity"]
    assert chip.value == f"{amount:g} kg {period}"
    assert text[chip.source.start : chip.source.end] == chip.source.text


@pytest.mark.parametrize(
    ("period", "months"),
    [("week", 12 / 52), ("month", 1), ("quarter", 3), ("half-year", 6), ("year", 12), ("2-months", 2)],
)
def test_the_time_of_a_rhythm(period: str, months: float) -> None:
    text, lang = next((each, lang) for each, lang, _amount, code in RHYTHMS if code == period)
    assert read_request(text, lang=lang, posted=POSTED).months == pytest.approx(months)


@pytest.mark.parametrize(
    ("text", "lang", "deadline"),
    [
        ("5 t turmeric within a week", "en", date(2026, 11, 30)),
        ("we visit once a year, 5 t turmeric", "en", None),
        ("5 t turmeric, as a year ago", "en", None),
        ("5 t a month from now, turmeric", "en", None),
        ("10 t Kurkuma im Jahr 2027", "de", None),
        ("10 t Kokosraspel im Monat Mai", "de", None),
        ("5 t cloves in a month", "en", date(2026, 12, 23)),
        ("5 t coconut sugar within a week", "en", date(2026, 11, 30)),
        ("kunyit 10 ton sebulan lagi", "id", None),
        ("椰糖 20吨 月底前", "zh_Hans", date(2026, 11, 30)),
        ("椰糖10吨 一个月内交货", "zh_Hans", date(2026, 12, 23)),
        ("下個月採購椰糖5噸", "zh_Hant", date(2026, 12, 31)),
        ("椰糖5吨下个月交货", "zh_Hans", date(2026, 12, 31)),
        ("椰糖5吨十一月交货", "zh_Hans", date(2026, 11, 30)),
        ("这个月采购椰糖5吨", "zh_Hans", None),
        ("下周采购椰糖5吨", "zh_Hans", None),
        ("12月需要椰糖5吨", "zh_Hans", None),
        ("十二月需要椰糖5吨", "zh_Hans", None),
        ("一月需要椰糖5吨", "zh_Hans", None),
        ("我们2026年需要椰糖5吨", "zh_Hans", None),
        ("明年需要椰糖5吨", "zh_Hans", None),
        ("上半年订单椰糖5吨", "zh_Hans", None),
        ("5 t coconut sugar over the next month", "en", date(2026, 12, 31)),
        ("5 t Kokosblütenzucker in der Woche 50", "de", date(2026, 12, 13)),
        ("5 t Kokosblütenzucker in der Woche vom 7. Dezember", "de", date(2026, 12, 7)),
        ("5 t coconut sugar a month before Ramadan", "en", date(2027, 2, 8)),
        ("5 t coconut sugar every year end", "en", date(2026, 12, 31)),
        ("5 ton gula kelapa dalam sebulan", "id", date(2026, 12, 23)),
        ("5 t coconut sugar per 0 months", "en", None),
    ],
)
def test_a_day_is_no_rhythm(text: str, lang: str, deadline: date | None) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert read.quantity is not None
    assert (read.period, read.months) == ("", None)
    assert deadline is None or read.deadline == deadline


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("5 t coconut sugar for our monthly meeting", "en"),
        ("For our monthly meeting we need 5 t coconut sugar", "en"),
        ("5 t coconut sugar, annual report enclosed", "en"),
        ("5 t coconut sugar for the annual festival", "en"),
        ("As a weekly trader we need 5 t coconut sugar", "en"),
        ("monatliche Besprechung: 5 t Kokoszucker", "de"),
        ("5 t Kokoszucker für unsere jährliche Messe", "de"),
    ],
)
def test_what_comes_round_but_is_not_the_amount_is_no_rhythm(text: str, lang: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.quantity, read.period, read.months, read.deadline) == (5000, "", None, None)


def test_who_takes_the_amount_back_takes_its_rhythm_back() -> None:
    read = read_request("coconut sugar 120 MT/year", lang="en", posted=POSTED)
    (chip,) = [each for each in read.understood if each.kind == "quantity"]
    left = read.without(chip)
    assert (left.quantity, left.months, left.period) == (None, None, "")


def test_each_line_keeps_its_own_rhythm() -> None:
    read = read_request("coconut sugar 10 t per month and cloves 5 t per year, Hamburg", lang="en", posted=POSTED)
    assert [(each.quantity, each.period) for each in read.lines] == [(10_000, "month"), (5000, "year")]
