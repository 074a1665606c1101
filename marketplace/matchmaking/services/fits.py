"""How sellers stand to a request that was sent: who can serve it, and who misses it for want of one thing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from marketplace.kernel.clock import now
from marketplace.matchmaking.models import RequestFit
from marketplace.matchmaking.reading import profile_of
from marketplace.matchmaking.rules import LONGEST_WANTING, MOST_FITS
from marketplace.matchmaking.services.news import note_news
from marketplace.matchmaking.services.suggesting import reasons_of, recommended
from marketplace.rfqs.models import Rfq

if TYPE_CHECKING:
    from matching.matcher import Match, Recommendation

_BY_VALUE = {"certificate": "certificate", "certificate_expired": "certificate", "registration": "registration",
             "destination": "destination"}  # fmt: skip


def rank_sellers(session: Session, rfq_id: int) -> tuple[Recommendation, str] | None:
    """How every seller stands to a request, and the model that says so; None when the request is gone or the matcher
    cannot work. Only reads, because it may take seconds while nobody else should wait to write."""
    rfq = session.scalar(select(Rfq).where(Rfq.id == rfq_id).options(selectinload(Rfq.lines)))
    return recommended(session, profile_of(rfq), MOST_FITS) if rfq is not None else None


def fit_request(session: Session, rfq_id: int) -> int | None:
    """Rank and keep in one go, for loading data while nobody waits; answers as `keep_ranking`."""
    return keep_ranking(session, rfq_id, rank_sellers(session, rfq_id))


def keep_ranking(session: Session, rfq_id: int, found: tuple[Recommendation, str] | None) -> int | None:
    """Keep how every seller stands to a request, in place of what was known; gives how many can serve it. Without a
    finding, or when the request is gone, what was known stays and the answer is None."""
    if found is None or session.get(Rfq, rfq_id) is None:
        return None
    recommendation, model = found
    session.execute(delete(RequestFit).where(RequestFit.rfq_id == rfq_id))
    fitting = recommendation.matches if recommendation.is_served else ()
    for match, is_fitting in [(each, True) for each in fitting] + [(each, False) for each in recommendation.almost]:
        session.add(
            RequestFit(
                rfq_id=rfq_id,
                seller_id=int(match.seller),
                product_id=int(match.offer),
                is_fitting=is_fitting,
                wanting="" if is_fitting else wanting_of(match),
                score=Decimal(str(round(match.score, 6))),
                reasons=reasons_of(match),
                model=model,
                made_at=now(),
            )
        )
    note_news(session, rfq_id)
    return len(fitting)


def wanting_of(match: Match) -> str:
    """The one thing that rules a match out, as ``code`` or ``code:value``; empty where several do."""
    if len(match.verdict.failed) != 1:
        return ""
    finding = match.verdict.failed[0]
    name = _BY_VALUE.get(finding.code)
    code = name or finding.code
    return f"{code}:{finding.values[name]}"[:LONGEST_WANTING] if name and name in finding.values else code
