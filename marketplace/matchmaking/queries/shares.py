"""Who is shown: shares of what buyers saw, by size and place of sellers, beside the shares an even hand would give."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.matchmaking.models import Impression
from marketplace.matchmaking.rules import LOOKED_BACK, SideOfMatch
from marketplace.sellers.models import Producer, SellerProducer
from matching.evaluate import gini

# Students of the pesantren behind a seller: the size that everybody in the programme knows.
SMALL, MIDDLING = 1000, 2000
_MOST_SHOWINGS = 50_000


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much buyers saw of a group of sellers; ``ideal`` is its share had all sellers who fit a request stood at
    each of its places equally often."""

    group: str
    sellers: int
    share: float
    ideal: float


@dataclass(frozen=True, slots=True)
class Shares:
    """Exposure by size of the pesantren and by regency, and how uneven it is from seller to seller (Gini, 0 is even)
    beside the unevenness that an even hand would leave."""

    sizes: list[Exposure]
    regencies: list[Exposure]
    unevenness: float
    ideal_unevenness: float


def shares_of_exposure(session: Session) -> Shares:
    """Shares of what buyers saw in the past weeks of sellers who fit their request."""
    rows = session.execute(
        select(Impression.rfq_id, Impression.seller_id, Impression.position, Impression.times)
        .where(Impression.side == SideOfMatch.BUYER, Impression.is_fitting, Impression.shown_at >= now() - LOOKED_BACK)
        .order_by(Impression.id.desc())
        .limit(_MOST_SHOWINGS)
    )
    seen, ideal = defaultdict[int, float](float), defaultdict[int, float](float)
    by_request = defaultdict[int, list[tuple[int, float]]](list)
    for rfq_id, seller, position, times in rows:
        by_request[rfq_id].append((seller, times / (position + 1)))
    for showings in by_request.values():
        even = sum(value for _seller, value in showings) / len(showings)
        for seller, value in showings:
            seen[seller] += value
            ideal[seller] += even
    sizes, regencies = _groups(session, list(seen))
    return Shares(
        _shares(sizes, seen, ideal),
        _shares(regencies, seen, ideal),
        gini(list(seen.values())) if seen else 0.0,
        gini(list(ideal.values())) if ideal else 0.0,
    )


def _groups(session: Session, sellers: list[int]) -> tuple[dict[int, str], dict[int, str]]:
    rows = session.execute(
        select(SellerProducer.seller_id, func.max(Producer.santri_count), func.max(Producer.regency))
        .join(Producer, Producer.id == SellerProducer.producer_id)
        .where(SellerProducer.seller_id.in_(sellers))
        .group_by(SellerProducer.seller_id)
    ).all()
    return {row[0]: _size(row[1]) for row in rows}, {row[0]: row[2] for row in rows}


def _size(students: int | None) -> str:
    if students is None:
        return "unknown"
    return "small" if students < SMALL else "middling" if students < MIDDLING else "large"


def _shares(groups: dict[int, str], seen: dict[int, float], ideal: dict[int, float]) -> list[Exposure]:
    counts = Counter(groups.values())
    total = sum(seen[each] for each in groups) or 1
    fair = sum(ideal[each] for each in groups) or 1
    found = [
        Exposure(group, counts[group], _sum(groups, group, seen) / total, _sum(groups, group, ideal) / fair)
        for group in counts
    ]
    return sorted(found, key=lambda each: (-each.share, each.group))


def _sum(groups: dict[int, str], group: str, values: dict[int, float]) -> float:
    return sum(_of(groups, group, values))


def _of(groups: dict[int, str], group: str, values: dict[int, float]) -> Iterable[float]:
    return (values[seller] for seller, name in groups.items() if name == group)
