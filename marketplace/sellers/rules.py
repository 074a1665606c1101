"""The life of a pesantren's place on the market."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CurationState(StrEnum):
    """Where a seller stands with the programme."""

    APPLIED = "applied"
    IMPROVING = "improving"
    APPROVED = "approved"
    PAUSED = "paused"


CURATION_MOVES = {
    CurationState.APPLIED: frozenset({CurationState.IMPROVING, CurationState.APPROVED, CurationState.PAUSED}),
    CurationState.IMPROVING: frozenset({CurationState.APPROVED, CurationState.PAUSED}),
    CurationState.APPROVED: frozenset({CurationState.IMPROVING, CurationState.PAUSED}),
    CurationState.PAUSED: frozenset({CurationState.IMPROVING, CurationState.APPROVED}),
}


class SellerForm(StrEnum):
    """Who sells: the pesantren's own business unit, a cooperative or an exporter."""

    BUSINESS_UNIT = "business_unit"
    COOPERATIVE = "cooperative"
    EXPORTER = "exporter"


# The languages a business unit can say it answers in.
LANGUAGES_SPOKEN = ("id", "en", "ar", "de", "fr", "ja", "ko", "ms", "nl", "zh")
LEADS_BEFORE_FIGURES = 5  # fewer would say nothing
STORY_LANGUAGES = ("id", "en", "de", "zh_Hans", "zh_Hant")
# states whose reason the seller has to know
NOTE_NEEDED = frozenset({CurationState.IMPROVING, CurationState.PAUSED})


def is_nib(text: str) -> bool:
    """Whether ``text`` can be an Indonesian business number (NIB): 13 digits."""
    return len(text) == 13 and text.isascii() and text.isdigit()


@dataclass(frozen=True)
class AnswerFigures:
    """How a seller answers: share of leads from 0 to 1, and hours on average."""

    share: float
    hours: float


def answer_figures(lead_count: int, answered_count: int, answer_minutes: int) -> AnswerFigures | None:
    """The figures to show, or None while there are fewer than five leads."""
    if lead_count < LEADS_BEFORE_FIGURES:
        return None
    hours = answer_minutes / answered_count / 60 if answered_count else 0.0
    return AnswerFigures(min(1.0, answered_count / lead_count), hours)
