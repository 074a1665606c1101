"""A draft sales contract over agreed goods: facts filled in, clauses short, for both sides' lawyers to finish."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from marketplace.documents.facts import TradeFacts
from marketplace.documents.papers import parts
from marketplace.documents.papers.voice import Voice
from marketplace.documents.sheet import Section, Sheet, Signature

Saying = Callable[[str], str]
# The clauses that the ICC's model contract for the sale of goods asks both sides to settle; the wording is our own.
_CLAUSES: tuple[tuple[Saying, Saying], ...] = (
    (
        lambda _locale: _("Goods and quality"),
        lambda _locale: _(
            "The seller delivers the goods of the table above in the quality of the specification sheet that belongs "
            "to this contract. A tolerance in quantity holds only where it is stated there."
        ),
    ),
    (
        lambda _locale: _("Delivery and risk"),
        lambda _locale: _(
            "Delivery, costs and risk follow the delivery term above in the wording of Incoterms 2020. The seller "
            "tells the buyer in good time when the goods are ready."
        ),
    ),
    (
        lambda _locale: _("Price and payment"),
        lambda _locale: _(
            "The prices are fixed. Payment is due as stated above, in full and without bank charges for the seller. "
            "Bank details change only by a signed notice that the other side has confirmed by telephone."
        ),
    ),
    (
        lambda _locale: _("Documents"),
        lambda _locale: _(
            "The seller hands over the commercial invoice, the packing list, the transport document, the certificate "
            "of origin and the certificates that the goods are offered with."
        ),
    ),
    (
        lambda _locale: _("Inspection and complaints"),
        lambda _locale: _(
            "The buyer examines the goods on arrival and reports visible faults within fourteen days and hidden ones "
            "within fourteen days of finding them, with photographs or a report of analysis."
        ),
    ),
    (
        lambda _locale: _("Hindrance beyond control"),
        lambda _locale: _(
            "Neither side is liable while an event beyond its control hinders it. It tells the other at once; after "
            "sixty days either side may end the contract for the part not yet delivered."
        ),
    ),
    (
        lambda _locale: _("Law and disputes"),
        lambda _locale: _(
            "To be agreed by both sides: the law that governs this contract, and the court or arbitration that decides."
        ),
    ),
)


def sales_contract(facts: TradeFacts, languages: tuple[str, ...] = ("en",)) -> Sheet:
    """The leading language decides where two versions differ; the paper says so."""
    voice = Voice(languages)
    sections = [*parts.made_together(voice, facts)]
    sections += [Section(voice.say(title), (voice.say(text),)) for title, text in _CLAUSES]
    if len(languages) > 1:
        title = voice.say(lambda _locale: _("Languages"))
        sections.append(
            Section(title, (voice.say(lambda _locale: _("Where the two texts differ, the first decides.")),))
        )
    if facts.note:
        sections.append(Section(voice.say(lambda _locale: _("Notes")), ((facts.note,),)))
    draft = voice.say(lambda _locale: _("Draft: have it read by a lawyer before you sign"))
    return parts.paper(
        voice,
        facts,
        voice.say(lambda _locale: _("Sales contract (draft)")),
        columns=parts.priced_columns(voice),
        rows=tuple(parts.priced_row(voice, number, line) for number, line in enumerate(facts.lines, 1)),
        totals=parts.total(voice, facts),
        facts=(*parts.delivery(voice, facts), *parts.payment(voice, facts), *parts.packing_plan(voice, facts)),
        sections=tuple(sections),
        bank=parts.bank(voice, facts.bank),
        signatures=(
            Signature(voice.say(lambda _locale: _("Seller")), facts.seller.name),
            Signature(voice.say(lambda _locale: _("Buyer")), facts.buyer.name),
        ),
        mark=parts.mark(voice, facts) or draft,
    )
