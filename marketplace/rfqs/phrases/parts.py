"""A message put together from sentences of the phrase bank and own words: kept as codes, read by everyone in turn.

A part is ``{"phrase": code, "values": {blank: value}}`` or ``{"words": text}``; `Message.parts` holds a list of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask_babel import gettext as _

from marketplace.kernel.errors import DomainError
from marketplace.kernel.text import cleaned
from marketplace.rfqs.phrases.bank import Group, phrase_bank
from marketplace.rfqs.phrases.blanks import Goods, checked_value, spoken
from marketplace.rfqs.rules import Side

Part: TypeAlias = dict[str, Any]
MOST_SENTENCES = 12


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of a message as it is read: a sentence in the reader's language, or the writer's own words."""

    text: str
    is_sentence: bool


def checked_parts(parts: Sequence[Part], side: Side, goods: Goods | None = None) -> list[Part]:
    """The parts as they are kept; `DomainError` for a sentence that is not this side's, or an empty blank."""
    if sum("phrase" in part for part in parts) > MOST_SENTENCES:
        raise DomainError(_("At most %(count)s sentences fit into one message.", count=MOST_SENTENCES))
    kept: list[Part] = []
    for part in parts:
        if "phrase" not in part:
            words = cleaned(str(part.get("words", "")))
            if words:
                kept.append({"words": words})
            continue
        sentence = phrase_bank().get(str(part["phrase"]))
        if sentence is None or side not in sentence.writers:
            raise DomainError(_("This sentence is not in the phrase bank. Choose another one."))
        given = part.get("values") or {}
        values = {name: checked_value(blank, given.get(name) or {}, goods) for name, blank in sentence.blanks.items()}
        kept.append({"phrase": sentence.code, "values": values})
    return kept


def put_together(sentences: Sequence[Part], words: str) -> list[Part]:
    """Sentences and own words in the order of a letter: own words stand before the closing."""
    if not words.strip():
        return list(sentences)
    ends = [place for place, part in enumerate(sentences) if str(part["phrase"]).startswith(f"{Group.CLOSING}.")]
    place = ends[0] if ends else len(sentences)
    return [*sentences[:place], {"words": words}, *sentences[place:]]


def read_parts(parts: Sequence[Any] | None, locale: str, goods: Goods) -> list[Said] | None:
    """The message in the reader's language; None where it is no such message, or a sentence cannot be read any more."""
    if not parts:
        return None
    try:
        return [_said(part, locale, goods) for part in parts]
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, DomainError):
        return None  # the writer's words are still there


def _said(part: Mapping[str, Any], locale: str, goods: Goods) -> Said:
    if "phrase" not in part:
        return Said(part["words"], is_sentence=False)
    sentence = phrase_bank()[part["phrase"]]
    pieces = list(sentence.pieces[locale])
    for place in range(1, len(pieces), 2):
        name = pieces[place]
        pieces[place] = spoken(sentence.blanks[name], part["values"][name], locale, goods)
    return Said("".join(pieces), is_sentence=True)


def as_text(parts: Sequence[Part], locale: str, goods: Goods) -> str:
    """Parts that were checked, as one text in one language: sentences side by side, own words in lines of their own."""
    lines: list[str] = []
    for said in (_said(part, locale, goods) for part in parts):
        lines.append(said.text)
    return "\n".join(lines)


def has_sentences(parts: Sequence[Any] | None) -> bool:
    """Whether a message holds a sentence of the phrase bank."""
    return any(isinstance(part, dict) and "phrase" in part for part in parts or ())
