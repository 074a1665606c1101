"""What this domain keeps about a person: reviews they wrote, answers they gave, decisions they took."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.events import record
from marketplace.kernel.personal_data import PersonalData, register
from marketplace.reviews.events import ReviewShown
from marketplace.reviews.models import Review
from marketplace.reviews.rules import ReviewState


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Reviews and answers in the person's own words."""
    rows = session.scalars(
        select(Review).where(or_(Review.author_id == user_id, Review.answered_by_id == user_id)).order_by(Review.id)
    )
    return {
        "reviews": [
            {
                "key": one.key,
                "of": one.target,
                "rating": one.rating if one.author_id == user_id else None,
                "text": one.text if one.author_id == user_id else "",
                "answer": one.answer if one.answered_by_id == user_id else "",
                "state": one.state,
                "at": one.created_at.isoformat(),
            }
            for one in rows
        ]
    }


def erase(session: Session, user_id: int) -> None:
    """Words go as those of messages do; what was published keeps its points, which are the company's. A review that
    nobody has read yet is the person's alone."""
    shown = select(Review).where(
        or_(Review.author_id == user_id, Review.answered_by_id == user_id), Review.state == ReviewState.PUBLISHED
    )
    for row in session.scalars(shown):
        record(session, ReviewShown(row.id, row.product_id, row.seller_id))  # pages that are kept show the words
    for statement in (
        delete(Review).where(Review.author_id == user_id, Review.state == ReviewState.PENDING),
        update(Review).where(Review.author_id == user_id).values(author_id=None, text=""),
        update(Review).where(Review.answered_by_id == user_id).values(answered_by_id=None, answer=""),
        update(Review).where(Review.decided_by_id == user_id).values(decided_by_id=None),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    session.expire_all()


register(PersonalData("reviews", export, erase))
