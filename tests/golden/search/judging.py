"""Queries with what answers them, as graded judgements over the sample marketplace; shares no code with the search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from search.document import Document

LANGUAGES = ("en", "id", "de", "zh_Hans", "zh_Hant")
KINDS = ("exact", "vague", "typo", "cross", "code", "specification", "negation", "long")
_FILE = Path(__file__).parent / "queries.txt"


@dataclass(frozen=True, slots=True)
class Judged:
    """One query: the commodities that answer it, those that come near, and a condition on the product."""

    id: str
    language: str
    kind: str
    text: str
    right: frozenset[str]
    near: frozenset[str]
    place: str = ""
    hs: str = ""

    def grade(self, document: Document) -> float:
        """From 0 to 1 by the product's attributes."""
        (commodity,) = document.keywords["commodity"]
        if commodity not in self.right:
            return 0.3 if commodity in self.near else 0.0
        if self.hs and not any(code.startswith(self.hs) for code in document.codes):
            return 0.0  # a code is exact
        if self.place and not any(self.place in title.lower() for title in document.titles.values()):
            return 0.5
        return 1.0


def queries() -> Iterator[Judged]:
    """All queries of the file."""
    for number, line in enumerate(_FILE.read_text("utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        language, kind, text, right, near, *more = [part.strip() for part in line.split("|")]
        if language not in LANGUAGES or kind not in KINDS or not text or not right:
            raise ValueError(f"line {number} of {_FILE.name} cannot be read")
        name, _, value = (more[0] if more else "").partition("=")
        conditions = {name: value} if name else {}
        yield Judged(
            f"{language}-{number}",
            language,
            kind,
            text,
            frozenset(right.split()),
            frozenset(near.split()),
            **conditions,
        )


def judgements(asked: Iterable[Judged], documents: Sequence[Document]) -> dict[str, dict[str, float]]:
    """Query -> product -> grade; products of no worth are left out."""
    made: dict[str, dict[str, float]] = {}
    for query in asked:
        graded = {str(document.key): query.grade(document) for document in documents}
        made[query.id] = {key: grade for key, grade in graded.items() if grade}
    return made
