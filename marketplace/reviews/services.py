"""A buyer writes a review, a curator lets it through or not, the seller answers once."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.reviews.events import ReviewAnswered, ReviewPublished, ReviewShown, ReviewWritten
from marketplace.reviews.models import Review
from marketplace.reviews.policies import may_decide_reviews, received_by, written_by
from marketplace.reviews.queries import occasion, review_held
from marketplace.reviews.rules import (
    ANSWER_LENGTH,
    REVIEW_MOVES,
    TEXT_LENGTH,
    Occasion,
    ReviewState,
    ReviewTarget,
    is_rating,
)
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class ReviewDraft:
    """What a buyer says of ``subject``, which the occasion names; ``version`` is 0 for a new review."""

    subject: str
    rating: int
    text: str
    language: str
    version: int = 0


def write_review(session: Session, actor: Actor, kind: Occasion, key: str, draft: ReviewDraft) -> Review:
    """Write a review, or change one's own while no curator has decided.

    `NotFound` for what this company cannot review, `Conflict` where the review is decided or changed meanwhile.
    """
    event = occasion(session, actor, kind, key)
    subject = next((one for one in event.subjects if one.name == draft.subject), None)
    if subject is None:
        raise NotFound
    if not is_rating(draft.rating):
        raise DomainError(_("Give one to five points."))
    words = cleaned(draft.text, TEXT_LENGTH)
    if not words:
        raise DomainError(_("Write a sentence or two: points alone help nobody."))
    # two first reviews of one subject at once: the second waits for the seller's row and then finds the first
    session.execute(select(Seller.id).where(Seller.id == event.seller_id).with_for_update())
    row = session.scalar(
        select(Review)
        .where(Review.about == event.about, Review.subject == subject.name)
        .with_for_update(of=Review)
        .execution_options(populate_existing=True)
    )
    if row is None:
        row = Review(
            key=new_public_key(),
            about=event.about,
            subject=subject.name,
            target=subject.target,
            product_id=subject.id if subject.target is ReviewTarget.PRODUCT else None,
            seller_id=event.seller_id,
            buyer_id=event.buyer_id,
            state=ReviewState.PENDING,
            created_at=now(),
        )
        session.add(row)
    else:
        _require_pending(row, draft.version)
    row.rating, row.text, row.language = draft.rating, words, draft.language
    row.author_id, row.changed_at = actor.user_id, now()
    session.flush()  # the event needs the key
    record(session, ReviewWritten(row.id))
    audit(session, actor, "review.written", f"review:{row.id}", rating=draft.rating)
    return row


def take_back_review(session: Session, actor: Actor, key: str, version: int) -> None:
    """The buyer wants a review gone that no curator has decided on."""
    row = review_held(session, (Review.key == key) & written_by(actor))
    _require_pending(row, version)
    audit(session, actor, "review.taken_back", f"review:{row.id}")
    session.delete(row)


def publish_review(session: Session, actor: Actor, key: str, version: int) -> Review:
    """A curator lets a review through."""
    row = _for_desk(session, actor, key, version)
    _decided(session, actor, row, ReviewState.PUBLISHED)
    record(session, ReviewPublished(row.id))
    return row


def refuse_review(session: Session, actor: Actor, key: str, version: int) -> Review:
    """A curator does not let it through; moderation keeps the reason and the way to a second look."""
    row = _for_desk(session, actor, key, version)
    if row.state != ReviewState.PENDING:
        raise Conflict(_("This review is decided already."))
    _decided(session, actor, row, ReviewState.REJECTED)
    return row


def hide_review(session: Session, actor: Actor, review_id: int) -> None:
    """Take a review away after a report; nothing where that is so already."""
    row = _by_id(session, actor, review_id)
    if row.state != ReviewState.REJECTED:
        _decided(session, actor, row, ReviewState.REJECTED)


def restore_review(session: Session, actor: Actor, review_id: int) -> None:
    """Bring a review to everybody after a second look; nothing where it is there."""
    row = _by_id(session, actor, review_id)
    if row.state == ReviewState.REJECTED:
        _decided(session, actor, row, ReviewState.PUBLISHED)


def set_answer_hidden(session: Session, actor: Actor, review_id: int, is_hidden: bool) -> None:
    """Hide a seller's answer after a report, or show it again."""
    row = _by_id(session, actor, review_id)
    if row.is_answer_hidden != is_hidden:
        row.is_answer_hidden = is_hidden
        _shows(session, row)
        audit(session, actor, "review.answer_hidden" if is_hidden else "review.answer_shown", f"review:{row.id}")


def answer_review(session: Session, actor: Actor, key: str, text: str, language: str, version: int) -> Review:
    """The seller's one public answer. `Conflict` where there is one already."""
    row = review_held(session, (Review.key == key) & received_by(actor))
    if row.answered_at is not None:
        raise Conflict(_("You have answered this review already."))
    _require_version(row, version)
    words = cleaned(text, ANSWER_LENGTH)
    if not words:
        raise DomainError(_("Write your answer first."))
    row.answer, row.answer_language = words, language
    row.answered_at, row.answered_by_id = now(), actor.user_id
    record(session, ReviewAnswered(row.id))
    _shows(session, row)
    audit(session, actor, "review.answered", f"review:{row.id}")
    return row


def _for_desk(session: Session, actor: Actor, key: str, version: int) -> Review:
    require(may_decide_reviews(actor))
    row = review_held(session, Review.key == key)
    _require_version(row, version)
    return row


def _by_id(session: Session, actor: Actor, review_id: int) -> Review:
    require(may_decide_reviews(actor))
    return review_held(session, Review.id == review_id)


def _decided(session: Session, actor: Actor, row: Review, target: ReviewState) -> None:
    row.state = advance(ReviewState(row.state), target, REVIEW_MOVES)
    row.decided_at, row.decided_by_id = now(), actor.user_id
    _shows(session, row)
    audit(session, actor, f"review.{target}", f"review:{row.id}")


def _shows(session: Session, row: Review) -> None:
    record(session, ReviewShown(row.id, row.product_id, row.seller_id))


def _require_pending(row: Review, version: int) -> None:
    if row.state != ReviewState.PENDING:
        raise Conflict(_("This review is decided already, so it stays as it is."))
    _require_version(row, version)


def _require_version(row: Review, version: int) -> None:
    if row.version != version:
        raise Conflict(_("This review has changed meanwhile. Reload the page to see how it stands now."))
