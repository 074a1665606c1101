"""What is read of many hits at once: one column for the second look, one a language for marking what was found.

A column of a hundred hits is read in a fraction of the time that it takes to unpack their stored texts, and one column
that holds everything is read faster than fourteen. A page whose texts stand in columns needs one answer of the server,
not a second one for the texts of those that came out first.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import Any, NamedTuple

from search import ranking
from search.document import Document
from search.highlight import choose_language
from search.query import Query
from search.schema import CATEGORY, COMMODITY

Json = dict[str, Any]
LOOK, TOLD, PRIOR, SAID = "look", "told", "prior", "said"
_EXACT = 6
_AS_IT_IS = ""  # before a list that could not be shortened
_LONGEST_TITLE = 8_000
_LONGEST_TOLD = 2_000  # letters: whoever writes more is asked for alone, so that no hundred hits become megabytes
_line = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Look(NamedTuple):
    """A document as the second look sees it; ``described`` are the languages in which it has a description, and
    ``is_whole`` says that no title was left out."""

    original: str
    titles: dict[str, str]
    categories: tuple[str, ...] = ()
    commodities: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    is_whole: bool = False


NOTHING = Look("", {})


def columns_of(document: Document, concepts: tuple[str, ...]) -> Json:
    """The columns of a document, as the index stores them: bytes in letters, the same for the same document in whatever
    order its rows came."""
    described = {language: text for language, text in document.descriptions.items() if text}
    titles = {language: title for language, title in sorted(document.titles.items()) if len(title) <= _LONGEST_TITLE}
    categories = frozenset(document.keywords.get(CATEGORY, ()))
    commodities = frozenset(document.keywords.get(COMMODITY, ()))
    look = (
        document.original_language,
        titles,
        _ends(categories),
        sorted(commodities),
        _besides(frozenset(concepts), categories | commodities),
        sorted(described),
        len(titles) == len(document.titles),
    )
    told = {language: _packed(text) for language, text in described.items() if len(text) <= _LONGEST_TOLD}
    return {LOOK: _packed(_line(look)), TOLD: told, PRIOR: round(ranking.prior(document.signals) - 1.0, _EXACT)}


def asked_for(query: Query) -> list[str]:
    """The columns that a query's hits come with."""
    told = [f"{TOLD}.{each}" for each in _read_by(query.language)] if query.highlight else []
    lifts = [PRIOR] if counts_all_signals(query) else [f"signals.{name}" for name in sorted(ranking.SIGNALS)]
    return ["key", LOOK, *lifts, *told]


def counts_all_signals(query: Query) -> bool:
    """Whether what all signals together lift a score by, which is a column of its own, is what they lift it by here."""
    return not query.signals_off & ranking.SIGNALS.keys()


def lifted(hit: Json, query: Query) -> float:
    """The factor by which its signals lifted the score of a hit; a column keeps it a little less exactly."""
    column = hit["fields"].get
    if counts_all_signals(query):
        return 1.0 + round(float(column(PRIOR, (0.0,))[0]), _EXACT)
    signals = {name: round(column(f"signals.{name}", (0.0,))[0], _EXACT) for name in ranking.SIGNALS}
    return ranking.prior(signals, query.signals_off)


def _read_by(language: str) -> Iterator[str]:
    """The languages in which most of what a reader sees is written, as `search.highlight.choose_language` has them."""
    yield language
    if language.startswith("zh"):
        yield "zh_Hant" if language == "zh_Hans" else "zh_Hans"
    if language != "en":
        yield "en"


def look_of(hit: Json) -> Look:
    """What the second look reads of a hit; nothing of one that an earlier release has indexed."""
    packed = hit["fields"].get(LOOK)
    if not packed:
        return NOTHING
    original, titles, ends, commodities, besides, described, is_whole = json.loads(b64decode(packed[0]))
    categories, concepts = _goods(tuple(ends), tuple(commodities), tuple(besides))
    return Look(original, titles, categories, tuple(commodities), concepts, tuple(described), is_whole)


def texts_of(hit: Json, look: Look, language: str) -> Json | None:
    """The texts to mark for a reader of ``language``; None where they do not all stand in the hit's columns."""
    if not look.is_whole:
        return None
    chosen = choose_language(dict.fromkeys(look.described, "x"), language, look.original)
    descriptions = {}
    if chosen:
        told = hit["fields"].get(f"{TOLD}.{chosen}")
        if told is None:
            return None
        descriptions[chosen] = b64decode(told[0]).decode()
    return {"original": look.original, "titles": look.titles, "descriptions": descriptions}


def _ends(categories: Set[str]) -> list[str]:
    """Categories without those that the path of another names; as they are where a step of a path is missing."""
    inner = {step for each in categories for step in _steps(each) if step != each}
    ends = sorted(categories - inner)
    return ends if inner <= categories else [_AS_IT_IS, *sorted(categories)]


def _besides(concepts: Set[str], said: Set[str]) -> list[str]:
    """Concepts without those that are said already; as they are where one of these is no concept of the document."""
    return sorted(concepts - said) if said <= concepts else [_AS_IT_IS, *sorted(concepts)]


@lru_cache(maxsize=2_000)  # a hundred hits are of a few goods
def _goods(
    ends: tuple[str, ...], commodities: tuple[str, ...], besides: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All categories and all concepts again."""
    if ends[:1] == (_AS_IT_IS,):
        categories = ends[1:]
    else:
        categories = tuple(sorted({step for each in ends for step in _steps(each)}))
    if besides[:1] == (_AS_IT_IS,):
        return categories, besides[1:]
    return categories, tuple(sorted({*categories, *commodities, *besides}))


def _steps(path: str) -> list[str]:
    """``a``, ``a/b`` and ``a/b/c`` of ``a/b/c``."""
    names = path.split("/")
    return ["/".join(names[:end]) for end in range(1, len(names) + 1)]


def _packed(text: str) -> str:
    return b64encode(text.encode(errors="replace")).decode("ascii")
