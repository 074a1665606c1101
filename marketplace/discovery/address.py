"""What an address asks of a list page, and the addresses of everything one click away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from marketplace.discovery.facets import PRICES, QUIET_TERMS, Span, Terms, spec_filters
from search.measures import OWN_UNIT
from search.numerals import read as read_number
from search.query import MAX_TEXT, MAX_VALUES, RELEVANCE, Sort

SORTS: Mapping[str, Sort] = {
    "": RELEVANCE,
    "newest": Sort("listed_at", is_descending=True),
    "price": Sort("price_usd_kg"),
    "-price": Sort("price_usd_kg", is_descending=True),
    # offered where all goods that are chosen are priced so
    **{each.param: Sort(each.field) for each in PRICES.values()},
    **{f"-{each.param}": Sort(each.field, is_descending=True) for each in PRICES.values()},
    "moq": Sort("moq_kg"),
    "lead": Sort("lead_days"),
    "capacity": Sort("capacity_kg", is_descending=True),
}
VIEWS = ("cards", "table")
_MOST_PLAIN = 12
_LONGEST_NUMBER = 20
Range = tuple[float | None, float | None]


@dataclass(frozen=True)
class Wish:
    """One page of a list as its address states it; ``typed`` keeps numbers as they were typed, also unreadable ones."""

    text: str = ""
    terms: tuple[Terms, ...] = ()
    spans: tuple[Span, ...] = ()
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    sort: str = ""
    page: int = 1
    view: str = "cards"

    @property
    def is_filtered(self) -> bool:
        """Whether anything beside the text narrows the list."""
        return bool(self.chosen or self.ranges)

    @cached_property
    def lasting(self) -> tuple[tuple[str, str], ...]:
        """Names and values of the address in a stable order, but for the page."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [("plain", name) for name in self.plain]
        pairs += [(name, value) for name, values in self.chosen.items() for value in values]
        pairs += [(name, value) for name, value in self.typed.items() if value]
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("view", self.view)] if self.view != VIEWS[0] else []
        return tuple(pairs)

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the address, the page last."""
        return [*self.lasting, *([("page", str(self.page))] if self.page > 1 else [])]

    @cached_property
    def narrowing(self) -> str:
        """What decides which goods are found, as one text; order, view and page are left out."""
        return "&".join([_quoted(*pair) for pair in self.lasting if pair[0] not in ("sort", "view")])

    @cached_property
    def _lasting_query(self) -> str:
        return "&".join([_quoted(*pair) for pair in self.lasting])

    def _seen_as(self, view: str) -> str:
        """Without a wish made for it: every page has an address for each view."""
        parts = [_quoted(*pair) for pair in self.lasting if pair[0] != "view"]
        return "&".join(parts if view == VIEWS[0] else [*parts, _quoted("view", view)])

    def query_string(self, page: int | None = None, view: str | None = None) -> str:
        """The address's query, with its question mark, on another page or in another view; empty for the plain list."""
        number = self.page if page is None else page
        query = self._lasting_query if view is None or view == self.view else self._seen_as(view)
        if number > 1:
            return f"?{query}&page={number}" if query else f"?page={number}"
        return f"?{query}" if query else ""

    def without_value(self, param: str, value: str) -> Wish:
        """The first page without one chosen value."""
        left = tuple(each for each in self.chosen.get(param, ()) if each != value)
        chosen = {**self.chosen, param: left}
        return replace(self, chosen={name: values for name, values in chosen.items() if values}, page=1)

    def without_range(self, param: str) -> Wish:
        """The first page without a range."""
        return replace(
            self,
            ranges={name: value for name, value in self.ranges.items() if name != param},
            typed={name: value for name, value in self.typed.items() if name not in (f"{param}.min", f"{param}.max")},
            page=1,
        )

    def plainly(self, name: str) -> Wish:
        """The first page with one kind of condition read as plain words."""
        return replace(self, plain=(*self.plain, name), page=1)

    def to_keep(self) -> Wish:
        """What is kept of the page when its search is saved: not the place in the list, nor how it is shown."""
        return self if self.page == 1 and self.view == VIEWS[0] else replace(self, page=1, view=VIEWS[0])

    def reworded(self, text: str) -> Wish:
        """The first page of the same filters with other words."""
        return replace(self, text=text, page=1)

    def without_filters(self) -> Wish:
        """The same text with nothing else asked for."""
        return replace(self, chosen={}, ranges={}, typed={}, page=1)


@lru_cache(maxsize=512)
def _quoted(name: str, value: str) -> str:
    """A pair as an address has it; one page leads to many addresses that share most of theirs."""
    return urlencode(((name, value),))


def read_wish(arguments: MultiDict[str, str], terms: tuple[Terms, ...], spans: tuple[Span, ...], locale: str) -> Wish:
    """The wish of a query string; what it does not know is ignored, numbers that are none are named."""
    if not arguments:
        return Wish(terms=terms, spans=spans)
    specs, spec_spans = spec_filters(_values(arguments, "commodity"), _values(arguments, "category"))
    known_terms, known_spans = terms + specs, spans + spec_spans + _kept_spans(arguments, spec_spans)
    chosen = {
        each.param: _values(arguments, each.param) for each in (*known_terms, *QUIET_TERMS) if each.param in arguments
    }
    ranges: dict[str, Range] = {}
    typed: dict[str, str] = {}
    unreadable: list[str] = []
    for span in known_spans:
        low = _number(arguments, f"{span.param}.min", locale, typed, unreadable) if span.has_low else None
        high = _number(arguments, f"{span.param}.max", locale, typed, unreadable) if span.has_high else None
        if low is not None or high is not None:
            ranges[span.param] = (low, high)
    sort, view, page = arguments.get("sort", ""), arguments.get("view", ""), arguments.get("page", "")
    return Wish(
        text=arguments.get("q", "").strip()[: MAX_TEXT * 2],
        terms=known_terms,
        spans=known_spans,
        chosen={name: values for name, values in chosen.items() if values},
        ranges=ranges,
        typed=typed,
        unreadable=tuple(unreadable),
        plain=tuple(dict.fromkeys(value[:30] for value in arguments.getlist("plain")[:_MOST_PLAIN])),
        sort=sort if sort in SORTS else "",
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        view=view if view in VIEWS else VIEWS[0],
    )


def _kept_spans(arguments: MultiDict[str, str], offered: tuple[Span, ...]) -> tuple[Span, ...]:
    """Addresses that somebody kept limit what is sold by the litre in the unit of each offer: they go on doing so."""
    own = PRICES[OWN_UNIT]
    is_asked = any(f"{own.param}.{end}" in arguments for end in ("min", "max"))
    return (own,) if is_asked and PRICES["litre"] in offered else ()


def _values(arguments: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """Chosen values, each once; far too long ones cannot be ours."""
    given: Iterable[str] = arguments.getlist(name)[:MAX_VALUES]
    return tuple(dict.fromkeys(value for value in given if value and len(value) <= MAX_TEXT))


def _number(
    arguments: MultiDict[str, str], name: str, locale: str, typed: dict[str, str], unreadable: list[str]
) -> float | None:
    if name not in arguments:
        return None
    text = arguments.get(name, "").strip()[:_LONGEST_NUMBER]
    if not text:
        return None
    typed[name] = text
    value = read_number(text, locale) if text.isascii() else None
    if value is None:
        unreadable.append(text)
    return value
