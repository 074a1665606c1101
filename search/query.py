"""What a person asks, as values; an engine gets nothing else."""

from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from typing import NamedTuple

from search.errors import QueryRefused
from search.schema import Schema

MAX_TEXT = 200
MAX_WORDS = 12
MAX_WORD_LENGTH = 32
MAX_PAGE_SIZE = 100
MAX_DEPTH = 1_000
MAX_FILTERS = 30
MAX_VALUES = 50
MAX_FACETS = 40

CERTIFICATE = "certificate"  # the facet and filter that depend on the query's day


@dataclass(frozen=True, slots=True)
class KeywordFilter:
    """Keeps documents that carry any of ``values`` (all of them with ``all_required``)."""

    field: str
    values: tuple[str, ...]
    all_required: bool = False


@dataclass(frozen=True, slots=True)
class NumberFilter:
    """Keeps documents whose number lies within the closed range; a document without the number leaves."""

    field: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class CertificateFilter:
    """Keeps documents with any (or all) of these certificates valid on the query's day."""

    codes: tuple[str, ...]
    all_required: bool = False

    @property
    def field(self) -> str:
        """The facet that this filter belongs to."""
        return CERTIFICATE


Filter = KeywordFilter | NumberFilter | CertificateFilter


class FacetWanted(NamedTuple):
    """Asks for counts: by value (most frequent first, at most ``size``), or with ``edges`` by numeric range.

    Edges 5, 10 give the ranges below 5, 5 to below 10, and 10 and more.
    """

    field: str
    size: int = 30
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Sort:
    """By relevance when ``field`` is empty, else by a numeric field; documents without the number come last."""

    field: str = ""
    is_descending: bool = False


RELEVANCE = Sort()
NEWEST = Sort("listed_at", is_descending=True)


@dataclass(frozen=True, slots=True)
class Understood:
    """A condition read from the text: what was typed (``surface``, at ``start``), and the filter it became.

    ``name`` is what a link passes back to have the words read as plain words instead. ``amount`` and ``unit`` are
    the values as typed; the filter holds the converted ones.
    """

    name: str
    surface: str
    start: int
    filter: Filter
    amount: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One search. ``words`` is the part of ``text`` left for matching; ``day`` decides which certificates count.

    With ``related``, what words find too little of is followed by what is near to it (see `search.related`).
    """

    text: str = ""
    words: str = ""
    language: str = "en"
    day: date | None = None
    kind: str = "product"
    codes: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    understood: tuple[Understood, ...] = ()
    facets: tuple[FacetWanted, ...] = ()
    sort: Sort = RELEVANCE
    page: int = 1
    size: int = 24
    highlight: bool = False
    related: bool = False
    repair: bool = True
    signals_off: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        """Refuse what no page may ask for, before any engine sees it."""
        if not 1 <= self.size <= MAX_PAGE_SIZE:
            raise QueryRefused("page_size", limit=MAX_PAGE_SIZE)
        if self.page < 1 or self.page * self.size > MAX_DEPTH:
            raise QueryRefused("page_depth", limit=MAX_DEPTH)
        if len(self.text) > MAX_TEXT or len(self.words) > MAX_TEXT:
            raise QueryRefused("text_length", limit=MAX_TEXT)
        if len(self.filters) + len(self.understood) > MAX_FILTERS:
            raise QueryRefused("filters", limit=MAX_FILTERS)
        if len(self.facets) > MAX_FACETS:
            raise QueryRefused("facets", limit=MAX_FACETS)
        for each in self.all_filters:
            _check_filter(each)

    @property
    def offset(self) -> int:
        """How many hits come before this page."""
        return (self.page - 1) * self.size

    @property
    def all_filters(self) -> tuple[Filter, ...]:
        """Chosen filters and those read from the text."""
        return self.filters + tuple(each.filter for each in self.understood)

    def on(self, day: date) -> "Query":
        """The same query asked on ``day``."""
        return replace(self, day=day)


def check(query: Query, schema: Schema) -> None:
    """Raise QueryRefused when a query filters, counts or sorts by a field that the schema does not know."""
    known = True
    for each in query.all_filters:
        if isinstance(each, KeywordFilter):
            known = known and schema.knows_keyword(each.field)
        elif isinstance(each, NumberFilter):
            known = known and schema.knows_number(each.field)
    for wanted in query.facets:
        is_field = schema.knows_keyword(wanted.field) or schema.knows_number(wanted.field)
        known = known and (is_field or wanted.field == CERTIFICATE)
    if not known or (query.sort.field and not schema.knows_number(query.sort.field)):
        raise QueryRefused("field", limit=0)


def _check_filter(each: Filter) -> None:
    if len(_values(each)) > MAX_VALUES:
        raise QueryRefused("filter_values", limit=MAX_VALUES)
    if any(len(text) > MAX_TEXT for text in (each.field, *_values(each))):
        raise QueryRefused("filter_length", limit=MAX_TEXT)
    if isinstance(each, NumberFilter) and not all(isfinite(bound or 0) for bound in (each.low, each.high)):
        raise QueryRefused("filter_number", limit=0)


def _values(each: Filter) -> tuple[str, ...]:
    if isinstance(each, KeywordFilter):
        return each.values
    if isinstance(each, CertificateFilter):
        return each.codes
    return ()
