"""The life of a pesantren's place on the market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
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


class Standing(StrEnum):
    """How a seller keeps its word, from facts alone; what it costs is told in `docs/how-to-standing.md`."""

    GOOD = "good"
    WARN = "warn"
    STOP = "stop"


class Measure(StrEnum):
    """What a standing is counted from; never money, a membership or what somebody paid."""

    ANSWERS = "answers"
    SAMPLES = "samples"
    DELIVERIES = "deliveries"


@dataclass(frozen=True, slots=True)
class Counted:
    """So many cases, and how many of them went wrong: answered late or never, a sample that did not suit, goods that
    left late."""

    cases: int = 0
    bad: int = 0


CASES_BEFORE_STANDING = 5  # fewer would judge a house by one bad week
# shares of 100 that went wrong, from which on a seller is warned, and is proposed to nobody
WARN_FROM: dict[Measure, int] = {Measure.ANSWERS: 20, Measure.SAMPLES: 30, Measure.DELIVERIES: 20}
STOP_FROM: dict[Measure, int] = {Measure.ANSWERS: 50, Measure.SAMPLES: 60, Measure.DELIVERIES: 50}
LONGEST_EASING = timedelta(days=180)
_SEVERITY = (Standing.GOOD, Standing.WARN, Standing.STOP)


def standing_by(measure: Measure, counted: Counted) -> Standing | None:
    """What one measure says; None below `CASES_BEFORE_STANDING`. Whole numbers only: no share is rounded."""
    if counted.cases < CASES_BEFORE_STANDING:
        return None
    if counted.bad * 100 >= STOP_FROM[measure] * counted.cases:
        return Standing.STOP
    return Standing.WARN if counted.bad * 100 >= WARN_FROM[measure] * counted.cases else Standing.GOOD


def standing_of(counts: Mapping[Measure, Counted]) -> Standing:
    """The worst that any measure says; good where none says anything."""
    said = [found for measure, counted in counts.items() if (found := standing_by(measure, counted)) is not None]
    return max(said, key=_SEVERITY.index, default=Standing.GOOD)


def is_easier(level: Standing, than: Standing) -> bool:
    """Whether one standing asks less of a seller than another."""
    return _SEVERITY.index(level) < _SEVERITY.index(than)


def standing_in_force(counted: Standing, eased_to: str, eased_until: date | None, day: date) -> Standing:
    """The standing that holds on ``day``: a mentor's word eases it until its last day, and never makes it worse."""
    if eased_to and eased_until is not None and day <= eased_until and is_easier(Standing(eased_to), counted):
        return Standing(eased_to)
    return counted
