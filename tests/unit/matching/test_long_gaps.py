"""A gap, a disclaimer or a row of digits costs no more than its length: no pattern tries every way to part it."""

import re
from datetime import date
from re import _constants, _parser  # type: ignore[attr-defined]  # nothing public tells the width of a pattern

import pytest

from matching.reader import limits, numbers, packing, periods, prices, quantities
from matching.reader.cues import Cued
from matching.reader.letters import plain
from matching.reader.numbers import to_number
from matching.reader.offer_text import read_offer_text
from matching.reader.periods import period_about
from matching.reader.request import read_request
from search.analysis import lexicon

POSTED = date(2026, 11, 23)
LONG = 1500
# Most letters a rhythm can take: its own words with five words of goods and the gaps between.
WIDEST_RHYTHM = 300

RHYTHMS = [*periods._AFTER, *periods._BEFORE]
READERS = [limits, packing, prices, quantities]
PATTERNS = [
    (f"{module.__name__}.{name}", (each.regex if isinstance(each, Cued) else each).pattern)
    for module in READERS
    for name, each in vars(module).items()
    if isinstance(each, re.Pattern | Cued)
]


@pytest.mark.parametrize("pattern", [each.pattern for each in RHYTHMS])
def test_a_rhythm_is_looked_for_in_so_many_letters_at_most(pattern: str) -> None:
    _least, most = _parser.parse(pattern, re.IGNORECASE).getwidth()
    assert most <= WIDEST_RHYTHM


def test_a_number_has_an_end() -> None:
    assert _parser.parse(numbers.NUMBER).getwidth()[1] < _constants.MAXREPEAT


@pytest.mark.parametrize(("name", "pattern"), PATTERNS, ids=[name for name, _pattern in PATTERNS])
def test_blanks_once_taken_are_not_given_back(name: str, pattern: str) -> None:
    assert re.search(r"\\s[*+](?!\+)", pattern) is None, name


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5 t" + " " * LONG + "coconut sugar", 5000),
        ("coconut sugar 5 t" + "\n" * LONG, 5000),
        ("coconut sugar 5 t,\t" + "\t \n" * (LONG // 3), 5000),
        ("We need coconut sugar 5 t\nBest regards\n" + "Confidential notice of this mail. " * 100, 5000),
        ("coconut sugar 5 t " + "a- " * (LONG // 3), 5000),
        ("coconut sugar 5 t each" + " " * LONG + "-" + " " * LONG, 5000),
        ("coconut sugar 5" + " " * LONG + "x", None),
        ("coconut sugar, 2" + " " * LONG + "x" + " " * LONG + "40", 48_000),
        ("coconut sugar, moisture" + " " * LONG + "none", None),
        ("coconut sugar, USD 5" + " " * LONG + "or so", None),
        ("1" * 4000, None),
        ("coconut sugar " + "1" * 3000 + " bags of 5 kg", 5),
        ("10 t coconut sugar " + "pp " * LONG + "bag", 10_000),
        ("10 t coconut sugar " + "paper-" * (LONG // 2) + "bag", 10_000),
        ("10 t coconut sugar, also cocoa powder" + "\n" * 3900, 10_000),
        ("10 t coconut sugar, also cocoa powder" + " \n" * 1900, 10_000),
    ],
)
def test_a_long_text_is_read_as_a_short_one(text: str, amount: float | None) -> None:
    read = read_request(text, lang="en", posted=POSTED)
    assert (read.quantity, read.period) == (amount, "")


@pytest.mark.parametrize("gap", [" ", "  ", "\n", " \n"])
def test_a_rhythm_after_a_usual_gap_is_read(gap: str) -> None:
    text = f"5 t{gap}per{gap}month of coconut sugar"
    period = period_about(text, 0, 3)
    assert period is not None
    assert (period.code, text[period.source.start : period.source.end]) == ("month", f"per{gap}month")


@pytest.mark.parametrize(
    ("text", "amount"),
    [("5      t coconut sugar", 5000), ("coconut sugar | 20\t\t\tMT |", 20_000), ("turmeric 1 250,5     kg", 1250.5)],
)
def test_an_amount_in_the_wide_columns_of_a_table_is_read(text: str, amount: float) -> None:
    assert read_request(text, lang="de", posted=POSTED).quantity == amount


@pytest.mark.parametrize(
    "text",
    [
        "5 t coconut sugar by 15 april, or 15 APRİL 2027", "20 tonneſ of coconut sugar, or 20 tonnes", "mid ſeptember",
        "5 t gula, 3 deſember 2027 atau 4 desember 2027", "15 maı 2027, 15 mai 2027", "5 \u212ag coconut sugar, 5 kg",
        "end of MİD april APRİL", "2 CONTAİNER, 2 container", "uſd 5 per kg, usd 5 per kg",
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "id", "de", "zh"])
def test_letters_that_stand_for_others_are_read_as_those(text: str, lang: str) -> None:
    """Patterns take them for one another and small letters do not: a table asked for "apri̇l" ended in an error."""
    told = read_request(text, lang=lang, posted=POSTED)
    meant = read_request(plain(text), lang=lang, posted=POSTED)
    assert told.text == text
    assert told.but(text="") == meant.but(text="")
    read_offer_text(f"Minimum order: {text}. Capacity {text} per month.", lang, lexicon())


def test_a_number_is_read_whole_or_not_at_all() -> None:
    assert to_number("123456789012") == 123456789012
    assert read_request("coconut sugar " + "9" * 30 + " t", lang="en", posted=POSTED).quantity is None
