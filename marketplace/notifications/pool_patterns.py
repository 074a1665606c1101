"""What notices about pools say to members, the seller, and the chapter that coordinates: never a price or a buyer."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# kind -> subject, line, what the one button says
POOL_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.POOL_ASKED: (
        _("%(seller)s asks you for a share: %(product)s"),
        _("%(seller)s coordinates a large request for %(product)s and asks you to make a part of it."),
        _("See the share"),
    ),
    Kind.POOL_ANSWERED: (
        _("News of your pool: %(product)s"),
        _("A member of your pool for %(product)s has answered or left. Look whether the shares still suffice."),
        _("See the pool"),
    ),
    Kind.POOL_AGREED: (
        _("Your share is sold: %(product)s"),
        _("The buyer accepted the quote of the pool for %(product)s. Your share stands."),
        _("See the share"),
    ),
    Kind.POOL_HAS_COORDINATOR: (
        _("%(organisation)s coordinates your share: %(product)s"),
        _(
            "%(seller)s has handed the pool for %(product)s to %(organisation)s, who reads quantity and price of your "
            "share. %(seller)s still sells and pays you."
        ),
        _("See the share"),
    ),
    Kind.POOL_TO_COORDINATE: (
        _("%(seller)s asks you to coordinate a pool: %(product)s"),
        _(
            "%(seller)s has a request for %(product)s that is too large for one seller, and asks you to gather others "
            "and to write the one quote."
        ),
        _("See the pool"),
    ),
    Kind.POOL_NEWS: (
        _("News of a pool you coordinate: %(product)s"),
        _("A member, the buyer or the seller's side has answered. Look whether the pool for %(product)s needs you."),
        _("See the pool"),
    ),
    Kind.POOL_TAKEN_BACK: (
        _("%(seller)s coordinates the pool again: %(product)s"),
        _("%(seller)s has taken the pool for %(product)s back. There is nothing left to do for you."),
        _("See your pools"),
    ),
    Kind.COORDINATOR_AGREED: (
        _("%(organisation)s coordinates your pool: %(product)s"),
        _("%(organisation)s gathers the members for %(product)s and writes the quote. You remain the one seller."),
        _("See the pool"),
    ),
    Kind.COORDINATOR_GONE: (
        _("%(organisation)s does not coordinate your pool: %(product)s"),
        _("%(organisation)s declined, or handed the pool for %(product)s back. It is yours to coordinate."),
        _("See the pool"),
    ),
    Kind.COORDINATOR_QUOTED: (
        _("Your coordinator has written a quote: %(product)s"),
        _(
            "A quote for %(product)s goes to the buyer in your name, after your mentor where they read it first. Read "
            "it: you owe these goods once the buyer accepts."
        ),
        _("See the quote"),
    ),
}
