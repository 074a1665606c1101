"""What a seller's calendar still has for open requests after all they promised: for that seller's eyes alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.contents import contents_of
from marketplace.kernel.clock import today
from marketplace.kernel.measures import Quantity, UnitMismatch
from marketplace.matchmaking.closed import leaves_on
from marketplace.matchmaking.reading import profile_of
from marketplace.matchmaking.rules import UNIT_OF_SITE
from marketplace.quotes.queries import plan_rows, promised
from marketplace.quotes.queries.offered import offered
from marketplace.quotes.rules import planned, window
from marketplace.quotes.rules.capacity import Month, PlanRow
from marketplace.rfqs.models import Rfq, RfqLine
from matching.conditions import LARGEST_SHARE_OF_CAPACITY
from search.analysis import lexicon

_USUAL = timedelta(days=90)  # looked ahead where the buyer names no day, as quotes do
_NO_QUOTE = 0
_MOST_ASKED = Decimal(str(LARGEST_SHARE_OF_CAPACITY))
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Room:
    """What is asked for and what is left of the calendar until ``last``, both in the product's own unit."""

    wanted: Quantity
    left: Quantity
    last: Month
    is_promised: bool
    """Whether other quotes or agreements hold some of that time."""

    @property
    def is_short(self) -> bool:
        """Whether less is left than asked for."""
        return self.left.amount < self.wanted.amount

    @property
    def is_beyond(self) -> bool:
        """Whether plainly more is asked for than is left: more than a supplier is suggested for anywhere."""
        return self.wanted.amount > self.left.amount * _MOST_ASKED

    @property
    def share(self) -> float:
        """The share of what is left that would still be left after this request, from 0 to 1."""
        return 0.0 if self.is_short or not self.left.amount else float(1 - self.wanted.amount / self.left.amount)

    @property
    def is_worth_telling(self) -> bool:
        """Whether it says more than what the seller can make at most."""
        return self.is_short or self.is_promised


def rooms_for(session: Session, wanted: Iterable[tuple[Rfq, int]]) -> dict[int, Room]:
    """By request, each with the key of the product that answers it, where it can be told: the goods have a calendar or
    a usual capacity, the request an amount for one time. Needs the lines.

    The products have to be the reader's own: what is promised is nobody else's business.
    """
    listed = list(wanted)
    keys = sorted({key for _rfq, key in listed})
    products = {one.id: one for one in session.scalars(select(Product).where(Product.id.in_(keys)))}
    calendars = _Calendars(session)
    found = {rfq.id: _room(calendars, rfq, products.get(key)) for rfq, key in listed}
    return {key: room for key, room in found.items() if room is not None}


class _Calendars:
    """What is planned and promised, asked once for each product and window."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._plans: dict[int, list[PlanRow]] = {}
        self._promised: dict[tuple[int, int], dict[Month, Decimal]] = {}

    def left(self, product: Product, months: Sequence[Month]) -> tuple[Decimal, bool] | None:
        """What is left of these months, and whether some of them is promised; None where nothing is known of them."""
        if product.id not in self._plans:
            self._plans[product.id] = plan_rows(self._session, product.id)
        plan = planned(self._plans[product.id], product.capacity_per_month, months)
        if plan is None:
            return None
        window_of = product.id, len(months)  # all windows begin today
        if window_of not in self._promised:
            self._promised[window_of] = promised(self._session, product.id, months, _NO_QUOTE)
            for month, amount in offered(self._session, product, months).items():
                held = self._promised[window_of]
                held[month] = held.get(month, Decimal(0)) + amount
        held = self._promised[window_of]
        left = sum((max(Decimal(0), plan[month] - held.get(month, Decimal(0))) for month in months), Decimal(0))
        return left, any(held.values())


def _room(calendars: _Calendars, rfq: Rfq, product: Product | None) -> Room | None:
    line = _line_for(rfq, product)
    if product is None or line is None or line.quantity is None:
        return None
    wanted = _in_unit_of(product, line.quantity, line.unit)
    room = None if wanted is None else _left_until(calendars, product, wanted, _last_day(rfq))
    return _judged_by_words(calendars, rfq, product, room) if room and room.is_worth_telling else room


def _left_until(calendars: _Calendars, product: Product, wanted: Quantity, last: date) -> Room | None:
    """What is left of the calendar until a day; None where nothing is known of it."""
    months = window(today(), last)
    known = calendars.left(product, months)
    return known and Room(wanted, Quantity(known[0], product.unit), months[-1], known[1])


def _judged_by_words(calendars: _Calendars, rfq: Rfq, product: Product, room: Room) -> Room | None:
    """What is left, held against the words: amounts that come again and again are no matter of one window, goods that
    leave on the day named need not be at sea before, and of a range the lower end is enough. Only where there is
    something to say: reading costs more than all the rest."""
    period, amount, unit, is_of_leaving = _rhythm_of(rfq)
    if period:
        return None
    if is_of_leaving and rfq.needed_by:
        room = _left_until(calendars, product, room.wanted, rfq.needed_by) or room
    if amount is None or len(rfq.lines) > 1:
        return room
    least = _in_unit_of(product, Decimal(str(amount)), UNIT_OF_SITE.get(unit or "", ""))
    return room if least is None else Room(least, room.left, room.last, room.is_promised)


_Rhythm = tuple[str, float | None, str | None, bool]
_rhythms: dict[tuple[str, int, str], _Rhythm] = {}


def _rhythm_of(rfq: Rfq) -> _Rhythm:
    """How often an amount is wanted, the lower end of a range, its unit, and whether the day named is that of the
    goods' leaving; kept, since requests that went out stay as they are and are seen by many sellers."""
    key = rfq.key, rfq.version, lexicon().version
    found = _rhythms.get(key)
    if found is None:
        profile = profile_of(rfq)
        if len(_rhythms) >= _REMEMBERED:
            _rhythms.clear()
        found = _rhythms[key] = profile.period, profile.least, profile.unit, profile.is_of_leaving
    return found


def _last_day(rfq: Rfq) -> date:
    """The day on which the goods have to leave, as the matcher counts it: what arrives in time is made before."""
    return leaves_on(rfq.needed_by, rfq.incoterm, rfq.destination) or today() + _USUAL


def _line_for(rfq: Rfq, product: Product | None) -> RfqLine | None:
    """The line that a product answers: the only one, or the one of its commodity."""
    if len(rfq.lines) == 1:
        return rfq.lines[0]
    return next((line for line in rfq.lines if product is not None and line.commodity == product.commodity), None)


def _in_unit_of(product: Product, amount: Decimal, unit: str) -> Quantity | None:
    try:
        return Quantity(amount, unit).to(product.unit, contents_of(product)).rounded()
    except (UnitMismatch, ValueError):
        return None
