"""What goes into an index: plain values, public ones only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from search.errors import DocumentRefused
from search.schema import LANGUAGES, SPEC_PREFIX, Schema


@dataclass(frozen=True, slots=True)
class Reference:
    """Names one version of one document."""

    kind: str
    key: int
    version: int


@dataclass(frozen=True, slots=True)
class Change:
    """One document as it is after it was written, or gone where it is not ``is_live``: then it has no keywords."""

    kind: str
    key: int
    is_live: bool
    keywords: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Document:
    """One findable thing. Texts by language, fields by name; ``version`` grows with every change of its rows.

    ``certificates`` maps a certificate code to its last valid day (None: no end); an engine compares it with the
    day of the query, so an expired one leaves filter and facet without a new index run. ``facts`` are structured values
    in words (a grade, a place, a maker): they are found like a description, and never shown. ``signals`` are numbers
    from 0 to 1 that ranking weighs. ``codes`` are digits that people type by prefix (HS).
    """

    kind: str
    key: int
    version: int
    titles: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    original_language: str = "en"
    concepts: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, float | None] = field(default_factory=dict)
    certificates: Mapping[str, date | None] = field(default_factory=dict)
    signals: Mapping[str, float] = field(default_factory=dict)

    @property
    def reference(self) -> Reference:
        """The name of this version."""
        return Reference(self.kind, self.key, self.version)


def check(document: Document, schema: Schema) -> None:
    """Raise DocumentRefused when a field, language or code does not belong in an index of this schema."""
    wrong = schema.unknown(document.keywords, document.numbers, document.signals)
    if wrong:
        raise DocumentRefused(f"{document.kind} {document.key}: unknown fields {', '.join(wrong)}")
    both = [name for name in document.keywords if name.startswith(SPEC_PREFIX) and name in document.numbers]
    if both:
        raise DocumentRefused(f"{document.kind} {document.key}: {both[0]} is both a word and a number")
    for language in (*document.titles, *document.descriptions, *document.facts, document.original_language):
        if language not in LANGUAGES:
            raise DocumentRefused(f"{document.kind} {document.key}: unknown language {language}")
    for code in document.codes:
        if not (code.isascii() and code.isdigit()):
            raise DocumentRefused(f"{document.kind} {document.key}: code {code!r} is not made of digits")
    if document.version < 1 or document.key < 0:
        raise DocumentRefused(f"{document.kind} {document.key}: keys start at 0 and versions at 1")
    for signal, value in document.signals.items():
        if not 0 <= value <= 1:
            raise DocumentRefused(f"{document.kind} {document.key}: signal {signal} is not between 0 and 1")
