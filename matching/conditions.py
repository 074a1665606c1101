"""Whether an offer can serve a request: pure rules with their figures. Unknown is never failed.

The figures follow the trade's habit: a certificate may be renewed, a factory may stretch, a buyer may wait a little.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from matching.covers import COVERED_BY
from matching.markets import days_on_the_way, months_of_work, registrations_asked
from matching.profile import OfferProfile, PriceBreak, RequestProfile
from matching.reader.offer import OfferReading

EXPIRY_GRACE_DAYS = 60
SMALLEST_SHARE_OF_MINIMUM = 0.6
LARGEST_SHARE_OF_CAPACITY = 1.4
LARGEST_SHARE_OF_PRICE = 1.15
LATEST_DAYS = 14
_FOREVER = 10**9  # later than any day


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition looked at: a code and the values to tell about it, never a sentence."""

    code: str
    """certificate, certificate_expiring, minimum, capacity, price, destination, deadline, incoterm, registration…"""
    values: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What speaks for an offer, what nearly fits and what rules it out."""

    passed: tuple[Finding, ...] = ()
    near: tuple[Finding, ...] = ()
    failed: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether nothing rules the offer out."""
        return not self.failed


class Tally(NamedTuple):
    """A verdict in numbers."""

    near: int
    failed: int
    unknown: int
    margin: float
    """How far below the target the price is, as a share."""
    room: float
    """The share of the capacity that is left."""
    is_comparable: bool
    """Whether the quantity can be held against what is offered at all."""


class _Notes:
    """Findings as they come up."""

    __slots__ = ("failed", "margin", "near", "passed", "room", "unknown")

    def __init__(self) -> None:
        self.margin = self.room = 0.0
        self.passed: list[Finding] = []
        self.near: list[Finding] = []
        self.failed: list[Finding] = []
        self.unknown: list[str] = []

    def grade(self, share: float, soft: float, hard: float, finding: Finding) -> None:
        """File a finding by a share: up to ``soft`` passed, up to ``hard`` near, beyond failed."""
        target = self.passed if share <= soft else self.near if share <= hard else self.failed
        target.append(finding)


_SUSPENDED = _Notes()
_SUSPENDED.failed.append(Finding("suspended"))


def judge(
    request: RequestProfile, offer: OfferProfile, reading: OfferReading, today: date, rates: Mapping[str, float]
) -> Verdict:
    """Every condition of a request held against one offer; ``rates`` gives units of each currency per US dollar."""
    return Judge(request, today, rates).of(offer, reading)


class Judge:
    """The conditions of one request. Offers agree in most of what they state, so each statement is judged once."""

    def __init__(
        self,
        request: RequestProfile,
        today: date,
        rates: Mapping[str, float],
        unstated: Collection[str] = (),
    ) -> None:
        """``unstated`` are certificates that nobody here states: where a lot gets its own, nobody is ruled out."""
        self.request, self.today, self.rates = request, today, rates
        self.waived = [all(each in unstated for each in group) for group in request.certificates]
        self.months = request.months or months_of_work(request, today)
        self._judged: dict[Hashable, _Notes] = {}
        self.covering = [tuple(dict.fromkeys(_proofs(group))) for group in request.certificates]
        """For each group of certificates asked for, those that prove each of it."""
        self.needed_until = (request.deadline or today).toordinal()

    def of(self, offer: OfferProfile, reading: OfferReading) -> Verdict:
        """The verdict on one offer."""
        return self.told(offer, reading)[0]

    def told(self, offer: OfferProfile, reading: OfferReading) -> tuple[Verdict, "Tally"]:
        """The verdict on one offer, and the same in numbers."""
        parts = self._parts(offer, reading)
        verdict = Verdict(
            tuple(each for part in parts for each in part.passed),
            tuple(each for part in parts for each in part.near),
            tuple(each for part in parts for each in part.failed),
            tuple(each for part in parts for each in part.unknown),
        )
        return verdict, _counted(parts)

    def tally(self, offer: OfferProfile, reading: OfferReading) -> "Tally":
        """The verdict on one offer in numbers: all that its place in a ranking asks for."""
        return _counted(self._parts(offer, reading))

    def count(self, condition: str, offer: OfferProfile, reading: OfferReading) -> "Tally":
        """The verdict of one condition: registrations, quantity, destination, deadline or incoterm."""
        notes = _Notes()
        if condition == "registrations":
            _registrations(notes, self.request, reading)
        elif condition == "quantity":
            _quantity(notes, self.request, offer, self.months)
        elif condition == "deadline":
            _deadline(notes, self.request, offer, self.today)
        else:
            {"destination": _destination, "incoterm": _incoterm}[condition](notes, self.request, offer)
        return _counted([notes])

    def _parts(self, offer: OfferProfile, reading: OfferReading) -> list[_Notes]:
        """Each condition's findings; offers that state the same share them."""
        request, judged = self.request, self._judged
        parts: list[_Notes] = [_SUSPENDED] if offer.is_suspended else []
        if request.certificates:
            held = tuple(_best_held(names, reading) for names in self.covering)
            key: Hashable = ("papers", held)
            parts.append(judged.get(key) or self._look(key, _certificates, request, held, self.waived, self.today))
        # By identity: equal ones are one object in a fitted matcher, which outlives the request.
        key = (
            "registrations",
            id(reading.registrations),
            reading.goods,
            "registration-eu-approval" in reading.certificates,
        )
        parts.append(judged.get(key) or self._look(key, _registrations, request, reading))
        if request.quantity:
            key = ("quantity", offer.minimum, offer.monthly_capacity, offer.unit)
            parts.append(judged.get(key) or self._look(key, _quantity, request, offer, self.months))
        if request.price is not None:
            key = ("price", offer.prices, offer.unit)
            parts.append(judged.get(key) or self._look(key, _price, request, offer, self.rates))
        if request.destinations:
            key = ("destination", offer.ships_to)
            parts.append(judged.get(key) or self._look(key, _destination, request, offer))
        if request.deadline is not None:
            key = ("deadline", offer.lead_days)
            parts.append(judged.get(key) or self._look(key, _deadline, request, offer, self.today))
        if request.incoterms:
            key = ("incoterm", offer.incoterms)
            parts.append(judged.get(key) or self._look(key, _incoterm, request, offer))
        if request.wants_sample and offer.has_sample is not None:
            key = ("sample", offer.has_sample)
            parts.append(judged.get(key) or self._look(key, _sample, offer))
        return parts

    def _look(self, key: Hashable, look: Callable[..., None], *known: object) -> _Notes:
        notes = self._judged[key] = _Notes()
        look(notes, *known)
        return notes


def _counted(parts: Iterable[_Notes]) -> Tally:
    near = failed = unknown = 0
    margin = room = 0.0
    is_comparable = True
    for part in parts:
        if part.near:
            near += len(part.near)
        if part.failed:
            failed += len(part.failed)
        if part.unknown:
            unknown += len(part.unknown)
            is_comparable = is_comparable and "unit" not in part.unknown
        margin, room = part.margin or margin, part.room or room
    return Tally(near, failed, unknown, margin, room, is_comparable)


def _sample(notes: _Notes, offer: OfferProfile) -> None:
    (notes.passed if offer.has_sample else notes.near).append(Finding("sample"))


_Held = tuple[str, int | None]


def _proofs(group: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """For each certificate of a group itself and those that prove it."""
    for wanted in group:
        yield wanted, *sorted(COVERED_BY.get(wanted, frozenset()))


def _best_held(group: Iterable[Sequence[str]], reading: OfferReading) -> _Held | None:
    """The paper that meets a group best: of those that prove one certificate the longest valid with a day, else one
    without; of several certificates one without a day, else the longest valid."""
    best: _Held | None = None
    for names in group:
        own: _Held | None = None
        for name in names:
            if name in reading.certificates:
                last = reading.certificates[name]
            elif name in reading.registrations:
                last = None
            else:
                continue
            if own is None or (last or 0) > (own[1] or 0):
                own = name, last
        if own is not None and (best is None or (own[1] or _FOREVER) > (best[1] or _FOREVER)):
            best = own
    return best


def is_only_registration(group: Iterable[str]) -> bool:
    """Whether all that is asked for are registrations that can be had: looked at as such, and near misses at most."""
    return all(each.startswith("registration-") and each != "registration-eu-approval" for each in group)


def _certificates(
    notes: _Notes, request: RequestProfile, held: Sequence[_Held | None], waived: Sequence[bool], today: date
) -> None:
    needed_until = (request.deadline or today).toordinal()
    for group, found, is_waived in zip(request.certificates, held, waived, strict=True):
        if is_only_registration(group):
            continue
        if is_waived:
            notes.unknown.append("paper")
            continue
        if found is None:
            notes.failed.append(Finding("certificate", {"certificate": group[0], "any_of": " ".join(group)}))
            continue
        name, last = found
        if last is None:
            notes.passed.append(Finding("certificate", {"certificate": name}))
            continue
        short = needed_until - last
        values: dict[str, str | float] = {
            "certificate": name,
            "until": date.fromordinal(last).isoformat(),
            "days": short,
        }
        if short <= 0:
            notes.passed.append(Finding("certificate", values))
        elif short <= EXPIRY_GRACE_DAYS:
            notes.near.append(Finding("certificate_expiring", values))
        else:
            notes.failed.append(Finding("certificate_expired", values))


def _registrations(notes: _Notes, request: RequestProfile, reading: OfferReading) -> None:
    asked = {each for group in request.certificates for each in group if each.startswith("registration-")}
    asked -= {"registration-eu-approval"}
    asked |= registrations_asked(request.destinations, reading.goods)
    for each in sorted(asked):
        if each in reading.registrations:
            notes.passed.append(Finding("registration", {"registration": each}))
        elif each == "registration-eu-approval":
            if each not in reading.certificates:
                notes.failed.append(Finding("registration", {"registration": each}))
        else:
            notes.near.append(Finding("registration", {"registration": each}))


def _quantity(notes: _Notes, request: RequestProfile, offer: OfferProfile, months: float) -> None:
    if not request.quantity:
        return
    if request.unit and not is_same_measure(request.unit, offer.unit):
        notes.unknown.append("unit")
        return
    if offer.minimum:
        # who wants some every week has a month's need shipped at a time
        wanted = request.quantity / min(1.0, request.months or 1.0)
        values: dict[str, str | float] = {"minimum": offer.minimum, "wanted": wanted, "unit": offer.unit}
        values["percent"] = round(100 * (offer.minimum / wanted - 1), 1)
        notes.grade(offer.minimum / wanted, 1, 1 / SMALLEST_SHARE_OF_MINIMUM, Finding("minimum", values))
    else:
        notes.unknown.append("minimum")
    if offer.monthly_capacity:
        capacity = offer.monthly_capacity * months
        wanted = request.least or request.quantity  # of a range the upper end meets a minimum, the lower a capacity
        values = {"capacity": capacity, "wanted": wanted, "unit": offer.unit, "months": round(months, 1)}
        if request.period:
            values["period"] = request.period
        if wanted <= capacity:
            notes.room = 1 - wanted / capacity
        notes.grade(wanted / capacity, 1, LARGEST_SHARE_OF_CAPACITY, Finding("capacity", values))
    else:
        notes.unknown.append("capacity")


def is_same_measure(one: str, other: str) -> bool:
    """Whether amounts can be compared: a litre may pass for a kilogram, oils and drinks are quoted either way."""
    return one == other or {one, other} == {"kg", "litre"}


def price_for(prices: tuple[PriceBreak, ...], quantity: float | None) -> float | None:
    """US dollars a unit at a quantity; the smallest break's price below it, the first when no quantity is known."""
    if not prices:
        return None
    ordered = sorted(prices, key=lambda each: each.quantity)
    reached = [each for each in ordered if quantity is not None and each.quantity <= quantity]
    return (reached[-1] if reached else ordered[0]).usd


def _price(notes: _Notes, request: RequestProfile, offer: OfferProfile, rates: Mapping[str, float]) -> None:
    if request.price is None:
        return
    asked = price_for(offer.prices, request.quantity)
    rate = rates.get(request.price.currency)
    if asked is None or not rate or not is_same_measure(request.price.unit, offer.unit):
        notes.unknown.append("price")
        return
    target = request.price.amount / rate
    values: dict[str, str | float] = {"asked": round(asked, 4), "target": round(target, 4), "unit": offer.unit}
    values["percent"] = percent = round(100 * (asked / target - 1), 1)
    if asked <= target:
        notes.margin = -percent / 100
    notes.grade(asked / target, 1, LARGEST_SHARE_OF_PRICE, Finding("price", values))


def _destination(notes: _Notes, request: RequestProfile, offer: OfferProfile) -> None:
    if not request.destinations:
        return
    if offer.ships_to is None:
        notes.unknown.append("destination")
        return
    served = [each for each in request.destinations if each in offer.ships_to]
    values: dict[str, str | float] = {"destination": (served or list(request.destinations))[0]}
    (notes.passed if served else notes.failed).append(Finding("destination", values))


def _deadline(notes: _Notes, request: RequestProfile, offer: OfferProfile, today: date) -> None:
    if request.deadline is None:
        return
    if offer.lead_days is None:
        notes.unknown.append("deadline")
        return
    there = today.toordinal() + offer.lead_days + days_on_the_way(request)
    late = there - request.deadline.toordinal()
    name = "leaving" if request.is_of_leaving else "arrival"
    values: dict[str, str | float] = {name: date.fromordinal(there).isoformat(), "days": late}
    notes.grade(late, 0, LATEST_DAYS, Finding("deadline", values))


def _incoterm(notes: _Notes, request: RequestProfile, offer: OfferProfile) -> None:
    if not request.incoterms:
        return
    if not offer.incoterms:
        notes.unknown.append("incoterm")
        return
    shared = [each for each in request.incoterms if each in offer.incoterms]
    values: dict[str, str | float] = {"incoterm": (shared or list(request.incoterms))[0]}
    (notes.passed if shared else notes.near).append(Finding("incoterm", values))
