"""What notices about a seller's standing say: which standing holds and where to read why, never a figure."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# kind -> subject, line, what the one button says
STANDING_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.STANDING_CHANGED: (
        _("Your standing: %(standing)s"),
        _(
            "Your standing has changed. It is counted from answers, samples and shipments alone. Read what was counted "
            "and what to mend; your mentor helps. Leads and deals that you have go on."
        ),
        _("See the standing"),
    ),
    Kind.STANDING_OF_CHARGE: (
        _("%(seller)s: %(standing)s"),
        _("The standing of a seller whom you mentor has changed. See what was counted, and help to mend it."),
        _("See the standing"),
    ),
}
