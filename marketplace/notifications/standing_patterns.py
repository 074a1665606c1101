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
            "Another standing holds for you. It is counted from answers, samples and shipments alone. Read what was "
            "counted, and what to mend where something is; your mentor helps. Leads and deals that you have go on."
        ),
        _("See the standing"),
    ),
    Kind.STANDING_OF_CHARGE: (
        _("%(seller)s: %(standing)s"),
        _(
            "Another standing holds for a seller whom you mentor. See what was counted, and help where something is to "
            "mend."
        ),
        _("See the standing"),
    ),
}
