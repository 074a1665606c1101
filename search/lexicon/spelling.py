"""Misspelt words put right against the words the lexicon knows; a known word is never touched."""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from search.folding import fold

_SHORTEST = 5


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Folded everyday words of trade letters: spelt right, though a name may be one slip away (pairs and Paris)."""
    text = files("search.lexicon").joinpath("data", "common_words.txt").read_text(encoding="utf-8")
    return frozenset(fold(word) for line in text.splitlines() if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def _ordinary() -> str:
    """Folded words of English, Indonesian and German that lie a slip from a name of goods, each between blanks: one
    text of 160 kB, since a set of so many words would take two megabytes of every worker."""
    text = files("search.lexicon").joinpath("data", "ordinary_words.txt").read_text(encoding="utf-8")
    return f" {' '.join(line for line in text.splitlines() if not line.startswith('#'))} "


class Speller:
    """Repairs single words by one slip (or two in long words), never the first letter."""

    def __init__(self, words: Iterable[str]) -> None:
        self._known = common_words()
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted({word for word in words if len(word) >= _SHORTEST - 1}):
            self._by_initial.setdefault(word[0], []).append(word)
        self.repair = lru_cache(maxsize=4096)(self._repair)

    def _repair(self, word: str) -> str:
        """The nearest known word, or the word itself when none is near enough."""
        if len(word) < _SHORTEST or len(word) > 40 or word in self._known:
            return word
        if f" {word} " in _ordinary():
            return word
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extractOne

        slips = 1 if len(word) < 8 else 2
        found = extractOne(word, self._by_initial.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips)
        return str(found[0]) if found else word
