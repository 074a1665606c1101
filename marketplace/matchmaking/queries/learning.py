"""What weights are learnt from, and which weights in store were learnt: read from outcomes and the audit trail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import now
from marketplace.matchmaking.queries.outcomes import outcome_lines
from marketplace.matchmaking.rules import SideOfMatch
from marketplace.matchmaking.weighing import LEARNT_FROM, MOST_LEARNT, SETTLED_AFTER, stage_of
from marketplace.rfqs.models import Rfq

LEARNT = "weights.learnt"
_PREFIX = "weights:"


@dataclass(frozen=True, slots=True)
class Told:
    """How far one product came for a request, and how likely its showing was."""

    product_id: int
    seller_id: int
    stage: int
    propensity: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """From what weights were learnt: requests, offers shown for them whose outcome is known, pairs, sellers; and how
    many points of a hundred more they put right on requests held back (95 % interval ``low`` to ``high``)."""

    requests: int
    outcomes: int
    pairs: int
    sellers: int
    points: float
    low: float
    high: float


def settled_outcomes(session: Session) -> list[tuple[Rfq, list[Told]]]:
    """Requests of the past year that had their time, the latest ones, oldest first, with what came of what was shown.
    Only those where one product came further than another."""
    found: dict[int, dict[int, Told]] = {}
    for line in outcome_lines(session, now() - LEARNT_FROM):
        stage = stage_of(line)
        if stage is None:
            continue
        of_request = found.setdefault(line["request"], {})
        # where both sides saw it, the buyer chose whom to ask by the buyer's page
        if line["product"] not in of_request or line["side"] == SideOfMatch.BUYER:
            told = Told(line["product"], line["seller"], stage, line["propensity"])
            of_request[told.product_id] = told
    keys = [key for key, told in found.items() if len({each.stage for each in told.values()}) > 1]
    rows: list[Rfq] = []
    for start in range(0, len(keys), 500):  # a statement takes so many parameters, not more
        rows += session.scalars(
            select(Rfq)
            .where(Rfq.id.in_(keys[start : start + 500]), Rfq.submitted_at <= now() - SETTLED_AFTER)
            .options(selectinload(Rfq.lines))
        )
    latest = sorted(rows, key=lambda row: row.id)[-MOST_LEARNT:]
    return [(row, sorted(found[row.id].values(), key=lambda each: each.product_id)) for row in latest]


def last_filed_at(session: Session) -> datetime | None:
    """When weights were last learnt and filed."""
    return session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.action == LEARNT))


def learnt_among(session: Session, keys: Collection[int]) -> dict[int, Learnt]:
    """Which of these weights were learnt, and from what."""
    rows = session.scalars(
        select(AuditEntry).where(
            AuditEntry.action == LEARNT, AuditEntry.subject.in_([f"{_PREFIX}{key}" for key in keys])
        )
    )
    return {int(row.subject.removeprefix(_PREFIX)): Learnt(**row.details) for row in rows}
