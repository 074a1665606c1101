"""Suggestions as pages read them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.matchmaking.models import MatchModel, MatchOutcome, Suggestion


def suggestions_of(session: Session, rfq_id: int) -> list[Suggestion]:
    """What was suggested for a request: those that fit first, by rank."""
    return list(
        session.scalars(
            select(Suggestion)
            .where(Suggestion.rfq_id == rfq_id)
            .order_by(Suggestion.fits.desc(), Suggestion.position, Suggestion.id)
        )
    )


def outcome_of(session: Session, rfq_id: int) -> MatchOutcome | None:
    """How sure the matcher was; None before it looked."""
    return session.get(MatchOutcome, rfq_id)


def chosen_suggestions(session: Session, rfq_id: int, products: list[int]) -> list[Suggestion]:
    """The suggestions for these products, in the order given; products that were not suggested are left out."""
    found = {
        each.product_id: each
        for each in session.scalars(
            select(Suggestion).where(Suggestion.rfq_id == rfq_id, Suggestion.product_id.in_(products))
        )
    }
    return [found[key] for key in dict.fromkeys(products) if key in found]


def models_in_store(session: Session) -> list[MatchModel]:
    """Fitted models, the newest first."""
    return list(session.scalars(select(MatchModel).order_by(MatchModel.fitted_at.desc(), MatchModel.id.desc())))
