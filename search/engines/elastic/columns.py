"""What is read of many hits at once: one column for the second look, one a language for marking what was found.

A column of a hundred hits is read in a fraction of the time that it takes to unpack their stored texts, and one column
that holds everything is read faster than fourteen. A page whose texts stand in columns needs one answer of the server,
not a second one for the texts of those that came out first.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any, NamedTuple

from search import ranking
from search.document import Document
from search.highlight import choose_language
from search.query import Query
from search.schema import CATEGORY, COMMODITY

Json = dict[str, Any]
LOOK, TOLD, PRIOR = "look", "told", "prior"
_EXACT = 6
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
    look = (
        document.original_language,
        titles,
        sorted(set(document.keywords.get(CATEGORY, ()))),
        sorted(set(document.keywords.get(COMMODITY, ()))),
        sorted(concepts),
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
    original, titles, categories, commodities, concepts, described, is_whole = json.loads(b64decode(packed[0]))
    goods = tuple(categories), tuple(commodities), tuple(concepts)
    return Look(original, titles, *goods, tuple(described), is_whole)


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


def _packed(text: str) -> str:
    return b64encode(text.encode(errors="replace")).decode("ascii")
