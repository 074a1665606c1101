"""Counts of outcomes: by kind, by chapter, by pesantren, by fair."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.models import Organisation
from marketplace.fairs.queries import fair_names
from marketplace.kernel.policy import Actor
from marketplace.orders.models import Outcome
from marketplace.orders.policies import readable_outcomes, readable_outcomes_of_fairs
from marketplace.partners.queries import chapter_names
from marketplace.sellers.models import Seller


@dataclass
class OutcomeCount:
    """How many of each kind one pesantren, chapter or fair has, and of which value bands its orders are."""

    name: str
    kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bands: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, kind: str, band: str, count: int) -> None:
        """Count some more."""
        self.kinds[kind] += count
        self.bands[band] += count


def counted(session: Session, actor: Actor, by: str) -> list[OutcomeCount]:
    """Counts over what the actor may read, ``by`` "seller", "chapter" or "fair"; the most orders first.

    What came without a chapter has an empty name; what came without a fair is not counted by fair.
    """
    if by == "fair":
        return _counted(session, Outcome.fair, readable_outcomes_of_fairs(actor), dict(fair_names(session).items()))
    column: InstrumentedAttribute[Any] = {"seller": Outcome.seller_id, "chapter": Outcome.chapter_id}[by]
    names = dict(chapter_names(session).items()) if by == "chapter" else _seller_names(session)
    return _counted(session, column, readable_outcomes(actor), names)


def counted_at_fair(session: Session, actor: Actor, code: str) -> list[OutcomeCount]:
    """What came of one fair that the actor may count, by pesantren; the most orders first."""
    condition = readable_outcomes_of_fairs(actor) & (Outcome.fair == code)
    return _counted(session, Outcome.seller_id, condition, _seller_names(session))


def summed(rows: list[OutcomeCount], name: str) -> OutcomeCount:
    """All of them together."""
    whole = OutcomeCount(name)
    for row in rows:
        for kind, count in row.kinds.items():
            whole.kinds[kind] += count
        for band, count in row.bands.items():
            whole.bands[band] += count
    return whole


def _counted(
    session: Session, column: InstrumentedAttribute[Any], condition: ColumnElement[bool], names: dict[Any, str]
) -> list[OutcomeCount]:
    query = (
        select(column, Outcome.kind, Outcome.value_band, func.count(Outcome.id))
        .join(Seller, Seller.id == Outcome.seller_id)
        .where(condition)
        .group_by(column, Outcome.kind, Outcome.value_band)
    )
    rows: dict[object, OutcomeCount] = {}
    for key, kind, band, count in session.execute(query):
        rows.setdefault(key, OutcomeCount(names.get(key, ""))).add(kind, band, count)
    return sorted(rows.values(), key=lambda row: (-row.kinds["repeat"] - row.kinds["first_order"], row.name))


def _seller_names(session: Session) -> dict[Any, str]:
    query = select(Seller.id, Organisation.name).join(Organisation, Organisation.id == Seller.organisation_id)
    return dict(session.execute(query).all())
