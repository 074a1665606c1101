"""Words and concepts of a text: one reading for both search engines and for matching."""

import re
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar, cast

from search.chinese import HAN, segment
from search.folding import fold
from search.lexicon.lexicon import Lexicon
from search.lexicon.model import Concept, ConceptHit
from search.stemming import stem

__all__ = [
    "ConceptHit",
    "concept_closure",
    "find_concepts",
    "fold",
    "lexicon",
    "read_words",
    "remembered",
    "use_overlay",
    "words",
]

_WORD = re.compile(rf"[{HAN}]+|[0-9]+(?:[.,][0-9]+)*|[^\W0-9_{HAN}]+")
_IS_HAN = re.compile(f"[{HAN}]").match
_STOP_EN = "a an and are as at be by for from in is it of on or our the to we with you your this that"
_STOP_ID = "dan di dari ke untuk yang dengan atau pada ini itu kami adalah dalam oleh para serta juga"
_STOP_DE = (
    "und der die das den dem des ein eine einer eines einem einen von vom mit fur im in am aus bei zu zur zum ist "
    "sind wir unser unsere oder auf als auch"
)
_STOP_ZH = "的 了 和 与 及 或 是 在 我们"
_STOP_WORDS = {
    "en": frozenset(_STOP_EN.split()),
    "id": frozenset(_STOP_ID.split()),
    "de": frozenset(_STOP_DE.split()),
    "zh": frozenset(_STOP_ZH.split()),
}
_lock = threading.Lock()
_current: Lexicon | None = None
_forgetting: list[Callable[[], None]] = []
P = ParamSpec("P")
R = TypeVar("R")


def remembered(size: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Like ``lru_cache``, for what depends on the lexicon: forgotten when another one comes into use."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        cached = lru_cache(maxsize=size)(function)
        _forgetting.append(cached.cache_clear)
        return cast("Callable[P, R]", wraps(function)(cached))

    return decorate


def lexicon() -> Lexicon:
    """The lexicon in use: the shipped one, with the overlay that ``use_overlay`` laid over it. Loaded on first use."""
    global _current
    if _current is None:
        with _lock:
            if _current is None:
                _current = Lexicon()
    return _current


def use_overlay(concepts: Iterable[Concept]) -> Lexicon:
    """Lay an operator's concepts over the shipped ones for this process; raises LexiconFault and changes nothing."""
    global _current
    prepared = Lexicon(concepts)
    with _lock:
        _current = prepared
        for forget in _forgetting:
            forget()
    return prepared


def _language(lang: str | None) -> str:
    return "zh" if lang and lang.startswith("zh") else lang or "en"


def words(text: str, lang: str) -> list[str]:
    """Index terms of a text in reading order: folded, stemmed, compounds also in parts, Chinese cut into words.

    Words that say nothing (the, dan, und) are left out unless the text has no other.
    """
    found, spare = read_words(text, lang)
    return found or spare


def read_words(text: str, lang: str) -> tuple[list[str], list[str]]:
    """Index terms of a text in reading order, and the words left out because they say nothing."""
    base = _language(lang)
    found: list[str] = []
    spare: list[str] = []
    for piece in _WORD.findall(fold(text)):
        if piece[0] <= "9":  # a number stays as it is; remembered, every lot would push out a word
            found.append(piece)
            continue
        telling, small = _terms(piece, base)
        found += telling
        spare += small
    return found, spare


@remembered(16_384)
def _terms(piece: str, base: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms of one run of letters, digits or Chinese, and those of them that say nothing."""
    stop = _STOP_WORDS.get(base, frozenset())
    if _IS_HAN(piece):
        cut = segment(piece)
        return tuple(word for word in cut if word not in stop), tuple(word for word in cut if word in stop)
    if not piece.isalpha():
        return (piece,), ()
    term = (stem(piece, "en" if base == "zh" else base),)
    parts: tuple[str, ...] = ()
    if base == "de" and len(piece) > 6:
        parts = tuple(stem(piece[start:end], "de") for start, end in lexicon().split_german(piece))
    return ((), term) if piece in stop else (term + parts, ())


def find_concepts(text: str, lang: str | None = None, *, repair: bool = False) -> list[ConceptHit]:
    """Concepts named in a text with their places in it: longest names, none overlapping, in reading order.

    Names of every language are found; where two languages mean different things by a word, ``lang`` decides.
    ``repair`` also reads misspelt words.
    """
    return lexicon().find(text, lang, repair=repair)


def concept_closure(concept: str) -> tuple[str, ...]:
    """A concept and all broader ones, nearest first."""
    return lexicon().closure(concept)
