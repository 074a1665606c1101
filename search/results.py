"""What a search answers: keys, counts and safe pieces of text, never markup."""

from dataclasses import dataclass
from typing import NamedTuple


class Segment(NamedTuple):
    """A piece of text; ``is_match`` asks the template for emphasis. The text is raw: a template escapes it."""

    text: str
    is_match: bool = False


class Highlight(NamedTuple):
    """A title or an extract of a description, cut into segments, with the language it is written in."""

    field: str
    language: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document, best first; ``score`` compares only within one answer."""

    key: int
    score: float
    highlights: tuple[Highlight, ...] = ()


class FacetValue(NamedTuple):
    """How many documents carry a value, with every other filter applied."""

    value: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs here
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class FacetRange:
    """How many documents lie in ``low`` (included) to ``high`` (excluded); None is open."""

    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts of one field; ``low`` and ``high`` are the smallest and largest number found, where it has numbers."""

    field: str
    values: tuple[FacetValue, ...] = ()
    ranges: tuple[FacetRange, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one query.

    ``did_you_mean`` is the text with misspelt words repaired; ``is_repaired`` says that the hits already answer it
    (nothing at all was known by the typed words). ``is_relaxed`` says that too few documents had all words, so
    those with most of them follow. ``unknown_words`` are the typed words that no document or thesaurus entry has.
    ``related`` was not asked for but is near to it: behind the hits, and in neither total nor facets.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...] = ()
    did_you_mean: str = ""
    is_repaired: bool = False
    is_relaxed: bool = False
    unknown_words: tuple[str, ...] = ()
    related: tuple[Hit, ...] = ()
    took_ms: float = 0.0

    @property
    def keys(self) -> tuple[int, ...]:
        """Keys of the hits in order."""
        return tuple(hit.key for hit in self.hits)

    def facet(self, field: str) -> Facet | None:
        """The facet of a field, if it was wanted."""
        return next((each for each in self.facets if each.field == field), None)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion while typing: the title of a document (with its key), in the reader's language if it has one."""

    text: str
    kind: str
    key: int


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the engine answers, whether its tables or mapping are those of this release, and a plain detail.

    ``code`` is that of the error, where there is one (see `search.errors`).
    """

    is_ready: bool
    is_current: bool
    documents: int
    detail: str = ""
    code: str = ""
