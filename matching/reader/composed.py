"""Goods named in parts: coconut and sugar make coconut sugar when they stand side by side."""

import re
from collections.abc import Sequence

from search.lexicon.lexicon import Lexicon
from search.lexicon.model import ConceptHit

# What may stand between two parts of one name: at most a word or two, no comma, no "or", no "without".
_BETWEEN = re.compile(
    r"[\s'’-]*(?!(?:or|and|oder|und|atau|dan|not|no|without|ohne|kein\w*|bukan|tanpa|for|für|untuk|with|mit)\b)"
    r"(?:[^\W\d_]+[\s-]+){0,2}|[^\W\d_]{0,3}",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"\b(?:not|no|or|oder|atau|und|and|dan|without|ohne|bukan|tanpa)\b|[或和及非不]", re.IGNORECASE)
_PARTS = frozenset({"product", "family", "attribute"})


def compose(text: str, hits: Sequence[ConceptHit], lexicon: Lexicon) -> list[ConceptHit]:
    """The hits of a text with neighbouring parts of a name joined to the goods they name together."""
    joined: list[ConceptHit] = []
    for hit in hits:
        while joined and (named := _named(text, joined[-1], hit, lexicon)):
            hit = named
            joined.pop()
        joined.append(hit)
    return joined


def _named(text: str, one: ConceptHit, other: ConceptHit, lexicon: Lexicon) -> ConceptHit | None:
    if other.start < one.end or lexicon.kind(one.concept) not in _PARTS or lexicon.kind(other.concept) not in _PARTS:
        return None
    between = text[one.end : other.start]
    if len(between) > 24 or not _BETWEEN.fullmatch(between) or _REFUSED.search(between):
        return None
    for first in lexicon.closure(one.concept):
        for second in lexicon.closure(other.concept):
            result = lexicon.compositions.get(frozenset((first, second)))
            if result and result not in (*lexicon.closure(one.concept), *lexicon.closure(other.concept)):
                return ConceptHit(result, one.start, other.end, text[one.start : other.end])
    return None
