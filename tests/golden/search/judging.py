"""Queries with what answers them, as graded judgements over the sample marketplace; shares no code with the search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from search.document import Document

LANGUAGES = ("en", "id", "de", "zh_Hans", "zh_Hant")
KINDS = ("exact", "vague", "typo", "cross", "code", "specification", "negation", "long")
CONDITIONS = ("place", "hs", "cert", "spec", "tag", "least", "most", "fits")
_FOLDER = Path(__file__).parent / "queries"
_NEAR, _WITHOUT = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """One query: the commodities that answer it, those that come near, and a condition on the product."""

    id: str
    language: str
    kind: str
    text: str
    right: frozenset[str]
    near: frozenset[str]
    condition: str = ""
    wanted: str = ""

    def grade(self, document: Document, day: date) -> float:
        """From 0 to 1 by the product's attributes on a day."""
        (commodity,) = document.keywords["commodity"]
        value = 1.0 if commodity in self.right else _NEAR if commodity in self.near else 0.0
        if not value or not self.condition or self._is_met(document, day):
            return value
        # A code and a limit are exact. Any other condition is a wish, and a near product need not have it, too.
        return 0.0 if self.condition in ("hs", "least", "most") else min(value, _WITHOUT)

    def _is_met(self, document: Document, day: date) -> bool:
        name, _, value = self.wanted.partition(":")
        number = document.numbers.get(name)
        match self.condition:
            case "place":
                return any(self.wanted in title.lower() for title in document.titles.values())
            case "hs":
                return any(code.startswith(self.wanted) for code in document.codes)
            case "cert":
                valid = {code for code, end in document.certificates.items() if end is None or end >= day}
                return bool(valid & set(self.wanted.split(",")))
            case "spec":
                return value in document.keywords.get(f"spec.{name}", ())
            case "tag":
                return self.wanted in document.keywords.get("tag", ())
            case "least":
                return number is not None and number >= float(value)
            case _:  # at most so much; a minimum order that fits the wanted quantity
                return number is not None and number <= float(value)


def queries() -> Iterator[Judged]:
    """All queries of the files, language by language."""
    sets = _sets()
    for language in LANGUAGES:
        for number, line in _lines(f"{language}.txt"):
            kind, text, right, near, *more = [part.strip() for part in line.split("|")]
            condition, _, wanted = (more[0] if more else "").partition("=")
            if kind not in KINDS or not text or not right or condition not in (*CONDITIONS, ""):
                raise ValueError(f"line {number} of {language}.txt cannot be read")
            named, close = (frozenset(_spread(part, sets)) for part in (right, near))
            yield Judged(f"{language}-{number}", language, kind, text, named, close - named, condition, wanted)


def _sets() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _, line in _lines("sets.txt"):
        name, _, members = line.partition(" = ")
        found[name] = _spread(members, found)
    return found


def _spread(text: str, sets: dict[str, list[str]]) -> list[str]:
    return [each for word in text.split() for each in (sets[word] if word.startswith("@") else (word,))]


def _lines(name: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate((_FOLDER / name).read_text("utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            yield number, line


def judgements(asked: Iterable[Judged], documents: Sequence[Document], day: date) -> dict[str, dict[str, float]]:
    """Query -> product -> grade on a day; products of no worth are left out."""
    made: dict[str, dict[str, float]] = {}
    for query in asked:
        graded = {str(document.key): query.grade(document, day) for document in documents}
        made[query.id] = {key: grade for key, grade in graded.items() if grade}
    return made
