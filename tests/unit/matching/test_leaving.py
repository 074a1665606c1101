"""Days on which goods leave, told from days on which they must be there."""

from datetime import date

import pytest

from matching.conditions import judge
from matching.markets import months_of_work, transit_days
from matching.matcher import RATES
from matching.profile import OfferProfile
from matching.reader.offer import read_offer
from matching.reader.request import read_request
from search.analysis import lexicon

POSTED = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "coconut sugar 5 t, CIF Hamburg, ship by 15 March 2027"),
        ("en", "5 t coconut sugar CFR Hamburg, ETD no later than 15 March 2027"),
        ("en", "coconut sugar, latest shipment 15 March 2027, CIF Hamburg"),
        ("en", "coconut sugar to Hamburg, 15 March 2027 latest shipment"),
        ("de", "Kokosblütenzucker CIF Hamburg, Verschiffung spätestens 15.03.2027"),
        ("id", "gula semut CIF Hamburg, ETD paling lambat 15 Maret 2027"),
        ("zh", "椰糖5吨,CIF汉堡,2027年3月15日前装船"),
    ],
)
def test_a_day_of_leaving_is_read_as_such(lang: str, text: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.deadline, read.is_of_leaving) == (date(2027, 3, 15), True)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "coconut sugar 5 t, ship to Hamburg by 15 March 2027"),
        ("en", "coconut sugar, shipment so that we have it by 15 March 2027"),
        ("en", "coconut sugar, delivery by 15 March 2027. FOB Semarang"),
        ("de", "Kokosblütenzucker, Lieferung bis 15.03.2027"),
        ("id", "gula semut, kirim ke Hamburg paling lambat 15 Maret 2027"),
        ("zh", "椰糖5吨,2027年3月15日前到港"),
    ],
)
def test_a_day_of_arrival_stays_one(lang: str, text: str) -> None:
    read = read_request(text, lang=lang, posted=POSTED)
    assert (read.deadline, read.is_of_leaving) == (date(2027, 3, 15), False)


def test_goods_that_leave_in_time_are_not_late_by_their_days_at_sea() -> None:
    offer, reading = read_offer(OfferProfile("1", "s", titles={"en": "Coconut sugar"}, lead_days=30), lexicon())
    for wording, is_late in (("ship by", False), ("in Hamburg by", True)):
        read = read_request(f"coconut sugar, Hamburg, {wording} 31 December 2026", lang="en", posted=POSTED)
        verdict = judge(read, offer, reading, POSTED, RATES)
        assert [each.code for each in verdict.failed] == (["deadline"] if is_late else []), wording
        told = next(each for each in (*verdict.passed, *verdict.failed) if each.code == "deadline")
        assert ("arrival" in told.values, "leaving" in told.values) == (is_late, not is_late)


def test_who_names_a_day_of_leaving_gives_the_time_until_then() -> None:
    read = read_request("coconut sugar, CIF Hamburg, ETD 15 February 2027", lang="en", posted=POSTED)
    assert months_of_work(read, POSTED) == pytest.approx(85 / 30)
    there = read.but(is_of_leaving=False)
    assert months_of_work(there, POSTED) == max(2.0, (85 - transit_days(("DE",))) / 30)


def test_a_form_field_of_the_same_day_keeps_what_the_words_say_of_it() -> None:
    text = "coconut sugar CIF Hamburg, ship by 15 March 2027"
    same = read_request(text, lang="en", posted=POSTED, fields={"deadline": date(2027, 3, 15)})
    other = read_request(text, lang="en", posted=POSTED, fields={"deadline": date(2027, 4, 15)})
    assert (same.is_of_leaving, other.is_of_leaving) == (True, False)
