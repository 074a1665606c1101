"""What notices about offers of a lot and closed days say: never a price or a quantity."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# kind -> subject, line, what the one button says
OFFER_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.OFFER_FOR_YOU: (
        _("%(organisation)s offers you a lot: %(product)s"),
        _(
            "%(organisation)s offers %(product)s to your company, for a limited time. Quantity, price and last day "
            "stand on the page; other companies do not see it."
        ),
        _("See the offer"),
    ),
    Kind.OFFER_ENDED: (
        _("Your offer is over: %(product)s"),
        _(
            "The last day of your offer of %(product)s has passed, or all of it is taken. Make a new one if you have "
            "more."
        ),
        _("See your offers"),
    ),
    Kind.CLOSED_BY_MENTOR: (
        _("Your mentor entered closed days for you"),
        _(
            "From %(begins)s to %(date)s you are shown as closed: leads wait, and nobody reminds you. If you are open "
            "on these days, open again."
        ),
        _("See the closed days"),
    ),
}
