"""The specification sheet: what the goods are, line by line, as agreed; no prices."""

from __future__ import annotations

from flask_babel import gettext as _

from marketplace.documents.facts import LineFacts, TradeFacts
from marketplace.documents.papers import parts
from marketplace.documents.papers.voice import Voice
from marketplace.documents.sheet import Cell, Column, Section, Sheet


def specification_sheet(facts: TradeFacts, languages: tuple[str, ...] = ("en",)) -> Sheet:
    """One row a specification, grouped by line."""
    voice = Voice(languages)
    rows = [row for number, line in enumerate(facts.lines, 1) for row in _rows(voice, number, line)]
    sections = [*parts.made_together(voice, facts)]
    if facts.note and not facts.is_buyers_note:
        sections.append(Section(voice.say(lambda _locale: _("Notes")), ((facts.note,),)))
    return parts.paper(
        voice,
        facts,
        voice.say(lambda _locale: _("Specification sheet")),
        columns=(
            Column(voice.say(lambda _locale: _("No.")), "right"),
            Column(voice.say(lambda _locale: _("Goods")), "left", "2fr"),
            Column(voice.say(lambda _locale: _("Specification")), "left", "2fr"),
            Column(voice.say(lambda _locale: _("Value")), "left", "2fr"),
        ),
        rows=tuple(rows),
        facts=tuple(parts.packing_plan(voice, facts)),
        sections=tuple(sections),
    )


def _rows(voice: Voice, number: int, line: LineFacts) -> list[tuple[Cell, ...]]:
    first = (Cell(str(number)), parts.goods(voice, line))
    if not line.specifications:
        return [(*first, Cell("–"), Cell("–"))]
    rows: list[tuple[Cell, ...]] = []
    for place, (name, value) in enumerate(line.specifications):
        label, *labels = voice.pick(name)
        text, *texts = voice.pick(value)
        begin = first if place == 0 else (Cell(""), Cell(""))
        rows.append((*begin, Cell(label, tuple(labels)), Cell(text, tuple(texts))))
    return rows
