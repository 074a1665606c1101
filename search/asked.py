"""What a text asks for: the names of goods and the words between them, sorted into wanted, unwanted and said."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from search.analysis import find_concepts, fold, lexicon, remembered, words
from search.plan import GOODS, Group, group_of, is_han, tokens
from search.query import MAX_WORD_LENGTH, MAX_WORDS
from search.wording import is_asker, is_asking, is_denial, is_small, is_wanting

_APOSTROPHES = ("'", "\u2019")
_JOINTS = (" ", "-")
_SHORTEST_PART = 3
_LETTER = 4  # from so many words on, somebody who says "looking for" writes a letter
_LETTER_WORDS = 3  # or who says so many words of letters
_ASKER_FIRST = frozenset({"id"})  # "toko kopi", but "coffee shop"


class _Said(NamedTuple):
    """A name or a word of a text, its place, and the concept it names, if any."""

    text: str
    place: int
    concept: str = ""

    @property
    def is_goods(self) -> bool:
        return bool(self.concept) and lexicon().kind(self.concept) in GOODS


@remembered(4_096)
def asked_of(text: str, language: str) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """What is asked for, and what is said after a "not"."""
    found: list[Group] = []
    spare: list[Group] = []
    unwanted: list[Group] = []
    is_denied = False
    said = list(_said(text, language))
    is_letter = _is_letter(said)
    callings = _callings(said, language)
    goods = any(each.is_goods for each in said)
    for number, each in enumerate(said):
        folded = fold(each.text)
        if not each.concept and is_denial(folded):
            is_denied = True
        elif number in callings or (not each.concept and (is_small(folded) or (is_letter and is_asking(folded)))):
            spare.append(_group(each))
        else:
            (unwanted if is_denied else found).append(_group(each, alone=not goods))
            is_denied = False
    if not found:  # nothing but denials asks for the words themselves
        found, unwanted = unwanted, []
    unwanted = [_narrowed(group, found) for group in unwanted]
    found = _joined(_distinct(found), text)
    return tuple(found or _distinct(spare))[:MAX_WORDS], tuple(_distinct(unwanted))[:MAX_WORDS]


def _said(text: str, language: str) -> Iterator[_Said]:
    position = 0
    for hit in (*find_concepts(text, language), None):
        between = text[position : len(text) if hit is None else hit.start]
        for token in tokens(between):
            if token.text in "sS" and between[token.start - 1 : token.start] in _APOSTROPHES:
                continue  # the possessive of "men's shoes"
            for piece in pieces(token.text):
                yield _Said(piece, position + token.start)
        if hit is not None:
            yield _Said(text[hit.start : hit.end], hit.start, hit.concept)
            position = max(position, hit.end)


def pieces(token: str) -> list[str]:
    """A token as it is looked for: a run of Chinese in words, any other cut to the longest that an index holds."""
    return words(token, "zh") if is_han(token) else [token[:MAX_WORD_LENGTH]]


def _is_letter(said: Sequence[_Said]) -> bool:
    plain = [fold(each.text) for each in said if not each.concept]
    is_wanted = len(said) >= _LETTER and any(map(is_wanting, plain))
    return is_wanted or sum(map(is_asking, plain)) >= _LETTER_WORDS


def _callings(said: Sequence[_Said], language: str) -> set[int]:
    """Goods that only say of what trade somebody is ("soap maker", "toko kopi"), where other goods are named too."""
    goods = [number for number, each in enumerate(said) if each.is_goods]
    found: set[int] = set()
    for number in goods:
        beside = number - 1 if language in _ASKER_FIRST else number + 1
        if 0 <= beside < len(said) and _is_asker(said[beside]):
            found.add(number)
    return found if len(found) < len(goods) else set()


def _is_asker(each: _Said) -> bool:
    return lexicon().kind(each.concept) == "party" if each.concept else is_asker(fold(each.text))


def _group(each: _Said, *, alone: bool = False) -> Group:
    if not each.concept:
        return group_of(each.text, place=each.place)
    concepts = _meanings(each, alone=alone)
    is_goods = any(lexicon().kind(concept) in GOODS for concept in concepts)
    return group_of(each.text, concepts, is_goods=is_goods, place=each.place)


def _meanings(each: _Said, *, alone: bool) -> tuple[str, ...]:
    """The concept, or the goods that other languages call so where no other goods are named; and what the catalogue
    registers such goods as."""
    known = lexicon()
    if each.is_goods:
        return (each.concept, *known.wider(each.concept))
    foreign = [concept for concept in known.meanings(each.text) if known.kind(concept) in GOODS] if alone else []
    return tuple(foreign) or (each.concept,)


def _joined(found: list[Group], text: str) -> list[Group]:
    """Each word with what it makes together with its neighbour; names of concepts are found either way."""
    joined: list[list[str]] = [[] for _ in found]
    for number, (one, other) in enumerate(pairwise(found)):
        between = text[one.place + len(one.surface) : other.place]
        if between in _JOINTS and _is_part(one) and _is_part(other):
            for each in (joined[number], joined[number + 1]):
                each.append(one.surface + other.surface)
    return [replace(group, joined=tuple(each)) if each else group for group, each in zip(found, joined, strict=True)]


def _is_part(group: Group) -> bool:
    word = group.surface
    return not group.concepts and len(word) >= _SHORTEST_PART and word.isalpha() and not is_han(word)


def _narrowed(group: Group, found: Iterable[Group]) -> Group:
    """What is unwanted of the goods asked for: with "coffee", "not instant" means instant coffee."""
    if group.concepts:
        return group
    known = lexicon()
    goods = [concept for each in found if each.is_goods for concept in each.concepts]
    concepts = {concept for each in goods for concept in known.called(each, group.surface)}
    return group_of(group.surface, tuple(sorted(concepts)), place=group.place)


def _distinct(groups: list[Group]) -> list[Group]:
    """Each thing once: repeating a word a hundred times asks for no more, and costs no more."""
    seen: dict[tuple[object, ...], Group] = {}
    for group in groups:
        if group.alternatives or group.concepts:
            seen.setdefault((group.alternatives, group.concepts), group)
    return list(seen.values())
