"""Who writes, answers, reads and decides reviews."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false

from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision
from marketplace.reviews.models import Review
from marketplace.reviews.rules import ReviewState
from marketplace.sellers.models import Seller


def is_public() -> ColumnElement[bool]:
    """Reviews that everybody reads."""
    return Review.state == ReviewState.PUBLISHED


def written_by(actor: Actor) -> ColumnElement[bool]:
    """Reviews of the actor's own buying company."""
    if not actor.is_buyer or actor.organisation_id is None:
        return false()
    return Review.buyer_id == actor.organisation_id


def received_by(actor: Actor) -> ColumnElement[bool]:
    """Published reviews (joined with Seller) of the actor's own goods and house."""
    if not actor.is_seller or actor.organisation_id is None:
        return false()
    return (Seller.organisation_id == actor.organisation_id) & is_public()


def may_decide_reviews(actor: Actor) -> Decision:
    """Staff of the programme read reviews before the public does."""
    return ALLOWED if actor.is_staff else HIDDEN
