"""Figures in what people write: found, read in the reader's manner, and never guessed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from marketplace.i18n.locales import LOCALES
from marketplace.rfqs.figures.finding import figures_in
from marketplace.rfqs.figures.showing import marked
from marketplace.rfqs.figures.values import Doubt, spoken


def found(text: str, language: str, locale: str = "en") -> list[tuple[str, str]]:
    """Words and readings; a doubt stands in angle brackets."""
    return [
        (
            text[one.start : one.end],
            f"<{one.doubt}>" if one.value is None else spoken(one.value, locale).replace("\xa0", " "),
        )
        for one in figures_in(text, language)
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("id", "1.250 kg", [("1.250 kg", "1,250 kg")]),
        ("id", "0,125 kg", [("0,125 kg", "0.125 kg")]),
        ("id", "5 s/d 10 ton", [("5 s/d 10 ton", "5–10 t")]),
        ("id", "USD 6,50/kg FOB Tanjung Perak", [("USD 6,50/kg", "US$6.50 / kg"), ("FOB Tanjung Perak",) * 2]),
        ("id", "Rp 45.000,- per kg", [("Rp 45.000,- per kg", "Rp 45,000 / kg")]),
        ("id", "1.250.000 rupiah", [("1.250.000 rupiah", "Rp 1,250,000")]),
        ("id", "5 Desember 2026", [("5 Desember 2026", "5 Dec 2026")]),
        ("id", "tanggal 5 Desember ya", [("5 Desember", "5 December")]),
        ("de", "300 Säcke", [("300 Säcke", "300 bags")]),
        ("de", "18,5 t bis 05.12.2026", [("18,5 t", "18.5 t"), ("05.12.2026", "5 Dec 2026")]),
        ("de", "2.450 €/t", [("2.450 €/t", "€2,450.00 / t")]),
        ("de", "Feuchte 12,5 %", [("12,5 %", "12.5%")]),
        ("de", "1'250,50 kg", [("1'250,50 kg", "1,250.5 kg")]),
        ("en", "December 5, 2026", [("December 5, 2026", "5 Dec 2026")]),
        ("en", "by 2026-12-05", [("2026-12-05", "5 Dec 2026")]),
        ("en", "31/12/2026", [("31/12/2026", "31 Dec 2026")]),
        ("en", "12/31/2026", [("12/31/2026", "31 Dec 2026")]),
        ("en", "2 x 20' FCL", [("2 x 20' FCL", "2 × 20 ft container")]),
        ("en", "1 x 40HC", [("1 x 40HC", "1 × 40 ft high-cube container")]),
        ("en", "CIF Hamburg, prompt", [("CIF Hamburg", "CIF Hamburg")]),
        ("de", "CIF Hamburg, Ankunft bald", [("CIF Hamburg", "CIF Hamburg")]),
        ("id", "FOB Tanjung Perak, Surabaya", [("FOB Tanjung Perak", "FOB Tanjung Perak")]),
        ("en", "FOB Tg. Perak", [("FOB Tg. Perak", "FOB Tanjung Perak")]),
        ("zh_Hans", "18吨，每公斤6.20美元", [("18吨", "18 t"), ("每公斤6.20美元", "US$6.20 / kg")]),
        ("zh_Hans", "2026年12月5日装运", [("2026年12月5日", "5 Dec 2026")]),
        ("zh_Hans", "１２５０公斤", [("１２５０公斤", "1,250 kg")]),
    ],
)
def test_what_is_plain_is_read(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "words", "doubt"),
    [
        ("id", "03/04/2026", "03/04/2026", Doubt.DAY),
        ("de", "03/04/2026", "03/04/2026", Doubt.DAY),
        ("en", "03/04/2026", "03/04/2026", Doubt.DAY),
        ("en", "03.04.2026", "03.04.2026", Doubt.DAY),
        ("en", "05-12-26", "05-12-26", Doubt.DAY),
        ("en", "1.250 kg", "1.250 kg", Doubt.NUMBER),
        ("id", "1,250 kg", "1,250 kg", Doubt.NUMBER),
        ("zh_Hans", "1.250吨", "1.250吨", Doubt.NUMBER),
        ("en", "3 250 kg", "3 250 kg", Doubt.NUMBER),
        ("id", "USD 6.250/kg", "USD 6.250/kg", Doubt.NUMBER),
        ("id", "Sample 1.5 kg and 1.250 kg", "1.250 kg", Doubt.NUMBER),  # the text itself parts decimals by points
        ("en", "$6.20 per kg", "$6.20 per kg", Doubt.CURRENCY),
        ("en", "6.20 dollars", "6.20 dollars", Doubt.CURRENCY),
        ("zh_Hans", "¥45", "¥45", Doubt.CURRENCY),
        ("zh_Hant", "每公斤45元", "每公斤45元", Doubt.CURRENCY),
    ],
)
def test_what_can_mean_two_things_is_left_as_it_is(language: str, text: str, words: str, doubt: Doubt) -> None:
    assert (words, f"<{doubt}>") in found(text, language)


def test_the_text_itself_settles_what_the_language_leaves_open() -> None:
    assert found("6,50 EUR and 1.250 kg", "en")[1] == ("1.250 kg", "1,250 kg")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "option 2 can be sent, 5 may do, 3 sets of 4 m, in 2 march"),
        ("en", "call +62 812 3456 7890, ISO 22000, v1.2 kg, SNI 3743:2021, 5G"),
        ("id", "Rp 45 ribu, 5 juta rupiah, 1,5 juta"),
        ("zh_Hans", "1.5万公斤，3个月，第5号"),
        ("en", "USD 5-6 per kg, 5 - 6 USD"),
        ("en", "31.02.2026, 2026-13-01, 45/45/2026"),
        ("en", "10-5 kg, 1 x 40 ft, x20, 1.2.3 kg"),
        ("en", "daphne, fobs, CIFX, exwork"),
    ],
)
def test_what_is_none_is_not_found(language: str, text: str) -> None:
    assert found(text, language) == []


def test_each_reader_has_their_own_reading_and_the_words_stay() -> None:
    text = "Kami sanggup 1.250 kg sampai 03/04/2026."
    english, german = marked(text, "id", "en"), marked(text, "id", "de")
    assert '<span class="figure">1.250 kg</span> <span class="figure-note" lang="en">(1,250\xa0kg)</span>' in english
    assert '<span class="figure">1.250 kg</span> sampai' in german  # nothing to add
    for html in (english, german):
        assert "figure-doubt" in html
        assert Markup(html).striptags().replace("(1,250\xa0kg)", "").startswith("Kami sanggup 1.250 kg")


def test_markup_in_words_stays_words() -> None:
    html = marked('<b>5 kg</b> & "x" <script>', "en", "de")
    assert "<b>" not in html
    assert "<script>" not in html
    assert "&lt;b&gt;" in html
    assert "&amp;" in html


PIECES = st.sampled_from(
    ["1.250", "1,250", "12", " kg", " t", "USD ", "$", "/kg", "03/04/2026", " ", "-", "%", "元", "Rp ", "FOB Hamburg",
     "<", "&", "5 Desember", "x 20'", ".", ",", "公斤", "\n", "a"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from(LOCALES), st.sampled_from(LOCALES))
def test_no_text_breaks_and_no_letter_is_lost(text: str, language: str, locale: str) -> None:
    figures = figures_in(text, language)
    assert all(one.start < one.end for one in figures)
    assert all(left.end <= right.start for left, right in itertools.pairwise(figures))
    html = marked(text, language, locale)
    assert "<" not in html.replace("<span", "").replace("</span", "").replace("&lt;", "")


def test_long_texts_are_read_in_good_time() -> None:
    for text in ("1." * 9000, "1 " * 9000, "5 Desember " * 1500, "USD " * 4000, "9" * 19000, "FOB A B C " * 1500):
        figures_in(text, "id")
    assert figures_in("5 kg " * 5000, "en") == ()  # beyond the length of a message
