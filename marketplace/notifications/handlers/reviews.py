"""Reviews: what their events tell people."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.queries import member_ids
from marketplace.kernel.events import on
from marketplace.notifications.queries import curators
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify
from marketplace.reviews.events import ReviewAnswered, ReviewPublished, ReviewWritten
from marketplace.reviews.models import Review
from marketplace.sellers.models import Seller


@on(ReviewWritten)
def call_curators(session: Session, event: ReviewWritten) -> None:
    """Once for each review, however often it is changed before it is read."""
    row = session.get_one(Review, event.review_id)
    notify(session, Kind.QUEUE_REVIEW, f"review:{row.id}", curators(session), {}, f"/console/reviews/{row.key}")


@on(ReviewPublished)
def say_published(session: Session, event: ReviewPublished) -> None:
    """Who wrote it learns that it is public, and the seller that there is something to answer."""
    row = session.get_one(Review, event.review_id)
    notify(session, Kind.REVIEW_PUBLISHED, f"review:{row.id}", _writers(session, row), {}, "/reviews")
    seller = session.get_one(Seller, row.seller_id)
    people = member_ids(session, seller.organisation_id)
    notify(session, Kind.REVIEW_RECEIVED, f"review:{row.id}", people, {}, "/selling/reviews")


@on(ReviewAnswered)
def say_answered(session: Session, event: ReviewAnswered) -> None:
    """Who wrote the review learns of the answer."""
    row = session.get_one(Review, event.review_id)
    notify(session, Kind.REVIEW_ANSWERED, f"review:{row.id}", _writers(session, row), {}, "/reviews")


def _writers(session: Session, row: Review) -> list[int]:
    """Who wrote it, or everybody of the company once that person has left it."""
    people = member_ids(session, row.buyer_id)
    return [row.author_id] if row.author_id is not None and row.author_id in people else people
