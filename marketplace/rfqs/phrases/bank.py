"""The phrase bank: sentences of the export trade in five languages, checked when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from marketplace.i18n.locales import LOCALES
from marketplace.kernel.datafiles import DataFault, Tree, load_yaml
from marketplace.rfqs.rules import Side

FILE = Path(__file__).parent.parent / "data" / "phrases.yaml"
LONGEST = 200
_NAME = re.compile(r"[a-z]+(?:_[a-z]+)*")
_BLANK = re.compile(r"\{([a-z_]+)\}")


class Group(StrEnum):
    """What sentences are about, in the order in which a letter uses them."""

    GREETING = "greeting"
    PRICE = "price"
    MOQ = "moq"
    LEAD_TIME = "lead_time"
    SAMPLES = "samples"
    CERTIFICATES = "certificates"
    PACKING = "packing"
    SHIPPING = "shipping"
    PAYMENT = "payment"
    DOCUMENTS = "documents"
    QUALITY = "quality"
    DECLINE = "decline"
    CLOSING = "closing"


class Blank(StrEnum):
    """What can stand in a blank."""

    PRODUCT = "product"
    QUANTITY = "quantity"
    PRICE = "price"
    AMOUNT = "amount"
    PERCENT = "percent"
    DATE = "date"
    DURATION = "duration"
    INCOTERM = "incoterm"
    PLACE = "place"
    COUNTRY = "country"
    CERTIFICATE = "certificate"
    TEXT = "text"


Pieces: TypeAlias = tuple[str, ...]
"""A sentence cut at its blanks: words, name of a blank, words, …, words."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: ``pieces`` by locale, ``blanks`` by name in the order of the English text."""

    code: str
    group: Group
    writers: frozenset[Side]
    pieces: Mapping[str, Pieces]
    blanks: Mapping[str, Blank]

    def shown(self, locale: str) -> str:
        """The sentence with an ellipsis in its blanks, to choose it by."""
        return "".join("…" if place % 2 else piece for place, piece in enumerate(self.pieces[locale]))


_WRITERS = {
    "seller": frozenset({Side.SELLER}),
    "buyer": frozenset({Side.BUYER}),
    "both": frozenset({Side.SELLER, Side.BUYER}),
}
_ORDER = {group: place for place, group in enumerate(Group)}


@cache
def phrase_bank() -> Mapping[str, Sentence]:
    """Every sentence by its code, in the order of the file. Raises `DataFault` where the file does not hold."""
    return MappingProxyType(read_bank(load_yaml(FILE), FILE.name))


def read_bank(tree: Tree, name: str) -> dict[str, Sentence]:
    """The sentences of a loaded file; `DataFault` names the first place that is wrong."""
    if not isinstance(tree, dict) or list(tree) != [group.value for group in Group]:
        raise DataFault(f"{name}: the groups must be {', '.join(Group)}, in this order")
    found: dict[str, Sentence] = {}
    said: dict[tuple[str, Pieces], str] = {}
    for group, sentences in tree.items():
        if not isinstance(sentences, dict) or not sentences:
            raise DataFault(f"{name}: {group} has no sentences")
        for key, entry in sentences.items():
            sentence = _sentence(f"{group}.{key}", Group(group), entry, name)
            for locale, pieces in sentence.pieces.items():
                if (other := said.setdefault((locale, pieces), sentence.code)) != sentence.code:
                    raise DataFault(f"{name}: {sentence.code} says in {locale} the same as {other}")
            found[sentence.code] = sentence
    return found


def _sentence(code: str, group: Group, entry: Tree, name: str) -> Sentence:
    if not _NAME.fullmatch(code.partition(".")[2]):
        raise DataFault(f"{name}: {code} is no code")
    if not isinstance(entry, dict) or set(entry) - {"by"} != set(LOCALES):
        raise DataFault(f"{name}: {code} must stand in {', '.join(LOCALES)}, and nothing else")
    writers = _WRITERS.get(entry.get("by", "seller"))
    if writers is None:
        raise DataFault(f"{name}: {code} is written by seller, buyer or both")
    pieces = {locale: _cut(entry[locale], f"{name}: {code} in {locale}") for locale in LOCALES}
    names = pieces["en"][1::2]
    for locale, cut in pieces.items():
        if sorted(cut[1::2]) != sorted(names) or len(set(names)) != len(names):
            raise DataFault(f"{name}: {code} in {locale} must have each of the blanks of the English sentence once")
    blanks = {}
    for blank in names:
        kind = blank.partition("_")[0]
        if kind not in set(Blank):
            raise DataFault(f"{name}: {code} has a blank of an unknown type, {blank}")
        blanks[blank] = Blank(kind)
    return Sentence(code, group, writers, MappingProxyType(pieces), MappingProxyType(blanks))


def _cut(text: Tree, place: str) -> Pieces:
    if not isinstance(text, str) or not text.strip() or text != text.strip() or len(text) > LONGEST:
        raise DataFault(f"{place}: a sentence of at most {LONGEST} letters is needed, without blanks around it")
    pieces = tuple(_BLANK.split(text))
    if any("{" in words or "}" in words or "\n" in words for words in pieces[::2]):
        raise DataFault(f"{place}: a brace that opens no blank, or a line end")
    return pieces


def sentences_for(side: Side) -> dict[Group, list[Sentence]]:
    """What this side may write, by group."""
    found: dict[Group, list[Sentence]] = {}
    for sentence in phrase_bank().values():
        if side in sentence.writers:
            found.setdefault(sentence.group, []).append(sentence)
    return found


def in_order(codes: list[str]) -> list[int]:
    """Places of ``codes`` in the order of a letter; sentences of one group stay as they were added."""
    return sorted(range(len(codes)), key=lambda place: _ORDER[phrase_bank()[codes[place]].group])
