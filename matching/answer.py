"""What a matcher answers: sellers with their offers, why, and how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from matching.conditions import Verdict
from matching.features import Likeness

LIKELY, POSSIBLE = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Match:
    """One seller's best offer for a request."""

    offer: str
    seller: str
    score: float
    likeness: Likeness
    verdict: Verdict
    features: Mapping[str, float] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    """Words that request and offer share, the weightiest first."""
    further: tuple["Match", ...] = ()
    """The same seller's offers for other lines of the request, with those that something rules out."""
    lines: int = 1
    """How many lines the request has."""

    @property
    def served(self) -> int:
        """How many lines of the request the seller can serve."""
        return sum(each.grade > 0 for each in (self, *self.further))

    @property
    def grade(self) -> int:
        """3 fits, 2 nearly, 1 perhaps, 0 cannot serve."""
        return 0 if self.verdict.failed else max(0, self.likeness.identity - len(self.verdict.near))


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The answer to a request; ``matches`` may be shorter than asked for and is never padded."""

    matches: tuple[Match, ...]
    almost: tuple[Match, ...]
    """Offers of the goods wanted that something rules out, the nearest first: what would have to change is told."""
    confidence: float
    """How likely it is, from 0 to 1, that some seller can serve the request, or one line of it."""
    lines: tuple[float, ...] = ()
    """The same for each line of a request of several."""

    @property
    def is_served(self) -> bool:
        """Whether a suitable seller was found."""
        return self.confidence >= POSSIBLE and bool(self.matches)

    @property
    def band(self) -> str:
        """likely, possible or none."""
        return "likely" if self.confidence >= LIKELY else "possible" if self.is_served else "none"
