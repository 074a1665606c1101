"""What a seller's calendar still has for open requests after all they promised: for that seller's eyes alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.catalogue.rules.trade import Incoterm
from marketplace.kernel.clock import today
from marketplace.kernel.measures import Quantity, UnitMismatch
from marketplace.matchmaking.queries.for_sellers import ForYou
from marketplace.matchmaking.reading import profile_of
from marketplace.matchmaking.rules import UNIT_OF_SITE
from marketplace.quotes.queries import plan_rows, promised
from marketplace.quotes.rules import planned, window
from marketplace.quotes.rules.capacity import Month
from marketplace.rfqs.models import Rfq, RfqLine
from marketplace.rfqs.queries.offers import contents_of
from matching.markets import transit_days

_USUAL = timedelta(days=90)  # looked ahead where the buyer names no day, as quotes do
_HANDED_OVER_HERE = frozenset({Incoterm.EXW, Incoterm.FCA, Incoterm.FAS, Incoterm.FOB})
_NO_QUOTE = 0


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


def rooms_for(session: Session, rows: Iterable[ForYou]) -> dict[int, Room]:
    """By request, where there is something to say: the goods have a calendar or a usual capacity, the request an
    amount for one time, and some of it is promised or it is too little anyway.

    The rows have to be the reader's own, as `requests_for` gives them: what is promised is nobody else's business.
    """
    listed = list(rows)
    keys = sorted({each.fit.product_id for each in listed})
    products = {one.id: one for one in session.scalars(select(Product).where(Product.id.in_(keys)))}
    found = {each.rfq.id: _room(session, each.rfq, products.get(each.fit.product_id)) for each in listed}
    return {key: room for key, room in found.items() if room is not None}


def _room(session: Session, rfq: Rfq, product: Product | None) -> Room | None:
    line = _line_for(rfq, product)
    if product is None or line is None or line.quantity is None:
        return None
    wanted = _in_unit_of(product, line.quantity, line.unit)
    months = window(today(), _last_day(rfq))
    plan = planned(plan_rows(session, product.id), product.capacity_per_month, months)
    if wanted is None or plan is None:
        return None
    held = promised(session, product.id, months, _NO_QUOTE)
    left = sum((max(Decimal(0), plan[month] - held.get(month, Decimal(0))) for month in months), Decimal(0))
    room = Room(wanted, Quantity(left, product.unit), months[-1], any(held.values()))
    return _judged_by_words(rfq, product, room) if room.is_short or room.is_promised else None


def _judged_by_words(rfq: Rfq, product: Product, room: Room) -> Room | None:
    """What is left, held against the words: amounts that come again and again are no matter of one window, and of a
    range the lower end is enough. Only where there is something to say: reading costs more than all the rest."""
    profile = profile_of(rfq)
    if profile.period:
        return None
    if profile.least is None or len(rfq.lines) > 1:
        return room
    least = _in_unit_of(product, Decimal(str(profile.least)), UNIT_OF_SITE.get(profile.unit or "", ""))
    return room if least is None else Room(least, room.left, room.last, room.is_promised)


def _last_day(rfq: Rfq) -> date:
    """The day on which the goods have to leave, as the matcher counts it: what arrives in time is made before."""
    if rfq.needed_by is None:
        return today() + _USUAL
    if rfq.incoterm in _HANDED_OVER_HERE:
        return rfq.needed_by
    return rfq.needed_by - timedelta(days=transit_days([rfq.destination] if rfq.destination else []))


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
