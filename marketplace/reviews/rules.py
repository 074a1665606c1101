"""Reviews: what can be reviewed, the way to the public, and when figures are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class ReviewState(StrEnum):
    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"


# a review that was published can be taken away after a report, and brought back by the second look
REVIEW_MOVES = {
    ReviewState.PENDING: frozenset({ReviewState.PUBLISHED, ReviewState.REJECTED}),
    ReviewState.PUBLISHED: frozenset({ReviewState.REJECTED}),
    ReviewState.REJECTED: frozenset({ReviewState.PUBLISHED}),
}


class ReviewTarget(StrEnum):
    """What a review is about."""

    PRODUCT = "product"
    SELLER = "seller"


class Occasion(StrEnum):
    """What gives the right to review: a sample in the buyer's hands, or a deal that is settled."""

    SAMPLE = "sample"
    DEAL = "deal"


BEST = 5
TEXT_LENGTH = 2000
ANSWER_LENGTH = 1000
FIGURES_FROM = 3  # fewer reviews are shown without a count and an average: one voice is no average
SHOWN_BESIDE = 5  # on the page of the goods or of the seller; the rest has a page of its own
ASKED_AFTER = timedelta(days=3)  # a sample wants to be tried first


@dataclass(frozen=True, slots=True)
class Figures:
    """How many reviews there are, and their plain average with one place."""

    count: int
    average: Decimal


def figures_of(count: int, points: int) -> Figures | None:
    """Count and average of so many points in all; None below `FIGURES_FROM`. No review weighs more than another."""
    if count < FIGURES_FROM:
        return None
    return Figures(count, (Decimal(points) / count).quantize(Decimal("0.1"), ROUND_HALF_UP))


def is_rating(value: int) -> bool:
    """Whether so many points can be given."""
    return 1 <= value <= BEST
