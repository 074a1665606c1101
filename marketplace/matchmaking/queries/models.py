"""Fitted models and how they do: drift, outcomes by band and place, exposure by size and place of sellers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Float, cast, exists, func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.matchmaking.models import Impression, MatchModel, MatchOutcome
from marketplace.matchmaking.rules import LOOKED_BACK, RESTING, SideOfMatch
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from marketplace.rfqs.rules import COMMITTED
from marketplace.sellers.models import Producer, SellerProducer
from matching.reliability import Reliability, reliability

_MOST_REQUESTS = 5000
# Students of the pesantren behind a seller: the size that everybody in the programme knows.
SMALL, MIDDLING = 1000, 2000
BANDS = ("likely", "possible", "none")


@dataclass(frozen=True, slots=True)
class Drift:
    """How requests of one language were read and answered of late."""

    language: str
    requests: int
    without_match: int
    without_goods: int


@dataclass(frozen=True, slots=True)
class ByPlace:
    """What came of the showings at one place of the list, from 0."""

    position: int
    shown: int
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much buyers saw of a group of sellers."""

    group: str
    sellers: int
    share: float


def models_in_store(session: Session) -> list[MatchModel]:
    """Fitted models, the newest first."""
    return list(session.scalars(select(MatchModel).order_by(MatchModel.fitted_at.desc(), MatchModel.id.desc())))


def drift(session: Session) -> list[Drift]:
    """How requests of the past weeks were read, by language."""
    has_goods = exists().where(RfqLine.rfq_id == Rfq.id, RfqLine.commodity != "")
    rows = session.execute(
        select(Rfq.language, MatchOutcome.band, has_goods)
        .join(MatchOutcome, MatchOutcome.rfq_id == Rfq.id)
        .where(MatchOutcome.made_at >= now() - LOOKED_BACK, MatchOutcome.band != RESTING)
        .order_by(MatchOutcome.rfq_id.desc())
        .limit(_MOST_REQUESTS)
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for language, band, knows_goods in rows:
        counts[language].update(requests=1, without_match=int(band == "none"), without_goods=int(not knows_goods))
    return [
        Drift(language, each["requests"], each["without_match"], each["without_goods"])
        for language, each in sorted(counts.items())
    ]


def unknown_words(session: Session, limit: int) -> list[tuple[str, str, int]]:
    """Words of past weeks' requests that no name in the lexicon holds: word, language, in how many requests."""
    rows = session.execute(
        select(Rfq.language, MatchOutcome.unknown_words)
        .join(MatchOutcome, MatchOutcome.rfq_id == Rfq.id)
        .where(MatchOutcome.made_at >= now() - LOOKED_BACK)
        .order_by(MatchOutcome.rfq_id.desc())
        .limit(_MOST_REQUESTS)
    )
    counts: Counter[tuple[str, str]] = Counter()
    for language, words in rows:
        counts.update((word, language) for word in set(words))
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [(word, language, count) for (word, language), count in ranked[:limit]]


def outcomes_by_band(session: Session) -> list[Reliability]:
    """Of requests that went out, how many found a seller who answers, by the confidence told beforehand."""
    answered = exists().where(Recipient.rfq_id == Rfq.id, Recipient.state.in_(COMMITTED))
    rows = session.execute(
        select(MatchOutcome.band, MatchOutcome.confidence, answered)
        .join(Rfq, Rfq.id == MatchOutcome.rfq_id)
        .where(Rfq.opened_at.is_not(None), MatchOutcome.band != RESTING)
        .order_by(Rfq.id.desc())
        .limit(_MOST_REQUESTS)
    )
    return reliability(BANDS, ((band, float(confidence), bool(is_answered)) for band, confidence, is_answered in rows))


def outcomes_by_place(session: Session) -> list[ByPlace]:
    """What came of showing sellers to buyers in the past weeks, by their place in the list."""
    asked = func.count(Recipient.id)
    answered = func.count(Recipient.committed_at)
    rows = session.execute(
        select(Impression.position, func.count(Impression.id), asked, answered)
        .join(Rfq, Rfq.id == Impression.rfq_id)
        .outerjoin(Recipient, (Recipient.rfq_id == Impression.rfq_id) & (Recipient.product_id == Impression.product_id))
        .where(
            Impression.side == SideOfMatch.BUYER, Impression.shown_at >= now() - LOOKED_BACK, Rfq.opened_at.is_not(None)
        )
        .group_by(Impression.position)
        .order_by(Impression.position)
    )
    return [ByPlace(*row) for row in rows]


def exposure_by_size_and_regency(session: Session) -> tuple[list[Exposure], list[Exposure]]:
    """Shares of what buyers saw in the past weeks, by size of the pesantren and by regency."""
    seen = func.sum(Impression.times / cast(Impression.position + 1, Float))
    rows = session.execute(
        select(Impression.seller_id, func.max(Producer.santri_count), func.max(Producer.regency), seen)
        .join(SellerProducer, SellerProducer.seller_id == Impression.seller_id)
        .join(Producer, Producer.id == SellerProducer.producer_id)
        .where(Impression.side == SideOfMatch.BUYER, Impression.shown_at >= now() - LOOKED_BACK)
        .group_by(Impression.seller_id)
    ).all()
    sizes = _shares((_size(students), float(value)) for _seller, students, _regency, value in rows)
    regencies = _shares((regency, float(value)) for _seller, _students, regency, value in rows)
    return sizes, regencies


def _size(students: int | None) -> str:
    if students is None:
        return "unknown"
    return "small" if students < SMALL else "middling" if students < MIDDLING else "large"


def _shares(rows: Iterable[tuple[str, float]]) -> list[Exposure]:
    sums: dict[str, float] = defaultdict(float)
    sellers: Counter[str] = Counter()
    for group, value in rows:
        sums[group] += value
        sellers[group] += 1
    total = sum(sums.values()) or 1
    return sorted(
        (Exposure(group, sellers[group], value / total) for group, value in sums.items()),
        key=lambda each: (-each.share, each.group),
    )
