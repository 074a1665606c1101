"""What states of memberships are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from marketplace.memberships.models import PaidMembership
from marketplace.memberships.queries import state_of
from marketplace.memberships.rules import EndedWhy, MembershipState

STATES = {
    MembershipState.ORDERED: _("To be paid"),
    MembershipState.AHEAD: _("Paid, begins later"),
    MembershipState.RUNNING: _("Running"),
    MembershipState.OVER: _("Over"),
    MembershipState.CANCELLED: _("Cancelled"),
    MembershipState.GIVEN_BACK: _("Given back"),
}
ENDS = {EndedWhy.GIVEN_BACK: _("Given back"), EndedWhy.TAKEN_BACK: _("Taken back by the bank")}
TONES = {
    MembershipState.ORDERED: "info",
    MembershipState.AHEAD: "info",
    MembershipState.RUNNING: "positive",
    MembershipState.OVER: "neutral",
    MembershipState.CANCELLED: "neutral",
    MembershipState.GIVEN_BACK: "neutral",
}


def state_name(membership: PaidMembership) -> str:
    """How a membership stands, in the reader's language."""
    if membership.ended_why:
        return str(ENDS[EndedWhy(membership.ended_why)])
    return str(STATES[state_of(membership)])
