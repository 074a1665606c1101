"""Reading costs so much a letter, whatever the letters are: counted in steps, not in seconds."""

import re
import sys
from collections.abc import Iterator
from datetime import date
from types import FrameType
from typing import Any

import pytest

from matching.profile import RequestProfile
from matching.reader import dates, feasts, limits, packing, prices, quantities, stance, sums, urgency
from matching.reader.cues import Cued
from matching.reader.periods import WEEK
from matching.reader.quantities import quantities_in
from matching.reader.request import LONGEST_TEXT, MOST_HITS, read_request
from tests.unit.matching.test_own_requests import REQUESTS

POSTED = date(2026, 11, 23)
UNITS = [
    *("椰", "糖", "椰子糖", "有机", "十", "月", "在", "12月", "一二三"),
    *("a", "1", "1 ", "x,", "🥥", "kokosblütenzucker", "coconut sugar ", "10 t coconut sugar\n", "vor eid "),
    *("no sugar ", "bags of 5 kg ", "not organic, ", "organic ", "- 2 t cloves\n", "5-", "USD 1 ", "also pepper. "),
]
# Beyond the cap on names a text costs what its letters cost: at most a fifth more than twice as much for twice the length.
MOST_GROWTH = 2.4


def steps_of(text: str) -> int:
    """How many steps of the interpreter it takes to read a text; what is remembered of words is remembered before."""
    read_request(text, lang="zh", posted=POSTED)
    count = 0

    def called(frame: FrameType, _event: str, _arg: Any) -> Any:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return stepped

    def stepped(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        count += event == "opcode"
        return stepped

    before = sys.gettrace()
    sys.settrace(called)
    try:
        read_request(text, lang="zh", posted=POSTED)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_letters_take_twice_the_steps(unit: str) -> None:
    short, long = (steps_of((unit * length)[:length]) for length in (400, 800))
    assert long <= MOST_GROWTH * short


def test_no_more_than_so_many_names_of_a_text_are_looked_at() -> None:
    read = read_request("椰糖" + "有机" * LONGEST_TEXT, lang="zh", posted=POSTED)
    assert len(read.text) == LONGEST_TEXT
    assert read.goods == ("coconut-sugar",)
    assert len(read.understood) < MOST_HITS


def test_a_hundred_thousand_letters_of_every_script_are_read_as_their_beginning() -> None:
    text = "Coconut sugar 5 t, CIF Hamburg. " + "椰子糖 gula aren ätherisches Öl 🥥 сахар سكر 10吨 \u200b\n" * 2500
    assert len(text) > 100_000
    read = read_request(text, lang="en", posted=POSTED)
    assert read == read_request(text[:LONGEST_TEXT], lang="en", posted=POSTED)
    assert (read.goods[0], read.incoterms) == ("coconut-sugar", ("CIF",))


# -- cues ---------------------------------------------------------------------------------------------------------


def cued() -> Iterator[tuple[str, Cued]]:
    for module in (dates, limits, packing, prices, quantities, stance, sums, urgency):
        yield from ((f"{module.__name__}.{name}", each) for name, each in vars(module).items() if type(each) is Cued)
    yield from ((f"feast {days[2027]}", pattern) for pattern, days in feasts._FEASTS)


CUED = list(cued())


def texts() -> Iterator[str]:
    yield from (each["text"] for each in REQUESTS)
    for month in dates._MONTHS:
        yield from (f"in {month} 2027", f"3 {month}", f"{month} 3", f"end {month}", f"by {month}", f"{month} delivery")
        yield from (f"first half of {month}", f"zweite {month}hälfte", f"paruh pertama {month}")
    yield from (
        "bis 20.02.",
        "spätestens zum 5.4.",
        "by 15/2",
        "no later than 15/2",
        "sebelum tgl 20/2",
        "vor dem 5.4.",
    )
    yield from ("ein Vierteljahr", "in 60 hr", "2 bln", "6 wks", "3 mths", "a fortnight", "4 mgg", "百日内", "两个半月")
    yield from ("Q1", "Q 2", "third quarter", "kuartal 2", "drittes Quartal", "第三季度")
    for names, _days in feasts._NAMES:
        yield from (f"before {re.sub(r'[?]|[(].*[)]', '', each)}".replace("[ -]", " ") for each in names.split("|"))
    for unit in (
        "days",
        "d",
        "Tage",
        "Tagen",
        "hari",
        "天",
        "weeks",
        "Wochen",
        "minggu",
        "周",
        "months",
        "个月",
        "bulan",
    ):
        yield from (f"in 30 {unit}", f"30{unit}", f"30-{unit}")
    for money in prices._CURRENCIES:
        yield from (f"{money} 5", f"5 {money}/kg", f"5{money}每公斤")
    yield from ("一萬四港幣", "3万美元", "每吨两千元", "七百美金")
    for pack in (
        "bags",
        "Säcke",
        "Fässer",
        "karung",
        "drums",
        "cartons",
        "jerigen",
        "Kanister",
        "boxes",
        "bales",
        "桶",
    ):
        yield from (
            f"20 {pack} of 25 kg",
            f"25 kg {pack}",
            f"{pack} 25 kg",
            f"two 25 kg {pack}",
            f"20{pack}每袋25公斤",
            f"25 kg x 20 {pack}",
        )
    yield from (
        "3月交货",
        "next month",
        "end of the year",
        "halal not needed",
        "preferably halal",
        "halal preferred",
        "to replace our ",
    )
    yield from ("2x20'", "1 FCL", "two containers", "Vollcontainer", "2 kontainer", "三个小柜", "一個貨櫃", "2x40HC")


@pytest.mark.parametrize(("name", "pattern"), CUED, ids=[name for name, _pattern in CUED])
def test_a_cue_stands_in_whatever_a_pattern_matches(name: str, pattern: Cued) -> None:
    matched = [text for text in texts() if pattern.regex.search(text)]
    assert matched, name
    assert [text for text in matched if not pattern.may_match(text)] == []


@pytest.mark.parametrize(("name", "pattern"), CUED, ids=[name for name, _pattern in CUED])
def test_every_cue_is_in_small_letters(name: str, pattern: Cued) -> None:
    assert [each for each in pattern.cues if each != each.lower() or not each] == [], name


def test_a_pattern_of_dates_gives_no_blanks_back() -> None:
    for pattern in (dates._ZH.regex.pattern, dates._WINDOW.regex.pattern):
        assert re.search(r"\\s[*+](?!\+)", pattern.split("月")[0]) is None


# -- amounts ------------------------------------------------------------------------------------------------------


def test_a_period_goes_with_each_of_several_amounts() -> None:
    read = quantities_in("5 t cloves per week, 2 t mace", "en")
    assert [(each.amount, each.period.code if each.period else "") for each in read] == [(5000, WEEK), (2000, "")]


def test_of_a_thousand_amounts_the_first_are_read() -> None:
    text = " ".join(f"{each} t cloves," for each in range(1, 1000))
    assert [each.amount for each in quantities_in(text, "en")] == [1000.0 * each for each in range(1, 65)]


def wanted(read: RequestProfile) -> list[tuple[str, float | None]]:
    return [(each.goods[0], each.quantity) for each in read.lines]


def test_a_list_of_many_lines_is_read_line_by_line() -> None:
    names = ["cloves", "nutmeg", "black pepper", "turmeric", "coconut sugar", "cocoa beans", "vanilla beans", "cassia"]
    text = "\n".join(f"{place}. {name} {place} MT" for place, name in enumerate(names, start=1))
    read = wanted(read_request(text, lang="en", posted=POSTED))
    assert [amount for _goods, amount in read] == [1000.0 * place for place in range(1, 9)]
