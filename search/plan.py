"""A query taken apart once, for every engine: groups of equal ways to say one thing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from search import ranking
from search.analysis import find_concepts, fold, lexicon, remembered, words
from search.chinese import HAN
from search.query import MAX_WORD_LENGTH, MAX_WORDS, Query

# One analysis per script family; both Chinese scripts are folded into one.
ANALYSES = ("en", "id", "de", "zh")

WORD = re.compile(rf"[{HAN}]+|[0-9]+(?:[.,][0-9]+)*(?![^\W_{HAN}])|[^\W_{HAN}]+")
GOODS = frozenset({"product", "family"})
_APOSTROPHES = ("'", "\u2019")
_HAN_RUN = re.compile(rf"[{HAN}]+\Z")

# Words too small to ask for, in any language: someone on the German page may well type English.
_SMALL_WORDS = (
    "a an and are as at by for from in is of on or the to with "
    "dan di dari ke untuk yang dengan atau pada "
    "und der die das den dem des ein eine einer eines von vom mit fur im aus bei zu zur oder auf "
    "的 了 和 与 及 或 是"
)
_DENIALS = frozenset(("not", "bukan", "nicht", "kein", "keine", "keinen", "不要", "非", "不是"))
_SMALL = frozenset(_SMALL_WORDS.split())


def says_something(text: str) -> bool:
    """Whether a text has a word that may stand for goods: not a small word, a denial or a single letter."""
    found = map(fold, WORD.findall(text))
    return any(
        word not in _SMALL and word not in _DENIALS and not (len(word) == 1 and word.isascii()) for word in found
    )


def analysis_of(language: str) -> str:
    """The analysis that serves a language of the site."""
    return "zh" if language.startswith("zh") else language


@dataclass(frozen=True, slots=True)
class Group:
    """One thing asked for: its words in each analysis (all of them needed), or any concept, or a code by prefix."""

    surface: str
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concepts: tuple[str, ...] = ()
    prefix: str = ""
    is_goods: bool = False  # it names goods: a document about them is an answer whatever else it lacks

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """The different word lists among the analyses, in stable order."""
        return tuple(dict.fromkeys(each for each in self.variants.values() if each))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a document must match: every group (strict), or ``required`` of them, or one that names goods, when too few
    documents have them all."""

    groups: tuple[Group, ...] = ()
    unwanted: tuple[Group, ...] = ()  # said after "not": such documents are found, and stand behind

    @property
    def required(self) -> int:
        """How many groups the relaxed search asks for."""
        return ranking.words_required(len(self.groups))

    @property
    def can_relax(self) -> bool:
        """Whether asking for fewer groups would ask for anything less."""
        return self.required < len(self.groups)

    def without(self, unknown: Iterable[Group]) -> "Plan":
        """The plan without words that no document has, unless it has no others."""
        gone = tuple(unknown)
        kept = tuple(group for group in self.groups if group not in gone)
        return Plan(kept, self.unwanted) if kept else self

    def phrase(self, analysis: str) -> tuple[str, ...]:
        """All words in order as one analysis reads them, codes left out."""
        return tuple(word for group in self.groups for word in group.variants.get(analysis, ()))


class Token(NamedTuple):
    """A run of letters, digits or Chinese in a text."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of a text as typed, with their places."""
    return [Token(match.group(), *match.span()) for match in WORD.finditer(text)]


def token_texts(text: str) -> list[str]:
    """The words of a text as typed."""
    return WORD.findall(text)


def make_plan(query: Query) -> Plan:
    """The groups of a query; without any, every document matches."""
    codes = tuple(Group(surface=code, prefix=code) for code in query.codes)
    groups, unwanted = _groups(query.words, query.language)
    return Plan((codes + groups)[:MAX_WORDS], unwanted)


@remembered(4_096)
def _groups(text: str, language: str) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """What is asked for, and what is said after a "not"."""
    found: list[Group] = []
    spare: list[Group] = []
    unwanted: list[Group] = []
    is_denied = False
    for surface, concept in _surfaces(text, language):
        folded = fold(surface)
        if not concept and folded in _DENIALS:
            is_denied = True
        elif not concept and folded in _SMALL:
            spare.append(_group(surface))
        else:
            is_goods = bool(concept) and lexicon().kind(concept) in GOODS
            group = _group(surface, (concept,) if concept else (), is_goods=is_goods)
            (unwanted if is_denied else found).append(group)
            is_denied = False
    if not found:  # nothing but denials asks for the words themselves
        found, unwanted = unwanted, []
    return tuple(_distinct(found or spare))[:MAX_WORDS], tuple(_distinct(unwanted))[:MAX_WORDS]


def _surfaces(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The names of concepts and the words between them, in order, each with its concept if it has one."""
    position = 0
    for hit in (*find_concepts(text, language), None):
        between = text[position : len(text) if hit is None else hit.start]
        for token in tokens(between):
            if token.text in "sS" and between[token.start - 1 : token.start] in _APOSTROPHES:
                continue  # the possessive of "men's shoes"
            for piece in _pieces(token.text):
                yield piece, ""
        if hit is not None:
            yield text[hit.start : hit.end], hit.concept
            position = max(position, hit.end)


def is_han(token: str) -> bool:
    """Whether a token is a run of Chinese, which the analysis cuts into words."""
    return _HAN_RUN.match(token) is not None


def _pieces(token: str) -> list[str]:
    return words(token, "zh") if is_han(token) else [token[:MAX_WORD_LENGTH]]


def _group(surface: str, concepts: tuple[str, ...] = (), *, is_goods: bool = False) -> Group:
    variants = {analysis: indexable(words(surface, analysis)) for analysis in ANALYSES}
    return Group(surface=surface, variants=variants, concepts=concepts, is_goods=is_goods)


def indexable(found: list[str]) -> tuple[str, ...]:
    """Words that can stand in an index: with a letter or digit, and not absurdly long."""
    return tuple(word[:MAX_WORD_LENGTH] for word in found if any(map(str.isalnum, word)))


def _distinct(groups: list[Group]) -> list[Group]:
    """Each thing once: repeating a word a hundred times asks for no more, and costs no more."""
    seen: dict[tuple[object, ...], Group] = {}
    for group in groups:
        if group.alternatives or group.concepts:
            seen.setdefault((group.alternatives, group.concepts), group)
    return list(seen.values())
