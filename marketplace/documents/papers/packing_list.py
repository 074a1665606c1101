"""The packing list: packages, net and gross mass, containers; no prices."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from flask_babel import gettext as _

from marketplace.documents.facts import LineFacts, TradeFacts
from marketplace.documents.papers import parts
from marketplace.documents.papers.voice import Voice
from marketplace.documents.sheet import Cell, Column, Sheet, Total
from marketplace.kernel.measures import Quantity


def packing_list(facts: TradeFacts, languages: tuple[str, ...] = ("en",)) -> Sheet:
    """Masses are summed in kilograms, and only where every line states one; gross has no column where none does."""
    voice = Voice(languages)
    masses = [Column(voice.say(lambda _locale: _("Net mass")), "right")]
    if any(line.gross for line in facts.lines):
        masses.append(Column(voice.say(lambda _locale: _("Gross mass")), "right"))
    return parts.paper(
        voice,
        facts,
        voice.say(lambda _locale: _("Packing list")),
        columns=(
            Column(voice.say(lambda _locale: _("No.")), "right"),
            Column(voice.say(lambda _locale: _("Goods")), "left", "4fr"),
            Column(voice.say(lambda _locale: _("Packages")), "right"),
            *masses,
        ),
        rows=tuple(_row(voice, number, line, len(masses)) for number, line in enumerate(facts.lines, 1)),
        totals=_totals(voice, facts),
        facts=(*parts.delivery(voice, facts), *parts.packing_plan(voice, facts)),
    )


def _row(voice: Voice, number: int, line: LineFacts, masses: int) -> tuple[Cell, ...]:
    shown = (line.packages, line.net, line.gross)[: 1 + masses]
    written = [Cell(voice.quantity(each) if each else "") for each in shown]
    return (Cell(str(number)), parts.goods(voice, line), *written)


def _totals(voice: Voice, facts: TradeFacts) -> tuple[Total, ...]:
    net = _mass(facts, lambda line: line.net)
    gross = _mass(facts, lambda line: line.gross)
    rows = []
    if net is not None:
        rows.append(Total(voice.say(lambda _locale: _("Total net mass")), voice.quantity(net), is_strong=True))
    if gross is not None:
        rows.append(Total(voice.say(lambda _locale: _("Total gross mass")), voice.quantity(gross), is_strong=True))
    return tuple(rows)


def _mass(facts: TradeFacts, of: Callable[[LineFacts], Quantity | None]) -> Quantity | None:
    masses = [mass.to("kg").amount for line in facts.lines if (mass := of(line)) is not None]
    if not masses or len(masses) < len(facts.lines):
        return None
    return Quantity(sum(masses, Decimal(0)), "kg")
