"""What codes of this domain are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.partners.rules import ApplicationState, Grade, IntroductionState, OpportunityState, RefusalReason

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
INTRODUCTION_STATES: dict[str, object] = {
    IntroductionState.PROPOSED: _("Both are asked"),
    IntroductionState.ACCEPTED: _("Both said yes"),
    IntroductionState.REFUSED: _("Refused"),
    IntroductionState.WITHDRAWN: _("Withdrawn"),
    IntroductionState.EXPIRED: _("No answer in time"),
}
INTRODUCTION_TONES: dict[str, str] = {
    IntroductionState.PROPOSED: "info",
    IntroductionState.ACCEPTED: "positive",
    IntroductionState.REFUSED: "neutral",
    IntroductionState.WITHDRAWN: "neutral",
    IntroductionState.EXPIRED: "caution",
}
GRADES: dict[str, object] = {
    Grade.TRIAL: _("On trial"),
    Grade.REGULAR: _("Regular partner"),
    Grade.KEY: _("Key partner"),
}
REFUSALS: dict[str, object] = {
    RefusalReason.NOT_OUR_GOODS: _("Not our goods"),
    RefusalReason.HAS_SUPPLIER: _("We have a supplier"),
    RefusalReason.NOT_NOW: _("Not now"),
    RefusalReason.TERMS: _("Price or terms do not suit"),
    RefusalReason.SPAM: _("Spam: not what we asked for"),
    RefusalReason.OTHER: _("Another reason"),
}
OPPORTUNITY_STATES: dict[str, tuple[object, str]] = {
    OpportunityState.OPEN: (_("Open"), "info"),
    OpportunityState.WON: (_("Won"), "positive"),
    OpportunityState.LOST: (_("Lost"), "neutral"),
    OpportunityState.WITHDRAWN: (_("Withdrawn"), "neutral"),
}
