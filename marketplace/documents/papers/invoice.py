"""Invoices before delivery: the pro-forma invoice of a deal and the invoice of a sample."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _

from marketplace.documents.facts import TradeFacts
from marketplace.documents.papers import parts
from marketplace.documents.papers.voice import Voice
from marketplace.documents.sheet import Fact, Section, Sheet, Texts


def proforma_invoice(facts: TradeFacts, languages: tuple[str, ...] = ("en",)) -> Sheet:
    """What a bank or customs office is shown before goods move; with the account bound to the verified seller."""
    voice = Voice(languages)
    title = voice.say(lambda _locale: _("Pro-forma invoice"))
    note = voice.say(lambda _locale: _("This pro-forma invoice is no demand for tax and no proof of delivery."))
    return _invoice(voice, facts, title, note, tuple(parts.packing_plan(voice, facts)))


def sample_invoice(facts: TradeFacts, languages: tuple[str, ...] = ("en",)) -> Sheet:
    """Goes with a sample: its value for customs, and that it is not for sale."""
    voice = Voice(languages)
    title = voice.say(lambda _locale: _("Sample invoice"))
    note = voice.say(lambda _locale: _("Sample without commercial value, not for sale; the value is for customs only."))
    more = []
    if facts.freight_payer:
        payer = {
            "buyer": lambda _locale: _("The buyer pays the freight"),
            "seller": lambda _locale: _("The seller pays the freight"),
        }[facts.freight_payer]
        more.append(Fact(voice.say(lambda _locale: _("Freight")), voice.say(payer)))
    if facts.tracking:
        more.append(Fact(voice.say(lambda _locale: _("Shipment number")), (facts.tracking,)))
    return _invoice(voice, replace(facts, deposit=None), title, note, tuple(more))


def _invoice(voice: Voice, facts: TradeFacts, title: Texts, note: Texts, more: tuple[Fact, ...]) -> Sheet:
    paragraphs = [note]
    if facts.note and not facts.is_buyers_note:
        paragraphs.insert(0, (facts.note,))
    return parts.paper(
        voice,
        facts,
        title,
        columns=parts.priced_columns(voice),
        rows=tuple(parts.priced_row(voice, number, line) for number, line in enumerate(facts.lines, 1)),
        totals=parts.total(voice, facts),
        facts=(*parts.delivery(voice, facts), *parts.payment(voice, facts), *more),
        sections=(Section(voice.say(lambda _locale: _("Notes")), tuple(paragraphs)),),
        bank=parts.bank(voice, facts.bank),
    )
