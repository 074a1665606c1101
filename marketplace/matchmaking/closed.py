"""Closed days beside a request: who is closed when the goods have to leave, or too long before it, nearly fits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.closures.queries import days_ahead
from marketplace.closures.rules import Days, day_there
from marketplace.kernel.clock import now
from matching.markets import HANDED_OVER_HERE, transit_days


def leaves_on(needed_by: date | None, incoterm: str, destination: str) -> date | None:
    """The day on which goods have to leave to be there in time; None where the buyer names no day."""
    if needed_by is None or incoterm in HANDED_OVER_HERE:
        return needed_by
    return needed_by - timedelta(days=transit_days([destination] if destination else []))


def closed_reasons(session: Session, goods: Mapping[int, int], leaves: date | None) -> dict[int, dict[str, Any]]:
    """By product (of ``goods``: product to seller) a near miss, where closed days stand between it and the request."""
    if leaves is None or not goods:
        return {}
    closures = days_ahead(session, goods.values())
    if not closures:
        return {}
    keys = [product for product, seller in goods.items() if seller in closures]
    lead_days = dict(session.execute(select(Product.id, Product.lead_time_days).where(Product.id.in_(keys))).all())
    found = {}
    for product in keys:
        blocking = _blocking(closures[goods[product]], day_there(now()), leaves, lead_days.get(product))
        if blocking is not None:
            values = {"first": blocking.first.isoformat(), "last": blocking.last.isoformat()}
            found[product] = {"code": "closed", "stance": "near", "values": values}
    return found


def _blocking(closures: list[Days], today: date, leaves: date, lead_days: int | None) -> Days | None:
    """The closure that stands in the way: the goods would leave in it, or it leaves too few days to make them."""
    for one in closures:
        if one.first <= leaves <= one.last:
            return one
    whole = (leaves - today).days
    if lead_days is None or lead_days > whole:
        return None  # the lead time itself is told as a near miss or an obstacle
    before = [one for one in closures if one.first <= leaves]
    closed = sum((min(one.last, leaves) - max(one.first, today)).days + 1 for one in before)
    return max(before, key=lambda one: one.last - one.first) if before and whole - closed < lead_days else None
