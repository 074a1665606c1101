"""Codes of reports in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from marketplace.moderation.rules import ReportReason, ReportState, ReportTarget

REASONS: Mapping[str, object] = MappingProxyType(
    {
        ReportReason.FALSE_CLAIM: _("It claims something that is not true"),
        ReportReason.PROHIBITED: _("It may not be sold or sent"),
        ReportReason.COUNTERFEIT: _("It is a fake, or a certificate is"),
        ReportReason.SPAM: _("It is advertising or not meant seriously"),
        ReportReason.ABUSE: _("It insults or threatens"),
        ReportReason.STOLEN_CONTENT: _("Its pictures or texts belong to somebody else"),
        ReportReason.FRAUD: _("Somebody tries to cheat us"),
        ReportReason.IMPERSONATION: _("Somebody pretends to be somebody else"),
        ReportReason.OTHER: _("Something else"),
    }
)
STATES: Mapping[str, object] = MappingProxyType(
    {
        ReportState.OPEN: _("Waits for a decision"),
        ReportState.UPHELD: _("Upheld"),
        ReportState.DISMISSED: _("Dismissed"),
        ReportState.APPEALED: _("Waits for a second look"),
        ReportState.REVERSED: _("Turned round"),
        ReportState.FINAL: _("Final"),
    }
)
STATE_TONES: Mapping[str, str] = MappingProxyType(
    {
        ReportState.OPEN: "caution",
        ReportState.UPHELD: "critical",
        ReportState.DISMISSED: "neutral",
        ReportState.APPEALED: "caution",
        ReportState.REVERSED: "info",
        ReportState.FINAL: "neutral",
    }
)
TARGETS: Mapping[str, object] = MappingProxyType(
    {
        ReportTarget.PRODUCT: _("Listing"),
        ReportTarget.SELLER: _("Seller"),
        ReportTarget.MESSAGE: _("Message"),
        ReportTarget.RFQ: _("Request"),
        ReportTarget.REVIEW: _("Review of a buyer"),
        ReportTarget.ANSWER: _("Answer to a review"),
    }
)
EFFECTS: Mapping[str, object] = MappingProxyType(
    {
        ReportTarget.PRODUCT: _("Upholding takes the listing off the market."),
        ReportTarget.SELLER: _("Upholding pauses the seller and takes all its listings off the market."),
        ReportTarget.MESSAGE: _("Upholding hides the message from both sides."),
        ReportTarget.RFQ: _("Upholding closes the request for all sellers."),
        ReportTarget.REVIEW: _("Upholding takes the review off the public pages."),
        ReportTarget.ANSWER: _("Upholding hides the answer; the review stays."),
    }
)
