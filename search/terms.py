"""A document taken apart once, for every engine: the words, concepts and codes by which it is found."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search.analysis import concept_closure, find_concepts, fold, lexicon, read_words, remembered
from search.document import Document
from search.plan import GOODS, analysis_of, indexable, token_texts

# Descriptions are read this far; what a listing is must be said before.
_MAX_BODY = 4_000
# Between clauses no word and no name runs on, so each is read by itself; catalogues repeat many of them.
_CLAUSE_END = re.compile(r"[.,;:!?]\s|[\n\r()。，；：！？（）]")


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
    for language, clauses in parts.titles:
        title.setdefault(analysis_of(language), []).extend(_words(clauses, language))
    for language, clauses in (*parts.descriptions, *parts.facts):
        body.setdefault(analysis_of(language), []).extend(_words(clauses, language))
    meaning = _meaning(document, parts)
    return Terms(title, body, meaning.concepts, meaning.mentions, surface_of(document))


def meaning_of(document: Document) -> Meaning:
    """What the thesaurus finds in a document."""
    return _meaning(document, _Parts(document))


class _Parts:
    """The texts of a document with their languages, cut into clauses."""

    __slots__ = ("descriptions", "facts", "titles")

    def __init__(self, document: Document) -> None:
        self.titles = _cut(document.titles)
        self.descriptions = _cut(document.descriptions)
        self.facts = _cut(document.facts)


def _cut(texts: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    return [(language, _clauses(text[:_MAX_BODY])) for language, text in texts.items()]


def _meaning(document: Document, parts: _Parts) -> Meaning:
    about: dict[str, None] = dict.fromkeys(document.concepts)
    mentioned: dict[str, None] = {}
    stated: dict[str, None] = {}
    for language, clauses in parts.titles:
        _note_concepts(about, clauses, language)
    for language, clauses in parts.descriptions:
        _note_concepts(mentioned, clauses, language)
    for language, clauses in parts.facts:
        if language == "en":  # the other languages say the same
            _note_concepts(stated, clauses, language)
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
        telling, small = _clause_words(clause, language)
        found += telling
        spare += small
    return found or spare


def _note_concepts(noted: dict[str, None], clauses: Iterable[str], language: str) -> None:
    for clause in clauses:
        for concept in _clause_concepts(clause, language):
            noted[concept] = None


def _clauses(text: str) -> list[str]:
    return _CLAUSE_END.split(text)


@remembered(4_096)
def _clause_words(clause: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found, spare = read_words(clause, language)
    return indexable(found), indexable(spare)


@remembered(4_096)
def _clause_concepts(clause: str, language: str) -> tuple[str, ...]:
    return tuple(hit.concept for hit in find_concepts(clause, language))
