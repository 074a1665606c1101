"""A trade paper as it is laid out: texts in one or two languages, nothing left to look up or to reckon."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from marketplace.documents.lettering import writable

Texts = tuple[str, ...]  # the same in each language of the paper; once where the languages do not differ
Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Block:
    """A titled group of short lines: a party, a bank account."""

    title: Texts
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One condition: what it is, and what it says."""

    label: Texts
    value: Texts


@dataclass(frozen=True, slots=True)
class Column:
    label: Texts
    align: Align = "left"
    width: str = "auto"  # "auto" or a share such as "3fr"


@dataclass(frozen=True, slots=True)
class Cell:
    """A main text and smaller ones below it."""

    text: str
    small: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    label: Texts
    value: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs, each in every language of the paper."""

    title: Texts
    paragraphs: tuple[Texts, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    role: Texts
    name: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is printed. ``made_at`` is the data's own moment: the same data give the same bytes."""

    title: Texts
    number: str
    language: str  # of the first texts, as typst wants it: en, id, de, zh
    made_at: datetime
    head: tuple[Fact, ...]
    parties: tuple[Block, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Total, ...]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    bank: Block | None
    signatures: tuple[Signature, ...]
    foot: Texts
    mark: Texts = ()  # across the top: "Draft", "Sample data"

    def data(self) -> str:
        """The content as JSON, with keys in a fixed order."""
        return json.dumps(_lettered(asdict(self)), ensure_ascii=False, sort_keys=True)

    def fingerprint(self) -> str:
        """SHA-256 of the content in hexadecimal digits: two papers that say the same have the same one."""
        return hashlib.sha256(self.data().encode()).hexdigest()


def _lettered(value: Any) -> Any:
    """The same value with every text as the fonts can show it."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, dict):
        return {name: _lettered(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_lettered(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value
