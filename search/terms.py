"""A document taken apart once, for every engine: the words, concepts and codes by which it is found."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from search.analysis import concept_closure, find_concepts, fold, lexicon, read_words, remembered
from search.document import Document
from search.plan import GOODS, analysis_of, indexable, token_texts

# Descriptions are read this far; what a listing is must be said before.
_MAX_BODY = 4_000
# Between clauses no word and no name runs on, so each is read by itself; catalogues repeat many of them.
_CLAUSE_END = re.compile(r"[.,;:!?]\s|[\n\r()。，；：！？（）]")
_HAS_NUMBER = re.compile("[0-9]").search


@dataclass(frozen=True, slots=True)
class Terms:
    """Index terms by analysis, concepts the document is about, concepts it only mentions, and words as written."""

    title: dict[str, list[str]]
    body: dict[str, list[str]]
    concepts: tuple[str, ...]
    mentions: tuple[str, ...]
    surface: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Concepts a document is about, with all broader ones, and concepts it only mentions."""

    concepts: tuple[str, ...]
    mentions: tuple[str, ...]


def terms_of(document: Document) -> Terms:
    """Everything that the analysis and the thesaurus find in a document."""
    parts = _Parts(document)
    title: dict[str, list[str]] = {}
    body: dict[str, list[str]] = {}
    for language, clauses, _ in parts.titles:
        title.setdefault(analysis_of(language), []).extend(_words(clauses, language))
    for language, clauses, _ in (*parts.descriptions, *parts.facts):
        body.setdefault(analysis_of(language), []).extend(_words(clauses, language))
    meaning = _meaning(document, parts)
    return Terms(title, body, meaning.concepts, meaning.mentions, surface_of(document))


def meaning_of(document: Document) -> Meaning:
    """What the thesaurus finds in a document."""
    return _meaning(document, _Parts(document))


class _Text(NamedTuple):
    """A text cut into clauses: as it is, for its words, and without numbers that name nothing, for its concepts."""

    language: str
    clauses: list[str]
    named: list[str]


class _Parts:
    """The texts of a document with their languages, cut into clauses."""

    __slots__ = ("descriptions", "facts", "titles")

    def __init__(self, document: Document) -> None:
        self.titles = _cut(document.titles)
        self.descriptions = _cut(document.descriptions)
        self.facts = _cut(document.facts)


def _cut(texts: Mapping[str, str]) -> list[_Text]:
    found = []
    for language, text in texts.items():
        said = text[:_MAX_BODY]
        clauses = _clauses(said)
        # a lot, a weight or a date names nothing: without them most clauses of a catalogue are read once
        plain = lexicon().without_numbers(said)
        found.append(_Text(language, clauses, clauses if plain == said else _clauses(plain)))
    return found


def _meaning(document: Document, parts: _Parts) -> Meaning:
    about: dict[str, None] = dict.fromkeys(document.concepts)
    mentioned: dict[str, None] = {}
    stated: dict[str, None] = {}
    for language, _, named in parts.titles:
        _note_concepts(about, named, language)
    for language, _, named in parts.descriptions:
        _note_concepts(mentioned, named, language)
    for language, _, named in parts.facts:
        if language == "en":  # the other languages say the same
            _note_concepts(stated, named, language)
    # What a maker is called after is not what he sells: facts state places and qualities, never goods.
    about.update(dict.fromkeys(each for each in stated if lexicon().kind(each) not in GOODS))
    closed: dict[str, None] = {}
    for concept in about:
        closed[concept] = None  # a code unknown to the thesaurus stands for itself
        closed.update(dict.fromkeys(concept_closure(concept)))
    return Meaning(tuple(closed), tuple([each for each in mentioned if each not in closed]))


def surface_of(document: Document) -> tuple[str, ...]:
    """The words of the titles as people write them, each once."""
    surface: dict[str, None] = {}
    for language, text in document.titles.items():
        surface.update(dict.fromkeys(surface_words(text, language)))
    return tuple(surface)


def surface_words(text: str, language: str) -> list[str]:
    """Folded words as people write them, for completion and for typo repair; Chinese cut into words."""
    if analysis_of(language) == "zh":
        return _words(_clauses(text), "zh")
    return list(indexable(token_texts(fold(text))))


def _words(clauses: Iterable[str], language: str) -> list[str]:
    found: list[str] = []
    spare: list[str] = []  # words that say nothing stand for a text that has no others
    for clause in clauses:
        # what has a number hardly comes twice, and would only push out what does
        telling, small = (_read_clause if _HAS_NUMBER(clause) else _clause_words)(clause, language)
        found += telling
        spare += small
    return found or spare


def _note_concepts(noted: dict[str, None], clauses: Iterable[str], language: str) -> None:
    for clause in clauses:
        noted.update(dict.fromkeys(_clause_concepts(clause, language)))


def _clauses(text: str) -> list[str]:
    return _CLAUSE_END.split(text)


@remembered(4_096)
def _clause_words(clause: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _read_clause(clause, language)


def _read_clause(clause: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found, spare = read_words(clause, language)
    return indexable(found), indexable(spare)


@remembered(4_096)
def _clause_concepts(clause: str, language: str) -> tuple[str, ...]:
    return tuple(hit.concept for hit in find_concepts(clause, language))
