"""Codes of requests and leads in words, for templates: states, reasons, steps, trades, levels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _

from marketplace.buyers.rules import Trade
from marketplace.rfqs.contacts import WhyHidden
from marketplace.rfqs.earnest import Sign
from marketplace.rfqs.rules import (
    CloseReason,
    DeclineReason,
    HeardBy,
    MomentCode,
    RecipientState,
    RfqState,
    Side,
    WantedPaper,
    WrittenBy,
)

# label and tone of a state pill
Pill = tuple[object, str]
RFQ_STATES: Mapping[str, Pill] = MappingProxyType(
    {
        RfqState.DRAFT: (_("Draft"), "neutral"),
        RfqState.SUBMITTED: (_("With the curators"), "info"),
        RfqState.IN_REVIEW: (_("With the curators"), "info"),
        RfqState.OPEN: (_("Open"), "positive"),
        RfqState.NEEDS_INFO: (_("A seller asks you"), "caution"),
        RfqState.AWARDED: (_("Agreed"), "positive"),
        RfqState.CLOSED_NO_AWARD: (_("Closed"), "neutral"),
        RfqState.EXPIRED: (_("Closing date reached"), "neutral"),
        RfqState.CANCELLED: (_("Withdrawn"), "neutral"),
        RfqState.REJECTED_SPAM: (_("Refused by the programme"), "critical"),
    }
)
# what tells a serious buyer
SIGNS: Mapping[str, object] = MappingProxyType(
    {
        Sign.CHECKED: _("The programme has checked the company"),
        Sign.ENDED: _("Its requests end with an agreement or with a reason"),
        Sign.SAMPLES: _("Samples get their feedback"),
        Sign.PAID: _("What is due is paid"),
    }
)
# how a seller stands, as the buyer reads it
RECIPIENT_STATES: Mapping[str, Pill] = MappingProxyType(
    {
        RecipientState.INVITED: (_("Asked, not opened yet"), "neutral"),
        RecipientState.SEEN: (_("Opened, no answer yet"), "info"),
        RecipientState.WILL_QUOTE: (_("Answers you"), "positive"),
        RecipientState.QUOTED: (_("Has quoted"), "positive"),
        RecipientState.DECLINED: (_("Declined"), "neutral"),
        RecipientState.NO_ANSWER: (_("No answer in 72 hours"), "caution"),
        RecipientState.CLOSED: (_("Closed"), "neutral"),
    }
)
# how a lead stands, as the seller reads it
LEAD_STATES: Mapping[str, Pill] = MappingProxyType(
    {
        RecipientState.INVITED: (_("New"), "info"),
        RecipientState.SEEN: (_("Waits for your answer"), "caution"),
        RecipientState.WILL_QUOTE: (_("You answered"), "positive"),
        RecipientState.QUOTED: (_("You quoted"), "positive"),
        RecipientState.DECLINED: (_("You declined"), "neutral"),
        RecipientState.NO_ANSWER: (_("Overdue"), "critical"),
        RecipientState.CLOSED: (_("Closed"), "neutral"),
    }
)
WAITS_FOR_BUYER: Pill = (_("Waits for the buyer"), "info")
WAITS_FOR_CHECK: Pill = (_("Not sent yet"), "neutral")
DECLINE_REASONS: Mapping[str, object] = MappingProxyType(
    {
        DeclineReason.CAPACITY: _("We cannot make this quantity"),
        DeclineReason.SEASON: _("Not in season"),
        DeclineReason.PRICE: _("The target price is too low for us"),
        DeclineReason.MOQ: _("The quantity is below our minimum order"),
        DeclineReason.SPECIFICATION: _("We cannot meet the specification"),
        DeclineReason.CERTIFICATE: _("We do not hold the certificate"),
        DeclineReason.DESTINATION: _("We do not ship to this country"),
        DeclineReason.LEAD_TIME: _("We need more time than there is"),
        DeclineReason.PAYMENT_TERMS: _("The payment terms do not suit us"),
        DeclineReason.NOT_OUR_PRODUCT: _("This is not our product"),
        DeclineReason.BUYER_UNCLEAR: _("The request stays unclear to us"),
        DeclineReason.OTHER: _("Another reason"),
    }
)
CLOSE_REASONS: Mapping[str, object] = MappingProxyType(
    {
        CloseReason.AGREED_HERE: _("We agreed with a seller whom we met here"),
        CloseReason.FOUND_ELSEWHERE: _("We buy from someone else"),
        CloseReason.PRICE: _("The prices do not fit"),
        CloseReason.NO_FIT: _("Nobody had what we need"),
        CloseReason.POSTPONED: _("We buy later"),
        CloseReason.OTHER: _("Another reason"),
    }
)
WANTED_PAPERS: Mapping[str, object] = MappingProxyType(
    {
        WantedPaper.ORIGIN: _("Certificate of origin"),
        WantedPaper.PHYTOSANITARY: _("Phytosanitary certificate"),
        WantedPaper.HEALTH: _("Health certificate"),
        WantedPaper.ANALYSIS: _("Certificate of analysis"),
        WantedPaper.LABORATORY: _("Test report of an independent laboratory"),
        WantedPaper.SPECIFICATION: _("Specification sheet"),
        WantedPaper.SAFETY_DATA: _("Safety data sheet"),
        WantedPaper.FUMIGATION: _("Fumigation certificate"),
        WantedPaper.WEIGHT: _("Weight and quality certificate"),
        WantedPaper.DUE_DILIGENCE: _("Geodata and due diligence papers (EUDR)"),
    }
)
MOMENTS: Mapping[str, object] = MappingProxyType(
    {
        MomentCode.SENT: _("Request sent"),
        MomentCode.IN_CHECK: _("Waits for a check by the programme"),
        MomentCode.REJECTED: _("Refused by the programme"),
        MomentCode.REINSTATED: _("Let through after a second look"),
        MomentCode.INVITED: _("Seller asked"),
        MomentCode.SEEN: _("Opened by the seller"),
        MomentCode.ANSWERED: _("Answered: the seller wants to offer"),
        MomentCode.DECLINED: _("Declined"),
        MomentCode.HANDED_ON: _("Handed on to another seller"),
        MomentCode.ASSIGNED: _("Given to a colleague"),
        MomentCode.INFORMATION_ASKED: _("More information asked; the clock stands"),
        MomentCode.INFORMATION_GIVEN: _("Information given; the clock runs again"),
        MomentCode.NO_ANSWER: _("No answer within 72 hours"),
        MomentCode.REMINDED: _("The seller was reminded"),
        MomentCode.MENTOR_CALLED: _("The seller's mentor was asked to help"),
        MomentCode.PARTNER_CALLED: _("The programme was asked to help"),
        MomentCode.TAKEN_OVER: _("The programme looks after the conversation"),
        MomentCode.RELEASED: _("The buyer need not wait for this seller"),
        MomentCode.FILES_ADDED: _("Documents added"),
        MomentCode.EXTENDED: _("Closing date moved"),
        MomentCode.CLOSED: _("Closed by the buyer"),
        MomentCode.CANCELLED: _("Withdrawn by the buyer"),
        MomentCode.EXPIRED: _("Closing date reached"),
        MomentCode.QUOTED: _("Quote sent"),
        MomentCode.QUOTE_REVISED: _("New version of the quote"),
        MomentCode.QUOTE_VIEWED: _("Quote opened by the buyer"),
        MomentCode.QUOTE_COUNTERED: _("Counter-offer by the buyer"),
        MomentCode.COUNTER_VIEWED: _("Counter-offer opened by the seller"),
        MomentCode.QUOTE_DECLINED: _("Quote declined"),
        MomentCode.COUNTER_DECLINED: _("Counter-offer declined"),
        MomentCode.QUOTE_WITHDRAWN: _("Quote withdrawn"),
        MomentCode.QUOTE_EXPIRED: _("Quote ran out"),
        MomentCode.QUOTE_IN_REVIEW: _("Quote with the mentor"),
        MomentCode.QUOTE_RETURNED: _("Quote returned by the mentor"),
        MomentCode.ENOUGH_QUOTES: _("The buyer has all the quotes they asked for"),
        MomentCode.AGREED: _("Quote accepted: agreed"),
        MomentCode.AWARDED: _("The buyer has agreed with a seller; the request is over"),
        MomentCode.SAMPLE_ASKED: _("Sample asked for"),
        MomentCode.SAMPLE_APPROVED: _("Sample approved"),
        MomentCode.SAMPLE_DECLINED: _("No sample is sent"),
        MomentCode.SAMPLE_CANCELLED: _("Sample not needed any more"),
        MomentCode.SAMPLE_LAPSED: _("Sample closed: nobody went on with it for 75 days"),
        MomentCode.SAMPLE_SENT: _("Sample on its way"),
        MomentCode.SAMPLE_ARRIVED: _("Sample arrived"),
        MomentCode.SAMPLE_JUDGED: _("Feedback on the sample"),
        MomentCode.PAID_ELSEWHERE: _("The seller says: what was still due was paid another way"),
        MomentCode.MONEY_WAIVED: _("The seller says: what was still due is waived"),
    }
)
MOMENT_TONES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        MomentCode.SENT: ("info", "send"),
        MomentCode.IN_CHECK: ("caution", "clock"),
        MomentCode.REJECTED: ("critical", "alert"),
        MomentCode.REINSTATED: ("positive", "check"),
        MomentCode.SEEN: ("info", "eye"),
        MomentCode.ANSWERED: ("positive", "check"),
        MomentCode.DECLINED: ("neutral", "close"),
        MomentCode.HANDED_ON: ("info", "forward"),
        MomentCode.INFORMATION_ASKED: ("caution", "info"),
        MomentCode.INFORMATION_GIVEN: ("info", "reply"),
        MomentCode.NO_ANSWER: ("caution", "clock"),
        MomentCode.REMINDED: ("info", "clock"),
        MomentCode.MENTOR_CALLED: ("info", "users"),
        MomentCode.PARTNER_CALLED: ("info", "users"),
        MomentCode.TAKEN_OVER: ("positive", "users"),
        MomentCode.RELEASED: ("neutral", "forward"),
        MomentCode.FILES_ADDED: ("info", "document"),
        MomentCode.EXTENDED: ("info", "calendar"),
        MomentCode.SAMPLE_ASKED: ("info", "box"),
        MomentCode.SAMPLE_APPROVED: ("positive", "check"),
        MomentCode.SAMPLE_DECLINED: ("neutral", "close"),
        MomentCode.SAMPLE_CANCELLED: ("neutral", "close"),
        MomentCode.SAMPLE_LAPSED: ("neutral", "close"),
        MomentCode.SAMPLE_SENT: ("positive", "box"),
        MomentCode.SAMPLE_ARRIVED: ("positive", "check"),
        MomentCode.SAMPLE_JUDGED: ("info", "document"),
        MomentCode.PAID_ELSEWHERE: ("info", "check"),
        MomentCode.MONEY_WAIVED: ("info", "check"),
        MomentCode.QUOTED: ("positive", "document"),
        MomentCode.QUOTE_REVISED: ("info", "document"),
        MomentCode.QUOTE_VIEWED: ("info", "eye"),
        MomentCode.QUOTE_COUNTERED: ("caution", "reply"),
        MomentCode.COUNTER_VIEWED: ("info", "eye"),
        MomentCode.QUOTE_DECLINED: ("neutral", "close"),
        MomentCode.COUNTER_DECLINED: ("neutral", "close"),
        MomentCode.QUOTE_WITHDRAWN: ("neutral", "close"),
        MomentCode.QUOTE_EXPIRED: ("caution", "clock"),
        MomentCode.QUOTE_IN_REVIEW: ("info", "users"),
        MomentCode.QUOTE_RETURNED: ("caution", "reply"),
        MomentCode.AGREED: ("positive", "check"),
        MomentCode.AWARDED: ("neutral", "check"),
    }
)
# what was done about a silent seller, as the buyer reads it beside the seller's state
RESCUES: Mapping[str, object] = MappingProxyType(
    {
        MomentCode.REMINDED: _("We have reminded the seller."),
        MomentCode.MENTOR_CALLED: _("We have reminded the seller and asked their mentor to help."),
        MomentCode.PARTNER_CALLED: _("The programme looks for somebody who answers you. You need not do anything."),
        MomentCode.TAKEN_OVER: _("The programme looks after the conversation and writes to you there."),
        MomentCode.RELEASED: _("This seller gives no answer. You need not wait any longer."),
    }
)
WRITERS: Mapping[str, object] = MappingProxyType(
    {
        WrittenBy.COLLEAGUE: _("Written down by a colleague."),
        WrittenBy.PROGRAMME: _("Written down by the programme."),
    }
)
HEARD_BY: Mapping[str, object] = MappingProxyType({HeardBy.PHONE: _("Telephone"), HeardBy.WHATSAPP: _("WhatsApp")})
SIDES: Mapping[str, object] = MappingProxyType(
    {
        Side.BUYER: _("The buyer"),
        Side.SELLER: _("The seller"),
        Side.PROGRAMME: _("The programme"),
    }
)
TRADES: Mapping[str, object] = MappingProxyType(
    {
        Trade.IMPORTER: _("Importer"),
        Trade.WHOLESALER: _("Wholesaler"),
        Trade.ROASTER: _("Roaster"),
        Trade.MANUFACTURER: _("Manufacturer"),
        Trade.RETAILER: _("Retailer"),
        Trade.HOSPITALITY: _("Hotel or restaurant"),
        Trade.DISTRIBUTOR: _("Distributor"),
        Trade.OTHER: _("Other trade"),
    }
)
# by cause, and whether the reader wrote it
HIDDEN_CONTACTS: Mapping[tuple[WhyHidden, bool], object] = MappingProxyType(
    {
        (WhyHidden.UNVERIFIED, False): _(
            "Contact details in this message are hidden until the programme has checked the buyer."
        ),
        (WhyHidden.UNVERIFIED, True): _(
            "The other side does not see the contact details in this message until the programme has checked the buyer."
        ),
        (WhyHidden.FROZEN, False): _(
            "Contact details in this message are hidden while the programme looks into a report."
        ),
        (WhyHidden.FROZEN, True): _(
            "The other side does not see the contact details in this message while the programme looks into a report."
        ),
    }
)
