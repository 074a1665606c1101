"""Amounts wanted so many times in a while, and days told from the day of the request on, in every language."""

from datetime import date

import pytest

from matching.reader.request import read_request

POSTED = date(2026, 11, 23)  # a Monday

REPEATS = [
    ("coconut sugar 5 t biweekly", "en", "2-weeks"),
    ("5 t coconut sugar fortnightly", "en", "2-weeks"),
    ("every fortnight 5 t coconut sugar", "en", "2-weeks"),
    ("5 t coconut sugar every two weeks", "en", "2-weeks"),
    ("5 t coconut sugar every other month", "en", "2-months"),
    ("5 t coconut sugar bi-monthly", "en", "2-months"),
    ("coconut sugar 5 t twice a year", "en", "half-year"),
    ("5 t coconut sugar, three times per year", "en", "4-months"),
    ("5 t coconut sugar four times a year", "en", "quarter"),
    ("5 t coconut sugar once a month", "en", "month"),
    ("5 t coconut sugar twice a month", "en", "2-weeks"),
    ("gula kelapa 5 ton 2x setahun", "id", "half-year"),
    ("gula kelapa 5 ton dua kali setahun", "id", "half-year"),
    ("gula kelapa 5 ton dua minggu sekali", "id", "2-weeks"),
    ("gula kelapa 5 ton 3 bulan sekali", "id", "quarter"),
    ("5 t Kokosblütenzucker zweimal jährlich", "de", "half-year"),
    ("5 t Kokosblütenzucker 2x pro Jahr", "de", "half-year"),
    ("alle zwei Wochen 5 t Kokosblütenzucker", "de", "2-weeks"),
    ("alle 14 Tage 5 t Kokosblütenzucker", "de", "2-weeks"),
    ("5 t Kokosblütenzucker vierzehntägig", "de", "2-weeks"),
    ("椰子糖5吨 每年两次", "zh_Hans", "half-year"),
    ("椰子糖5吨 每两周", "zh_Hans", "2-weeks"),
    ("椰子糖5吨 隔周一次", "zh_Hans", "2-weeks"),
    ("一年两次,每次5吨椰子糖", "zh_Hans", "half-year"),
    ("每年兩次 椰子糖5噸", "zh_Hant", "half-year"),
    ("椰子糖5噸 半年一次", "zh_Hant", "half-year"),
]
NO_REPEATS = [
    ("We meet twice a year. 5 t coconut sugar", "en"),
    ("audits twice a year, 5 t coconut sugar", "en"),
    ("coconut sugar 5 t, sieved twice", "en"),
    ("coconut sugar 5 t, two times washed", "en"),
    ("coconut sugar 5 t within two weeks", "en"),
    ("gula kelapa 5 ton dalam dua minggu", "id"),
    ("Kokosblütenzucker 5 t in zwei Wochen", "de"),
    ("椰子糖5吨 两周内", "zh_Hans"),
]
DAYS = [
    ("coconut sugar 5 t next week", "en", date(2026, 12, 6)),
    ("coconut sugar 5 t within this week", "en", date(2026, 11, 29)),
    ("coconut sugar 5 t by mid December", "en", date(2026, 12, 15)),
    ("coconut sugar 5 t, middle of December", "en", date(2026, 12, 15)),
    ("coconut sugar 5 t early next month", "en", date(2026, 12, 10)),
    ("coconut sugar 5 t, early next year", "en", date(2027, 1, 31)),
    ("quote us for shipment next week of 5 t coconut sugar", "en", date(2026, 12, 6)),
    ("gula kelapa 5 ton minggu depan", "id", date(2026, 12, 6)),
    ("gula kelapa 5 ton bulan depan", "id", date(2026, 12, 31)),
    ("gula kelapa 5 ton pertengahan bulan depan", "id", date(2026, 12, 15)),
    ("gula kelapa 5 ton akhir bulan depan", "id", date(2026, 12, 31)),
    ("gula kelapa 5 ton, butuh Januari", "id", date(2027, 1, 31)),
    ("Kokosblütenzucker 5 t nächste Woche", "de", date(2026, 12, 6)),
    ("Kokosblütenzucker 5 t bis Ende nächster Woche", "de", date(2026, 12, 6)),
    ("Kokosblütenzucker 5 t übernächste Woche", "de", date(2026, 12, 13)),
    ("Kokosblütenzucker 5 t Mitte nächsten Monats", "de", date(2026, 12, 15)),
    ("Kokosblütenzucker 5 t noch diesen Monat", "de", date(2026, 11, 30)),
    ("椰子糖5吨 下周要", "zh_Hans", date(2026, 12, 6)),
    ("椰子糖5吨 下周五前", "zh_Hans", date(2026, 12, 4)),
    ("椰子糖5吨 12月需要", "zh_Hans", date(2026, 12, 31)),
    ("椰子糖5吨 下月底前", "zh_Hans", date(2026, 12, 31)),
    ("椰子糖5吨 1月下旬", "zh_Hans", date(2027, 1, 31)),
    ("椰子糖5噸 下個月到貨", "zh_Hant", date(2026, 12, 31)),
    ("椰子糖5噸 下個月中", "zh_Hant", date(2026, 12, 15)),
    ("椰子糖5噸 本週內", "zh_Hant", date(2026, 11, 29)),
]
NO_DAYS = [
    ("coconut sugar 5 t, please reply by next week", "en"),
    ("coconut sugar 5 t, we pay next month", "en"),
    ("We buy 5 t coconut sugar this month", "en"),
    ("gula kelapa 5 ton, kami kunjungi minggu depan", "id"),
    ("Kokosblütenzucker 5 t, Antwort bitte nächste Woche", "de"),
    ("这个月采购椰子糖5吨", "zh_Hans"),
    ("椰子糖5噸 下週報價", "zh_Hant"),
]


@pytest.mark.parametrize(("text", "lang", "period"), REPEATS)
def test_so_many_times_in_a_while_is_a_rhythm(text: str, lang: str, period: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.quantity, read.period, read.deadline) == (5000, period, None)
    chip = next(each for each in read.understood if each.kind == "quantity")
    assert chip.value == f"5000 kg {period}"


@pytest.mark.parametrize(("text", "lang"), NO_REPEATS)
def test_how_often_something_else_is_done_is_none(text: str, lang: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.quantity, read.period) == (5000, "")


def test_a_need_by_the_year_stays_one_where_it_comes_in_parts() -> None:
    read = read_request("Jahresbedarf 100 t Kokosblütenzucker, Lieferung zweimal jährlich", lang="de", posted=POSTED)
    assert (read.quantity, read.period) == (100_000, "year")


@pytest.mark.parametrize(("text", "lang", "day"), DAYS)
def test_a_day_is_told_from_the_day_of_the_request_on(text: str, lang: str, day: date) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.quantity, read.deadline) == (5000, day)


@pytest.mark.parametrize(("text", "lang"), NO_DAYS)
def test_the_day_of_an_answer_is_none_of_the_goods(text: str, lang: str) -> None:
    assert read_request(text, lang=lang, posted=POSTED).deadline is None


@pytest.mark.parametrize("posted", [date(2026, 12, 31), date(2027, 1, 31), date(2028, 2, 29)])
def test_next_month_ends_on_its_last_day(posted: date) -> None:
    read = read_request("coconut sugar 5 t next month", lang="en", posted=posted)
    month = posted.month % 12 + 1
    assert read.deadline is not None
    assert (read.deadline.month, read.deadline.day) == (month, {1: 31, 2: 28, 3: 31}[month])
