"""Codes of samples, deals and outcomes in words, for templates, papers and notices."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from marketplace.orders.rules import (
    MoneyWord,
    OrderState,
    OutcomeKind,
    SampleDecline,
    SampleKind,
    SampleState,
    ValueBand,
    Verdict,
)

Pill = tuple[object, str]
KINDS: Mapping[str, object] = MappingProxyType(
    {
        SampleKind.OFFER: _("Offer sample: from the lot on offer"),
        SampleKind.TYPE: _("Type sample: shows the sort in general"),
        SampleKind.EVALUATION: _(
            "Evaluation sample: from a lot that is not prepared yet, such as coffee before milling"
        ),
        SampleKind.APPROVAL: _("Approval sample: made for you, production begins once you agree to it"),
        SampleKind.PRE_SHIPMENT: _("Pre-shipment sample: from the goods before they leave"),
        SampleKind.CONTROL: _(
            "Control sample: from goods that were sent or kept back, to compare with what was agreed"
        ),
    }
)
SAMPLE_STATES: Mapping[str, Pill] = MappingProxyType(
    {
        SampleState.REQUESTED: (_("Asked for"), "caution"),
        SampleState.DECLINED: (_("Declined"), "neutral"),
        SampleState.FREE: (_("Approved, free"), "info"),
        SampleState.PAYMENT_DUE: (_("Payment due"), "caution"),
        SampleState.PAID: (_("Paid"), "positive"),
        SampleState.SHIPPED: (_("On its way"), "info"),
        SampleState.DELIVERED: (_("Arrived"), "positive"),
        SampleState.FEEDBACK: (_("Feedback given"), "positive"),
        SampleState.CLOSED: (_("Closed"), "neutral"),
        SampleState.CANCELLED: (_("Cancelled"), "neutral"),
    }
)
SAMPLE_MEANINGS: Mapping[str, object] = MappingProxyType(
    {
        SampleState.REQUESTED: _("The seller decides whether to send it and at whose cost."),
        SampleState.DECLINED: _("The seller sends no sample."),
        SampleState.FREE: _("The seller sends it at no cost to the buyer."),
        SampleState.PAYMENT_DUE: _("The seller sends it when the amount has arrived."),
        SampleState.PAID: _("The amount has arrived. The seller sends it now."),
        SampleState.SHIPPED: _("The carrier has it. The buyer confirms when it arrives."),
        SampleState.DELIVERED: _("The buyer has it. Feedback helps the seller, also when it does not suit."),
        SampleState.FEEDBACK: _("The buyer wrote what they think of it."),
        SampleState.CLOSED: _("Nothing is left to do."),
        SampleState.CANCELLED: _("The buyer does not need it any more."),
    }
)
DECLINES: Mapping[str, object] = MappingProxyType(
    {
        SampleDecline.NONE_LEFT: _("No goods are left for samples"),
        SampleDecline.NOT_IN_SEASON: _("It is not the season"),
        SampleDecline.DESTINATION: _("We cannot send to this destination"),
        SampleDecline.TOO_EARLY: _("We would like to agree on the terms first"),
        SampleDecline.OTHER: _("Another reason"),
    }
)
VERDICTS: Mapping[str, object] = MappingProxyType(
    {
        Verdict.SUITS: _("It suits us"),
        Verdict.SUITS_WITH_CHANGES: _("It suits us with changes"),
        Verdict.DOES_NOT_SUIT: _("It does not suit us"),
    }
)
ATTRIBUTES: Mapping[str, object] = MappingProxyType(
    {
        "aroma": _("Fragrance and aroma"),
        "flavour": _("Flavour"),
        "aftertaste": _("Aftertaste"),
        "acidity": _("Acidity"),
        "body": _("Body"),
        "balance": _("Balance of tastes"),
        "uniformity": _("Uniformity"),
        "clean_cup": _("Clean cup"),
        "sweetness": _("Sweetness"),
        "overall": _("Overall"),
        "appearance": _("Appearance"),
        "smell": _("Smell"),
        "taste": _("Taste"),
        "texture": _("Texture"),
        "packing": _("Packing"),
        "workmanship": _("Workmanship"),
        "material": _("Material"),
        "finish": _("Colour and finish"),
        "dimensions": _("Sizes as stated"),
        "purity": _("Purity"),
        "consistency": _("Consistency"),
        "cleanliness": _("Cleanliness"),
        "dryness": _("Dryness"),
        "evenness": _("Evenness of size"),
        "performance": _("How it does its work"),
    }
)
ORDER_STATES: Mapping[str, Pill] = MappingProxyType(
    {
        OrderState.DEPOSIT_DUE: (_("Deposit due"), "caution"),
        OrderState.IN_PRODUCTION: (_("In production"), "info"),
        OrderState.PAPERS_READY: (_("Papers ready"), "info"),
        OrderState.SHIPPED: (_("Shipped"), "info"),
        OrderState.ARRIVED: (_("Arrived"), "positive"),
        OrderState.SETTLED: (_("Settled"), "positive"),
        OrderState.DISPUTED: (_("Disputed"), "critical"),
        OrderState.CANCELLED: (_("Cancelled"), "neutral"),
    }
)
# what the button says that reports a step
REPORTS: Mapping[str, object] = MappingProxyType(
    {
        OrderState.IN_PRODUCTION: _("Production has begun"),
        OrderState.PAPERS_READY: _("The papers are ready"),
        OrderState.SHIPPED: _("The goods are shipped"),
        OrderState.ARRIVED: _("The goods have arrived"),
        OrderState.SETTLED: _("Everything is paid and settled"),
    }
)
# as the seller says it, and as both sides read it
MONEY_CHOICES: Mapping[str, object] = MappingProxyType(
    {
        MoneyWord.ELSEWHERE: _("It was paid another way, and we have it"),
        MoneyWord.WAIVED: _("We waive it"),
    }
)
MONEY_WORDS: Mapping[str, object] = MappingProxyType(
    {
        MoneyWord.ELSEWHERE: _("The seller says: what was still due was paid another way"),
        MoneyWord.WAIVED: _("The seller says: what was still due is waived"),
    }
)
SIDES: Mapping[str, object] = MappingProxyType(
    {"buyer": _("The buyer"), "seller": _("The seller"), "programme": _("By the agreement")}
)
OUTCOMES: Mapping[str, object] = MappingProxyType(
    {
        OutcomeKind.INQUIRY: _("Inquiries"),
        OutcomeKind.SAMPLE: _("Samples sent"),
        OutcomeKind.FIRST_ORDER: _("First orders"),
        OutcomeKind.REPEAT: _("Repeat orders"),
    }
)
# the same for one of them
OUTCOME: Mapping[str, object] = MappingProxyType(
    {
        OutcomeKind.INQUIRY: _("Inquiry"),
        OutcomeKind.SAMPLE: _("Sample sent"),
        OutcomeKind.FIRST_ORDER: _("First order"),
        OutcomeKind.REPEAT: _("Repeat order"),
    }
)
BANDS: Mapping[str, object] = MappingProxyType(
    {
        ValueBand.UNDER_1K: _("under 1,000 USD"),
        ValueBand.UNDER_10K: _("1,000 to 10,000 USD"),
        ValueBand.UNDER_50K: _("10,000 to 50,000 USD"),
        ValueBand.UNDER_250K: _("50,000 to 250,000 USD"),
        ValueBand.MORE: _("over 250,000 USD"),
    }
)


def goods_of_deal(goods: str, further: int) -> str:
    """What a deal is called: the first of its goods, and how many more there are."""
    if not further:
        return goods
    return str(ngettext("%(goods)s and %(num)s more", "%(goods)s and %(num)s more", further, goods=goods))
