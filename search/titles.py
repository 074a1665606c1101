"""A title as ranking reads it: its words in order, and how far its core reaches."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from search.analysis import fold, remembered, words
from search.chinese import simplify
from search.plan import WORD, Group, analysis_of, is_han, tokens
from search.wording import PURPOSE, PURPOSE_HAN, is_wanting, wanting_han

_BREAK = re.compile(r"[,;:|(\[/]|\s[-–—]\s|，|；|：|（|、|｜")
_PLAIN_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*(?![0-9A-Za-z])|[0-9A-Za-z]+")  # what WORD finds where all is ASCII
# In Indonesian the thing comes first and its qualities follow; in the other languages it comes last.
_SHORT = 3  # groups of a query in which every word is taken for part of a name
_HEAD_FIRST = frozenset({"id"})


class Title(NamedTuple):
    """The first place of each index term, each word as it is written, how many words there are, and the place behind
    the core."""

    language: str
    places: Mapping[str, int]
    written: frozenset[str]
    length: int
    core: int

    def place(self, group: Group) -> tuple[int, int] | None:
        """Where the words of a group stand (the first, and the place behind the last); None when one is missing."""
        wanted = group.variants.get(analysis_of(self.language), ())
        for word in wanted if len(wanted) == 1 else ():
            if (found := self.places.get(word)) is not None:
                return found, found + 1
        for word in group.joined_in(analysis_of(self.language)) if group.joined else ():
            if (found := self.places.get(word)) is not None:
                return found, found + 1
        if len(wanted) == 1:
            return None
        places = [self.places.get(word, -1) for word in wanted]
        if not places or min(places) < 0:
            return None
        return min(places), max(places) + 1

    @property
    def is_head_first(self) -> bool:
        """Whether the thing is named before its qualities."""
        return self.language in _HEAD_FIRST

    def is_head(self, place: tuple[int, int]) -> bool:
        """Whether words at a place name what the thing is."""
        return place[0] == 0 if self.is_head_first else place[1] == self.core


class Sought(NamedTuple):
    """Which group of a query names the thing asked for, and which groups name goods that are asked for."""

    head: int
    goods: tuple[int, ...]


def sought(groups: Sequence[Group], text: str, language: str) -> Sought:
    """The last group before "for" and the like, goods before others; in a letter what follows "looking for"."""
    every = list(range(len(groups)))
    starts, ends = _marks(text)
    cores = []
    for start in starts:
        end = next((each for each in ends if any(start <= groups[place].place < each for place in every)), len(text))
        cores.append([place for place in every if start <= groups[place].place < end])
    cores += [[place for place in every if groups[place].place < end] for end in ends]
    # "looking for coffee for a roaster": what comes before the first "for" is no thing yet
    with_goods = [core for core in cores if any(groups[place].is_goods for place in core)]
    places = next(filter(None, with_goods or cores), every)
    # Places, packagings and the like are known not to be the thing; in a long text goods are it before unknown words.
    named = [place for place in places if groups[place].is_goods or not groups[place].concepts] or places
    goods = [place for place in named if groups[place].is_goods]
    head = (goods if goods and len(groups) > _SHORT else named)[0 if language in _HEAD_FIRST else -1]
    return Sought(head, tuple(goods))


def _marks(text: str) -> tuple[list[int], list[int]]:
    """Where what is wanted begins, and where it ends and purposes, places and the like follow."""
    starts, ends = [], []
    for token in tokens(text):
        if is_han(token.text):
            run = simplify(token.text)
            starts += [token.start + run.find(word) + len(word) for word in wanting_han() if word in run]
            ends += [token.start + run.find(word) for word in PURPOSE_HAN if run.find(word) > 0]
            continue
        folded = fold(token.text)
        if is_wanting(folded):
            starts.append(token.end)
        elif token.start and folded in PURPOSE:
            ends.append(token.start)
    return sorted(starts), sorted(ends)


@remembered(4_096)
def read(text: str, language: str) -> Title:
    """A title taken apart."""
    if analysis_of(language) == "zh":
        flat = [word for token in tokens(text) for word in _pieces(token.text)]
        first = {word: place for place, word in reversed(list(enumerate(flat)))}
        return Title(language, first, frozenset(flat), len(flat), len(flat))
    word_in = _PLAIN_WORD if text.isascii() else WORD
    found = [_word(each, language) for each in word_in.findall(text)]
    broken = _BREAK.search(text)
    core = len(word_in.findall(text, 0, broken.start())) if broken and broken.start() else len(found)
    places: dict[str, int] = {}
    for place, (word, terms) in enumerate(found):
        for term in terms:
            places.setdefault(term, place)
        if word in PURPOSE and 0 < place < core:
            core = place
    return Title(language, places, frozenset([word for word, _ in found]), len(found), core)


def _pieces(token: str) -> list[str]:
    return words(token, "zh") if is_han(token) else [fold(token)]


@remembered(16_384)
def _word(word: str, language: str) -> tuple[str, tuple[str, ...]]:
    """A word as it is written, and its index terms."""
    if word.isascii() and word.isdigit():
        return word, (word,)
    return fold(word), tuple(words(word, language))
