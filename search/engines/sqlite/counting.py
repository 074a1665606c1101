"""Filters and facets over columns in memory."""

from collections.abc import Iterable

from search.engines.facets import applying_to, ordered, ranges, selected
from search.engines.sqlite.bits import rows_of
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.number_column import NumberColumn
from search.engines.sqlite.value_column import ValueColumn
from search.query import CERTIFICATE, FacetWanted, KeywordFilter, NumberFilter, Query
from search.query import Filter as AnyFilter
from search.results import Facet, FacetRange, FacetValue

_NO_NUMBERS = NumberColumn((), 0)
_NO_VALUES = ValueColumn({}, 0)


# More rows than this are counted by masks alone.
_BY_ROW = 4_000


class Counter:
    """The rows of one answer: filters, text matches, and what is left under each."""

    def __init__(self, columns: Columns, query: Query) -> None:
        self._columns = columns
        self._query = query
        self._base = columns.live.get(query.kind, 0)
        self._masks = {each: self._mask(each) for each in dict.fromkeys(query.all_filters)}
        self._rows: dict[int, list[int] | None] = {}

    @property
    def found(self) -> int:
        """Rows under every filter, and with the text once it is given."""
        return self._under(self._masks)

    def narrow(self, text: int) -> None:
        """From now on only rows that match the text count."""
        self._base &= text

    def facets(self) -> tuple[Facet, ...]:
        """The facets that the query wants; the same rows are often found in other words."""
        query, kept = self._query, self._columns.remembered.facets
        name = (self._base, tuple(self._masks), query.day, query.facets)
        made = kept.get(name)
        if made is None:
            made = kept[name] = tuple([self._facet(wanted) for wanted in query.facets])
        return made

    def _listed(self, mask: int) -> list[int] | None:
        """The rows of a mask one by one, where they are few enough to be counted so."""
        if mask not in self._rows:
            self._rows[mask] = rows_of(mask) if mask.bit_count() <= _BY_ROW else None
        return self._rows[mask]

    def _under(self, filters: Iterable[AnyFilter]) -> int:
        rows = self._base
        for each in filters:
            rows &= self._masks[each]
        return rows

    def _mask(self, each: AnyFilter) -> int:
        if isinstance(each, NumberFilter):
            return self._columns.numbers.get(each.field, _NO_NUMBERS).mask(each.low, each.high)
        if isinstance(each, KeywordFilter):
            column = self._columns.keywords.get(each.field, _NO_VALUES)
            masks = [column.mask(value) for value in each.values]
        else:
            masks = [self._valid(code) for code in each.codes]
        return _combined(masks, all_required=each.all_required)

    def _valid(self, code: str) -> int:
        """Rows whose certificate is valid on the query's day (any day without one)."""
        column = self._columns.certificates.get(code, _NO_NUMBERS)
        return column.mask(None if self._query.day is None else self._query.day.toordinal(), None)

    def _facet(self, wanted: FacetWanted) -> Facet:
        filters = applying_to(wanted, self._masks)
        rows = self._under(filters)
        if wanted.field == CERTIFICATE:
            counts = ((code, (self._valid(code) & rows).bit_count()) for code in self._columns.certificates)
            return Facet(CERTIFICATE, values=self._ordered(((code, n) for code, n in counts if n), wanted))
        values: tuple[FacetValue, ...] = ()
        if not wanted.edges:  # with edges, a field is asked for its numbers
            column = self._columns.keywords.get(wanted.field, _NO_VALUES)
            values = self._ordered(column.counts(rows, self._columns.length, self._listed(rows)), wanted)
        numbers = self._columns.numbers.get(wanted.field)
        if numbers is None:
            return Facet(wanted.field, values=values, ranges=_empty_ranges(wanted))
        low, high = numbers.extremes(rows, self._columns.length, self._listed(rows))
        counted = tuple(
            FacetRange(start, end, (numbers.mask(start, end, includes_high=False) & rows).bit_count())
            for start, end in (ranges(wanted.edges) if wanted.edges else ())
        )
        return Facet(wanted.field, values=values, ranges=counted, low=low, high=high)

    def _ordered(self, counts: Iterable[tuple[str, int]], wanted: FacetWanted) -> tuple[FacetValue, ...]:
        return ordered(counts, wanted, selected(wanted.field, self._query.all_filters))


def _empty_ranges(wanted: FacetWanted) -> tuple[FacetRange, ...]:
    return tuple(FacetRange(low, high, 0) for low, high in ranges(wanted.edges)) if wanted.edges else ()


def _combined(masks: list[int], *, all_required: bool) -> int:
    if not masks:
        return 0
    together = masks[0]
    for mask in masks[1:]:
        together = together & mask if all_required else together | mask
    return together
