"""Who may change and curate sellers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, false, or_, select, true

from marketplace.kernel.clock import today
from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision, refused
from marketplace.sellers.models import Seller, SellerStanding
from marketplace.sellers.rules import Standing


def may_change_seller(actor: Actor, seller: Seller) -> Decision:
    """The seller's own people, as long as they are not suspended."""
    if actor.organisation_id != seller.organisation_id:
        return HIDDEN
    if actor.is_suspended:
        return refused(_("Your organisation is suspended. Its profile cannot be changed now."))
    return ALLOWED


def may_curate_sellers(actor: Actor) -> Decision:
    """The programme's staff."""
    return ALLOWED if actor.is_staff else HIDDEN


def stopped_sellers() -> Select[int]:
    """Keys of sellers whom the marketplace proposes to nobody now, as a subquery: their standing is a stop, and no
    mentor's word holds above it."""
    return select(SellerStanding.seller_id).where(
        SellerStanding.level == Standing.STOP,
        or_(SellerStanding.eased_until.is_(None), SellerStanding.eased_until < today()),
    )


def looked_after_by(actor: Actor) -> ColumnElement[bool]:
    """Sellers for whose standing this person may speak: their own charges; an operator for all."""
    if actor.is_operator:
        return true()
    return Seller.mentor_id == actor.user_id if actor.is_curator else false()


def may_ease(actor: Actor, seller: Seller) -> Decision:
    """The seller's mentor, or an operator, lets a better standing hold for a time."""
    if not actor.is_staff:
        return HIDDEN
    if actor.is_operator or (actor.is_curator and seller.mentor_id == actor.user_id):
        return ALLOWED
    return refused(_("Only this seller's mentor or an operator can do that."))
