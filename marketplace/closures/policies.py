"""Who may enter closures: the seller's own people, and the mentor who looks after them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision, refused
from marketplace.sellers.models import Seller


def may_see_closures(actor: Actor, seller: Seller) -> Decision:
    """The list with its notes: the seller's people and the programme's staff."""
    is_own = actor.is_seller and actor.organisation_id == seller.organisation_id
    return ALLOWED if is_own or actor.is_staff else HIDDEN


def may_close(actor: Actor, seller: Seller) -> Decision:
    """Whether this person may enter, change and end closures of the seller."""
    if actor.is_staff:
        if seller.mentor_id == actor.user_id or actor.is_operator:
            return ALLOWED
        return refused(_("The seller's mentor enters closures for them."))
    if not actor.is_seller or actor.organisation_id != seller.organisation_id:
        return HIDDEN
    if actor.is_suspended:
        return refused(_("Your organisation is suspended. Its profile cannot be changed now."))
    return ALLOWED
