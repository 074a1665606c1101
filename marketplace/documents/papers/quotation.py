"""The quotation: what a seller offers, until when, and on which conditions."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.documents.facts import TradeFacts
from marketplace.documents.papers import parts
from marketplace.documents.papers.voice import Voice
from marketplace.documents.sheet import Fact, Section, Sheet


def quotation(facts: TradeFacts, languages: tuple[str, ...] = ("en",)) -> Sheet:
    """One sent version of a quote. ``facts.valid_until`` is printed beside the number."""
    voice = Voice(languages)
    head = list(parts.head(voice, facts))
    if facts.valid_until:
        head.append(Fact(voice.say(lambda _locale: _("Valid until")), voice.moment(facts.valid_until)))
    sections = [*parts.made_together(voice, facts)]
    if facts.note:
        sections.append(Section(voice.say(lambda _locale: _("Notes")), ((facts.note,),)))
    return parts.paper(
        voice,
        facts,
        voice.say(lambda _locale: _("Quotation")),
        head=tuple(head),
        columns=parts.priced_columns(voice),
        rows=tuple(parts.priced_row(voice, number, line) for number, line in enumerate(facts.lines, 1)),
        totals=parts.total(voice, facts),
        facts=(*parts.delivery(voice, facts), *parts.payment(voice, facts), *parts.packing_plan(voice, facts)),
        sections=tuple(sections),
    )
