"""Slips of the pen in Chinese: a name of goods typed with one wrong character, mostly one that sounds the same."""

import re
from functools import lru_cache
from importlib.resources import files

from search.analysis import lexicon, remembered
from search.chinese import HAN, simplify

_RUN = re.compile(f"[{HAN}]+")
_LONGEST = 8
_GOODS = ("product", "family")


def has_han(text: str) -> bool:
    """Whether Chinese characters are in a text."""
    return _RUN.search(text) is not None


def mend_chinese(text: str, place: int, language: str) -> tuple[str, str] | None:
    """What is typed and what is meant, where the character at a place makes the misspelt name of one kind of goods."""
    run = next((each for each in _RUN.finditer(text) if each.start() <= place < each.end()), None)
    if run is None:
        return None
    typed, at = simplify(run.group()), place - run.start()
    for length in range(min(len(typed), _LONGEST), 1, -1):
        for start in range(max(0, at - length + 1), min(at, len(typed) - length) + 1):
            part = typed[start : start + length]
            name = _nearest(part)
            if name:
                shown = _in_script(name, language)
                original = run.group()[start : start + length]
                return original, shown
    return None


def _nearest(part: str) -> str:
    """The one name that differs in a character which sounds the same; else the only one that differs in any (of three
    and more)."""
    alike: list[str] = []
    other: list[str] = []
    for name in _names().get(len(part), ()):
        wrong = [place for place in range(len(part)) if name[place] != part[place]]
        if len(wrong) == 1:
            (alike if _sound_alike(name[wrong[0]], part[wrong[0]]) else other).append(name)
    if alike:
        return alike[0]
    meant = {concept for name in other for concept in lexicon().meanings(name)}
    return other[0] if len(part) > 2 and len(meant) == 1 else ""


@remembered(1)
def _names() -> dict[int, list[str]]:
    """Chinese names of goods by length, folded."""
    found: dict[int, dict[str, None]] = {}
    for concept in lexicon().concepts.values():
        for language in ("zh_Hans", "zh_Hant"):
            for name in concept.names.get(language, ()) if concept.kind in _GOODS else ():
                folded = simplify(name)
                if _RUN.fullmatch(folded):
                    found.setdefault(len(folded), {})[folded] = None
    return {length: list(names) for length, names in found.items()}


def _in_script(name: str, language: str) -> str:
    """A name as the reader writes it."""
    if language != "zh_Hant":
        return name
    for concept in lexicon().meanings(name):
        for each in lexicon().concepts[concept].names.get("zh_Hant", ()):
            if simplify(each) == name:
                return each
    return name


def _sound_alike(one: str, other: str) -> bool:
    sounds = _sounds()
    return bool(sounds.get(one, frozenset()) & sounds.get(other, frozenset()))


@lru_cache(maxsize=1)
def _sounds() -> dict[str, frozenset[int]]:
    """Character -> the groups of characters that sound or look alike."""
    text = files("search.lexicon").joinpath("data", "chinese_slips.txt").read_text(encoding="utf-8")
    groups = [line for line in text.splitlines() if line and not line.startswith("#")]
    found: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for character in group.replace(" ", ""):
            found.setdefault(character, set()).add(number)
    return {character: frozenset(numbers) for character, numbers in found.items()}
