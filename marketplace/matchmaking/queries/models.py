"""Fitted models and how they do: drift, outcomes by band and place, exposure by size and place of sellers."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.matchmaking.models import Impression, MatchModel, MatchOutcome
from marketplace.matchmaking.rules import LOOKED_BACK, RESTING, SideOfMatch
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from marketplace.rfqs.rules import COMMITTED
from matching.reliability import Reliability, expected_error, reliability, tenths

_MOST_REQUESTS = 5000
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


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether confidence kept its word: by band, by tenths, and how far it was off on average."""

    bands: list[Reliability]
    tenths: list[Reliability]
    error: float
    cases: int

    def as_json(self) -> dict[str, Any]:
        """What a model's card says of it."""
        return {
            "cases": self.cases,
            "expected_calibration_error": round(self.error, 4),
            "bands": [asdict(each) for each in self.bands],
            "tenths": [asdict(each) for each in self.tenths],
        }


def word_kept(session: Session) -> Kept:
    """Of requests that went out, how many found a seller who answers, by the confidence told beforehand."""
    answered = exists().where(Recipient.rfq_id == Rfq.id, Recipient.state.in_(COMMITTED))
    rows = session.execute(
        select(MatchOutcome.band, MatchOutcome.confidence, answered)
        .join(Rfq, Rfq.id == MatchOutcome.rfq_id)
        .where(Rfq.opened_at.is_not(None), MatchOutcome.band != RESTING)
        .order_by(Rfq.id.desc())
        .limit(_MOST_REQUESTS)
    )
    told = [(band, float(confidence), bool(is_answered)) for band, confidence, is_answered in rows]
    cases = [(confidence, is_answered) for _band, confidence, is_answered in told]
    return Kept(reliability(BANDS, told), tenths(cases), expected_error(cases, bins=10), len(cases))


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
