"""Reads of matchmaking."""

from marketplace.matchmaking.queries.suggestions import (
    chosen_suggestions,
    outcome_of,
    put_aside_by_buyer,
    suggestions_of,
)

__all__ = ["chosen_suggestions", "outcome_of", "put_aside_by_buyer", "suggestions_of"]
