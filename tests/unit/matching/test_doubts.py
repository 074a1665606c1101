"""What cannot be meant is left out of the reading or taken in its nearest sense, and told."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.reader.doubts import Doubt, doubts_of, without_impossible
from matching.reader.request import read_request

POSTED = date(2026, 11, 23)


def told(text: str, lang: str = "en") -> list[tuple[str, ...]]:
    return [(each.code, *each.words) for each in doubts_of(read_request(text, lang=lang, posted=POSTED))]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("organic coconut sugar, not organic", "en", ("opposites", "organic", "not organic")),
        ("bio, nicht bio Kokoszucker", "de", ("opposites", "bio", "nicht bio")),
        ("gula kelapa organik, bukan organik", "id", ("contradiction", "organik")),
        ("有机，不要有机 椰糖", "zh_Hans", ("contradiction", "有机")),
        ("有機，不要有機 椰糖", "zh_Hant", ("contradiction", "有機")),
        ("washed arabica, not washed", "en", ("contradiction", "washed arabica")),
        ("coconut sugar but no coconut sugar", "en", ("contradiction", "coconut sugar")),
        ("10^12 t cloves", "en", ("amount", "10^12 t")),
        ("10 ** 12 t cloves", "en", ("amount", "10 ** 12 t")),
        ("1e12 Tonnen Nelken", "de", ("amount", "1e12 Tonnen")),
        ("丁香 10¹²吨", "zh_Hans", ("amount", "10¹²吨")),
        ("1000000000000 ton cengkeh", "id", ("amount", "1000000000000 ton")),
        ("9" * 40 + " kg cloves", "en", ("amount", "9" * 40 + " kg")),
        ("-5 t cloves", "en", ("minus", "-5 t")),
        ("cloves, quantity: −5 t", "en", ("minus", "−5 t")),
        ("minus 5 t Nelken", "de", ("minus", "minus 5 t")),
        ("cloves 5 t, target: -2 usd/kg", "en", ("minus", "-2 usd/kg")),
        ("cloves, delivery 1 Jan 9999", "en", ("year", "1 Jan 9999")),
        ("Nelken bis 31. Dezember 9999", "de", ("year", "31. Dezember 9999")),
        ("cengkeh, kirim tahun 9999", "id", ("year", "tahun 9999")),
        ("丁香 9999年3月1日前", "zh_Hans", ("year", "9999年3月1日")),
        ("cloves by 31.12.9999", "en", ("year", "31.12.9999")),
        ("cloves by 12050-01-01", "en", ("year", "12050-01-01")),
        ("cloves by March 2050", "en", ("year", "March 2050")),
    ],
)
def test_what_cannot_be_meant_is_told(text: str, lang: str, expected: tuple[str, ...]) -> None:
    assert told(text, lang) == [expected]


@pytest.mark.parametrize(
    "text", ["10^12 t cloves", "cloves by 1 Jan 9999", "cloves, year 9999", "1" * 30 + " t cloves"]
)
def test_its_tail_is_read_as_nothing_else(text: str) -> None:
    found = read_request(text, lang="en", posted=POSTED)
    assert (found.goods, found.quantity, found.deadline, found.text) == (("clove",), None, None, text)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("5 t organic cloves, halal not needed", "en"),
        ("- 5 t cloves\n- 3 t nutmeg", "en"),
        ("-5 t cloves\n-3 t nutmeg", "en"),
        ("arabica -5 t, FOB", "en"),
        ("3-5 t cloves to Hamburg", "en"),
        ("cloves 500000 kg by March 2027", "en"),
        ("in March 5000 kg cloves", "en"),
        ("cloves March, 2500 bags of 25 kg", "en"),
        ("HS 0907.10.0000 cloves, call 12-34-567890", "en"),
        ("PO of 12.03.2024, cloves 2 t by 12.03.2027", "en"),
        ("batik 1,000,000 pcs, 500 m² each", "en"),
        ("2000 t Nelken im Jahr 2027", "de"),
        ("Cashewbruch nein, nur ganze WW320, 1,5 t, Hamburg", "de"),
        ("organic coconut sugar 2 t and conventional cane sugar 5 t", "en"),
        ("采购有机椰糖2吨，2027年3月前", "zh_Hans"),
        ("", "en"),
    ],
)
def test_what_can_be_meant_is_not_doubted(text: str, lang: str) -> None:
    assert told(text, lang) == []


def test_what_was_settled_by_a_field_is_told_no_more() -> None:
    text = "10^12 t cloves by 1 Jan 9999"
    assert [each.code for each in doubts_of(read_request(text, lang="en", posted=POSTED))] == ["amount", "year"]
    fields = {"quantity": 500, "unit": "kg", "deadline": date(2027, 3, 1)}
    assert doubts_of(read_request(text, lang="en", posted=POSTED, fields=fields)) == ()


def test_a_chip_that_is_taken_away_settles_a_contradiction() -> None:
    read = read_request("washed arabica, not washed", lang="en", posted=POSTED)
    assert [each.code for each in doubts_of(read)] == ["contradiction"]
    unwanted = next(each for each in read.understood if each.stance == "excluded")
    assert doubts_of(read.without(unwanted)) == ()


@given(st.text(alphabet="0123456789^*e-−. ,/年月日tkg\nMarch", max_size=200))
def test_places_stay_and_nothing_fails(text: str) -> None:
    kept = without_impossible(text)
    assert len(kept) == len(text)
    assert all(one in (other, " ") for one, other in zip(kept, text, strict=True))
    for each in doubts_of(read_request(text, lang="en", posted=POSTED)):
        assert isinstance(each, Doubt)


def test_long_rows_cost_their_letters() -> None:
    from time import process_time

    for part in ("9", "1 ", "^1", "10^", "1 Jan ", "March 99999", "- ", "9-1-", "1.1.", "9 年"):
        text = part * (4000 // len(part))
        began = process_time()
        without_impossible(text)
        assert process_time() - began < 0.25, part
