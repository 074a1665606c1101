"""Counts of outcomes: by kind, by chapter, by pesantren."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.policy import Actor
from marketplace.orders.models import Outcome
from marketplace.orders.policies import readable_outcomes
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

    What came without a chapter or a fair has an empty name.
    """
    column = {"seller": Outcome.seller_id, "chapter": Outcome.chapter_id, "fair": Outcome.fair}[by]
    query = (
        select(column, Outcome.kind, Outcome.value_band, func.count(Outcome.id))
        .join(Seller, Seller.id == Outcome.seller_id)
        .where(readable_outcomes(actor))
        .group_by(column, Outcome.kind, Outcome.value_band)
    )
    rows: dict[object, OutcomeCount] = {}
    names = _names(session, by)
    for key, kind, band, count in session.execute(query):
        row = rows.setdefault(key, OutcomeCount(names.get(key, "") if by != "fair" else str(key)))
        row.add(kind, band, count)
    return sorted(rows.values(), key=lambda row: (-row.kinds["repeat"] - row.kinds["first_order"], row.name))


def _names(session: Session, by: str) -> dict[object, str]:
    if by == "chapter":
        return dict(chapter_names(session).items())
    if by == "seller":
        query = select(Seller.id, Organisation.name).join(Organisation, Organisation.id == Seller.organisation_id)
        return dict(session.execute(query).all())
    return {}
