"""How the reading of requests moves from week to week, by language."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.matchmaking.models import MatchOutcome
from marketplace.matchmaking.rules import RESTING
from marketplace.rfqs.models import Rfq, RfqLine

WEEKS = 8
_MOST_REQUESTS = 20_000


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one language: requests, for how many nobody was found, in how many no goods or a word nobody knows
    was read."""

    begins: date
    language: str
    requests: int
    without_match: int
    without_goods: int
    with_unknown_words: int


def drift_by_week(session: Session) -> list[Week]:
    """The past eight weeks, the latest first, each by language."""
    has_goods = exists().where(RfqLine.rfq_id == Rfq.id, RfqLine.commodity != "")
    rows = session.execute(
        select(MatchOutcome.made_at, Rfq.language, MatchOutcome.band, has_goods, MatchOutcome.unknown_words)
        .join(Rfq, Rfq.id == MatchOutcome.rfq_id)
        .where(MatchOutcome.made_at >= now() - timedelta(weeks=WEEKS), MatchOutcome.band != RESTING)
        .order_by(MatchOutcome.rfq_id.desc())
        .limit(_MOST_REQUESTS)
    )
    counts: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    for made_at, language, band, knows_goods, words in rows:
        day = made_at.date()
        counts[day - timedelta(days=day.weekday()), language].update(
            requests=1,
            without_match=int(band == "none"),
            without_goods=int(not knows_goods),
            with_unknown_words=int(bool(words)),
        )
    ordered = sorted(counts.items(), key=lambda each: (-each[0][0].toordinal(), each[0][1]))
    return [
        Week(begins, language, each["requests"], each["without_match"], each["without_goods"],
             each["with_unknown_words"])
        for (begins, language), each in ordered
    ]  # fmt: skip
