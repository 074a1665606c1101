"""What happens to reviews."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class ReviewWritten(Event):
    """A buyer wrote or changed a review; a curator reads it before anybody else does."""

    review_id: int


@dataclass(frozen=True)
class ReviewShown(Event):
    """A review, its answer or its disappearance changes what everybody reads of the goods or of the seller."""

    review_id: int
    product_id: int | None
    seller_id: int


@dataclass(frozen=True)
class ReviewPublished(Event):
    review_id: int


@dataclass(frozen=True)
class ReviewAnswered(Event):
    review_id: int
