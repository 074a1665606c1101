"""Codes of quotes in words, for templates and tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from marketplace.quotes.rules import Leg, LineAnswer, PaymentTerms, QuoteDecline, QuoteState, SampleFreight, ShareState

Pill = tuple[object, str]
# how a version stands, as both sides read it
STATES: Mapping[str, Pill] = MappingProxyType(
    {
        QuoteState.DRAFT: (_("Draft"), "neutral"),
        QuoteState.MENTOR_REVIEW: (_("With your mentor"), "info"),
        QuoteState.SENT: (_("Sent"), "info"),
        QuoteState.VIEWED: (_("Opened"), "info"),
        QuoteState.COUNTERED: (_("Answered by a counter-offer"), "neutral"),
        QuoteState.ACCEPTED: (_("Agreed"), "positive"),
        QuoteState.DECLINED: (_("Declined"), "neutral"),
        QuoteState.WITHDRAWN: (_("Withdrawn"), "neutral"),
        QuoteState.EXPIRED: (_("Ran out"), "caution"),
        QuoteState.SUPERSEDED: (_("Replaced by a newer version"), "neutral"),
    }
)
ANSWERS: Mapping[str, object] = MappingProxyType(
    {
        LineAnswer.OFFERED: _("We offer it"),
        LineAnswer.ALTERNATIVE: _("We offer something else"),
        LineAnswer.NOT_AVAILABLE: _("Not available"),
    }
)
PAYMENTS: Mapping[str, object] = MappingProxyType(
    {
        PaymentTerms.DEPOSIT_BEFORE_SHIPMENT: _("Deposit, balance before shipment"),
        PaymentTerms.DEPOSIT_AGAINST_DOCUMENTS: _("Deposit, balance against documents"),
        PaymentTerms.LETTER_OF_CREDIT: _("Letter of credit at sight"),
        PaymentTerms.DOCUMENTS_AGAINST_PAYMENT: _("Documents against payment"),
        PaymentTerms.IN_ADVANCE: _("Payment in advance"),
        PaymentTerms.OPEN_ACCOUNT: _("Open account"),
    }
)
FREIGHT: Mapping[str, object] = MappingProxyType(
    {
        SampleFreight.BUYER: _("The buyer pays the freight"),
        SampleFreight.SELLER: _("The seller pays the freight"),
        SampleFreight.NEGOTIABLE: _("Freight by agreement"),
    }
)
DECLINES: Mapping[str, object] = MappingProxyType(
    {
        QuoteDecline.PRICE: _("The price is too high"),
        QuoteDecline.QUALITY: _("The quality or specification does not fit"),
        QuoteDecline.CERTIFICATES: _("A certificate is missing"),
        QuoteDecline.QUANTITY: _("The quantity does not fit"),
        QuoteDecline.LEAD_TIME: _("The goods would come too late"),
        QuoteDecline.PAYMENT_TERMS: _("The payment terms do not suit us"),
        QuoteDecline.DELIVERY_TERMS: _("The Incoterm or port does not suit us"),
        QuoteDecline.PACKING: _("The packing does not suit us"),
        QuoteDecline.SAMPLE: _("The sample did not convince us"),
        QuoteDecline.OTHER_OFFER: _("We take another offer"),
        QuoteDecline.NOT_NEEDED: _("We do not need the goods any more"),
        QuoteDecline.OTHER: _("Another reason"),
        QuoteDecline.REQUEST_CLOSED: _("The buyer closed the request"),
        QuoteDecline.AGREED_WITH_ANOTHER: _("The buyer has agreed with another seller"),
        QuoteDecline.SELLERS_NO: _("The seller cannot agree to the counter-offer"),
    }
)
LEGS: Mapping[str, object] = MappingProxyType(
    {
        Leg.ORIGIN: _("transport to the port and export clearance"),
        Leg.FREIGHT: _("sea freight"),
        Leg.INSURANCE: _("insurance"),
        Leg.DELIVERY: _("delivery from the port of arrival"),
        Leg.DUTY: _("import clearance and duties"),
    }
)
SHARES: Mapping[str, Pill] = MappingProxyType(
    {
        ShareState.INVITED: (_("Asked"), "caution"),
        ShareState.AGREED: (_("Agreed"), "positive"),
        ShareState.DECLINED: (_("Declined"), "neutral"),
        ShareState.LEFT: (_("Left"), "neutral"),
    }
)
