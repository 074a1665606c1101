"""What codes of this domain are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.partners.rules import ApplicationState

STATES = {
    ApplicationState.INVITED: _("Invited"),
    ApplicationState.APPLIED: _("To review"),
    ApplicationState.NEEDS_INFO: _("Waiting for an answer"),
    ApplicationState.APPROVED: _("Approved"),
    ApplicationState.REFUSED: _("Refused"),
    ApplicationState.WITHDRAWN: _("Withdrawn"),
}
TONES = {
    ApplicationState.INVITED: "neutral",
    ApplicationState.APPLIED: "info",
    ApplicationState.NEEDS_INFO: "caution",
    ApplicationState.APPROVED: "positive",
    ApplicationState.REFUSED: "critical",
    ApplicationState.WITHDRAWN: "neutral",
}
CHANNELS = {
    "retail": _("Retail shops"),
    "wholesale": _("Wholesale"),
    "hospitality": _("Hotels, restaurants, cafés"),
    "online": _("Online shop"),
    "industry": _("Food and other industry"),
    "halal": _("Halal trade"),
}
