"""Words of a query that name nothing themselves: small words, denials, asking, who asks, and what it is for."""

from functools import lru_cache
from importlib.resources import files

from search.folding import fold

# What follows these says what a thing goes with or is for, not what it is: "case for a phone", "lamp with a shade".
_PURPOSE = (
    "for with without from by in on to compatible fits suitable untuk dengan tanpa dari oleh "
    "fur mit ohne von aus vom bei zu zum zur"
)
PURPOSE = frozenset(_PURPOSE.split())
PURPOSE_HAN = ("用于", "用作", "作为", "做", "供给", "提供给", "给")

_LISTS = ("small", "denying", "wanting", "asking", "asker")


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    text = files("search.lexicon").joinpath("data", "asking_words.txt").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {name: set() for name in _LISTS}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(":")
            found[name].update(fold(word) for word in words.split())
    return {name: frozenset(words) for name, words in found.items()}


def is_small(folded: str) -> bool:
    """Whether a folded word is too small to ask for, in any language: someone on the German page may type English."""
    return folded in _lists()["small"]


def is_denial(folded: str) -> bool:
    """Whether what follows is what the person does not want."""
    return folded in _lists()["denying"]


def is_wanting(folded: str) -> bool:
    """Whether what follows is what the person wants: looking for, brauchen, 求购."""
    return folded in _lists()["wanting"]


def is_asking(folded: str) -> bool:
    """Whether a word belongs to a letter and not to goods: please, we, monthly, supplier."""
    lists = _lists()
    return folded in lists["asking"] or folded in lists["wanting"]


def is_asker(folded: str) -> bool:
    """Whether a word says who asks, so that goods named beside it say of what trade he is: "soap maker"."""
    return folded in _lists()["asker"]


def wanting_han() -> tuple[str, ...]:
    """Chinese words of wanting, which stand without blanks around them."""
    return tuple(word for word in sorted(_lists()["wanting"]) if not word.isascii() and ord(word[0]) >= 0x3400)
