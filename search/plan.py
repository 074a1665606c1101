"""A query taken apart once, for every engine: groups of equal ways to say one thing."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from search import ranking
from search.analysis import fold, lexicon, remembered, words
from search.chinese import HAN
from search.query import MAX_WORD_LENGTH, MAX_WORDS, Query
from search.wording import is_denial, is_small

# One analysis per script family; both Chinese scripts are folded into one.
ANALYSES = ("en", "id", "de", "zh")

WORD = re.compile(rf"[{HAN}]+|[0-9]+(?:[.,][0-9]+)*(?![^\W_{HAN}])|[^\W_{HAN}]+")
GOODS = frozenset({"product", "family"})
_HAN_RUN = re.compile(rf"[{HAN}]+\Z")


def says_something(text: str) -> bool:
    """Whether a text has a word that may stand for goods: not a small word, a denial or a single letter."""
    found = map(fold, WORD.findall(text))
    return any(not is_small(word) and not is_denial(word) and not (len(word) == 1 and word.isascii()) for word in found)


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
    joined: tuple[str, ...] = ()  # the word that it makes with its neighbour: "book shelf" may be written "bookshelf"
    place: int = field(default=0, compare=False)  # where it begins among the words of the query
    alternatives: tuple[tuple[str, ...], ...] = field(init=False, compare=False, repr=False)
    """The different word lists among the analyses, in stable order; those of joined words last."""

    def __post_init__(self) -> None:
        """Work out the alternatives, which are asked for again and again."""
        found = [each for each in self.variants.values() if each]
        if self.joined:
            found += [(word,) for analysis in ANALYSES for word in self.joined_in(analysis)]
        object.__setattr__(self, "alternatives", tuple(dict.fromkeys(found)))

    @property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """The ways in which a document can say it: words that it has together, or a concept."""
        return (*self.alternatives, *[(concept,) for concept in self.concepts])

    def joined_in(self, analysis: str) -> tuple[str, ...]:
        """The joined words as one analysis has them; each says all of the group by itself."""
        return tuple(words(text, analysis)[0] for text in self.joined)


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

    def broadened(self, unknown: Iterable[Group], is_known: Callable[[str], bool]) -> "Plan":
        """The plan with broader goods in the place of goods that no document is about."""
        gone = tuple(unknown)
        groups = tuple(_broader(group, is_known) if group in gone else group for group in self.groups)
        return Plan(groups, self.unwanted)

    def without(self, unknown: Iterable[Group]) -> "Plan":
        """The plan without words that no document has, unless it has no others."""
        gone = tuple(unknown)
        kept = tuple(group for group in self.groups if group not in gone)
        return Plan(kept, self.unwanted) if kept else self

    def phrase(self, analysis: str) -> tuple[str, ...]:
        """All words in order as one analysis reads them, codes left out."""
        return tuple(word for group in self.groups for word in group.variants.get(analysis, ()))


def _broader(group: Group, is_known: Callable[[str], bool]) -> Group:
    known = next((concept for concept in broader_goods(group) if is_known(concept)), "")
    return replace(group, concepts=(known,)) if known else group


def broader_goods(group: Group) -> tuple[str, ...]:
    """Ever broader goods than those that a group names, nearest first."""
    return lexicon().fallbacks(group.concepts[0]) if group.is_goods and group.concepts else ()


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
    from search.asked import asked_of  # it makes groups of this module

    codes = tuple(Group(surface=code, prefix=code) for code in query.codes)
    groups, unwanted = asked_of(query.words, query.language)
    return Plan((codes + groups)[:MAX_WORDS], unwanted)


def is_han(token: str) -> bool:
    """Whether a token is a run of Chinese, which the analysis cuts into words."""
    return _HAN_RUN.match(token) is not None


def group_of(surface: str, concepts: tuple[str, ...] = (), *, is_goods: bool = False, place: int = 0) -> Group:
    """A group with its words in each analysis."""
    return Group(surface=surface, variants=_variants(surface), concepts=concepts, is_goods=is_goods, place=place)


@remembered(4_096)
def _variants(surface: str) -> Mapping[str, tuple[str, ...]]:
    """A name or a word in each analysis; people ask for the same ones in ever other company."""
    return {analysis: indexable(words(surface, analysis)) for analysis in ANALYSES}


def indexable(found: list[str]) -> tuple[str, ...]:
    """Words that can stand in an index: with a letter or digit, and not absurdly long."""
    return tuple([word[:MAX_WORD_LENGTH] for word in found if word.isalnum() or any(map(str.isalnum, word))])
