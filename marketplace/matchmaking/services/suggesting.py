"""Suggestions for a request: made, kept with their reasons, judged by buyers."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.matchmaking.model import matcher_of_process
from marketplace.matchmaking.models import MatchOutcome, Suggestion
from marketplace.matchmaking.reading import profile_of, read
from marketplace.matchmaking.rules import LONGEST_TEXT, MOST_ALMOST, MOST_SUGGESTED, MOST_UNKNOWN_WORDS
from marketplace.rfqs.models import Rfq
from search.analysis import lexicon
from search.folding import fold
from search.lexicon.tokens import tokens

if TYPE_CHECKING:
    from datetime import date

    from matching.matcher import Match, Recommendation
    from matching.profile import RequestProfile

log = logging.getLogger(__name__)
RESTING = "resting"
VERDICTS = frozenset({"", "good", "not_for_me"})


def matches_for_text(
    session: Session, text: str, locale: str, day: date
) -> tuple[RequestProfile, Recommendation | None]:
    """Reading and matches of a text that is not kept; None for the matches when the matcher cannot work."""
    profile = read(text[:LONGEST_TEXT], locale, day)
    found = _recommended(session, profile)
    return profile, found[0] if found else None


def suggest(session: Session, rfq: Rfq) -> MatchOutcome:
    """Look for suppliers of a request by its rows as they are, and keep them with reasons. Earlier ones are replaced;
    verdicts of the buyer stay. The request's lines must be loaded."""
    profile = profile_of(rfq)
    found = _recommended(session, profile)
    verdicts = dict(
        session.execute(
            select(Suggestion.product_id, Suggestion.buyer_verdict).where(
                Suggestion.rfq_id == rfq.id, Suggestion.buyer_verdict != ""
            )
        ).all()
    )
    session.execute(delete(Suggestion).where(Suggestion.rfq_id == rfq.id))
    outcome = session.get(MatchOutcome, rfq.id) or MatchOutcome(rfq_id=rfq.id)
    outcome.unknown_words = unknown_words(rfq.text)
    outcome.made_at = now()
    if found is None:
        outcome.confidence, outcome.band, outcome.model = Decimal(0), RESTING, ""
    else:
        recommendation, model = found
        outcome.confidence = Decimal(str(round(recommendation.confidence, 4)))
        outcome.band, outcome.model = recommendation.band, model
        shown = recommendation.matches[:MOST_SUGGESTED] if recommendation.is_served else ()
        almost = recommendation.almost[:MOST_ALMOST]
        rows = [(match, True) for match in shown] + [(match, False) for match in almost]
        for position, (match, fits) in enumerate(rows):
            session.add(_row(rfq.id, position, match, fits, model, verdicts.get(int(match.offer), "")))
    session.add(outcome)
    session.flush()  # a page shown in the same action reads them
    return outcome


def give_verdict(session: Session, rfq: Rfq, product_id: int, verdict: str) -> None:
    """Remember what the buyer thinks of a suggestion; `NotFound` where it was not suggested."""
    row = session.scalar(select(Suggestion).where(Suggestion.rfq_id == rfq.id, Suggestion.product_id == product_id))
    if row is None or verdict not in VERDICTS:
        raise NotFound
    row.buyer_verdict = verdict


def unknown_words(text: str) -> list[str]:
    """Words of a request that no name in the lexicon holds: how drift is noticed, without keeping sentences."""
    known = lexicon()
    found = [each.form for each in tokens(text[:LONGEST_TEXT]) if each.form.isalpha() and len(each.form) > 3]
    return [each[:40] for each in dict.fromkeys(map(fold, found)) if not known.knows(each)][:MOST_UNKNOWN_WORDS]


def _recommended(session: Session, profile: RequestProfile) -> tuple[Recommendation, str] | None:
    """A ranking, or None when the matcher cannot work: a page must not fail for want of it."""
    try:
        return matcher_of_process().recommend(session, profile, MOST_SUGGESTED)
    except SQLAlchemyError:
        raise  # the transaction is spoiled; nothing may be kept
    except Exception:
        log.exception("matchmaking.failed")
        return None


def _row(rfq_id: int, position: int, match: Match, fits: bool, model: str, verdict: str) -> Suggestion:
    return Suggestion(
        rfq_id=rfq_id,
        product_id=int(match.offer),
        seller_id=int(match.seller),
        position=position,
        fits=fits,
        score=Decimal(str(round(match.score, 6))),
        reasons=reasons_of(match),
        model=model,
        buyer_verdict=verdict,
        created_at=now(),
    )


def reasons_of(match: Match) -> dict[str, Any]:
    """The reasons of a match as codes and values, the way they are stored."""
    from matching.explain import obstacles, open_questions, strengths

    return {"for": strengths(match), "against": obstacles(match), "open": open_questions(match)}
