"""The hard conditions that a filter can hold: what an offer must meet to be possible at all.

Filters never say no where the rules of `conditions` would say yes: they narrow the search, the rules decide.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date

from matching.conditions import (
    EXPIRY_GRACE_DAYS,
    LARGEST_SHARE_OF_CAPACITY,
    LATEST_DAYS,
    SMALLEST_SHARE_OF_MINIMUM,
)
from matching.covers import COVERED_BY
from matching.markets import days_on_the_way, months_of_work
from matching.profile import BASE_UNITS, OfferProfile, RequestProfile
from matching.reader.offer import OfferReading
from matching.serial import offer_from_json, offer_to_json, reading_from_json, reading_to_json
from search.lexicon.lexicon import Lexicon
from search.near import AtLeast, AtMost, Condition, Either, Entry, Is

# The words that an entry is filtered by.
WORDS = ("goods", "ships_to", "unit", "state")
_ANYWHERE = "*"
_OPEN = "open"
_FOREVER = float(date.max.toordinal())
_ENDLESS = 1e15
_SAME_MEASURE = ({"kg", "litre"}, {"pcs"})
_UNDATED = "registration-"
_DATED_REGISTRATION = "registration-eu-approval"


def entry_of(
    offer: OfferProfile, reading: OfferReading, vector: Sequence[float], version: int, lexicon: Lexicon
) -> Entry:
    """An offer as it is filtered and compared, with itself as content. What is unknown of it stands in nobody's way."""
    papers = dict.fromkeys(reading.registrations, _FOREVER)
    papers |= {each: _FOREVER if last is None else float(last) for each, last in reading.certificates.items()}
    return Entry(
        key=offer.key,
        version=version,
        vector=vector,
        words={
            "goods": sorted({each for goods in reading.goods for each in lexicon.closure(goods)}),
            "ships_to": [_ANYWHERE] if offer.ships_to is None else sorted(offer.ships_to),
            "unit": [offer.unit],
            "state": [] if offer.is_suspended else [_OPEN],
        },
        numbers={
            "minimum": offer.minimum or 0.0,
            "capacity": offer.monthly_capacity or _ENDLESS,
            "lead_days": float(offer.lead_days or 0),
            **{f"until_{name}": last for name, last in papers.items()},
        },
        content=json.dumps([offer_to_json(offer), reading_to_json(reading)], ensure_ascii=False),
    )


def offer_of(content: str) -> tuple[OfferProfile, OfferReading]:
    """The offer of an entry's content, with what was read from it."""
    offer, reading = json.loads(content)
    return offer_from_json(offer), reading_from_json(reading)


def conditions_of(request: RequestProfile, goods: Collection[str], today: date) -> tuple[Condition, ...]:
    """What an offer must meet to serve a request for one of these goods (of any where none is named)."""
    found: list[Condition] = [Is("state", frozenset({_OPEN}))]
    if goods:
        found.append(Is("goods", frozenset(goods)))
    if request.destinations:
        found.append(Is("ships_to", frozenset({_ANYWHERE, *request.destinations})))
    found += _papers(request, today)
    if request.quantity and (request.unit is None or request.unit in BASE_UNITS):
        found += _amounts(request, request.quantity, today)
    if request.deadline is not None:
        latest = request.deadline.toordinal() + LATEST_DAYS - today.toordinal() - days_on_the_way(request)
        # what has no lead time counts as none; a day that can no longer be met leaves those alone
        found.append(AtMost("lead_days", float(max(0, latest))))
    return tuple(found)


def _papers(request: RequestProfile, today: date) -> list[Condition]:
    first = float((request.deadline or today).toordinal() - EXPIRY_GRACE_DAYS)
    found: list[Condition] = []
    for group in request.certificates:
        if all(each.startswith(_UNDATED) and each != _DATED_REGISTRATION for each in group):
            continue  # registrations can be had: a near miss at most
        proofs = {proof for wanted in group for proof in (wanted, *COVERED_BY.get(wanted, ()))}
        found.append(Either(tuple(AtLeast(f"until_{each}", first) for each in sorted(proofs))))
    return found


def _amounts(request: RequestProfile, quantity: float, today: date) -> list[Condition]:
    """Minimum and capacity, where the offer counts as the request does."""
    same = next((each for each in _SAME_MEASURE if request.unit in each), set(BASE_UNITS))
    others = frozenset(BASE_UNITS) - same
    shipped = quantity / min(1.0, request.months or 1.0)
    months = request.months or months_of_work(request, today)
    bounds = (
        AtMost("minimum", shipped / SMALLEST_SHARE_OF_MINIMUM * _ROUNDED_UP),
        AtLeast("capacity", (request.least or quantity) / months / LARGEST_SHARE_OF_CAPACITY / _ROUNDED_UP),
    )
    return [Either((each, Is("unit", others))) if others else each for each in bounds]


# The rules divide where a filter compares: the last digit may not decide.
_ROUNDED_UP = 1 + 1e-9
