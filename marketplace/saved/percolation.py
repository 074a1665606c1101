"""Which saved searches a changed document matches, the same on every engine.

The search engines answer "which documents for this search"; here the question is turned around. A batch of documents
becomes one table term -> set of documents (an integer with a bit for each), and a search taken apart once is a few
look-ups in it. The reading of words, concepts and conditions is that of ``search``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from search.analysis import concept_closure, lexicon
from search.document import Document
from search.plan import Group, make_plan
from search.query import CertificateFilter, KeywordFilter, NumberFilter, Query
from search.schema import SPEC_PREFIX
from search.terms import terms_of

Conditions = Mapping[str, Any]
ANYTHING = "*"  # the term of a search that states nothing
_TERM_LENGTH = 120
# How rarely a filter lets a document through, roughly: the higher, the fewer.
_RARENESS = {
    "seller": 95,
    "commodity": 85,
    "certificate": 60,
    "port": 50,
    "regency": 50,
    "crop_year": 30,
    "category": 40,
}
_RARENESS_OF_KIND = {"product": 80, "family": 45, "attribute": 40, "certificate": 60}


def conditions_of(query: Query) -> dict[str, Any]:
    """A query as plain values: the groups of words that must all be there, and the filters."""
    return {
        "groups": [_group(each) for each in make_plan(query).groups],
        "filters": [_filter(each) for each in query.all_filters],
    }


def _group(group: Group) -> list[Any]:
    return [[list(words) for words in group.alternatives], list(group.concepts), group.prefix]


def _filter(each: KeywordFilter | NumberFilter | CertificateFilter) -> list[Any]:
    if isinstance(each, NumberFilter):
        return ["number", each.field, each.low, each.high]
    if isinstance(each, CertificateFilter):
        return ["certificate", "", list(each.codes), each.all_required]
    return ["keyword", each.field, list(each.values), each.all_required]


def terms_to_watch(conditions: Conditions) -> tuple[str, ...]:
    """Terms of the most telling condition: a document that has none of them cannot match."""
    best: tuple[int, tuple[str, ...]] = (0, (ANYTHING,))
    for alternatives, concepts, prefix in conditions["groups"]:
        best = max(best, _watched_group(alternatives, concepts, prefix), key=lambda each: each[0])
    for kind, field, *rest in conditions["filters"]:
        best = max(best, _watched_filter(kind, field, rest), key=lambda each: each[0])
    return tuple(dict.fromkeys(term[:_TERM_LENGTH] for term in best[1]))


def _watched_group(alternatives: list[list[str]], concepts: list[str], prefix: str) -> tuple[int, tuple[str, ...]]:
    if prefix:
        return 70 + 5 * len(prefix), (f"h:{prefix}",)
    longest = [max(words, key=len) for words in alternatives]
    terms = tuple(f"w:{word}" for word in longest) + tuple(f"c:{concept}" for concept in concepts)
    if not concepts:
        return 60 + max(map(len, longest), default=0), terms
    score = max(_RARENESS_OF_KIND.get(lexicon().kind(each), 30) + 3 * len(concept_closure(each)) for each in concepts)
    return score, terms


def _watched_filter(kind: str, field: str, rest: list[Any]) -> tuple[int, tuple[str, ...]]:
    if kind == "number":
        return (45 if field.startswith(SPEC_PREFIX) else 10), (f"n:{field}",)
    values = rest[0]
    if kind == "certificate":
        return _RARENESS["certificate"], tuple(f"q:{code}" for code in values)
    score = 55 if field.startswith(SPEC_PREFIX) else _RARENESS.get(field, 20)
    if field == "category":
        score = 30 + 10 * min(value.count("/") for value in values)
    return score, tuple(f"k:{field}={value}" for value in values)


class Batch:
    """Documents asked all at once; each place may be empty. ``days`` says on which day each one is judged."""

    def __init__(self, documents: Sequence[Document | None], days: Sequence[date]) -> None:
        self._words: dict[str, int] = defaultdict(int)
        self._concepts: dict[str, int] = defaultdict(int)
        self._codes: dict[str, int] = defaultdict(int)
        self._keywords: dict[tuple[str, str], int] = defaultdict(int)
        self._certificates: dict[str, int] = defaultdict(int)
        self._numbers: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self._all = 0
        for place, (document, day) in enumerate(zip(documents, days, strict=True)):
            if document is not None:
                self._learn(document, day, 1 << place)
        self._remembered: dict[tuple[Any, ...], int] = {}

    def _learn(self, document: Document, day: date, bit: int) -> None:
        self._all |= bit
        terms = terms_of(document)
        for pool in (terms.title, terms.body):
            for words in pool.values():
                for word in words:
                    self._words[word] |= bit
        for concept in (*terms.concepts, *terms.mentions):
            self._concepts[concept] |= bit
        for code in document.codes:
            for end in range(1, len(code) + 1):
                self._codes[code[:end]] |= bit
        for field, values in document.keywords.items():
            for value in values:
                self._keywords[field, value] |= bit
        for field, number in document.numbers.items():
            if number is not None:
                self._numbers[field].append((number, bit))
        for certificate, until in document.certificates.items():
            if until is None or until >= day:
                self._certificates[certificate] |= bit

    def terms(self) -> list[str]:
        """Every term that a search may watch and that one of the documents has, and the one of all searches."""
        found = [ANYTHING]
        found += [f"w:{word}"[:_TERM_LENGTH] for word in self._words]
        found += [f"c:{concept}"[:_TERM_LENGTH] for concept in self._concepts]
        found += [f"h:{code}" for code in self._codes]
        found += [f"n:{field}" for field in self._numbers]
        found += [f"q:{code}" for code in self._certificates]
        return found + [f"k:{field}={value}"[:_TERM_LENGTH] for field, value in self._keywords]

    def matching(self, conditions: Conditions) -> int:
        """The documents that meet every condition, as bits."""
        mask = self._all
        for each in conditions["filters"]:
            mask &= self._passing(each)
            if not mask:
                return 0
        for alternatives, concepts, prefix in conditions["groups"]:
            mask &= self._about(alternatives, concepts, prefix)
            if not mask:
                return 0
        return mask

    def _about(self, alternatives: list[list[str]], concepts: list[str], prefix: str) -> int:
        if prefix:
            return self._codes.get(prefix, 0)
        mask = 0
        for concept in concepts:
            mask |= self._concepts.get(concept, 0)
        words_of = self._words.get
        for words in alternatives:
            having = self._all
            for word in words:
                having &= words_of(word, 0)
            mask |= having
        return mask

    def _passing(self, each: list[Any]) -> int:
        kind, field = each[0], each[1]
        if kind == "number":
            name = (field, each[2], each[3])
            known = self._remembered.get(name)
            if known is None:
                known = self._remembered[name] = self._between(*name)
            return known
        having: Callable[[str], int] = (
            (lambda code: self._certificates.get(code, 0))
            if kind == "certificate"
            else (lambda value: self._keywords.get((field, value), 0))
        )
        return _joined(map(having, each[2]), is_all=each[3], everything=self._all)

    def _between(self, field: str, low: float | None, high: float | None) -> int:
        mask = 0
        for number, bit in self._numbers.get(field, ()):
            if (low is None or number >= low) and (high is None or number <= high):
                mask |= bit
        return mask


def _joined(masks: Iterable[int], *, is_all: bool, everything: int) -> int:
    if is_all:
        mask = everything
        for each in masks:
            mask &= each
        return mask
    mask = 0
    for each in masks:
        mask |= each
    return mask


def places(mask: int) -> list[int]:
    """The places of the bits that are set."""
    found: list[int] = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found
