"""What distance and market rules mean for a match: days at sea, time to produce, registrations."""

from collections.abc import Iterable, Sequence
from datetime import date

from matching.profile import RequestProfile
from matching.reader.terms import EUROPEAN_UNION
from search.analysis import concept_closure

# Usual days from an Indonesian port to the door, sea freight with customs; from carriers' schedules, rounded.
_TRANSIT = {
    "SG": 8, "MY": 12, "BN": 12, "TH": 12, "VN": 12, "PH": 12, "HK": 12, "MO": 12, "TW": 14, "CN": 14,
    "KR": 16, "JP": 17,
    "TL": 10, "AU": 20, "NZ": 24, "IN": 18, "LK": 16, "BD": 18, "PK": 20, "AE": 22, "QA": 24, "KW": 26,
    "BH": 26, "OM": 22,
    "SA": 27, "EG": 27, "LB": 30, "JO": 28, "TR": 30, "US": 36, "CA": 36, "MX": 38, "GB": 35, "RU": 38,
}  # fmt: skip
_TRANSIT_EUROPE = 34
_TRANSIT_ELSEWHERE = 36
_SHORTEST_WORK_MONTHS = 2.0
_LONGEST_WORK_MONTHS = 3.0
HANDED_OVER_HERE = frozenset({"EXW", "FCA", "FAS", "FOB"})


def transit_days(destinations: Sequence[str]) -> int:
    """Days to the nearest of the markets named; a cautious figure when none is."""
    days = [
        _TRANSIT.get(each, _TRANSIT_EUROPE if each in EUROPEAN_UNION else _TRANSIT_ELSEWHERE) for each in destinations
    ]
    return min(days, default=_TRANSIT_ELSEWHERE)


def days_on_the_way(request: RequestProfile) -> int:
    """Days between the goods' leaving and the day that a request names: none where it names that of their leaving."""
    return 0 if request.is_of_leaving else transit_days(request.destinations)


def months_of_work(request: RequestProfile, today: date) -> float:
    """Months a seller has to make the goods: at least two (stock counts), at most three (no one waits longer), which is
    what who names no day gives."""
    if request.deadline is None:
        return _LONGEST_WORK_MONTHS
    days = request.deadline.toordinal() - today.toordinal()
    if not HANDED_OVER_HERE & set(request.incoterms):
        days -= days_on_the_way(request)
    return min(max(days / 30, _SHORTEST_WORK_MONTHS), _LONGEST_WORK_MONTHS)


def registrations_asked(destinations: Iterable[str], goods: Iterable[str]) -> set[str]:
    """Registrations the first market named asks for: food plants in the US and China, deforestation rules in the EU."""
    families = {each for concept in goods for each in concept_closure(concept)}
    first = next(iter(destinations), "")
    asked: set[str] = set()
    if "food" in families and first == "US":
        asked.add("registration-fda")
    if "food" in families and first == "CN":
        asked.add("registration-gacc")
    if first in EUROPEAN_UNION:
        if families & {"food/coffee", "food/cocoa", "palm-oil", "rubber-natural", "furniture/wood", "craft/wood"}:
            asked.add("registration-eudr")
        if "food/fishery" in families:
            asked.add("registration-eu-approval")
    return asked
