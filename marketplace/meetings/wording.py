"""Codes of meetings in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

from marketplace.meetings.rules import GuestKind, MeetingState, Missing, Outcome

STATES: Mapping[str, Any] = MappingProxyType(
    {
        MeetingState.REQUESTED: _("Waits for an answer"),
        MeetingState.ACCEPTED: lazy_pgettext("meeting", "Set"),
        MeetingState.DECLINED: lazy_pgettext("meeting", "Declined"),
        MeetingState.CANCELLED: lazy_pgettext("meeting", "Cancelled"),
        MeetingState.HELD: lazy_pgettext("meeting", "Held"),
        MeetingState.NO_SHOW: _("Not held"),
    }
)
TONES: Mapping[str, str] = MappingProxyType(
    {
        MeetingState.REQUESTED: "caution",
        MeetingState.ACCEPTED: "positive",
        MeetingState.DECLINED: "neutral",
        MeetingState.CANCELLED: "neutral",
        MeetingState.HELD: "positive",
        MeetingState.NO_SHOW: "critical",
    }
)
KINDS: Mapping[str, Any] = MappingProxyType(
    {
        GuestKind.BUYER: _("Buyer"),
        GuestKind.DISTRIBUTOR: _("Distributor"),
        GuestKind.SELLER: _("Seller"),
    }
)
MISSING: Mapping[str, Any] = MappingProxyType(
    {
        "": _("Both came"),
        Missing.ASKER: _("Who had asked did not come"),
        Missing.ASKED: _("Who was asked did not come"),
        Missing.BOTH: _("Nobody came"),
    }
)
OUTCOMES: Mapping[str, Any] = MappingProxyType(
    {
        "": _("Nothing said yet"),
        Outcome.INQUIRY: _("The buyer wants a quote"),
        Outcome.SAMPLE: _("The buyer wants a sample"),
        Outcome.LATER: _("We speak again later"),
        Outcome.NOTHING: _("It does not fit"),
    }
)
