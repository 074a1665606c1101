"""Grades of offers for hand-labelled requests, by the rules in README.md; shares no code with the matcher."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from marketplace.catalogue.registry.loading import load_registry
from matching.profile import OfferProfile

POSTED = date(2026, 11, 22)
LANGUAGES = ("en", "id", "de", "zh_Hans", "zh_Hant")
_FOLDER = Path(__file__).parent / "requests"
_EUROPEAN_UNION = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
# Days from Tanjung Perak to the buyer's door, rounded; the requests' dates keep well away from these figures.
_DAYS_AT_SEA = {"SG": 9, "MY": 11, "BN": 12, "HK": 14, "TW": 14, "CN": 14, "JP": 17, "KR": 16, "AU": 20, "IN": 18,
                "AE": 22, "QA": 24, "SA": 27, "GB": 35, "US": 36, "CA": 36}  # fmt: skip
_DAYS_ELSEWHERE = 35
_HANDED_OVER_IN_INDONESIA = frozenset({"EXW", "FCA", "FAS", "FOB"})
# Goods that the European rules on deforestation name.
_FROM_FORESTS = ("coffee-", "cocoa-", "chocolate-", "furniture-wood", "wooden-tableware", "calligraphy-wood", "tasbih-")


@dataclass(frozen=True, slots=True)
class Judged:
    """One request with its labels."""

    key: str
    language: str
    text: str
    goods: dict[str, int]
    """What the goods asked for are, by commodity: 3 the same, 2 nearly, 1 an alternative."""
    where: dict[str, list[str]]
    otherwise: int
    """The grade of goods that state something else than ``where``."""
    amount: float | None
    unit: str
    is_monthly: bool
    target: float | None
    target_unit: str
    destination: str
    deadline: date | None
    incoterms: tuple[str, ...]
    certificates: tuple[str, ...]
    is_unserved: bool


def requests() -> Iterator[Judged]:
    """All requests, language by language."""
    for language in LANGUAGES:
        for entry in yaml.safe_load((_FOLDER / f"{language}.yaml").read_text("utf-8")):
            yield judged(language, entry)


def odd_requests() -> list[Judged]:
    """Requests in other registers: chats, tenders, forwarded mails, tables, lists, two languages in one."""
    entries = yaml.safe_load((_FOLDER.parent / "odd_registers.yaml").read_text("utf-8"))
    return [judged(entry.pop("lang"), entry) for entry in entries]


def judged(language: str, entry: dict[str, Any]) -> Judged:
    """One entry of a file of requests with its labels."""
    amount, _space, unit = str(entry.get("quantity", "")).partition(" ")
    price = str(entry.get("price", ""))
    known = {
        "id", "text", "goods", "where", "otherwise", "quantity", "monthly", "price", "to", "by", "incoterms",
        "certificates", "unserved",
    }  # fmt: skip
    if set(entry) - known:
        raise ValueError(f"{entry['id']}: unknown labels {set(entry) - known}")
    if price and price.split()[1] not in ("USD", "USD/kg"):
        raise ValueError(
            f"{entry['id']}: targets are labelled in US dollars a kilogram, or a unit of what is asked for"
        )
    return Judged(
        key=entry["id"],
        language=language,
        text=entry["text"],
        goods=entry["goods"],
        where=entry.get("where", {}),
        otherwise=entry.get("otherwise", 0),
        amount=float(amount) if amount else None,
        unit=unit,
        is_monthly=entry.get("monthly", False),
        target=float(price.split()[0]) if price else None,
        target_unit=unit if price.endswith("USD") else "kg",
        destination=entry.get("to", ""),
        deadline=entry.get("by"),
        incoterms=tuple(entry.get("incoterms", ())),
        certificates=tuple(entry.get("certificates", ())),
        is_unserved=entry.get("unserved", False),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an offer answers a request: what it is, what breaks, what nearly fits."""

    identity: int
    broken: tuple[str, ...]
    near: tuple[str, ...]

    @property
    def grade(self) -> int:
        """3 fits to 0 useless."""
        return 0 if self.broken else max(0, self.identity - len(self.near))


def verdict(request: Judged, offer: OfferProfile) -> Verdict:
    """One offer held against one request."""
    identity = request.goods.get(offer.commodity or "", 0)
    for name, values in request.where.items():
        stated = offer.attributes.get(name)
        if identity and stated is None:
            identity = min(identity, 2)
        elif identity and stated not in values:
            identity = min(identity, request.otherwise)
    broken: list[str] = []
    near: list[str] = []
    for code, share in _shares(request, offer):
        if share > 1:
            (broken if share == float("inf") else near).append(code)
    return Verdict(identity, tuple(broken), tuple(near))


def _shares(request: Judged, offer: OfferProfile) -> Iterator[tuple[str, float]]:
    """Conditions with 1 where met, 2 where nearly met, infinity where broken."""
    for wanted in request.certificates:
        yield wanted, _certificate(request, offer, wanted)
    if request.amount and _is_sold_by(offer, request.unit):
        if offer.minimum:
            yield "minimum", _between(offer.minimum / request.amount, 1, 1 / 0.6)
        if offer.monthly_capacity:
            yield "capacity", _between(request.amount / (offer.monthly_capacity * _months(request)), 1, 1.4)
    asked = _price(offer, request.amount)
    if request.target and asked is not None and _is_sold_by(offer, request.target_unit):
        yield "price", _between(asked / request.target, 1, 1.15)
    if request.destination and offer.ships_to is not None and request.destination not in offer.ships_to:
        yield "destination", float("inf")
    if request.deadline and offer.lead_days is not None:
        late = offer.lead_days + _at_sea(request) - (request.deadline - POSTED).days
        yield "deadline", _between(late, 0, 14)
    if request.incoterms and offer.incoterms and not set(request.incoterms) & set(offer.incoterms):
        yield "incoterm", 2
    wanted_registration = _registration(request, offer)
    if wanted_registration and wanted_registration not in offer.registrations:
        yield "registration", 2


def _is_sold_by(offer: OfferProfile, unit: str) -> bool:
    """Whether an offer counts in this unit; a litre of oil passes for a kilogram."""
    return offer.unit == unit or {offer.unit, unit} == {"kg", "litre"}


def _between(value: float, soft: float, hard: float) -> float:
    return 1 if value <= soft + 1e-9 else 2 if value <= hard + 1e-9 else float("inf")


def _certificate(request: Judged, offer: OfferProfile, wanted: str) -> float:
    needed = request.deadline or POSTED
    held = [
        each.expires
        for each in offer.certificates
        if each.concept == wanted
        or (wanted == "halal" and each.concept == "halal-bpjph")
        or (wanted == "organic" and each.concept.startswith("organic-"))
    ]
    if not held:
        return float("inf")
    if None in held:
        return 1
    last = max(each for each in held if each is not None)
    return _between((needed - last).days, 0, 60)


def _at_sea(request: Judged) -> int:
    return _DAYS_AT_SEA.get(request.destination, _DAYS_ELSEWHERE)


def _months(request: Judged) -> float:
    """The time a seller has to make the goods: two months, up to three where the date allows it."""
    if request.is_monthly:
        return 1
    if request.deadline is None:
        return 2
    days = (request.deadline - POSTED).days
    if not _HANDED_OVER_IN_INDONESIA & set(request.incoterms):
        days -= _at_sea(request)
    return min(3, max(2, days / 30))


def _price(offer: OfferProfile, amount: float | None) -> float | None:
    ladder = sorted((each.quantity, each.usd) for each in offer.prices)
    if not ladder:
        return None
    reached = [price for quantity, price in ladder if amount is not None and quantity <= amount]
    return reached[-1] if reached else ladder[0][1]


def _registration(request: Judged, offer: OfferProfile) -> str:
    """The market registration that the destination asks of these goods; empty where there is none."""
    commodity = load_registry().commodities.get(offer.commodity or "")
    is_food = commodity is not None and commodity.category.startswith("food")
    if is_food and request.destination in ("US", "CN"):
        return "registration-fda" if request.destination == "US" else "registration-gacc"
    if request.destination in _EUROPEAN_UNION and (offer.commodity or "").startswith(_FROM_FORESTS):
        return "registration-eudr"
    return ""
