"""A search as a page: chips, filters, pages, and what to try when nothing was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from flask_babel import gettext as _

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import label
from marketplace.discovery.address import Wish
from marketplace.discovery.facets import QUIET_TERMS, Naming, Span, Terms
from marketplace.discovery.queries import PAGE_SIZE, Found, count_matching
from marketplace.i18n.formats import format_list, format_number
from search.query import MAX_DEPTH, NumberFilter, Understood
from search.results import Results

_MOST_HINTS = 6
_legends: dict[tuple[str, str], str] = {}  # as many as there are filters and languages
_AROUND = 2  # pages shown on either side of the current one


@dataclass(frozen=True)
class Chip:
    """A condition in words, the address without it, and the words it was read from."""

    label: str
    remove_href: str
    source: str = ""


@dataclass(frozen=True)
class Hint:
    """A way out of an empty result: what to leave out, where that leads, how many there are."""

    label: str
    href: str
    count: int


class FacetShown(NamedTuple):
    """A filter by value as the page shows it: values with their counts, in order, and the chosen ones."""

    param: str
    legend: str
    name: Naming
    values: list[tuple[str, int]]
    chosen: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True)
class SpanShown:
    """A filter by number as the page shows it: what was typed, and the figures there are."""

    param: str
    legend: str
    unit: str
    has_low: bool
    has_high: bool
    min: str
    max: str
    lowest: str
    highest: str
    is_open: bool


@dataclass(frozen=True)
class Pages:
    """What the pagination shows: numbers with gaps, the way back and on."""

    numbers: tuple[tuple[int | None, str], ...]
    current: int
    previous_href: str | None
    next_href: str | None


def chips(wish: Wish, found: Found, base: str, locale: str) -> list[Chip]:
    """Everything that narrows the list, each with a way to take it off."""
    made = [_understood(wish, each, base, locale) for each in found.query.understood]
    for code in found.query.codes:
        made.append(Chip(_("HS code %(code)s", code=code), base + wish.plainly("hs").query_string(), code))
    terms: dict[str, Terms] = {each.param: each for each in (*wish.terms, *QUIET_TERMS)}
    for param, values in wish.chosen.items():
        for value in values:
            made.append(Chip(terms[param].name(value, locale), base + wish.without_value(param, value).query_string()))
    spans: dict[str, Span] = {each.param: each for each in wish.spans}
    for param, (low, high) in wish.ranges.items():
        span = spans[param]
        label = _span_label(str(span.legend), low, high, str(span.unit), locale)
        made.append(Chip(label, base + wish.without_range(param).query_string()))
    return made


def _understood(wish: Wish, each: Understood, base: str, locale: str) -> Chip:
    href = base + wish.plainly(each.name).query_string()
    if isinstance(each.filter, NumberFilter):
        names = {span.field: span for span in wish.spans}
        span = names.get(each.filter.field)
        legend = str(span.legend) if span else _field_name(each.filter.field, locale)
        low = each.amount if each.filter.low is not None else None
        high = each.amount if each.filter.high is not None else None
        unit = _unit_name(each.filter.field, each.unit, locale)
        return Chip(_span_label(legend, low, high, unit, locale), href, each.surface)
    return Chip(format_list(getattr(each.filter, "values", ()), locale, "names"), href, each.surface)


def _field_name(field: str, locale: str) -> str:
    known = load_registry().fields.get(field.removeprefix("spec."))
    return known.name(locale) if known else _("Price") if field.startswith("price") else field


def _unit_name(field: str, typed: str, locale: str) -> str:
    """The unit as the reader's language writes it, where somebody typed a name of the field's own unit."""
    known = load_registry().fields.get(field.removeprefix("spec."))
    if known is None or known.unit is None or known.unit.aliases.get(typed.casefold()) != 1:
        return typed
    return label(known.unit.labels, locale)


def _span_label(legend: str, low: float | None, high: float | None, unit: str, locale: str) -> str:
    def shown(value: float) -> str:
        return f"{format_number(Decimal(str(value)), locale)} {unit}".strip()

    if low is not None and high is not None:
        return str(_("%(name)s: %(low)s to %(high)s", name=legend, low=shown(low), high=shown(high)))
    if low is not None:
        return str(_("%(name)s: at least %(low)s", name=legend, low=shown(low)))
    return str(_("%(name)s: at most %(high)s", name=legend, high=shown(high or 0.0)))


@lru_cache(maxsize=8192)
def count_text(count: int, locale: str) -> str:
    """A count as a reader writes it."""
    return format_number(count, locale)


def legend_text(name: str, legend: object, locale: str) -> str:
    """A legend in the language of the page, translated once."""
    known = _legends.get((name, locale))
    if known is None:
        known = _legends[name, locale] = str(legend)
    return known


def facet_groups(wish: Wish, results: Results, locale: str) -> list[FacetShown]:
    """The filters by value that say something about this list."""
    groups: list[FacetShown] = []
    counted = {facet.field: facet for facet in results.facets}
    for each in wish.terms:
        facet = counted.get(each.field)
        if facet is None:
            continue
        chosen = wish.chosen.get(each.param, ())
        values = [(value, count) for value, count, _ in facet.values if count or value in chosen]
        if each.param == "category":
            values = _tree(values, chosen)
        if chosen or len(values) > 1 or (each.is_open and values):
            legend = legend_text(each.param, each.legend, locale)
            groups.append(FacetShown(each.param, legend, each.name, values, chosen, bool(each.is_open or chosen)))
    return groups


@lru_cache(maxsize=8192)
def value_text(name: Naming, value: str, locale: str, depth: int) -> str:
    """A value in the language of the page, which is ``locale``, moved in by its depth in a tree."""
    return "\u2003" * depth + name(value, locale)


def _tree(values: list[tuple[str, int]], chosen: tuple[str, ...]) -> list[tuple[str, int]]:
    """Top categories, and below each chosen one its own branches, in the registry's order."""
    counts = dict(values)
    opened = {"", *(step for value in chosen for step in _steps(value))}
    registry = load_registry()
    return [(key, counts[key]) for key in registry.categories if key in counts and key.rpartition("/")[0] in opened]


def _steps(category: str) -> list[str]:
    parts = category.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def spans_of(wish: Wish, results: Results, locale: str) -> tuple[SpanShown, ...]:
    """The filters by number, each with the smallest and largest figure there is."""
    made: list[SpanShown] = []
    counted = {facet.field: facet for facet in results.facets}
    for each in wish.spans:
        facet = counted.get(each.field)
        low, high = (facet.low, facet.high) if facet else (None, None)
        if low is None and each.param not in wish.ranges:
            continue
        made.append(
            SpanShown(
                param=each.param,
                legend=legend_text(each.param, each.heading or each.legend, locale),
                unit=legend_text(f"{each.param} unit", each.unit, locale),
                has_low=each.has_low,
                has_high=each.has_high,
                min=wish.typed.get(f"{each.param}.min", ""),
                max=wish.typed.get(f"{each.param}.max", ""),
                lowest="" if low is None else _figure(low, locale),
                highest="" if high is None else _figure(high, locale),
                is_open=each.param in wish.ranges,
            )
        )
    return tuple(made)


@lru_cache(maxsize=8192)
def _figure(value: float, locale: str) -> str:
    return format_number(Decimal(str(value)), locale)


def pages(wish: Wish, total: int, base: str) -> Pages:
    """The pages around this one, the first and the last."""
    last = max(1, min(-(-total // PAGE_SIZE), MAX_DEPTH // PAGE_SIZE))
    shown = sorted({1, last, *range(max(1, wish.page - _AROUND), min(last, wish.page + _AROUND) + 1)})
    numbers: list[tuple[int | None, str]] = []
    before = 0
    for number in shown:
        if number > before + 1:
            numbers.append((None, ""))
        numbers.append((number, base + wish.query_string(number)))
        before = number
    return Pages(
        numbers=tuple(numbers) if last > 1 else (),
        current=wish.page,
        previous_href=base + wish.query_string(wish.page - 1) if 1 < wish.page <= last else None,
        next_href=base + wish.query_string(wish.page + 1) if wish.page < last else None,
    )


def hints(wish: Wish, found: Found, base: str, locale: str, kind: str) -> list[Hint]:
    """For an empty list: each condition that stands in the way alone, with what there is without it."""
    made: list[Hint] = []
    labels = chips(wish, found, base, locale)
    for chip, relaxed in zip(labels, _each_relaxed(wish, found), strict=True):
        count = count_matching(relaxed, locale, kind)
        if count:
            label = _("Without “%(condition)s”", condition=chip.label)
            made.append(Hint(label, base + relaxed.query_string(), count))
        if len(made) == _MOST_HINTS:
            return made
    if not made and wish.is_filtered and wish.text:
        relaxed = wish.without_filters()
        if count := count_matching(relaxed, locale, kind):
            made.append(Hint(_("Without any filter"), base + relaxed.query_string(), count))
    return made


def _each_relaxed(wish: Wish, found: Found) -> Iterable[Wish]:
    """The wish without one condition, in the order of the chips."""
    yield from (wish.plainly(each.name) for each in found.query.understood)
    yield from (wish.plainly("hs") for _code in found.query.codes)
    for param, values in wish.chosen.items():
        yield from (wish.without_value(param, value) for value in values)
    yield from (wish.without_range(param) for param in wish.ranges)
