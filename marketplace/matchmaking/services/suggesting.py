"""Suggestions for a request: made, kept with their reasons, judged by buyers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import NotFound
from marketplace.matchmaking.closed import closed_reasons, leaves_on
from marketplace.matchmaking.decisive import by_weight
from marketplace.matchmaking.fairness import Placed, arranged
from marketplace.matchmaking.model import matcher_of_process
from marketplace.matchmaking.models import MatchOutcome, Suggestion
from marketplace.matchmaking.queries.exposure import exposure_of, full_sellers
from marketplace.matchmaking.queries.suggestions import (
    offers_of_commodity,
    offers_of_sellers,
    offers_of_stopped,
    suggestion_rows,
)
from marketplace.matchmaking.reading import profile_of, read
from marketplace.matchmaking.rules import (
    BY_SEARCH,
    LONGEST_TEXT,
    MOST_ALMOST,
    MOST_SUGGESTED,
    MOST_UNKNOWN_WORDS,
    NOT_FOR_ME,
    RESTING,
    SideOfMatch,
)
from marketplace.matchmaking.services.impressions import Shown, note_shown
from marketplace.rfqs.models import Rfq
from search.analysis import lexicon
from search.folding import fold
from search.lexicon.tokens import tokens

if TYPE_CHECKING:
    from datetime import date

    from matching.matcher import Match, Recommendation
    from matching.profile import RequestProfile

log = logging.getLogger(__name__)
_CERTAIN = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Row:
    """A suggestion about to be kept."""

    product_id: int
    seller_id: int
    fits: bool
    score: Decimal
    reasons: dict[str, Any]
    propensity: Decimal = _CERTAIN


def matches_for_text(
    session: Session, text: str, locale: str, day: date
) -> tuple[RequestProfile, Recommendation | None]:
    """Reading and matches of a text that is not kept; None for the matches when the matcher cannot work."""
    profile = read(text[:LONGEST_TEXT], locale, day)
    found = recommended(session, profile, MOST_SUGGESTED)
    return profile, found[0] if found else None


def suggest(session: Session, rfq: Rfq) -> MatchOutcome:
    """Look for suppliers of a request by its rows as they are, and keep them with reasons. Earlier ones are replaced;
    verdicts of both sides stay, and who was put aside is not suggested again. The request's lines must be loaded."""
    judged = [each for each in suggestion_rows(session, rfq.id) if each.buyer_verdict or each.seller_verdict]
    aside = {each.seller_id for each in judged if NOT_FOR_ME in (each.buyer_verdict, each.seller_verdict)}
    found = recommended(session, profile_of(rfq), MOST_SUGGESTED, offers_of_sellers(session, aside))
    outcome = session.get(MatchOutcome, rfq.id) or MatchOutcome(rfq_id=rfq.id)
    outcome.unknown_words = unknown_words(rfq.text)
    outcome.made_at = now()
    if found is None:
        outcome.confidence, outcome.band, outcome.model = Decimal(0), RESTING, BY_SEARCH
        rows = _by_commodity(session, rfq, aside)
    else:
        recommendation, model = found
        outcome.confidence = Decimal(str(round(recommendation.confidence, 4)))
        outcome.band, outcome.model = recommendation.band, model
        rows = _ranked(session, rfq, recommendation)
    rows = _told_of_closures(session, rfq, rows)
    _keep(session, rfq.id, rows, outcome.model, {each.product_id: each for each in judged})
    session.add(outcome)
    session.flush()  # a page shown in the same action reads them
    return outcome


def give_verdict(session: Session, rfq: Rfq, product_id: int, verdict: str) -> None:
    """Remember that the buyer puts a suggestion aside, or takes it back; `NotFound` where it was not suggested."""
    row = next((each for each in suggestion_rows(session, rfq.id) if each.product_id == product_id), None)
    if row is None or verdict not in ("", NOT_FOR_ME):
        raise NotFound
    row.buyer_verdict = verdict


def unknown_words(text: str) -> list[str]:
    """Words of a request that no name in the lexicon holds: how drift is noticed, without keeping sentences."""
    known = lexicon()
    found = [each.form for each in tokens(text[:LONGEST_TEXT]) if each.form.isalpha() and len(each.form) > 3]
    return [each[:40] for each in dict.fromkeys(map(fold, found)) if not known.knows(each)][:MOST_UNKNOWN_WORDS]


def load_matcher(session: Session) -> None:
    """Load or fit the matcher where nobody waits to write; failing, `recommended` says so in its own time."""
    try:
        matcher_of_process().load(session)
    except SQLAlchemyError:
        raise
    except Exception as fault:
        log.info("matchmaking.not_loaded", extra={"fault": str(fault)})


def recommended(
    session: Session, profile: RequestProfile, n: int, without: Sequence[int] = ()
) -> tuple[Recommendation, str] | None:
    """A ranking and its model, or None when the matcher cannot work: a page must not fail for want of it.
    Whom a standing stops is proposed to nobody."""
    try:
        left_out = {str(key) for key in (*without, *offers_of_stopped(session))}
        return matcher_of_process().recommend(session, profile, n, left_out)
    except SQLAlchemyError:
        raise  # the transaction is spoiled; nothing may be kept
    except Exception:
        log.exception("matchmaking.failed")
        return None


def reasons_of(match: Match) -> dict[str, Any]:
    """The reasons of a match as codes and values, the way they are stored; what buyers decide by comes first."""
    from matching.explain import obstacles, open_questions, strengths

    match = by_weight(match)
    return {"for": strengths(match), "against": obstacles(match), "open": open_questions(match)}


def _ranked(session: Session, rfq: Rfq, recommendation: Recommendation) -> list[_Row]:
    """The ranking with its ties arranged, then those that something rules out."""
    shown = recommendation.matches[:MOST_SUGGESTED] if recommendation.is_served else ()
    goods = {int(each.seller): int(each.offer) for each in shown}
    full = frozenset(str(key) for key in full_sellers(session, goods))
    exposure = {str(key): value for key, value in exposure_of(session, list(goods)).items()}
    placed = arranged(shown, exposure, full, f"{rfq.id}:{today().isoformat()}")
    return [_row(each, True) for each in placed] + [
        _row(Placed(each, 1.0), False) for each in recommendation.almost[:MOST_ALMOST]
    ]


def _row(placed: Placed[Match], fits: bool) -> _Row:
    match = placed.match
    return _Row(
        int(match.offer),
        int(match.seller),
        fits,
        Decimal(str(round(match.score, 6))),
        reasons_of(match),
        placed.stored_propensity,
    )


def _told_of_closures(session: Session, rfq: Rfq, rows: list[_Row]) -> list[_Row]:
    """The same with closed days that stand in the way among what nearly fits."""
    leaves = leaves_on(rfq.needed_by, rfq.incoterm, rfq.destination)
    found = closed_reasons(session, {row.product_id: row.seller_id for row in rows}, leaves)
    if not found:
        return rows
    against = {
        row.product_id: [found[row.product_id], *row.reasons["against"]] for row in rows if row.product_id in found
    }
    return [
        replace(row, reasons={**row.reasons, "against": against[row.product_id]}) if row.product_id in against else row
        for row in rows
    ]


def _by_commodity(session: Session, rfq: Rfq, aside: set[int]) -> list[_Row]:
    """While the matcher rests: offers of the commodity asked for, the newest first, one a seller."""
    commodity = rfq.lines[0].commodity if rfq.lines else ""
    told = {"for": [{"code": "same_goods", "stance": "for", "values": {"goods": commodity}}], "against": [], "open": []}
    offers = offers_of_commodity(session, commodity, MOST_SUGGESTED, aside) if commodity else []
    return [_Row(product, seller, True, Decimal(0), told) for product, seller in offers]


def _keep(session: Session, rfq_id: int, rows: list[_Row], model: str, judged: dict[int, Suggestion]) -> None:
    session.execute(
        delete(Suggestion).where(Suggestion.rfq_id == rfq_id, Suggestion.product_id.not_in(list(judged) or [0]))
    )
    for position, row in enumerate(rows):
        kept = judged.get(row.product_id)
        if kept is None:
            kept = Suggestion(rfq_id=rfq_id, product_id=row.product_id, created_at=now())
            session.add(kept)
        kept.seller_id, kept.position, kept.fits = row.seller_id, position, row.fits
        kept.score, kept.reasons, kept.model = row.score, row.reasons, model
    shown = [
        Shown(row.product_id, row.seller_id, place, row.propensity, row.fits, model) for place, row in enumerate(rows)
    ]
    note_shown(session, rfq_id, SideOfMatch.BUYER, shown)
