"""A text with its figures marked: the words as written, and beside a figure how the reader writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape

from marketplace.i18n.locales import BY_LOCALE, known
from marketplace.rfqs.figures.finding import figures_in
from marketplace.rfqs.figures.values import Doubt, Figure, spoken

DOUBTS: Mapping[Doubt, object] = MappingProxyType(
    {
        Doubt.NUMBER: _("unclear: thousands or decimals"),
        Doubt.DAY: _("unclear: day or month first"),
        Doubt.CURRENCY: _("unclear: which currency"),
    }
)


def marked(text: str, language: str, locale: str) -> Markup:
    """``text`` of a writer of ``language`` for a reader of ``locale``; everything in it is escaped."""
    parts: list[Markup] = []
    end = 0
    for figure in figures_in(text, language):
        parts.append(escape(text[end : figure.start]))
        parts.append(_marked(text[figure.start : figure.end], figure, known(locale)))
        end = figure.end
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def _marked(written: str, figure: Figure, locale: str) -> Markup:
    if figure.value is None:
        note = DOUBTS[figure.doubt or Doubt.NUMBER]
        return Markup(
            '<span class="figure figure-doubt">{}</span> <span class="figure-note" lang="{}">({})</span>'
        ).format(written, BY_LOCALE[locale].tag, note)
    reading = spoken(figure.value, locale)
    if _is_same(written, reading):
        return Markup('<span class="figure">{}</span>').format(written)
    return Markup('<span class="figure">{}</span> <span class="figure-note" lang="{}">({})</span>').format(
        written, BY_LOCALE[locale].tag, reading
    )


def _is_same(written: str, reading: str) -> bool:
    """Whether the reading would only repeat what stands there."""
    here, there = (re.sub(r"\s", "", one).casefold() for one in (written, reading))
    if not re.search(r"\d[.,]\d", here):
        there = re.sub(r"(?<=\d)[.,](?=\d{3}(?!\d))", "", there)
    return here == there
