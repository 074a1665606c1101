"""A document taken apart once, for every engine: the words, concepts and codes by which it is found."""

from dataclasses import dataclass

from search.analysis import concept_closure, find_concepts, fold, words
from search.document import Document
from search.plan import analysis_of, indexable, tokens

# Descriptions are read this far; what a listing is must be said before.
_MAX_BODY = 4_000


@dataclass(frozen=True, slots=True)
class Terms:
    """Index terms by analysis, concepts the document is about, concepts it only mentions, and words as written."""

    title: dict[str, list[str]]
    body: dict[str, list[str]]
    concepts: tuple[str, ...]
    mentions: tuple[str, ...]
    surface: tuple[str, ...]


def terms_of(document: Document) -> Terms:
    """Everything that the analysis and the thesaurus find in a document."""
    title: dict[str, list[str]] = {}
    body: dict[str, list[str]] = {}
    about: dict[str, None] = dict.fromkeys(document.concepts)
    mentioned: dict[str, None] = {}
    surface: dict[str, None] = {}
    for language, text in document.titles.items():
        title.setdefault(analysis_of(language), []).extend(indexable(words(text, language)))
        about.update(dict.fromkeys(hit.concept for hit in find_concepts(text, language)))
        surface.update(dict.fromkeys(surface_words(text, language)))
    for language, description in document.descriptions.items():
        text = description[:_MAX_BODY]
        body.setdefault(analysis_of(language), []).extend(indexable(words(text, language)))
        mentioned.update(dict.fromkeys(hit.concept for hit in find_concepts(text, language)))
    for language, facts in document.facts.items():
        body.setdefault(analysis_of(language), []).extend(indexable(words(facts[:_MAX_BODY], language)))
    if "en" in document.facts:  # the other languages say the same
        about.update(dict.fromkeys(hit.concept for hit in find_concepts(document.facts["en"][:_MAX_BODY], "en")))
    concepts = _closed(about)
    return Terms(
        title=title,
        body=body,
        concepts=concepts,
        mentions=tuple(each for each in mentioned if each not in set(concepts)),
        surface=tuple(surface),
    )


def _closed(concepts: dict[str, None]) -> tuple[str, ...]:
    """The concepts and all broader ones; a code unknown to the thesaurus stands for itself."""
    closed: dict[str, None] = {}
    for concept in concepts:
        closed[concept] = None
        closed.update(dict.fromkeys(concept_closure(concept)))
    return tuple(closed)


def surface_words(text: str, language: str) -> list[str]:
    """Folded words as people write them, for completion and for typo repair; Chinese cut into words."""
    if analysis_of(language) == "zh":
        return list(indexable(words(text, "zh")))
    return list(indexable([token.text for token in tokens(fold(text))]))
