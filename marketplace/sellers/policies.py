"""Who may change and curate sellers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision, refused
from marketplace.sellers.models import Seller


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
