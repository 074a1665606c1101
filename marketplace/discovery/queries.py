"""Searches for the pages, and what staff see of the index and of searches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.discovery.address import SORTS, Wish
from marketplace.discovery.engine import engine, switched_off
from marketplace.discovery.facets import QUIET_TERMS, Span, Terms
from marketplace.discovery.measuring import dollar_rates, price_units
from marketplace.discovery.memory import Shared
from marketplace.discovery.models import SearchLog, StaleDocument
from marketplace.discovery.rules import PRODUCT
from marketplace.kernel.clock import today
from search.conditions import QUANTITY
from search.parser import parse
from search.query import CERTIFICATE, CertificateFilter, FacetWanted, Filter, KeywordFilter, NumberFilter, Query
from search.results import Results

PAGE_SIZE = 24
_FACET_SIZE = 60


@dataclass(frozen=True)
class Found:
    """What was asked and what came of it; ``set_aside`` are words of the text that were read as a condition which
    nothing meets, so that the results do without it."""

    query: Query
    results: Results
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndexHealth:
    """How the index stands: does it answer, is it of this release, how many documents, how many wait, since when."""

    is_ready: bool
    is_current: bool
    documents: int
    waiting: int
    waiting_since: datetime | None
    detail: str


@dataclass(frozen=True)
class Searched:
    """Searches for one text in one language."""

    text: str
    language: str
    count: int
    last_results: int
    last_at: datetime


def query_of(wish: Wish, locale: str, kind: str = PRODUCT, *, with_facets: bool = True) -> Query:
    """The search behind a wish. Raises QueryRefused when it asks for more than a search allows."""
    parsed = parse(
        wish.text, locale, day=today(), rates=dollar_rates(), plain=wish.plain,
        goods=wish.chosen.get("commodity", ()), price_units=price_units(),
    )  # fmt: skip
    facets: tuple[FacetWanted, ...] = ()
    if with_facets:
        facets = tuple(FacetWanted(each.field, size=_FACET_SIZE) for each in wish.terms if is_shown(each, wish))
        facets += tuple(FacetWanted(each.field, size=1, edges=(0.0,)) for each in wish.spans)
    return replace(
        parsed,
        kind=kind,
        filters=tuple(_filters(wish)),
        facets=facets,
        sort=SORTS[wish.sort],
        page=wish.page,
        size=PAGE_SIZE,
        highlight=bool(wish.text),
        related=kind == PRODUCT,
        signals_off=switched_off(),
    )


def is_shown(terms: Terms, wish: Wish) -> bool:
    """Ninety commodities mean little before the kind of goods is chosen or named."""
    return terms.param != "commodity" or bool(wish.text or wish.chosen.get("commodity") or wish.chosen.get("category"))


def find(wish: Wish, locale: str, kind: str = PRODUCT, known: Shared | None = None) -> Found:
    """The page of a wish. Raises EngineUnavailable when the engine does not answer.

    Filters count the same on every page and in every order of a list, so they are counted once a state of the market.
    """
    name = (kind, locale, wish.narrowing)
    known = known or Shared()
    facets = known.facets.get(name)
    query = _asked(wish, locale, kind, known, is_counted=facets is not None)
    results, set_aside = _searched_for(query)
    if facets is None:
        known.facets.put(name, results.facets)
    else:
        results = replace(results, facets=facets)
    return Found(query, results, set_aside if kind == PRODUCT else ())  # no seller has a minimum order of its own


def _asked(wish: Wish, locale: str, kind: str, known: Shared, *, is_counted: bool) -> Query:
    """The search behind a wish; whoever turns a page has said the same words, which are read once."""
    name = (kind, locale, wish.narrowing, wish.sort)
    query = known.queries.get(name) if is_counted else None
    if query is None:
        query = known.queries.put(name, query_of(wish, locale, kind, with_facets=not is_counted))
    if is_counted and (query.facets or query.page != wish.page):
        return replace(query, page=wish.page, facets=())
    return query


def _searched_for(query: Query) -> tuple[Results, tuple[str, ...]]:
    """What is found; where nobody sells as little as the text says is wanted, what there is of the goods all the same.

    "300 kg coffee" says how much somebody would like, and a seller of 500 kg is worth asking; what is chosen as a
    filter or said as a limit stays one.
    """
    results = engine().search(query)
    wishes = [each for each in query.understood if each.name == QUANTITY]
    if results.total or not wishes:
        return results, ()
    without = replace(query, understood=tuple(each for each in query.understood if each.name != QUANTITY))
    again = engine().search(without)
    return (again, tuple(each.surface for each in wishes)) if again.total else (results, ())


def count_matching(wish: Wish, locale: str, kind: str = PRODUCT) -> int:
    """How many there are, and nothing else."""
    query = query_of(replace(wish, page=1), locale, kind, with_facets=False)
    return engine().search(replace(query, size=1, highlight=False, related=False)).total


def _filters(wish: Wish) -> Iterable[Filter]:
    terms: dict[str, Terms] = {each.param: each for each in (*wish.terms, *QUIET_TERMS)}
    spans: dict[str, Span] = {each.param: each for each in wish.spans}
    for param, values in wish.chosen.items():
        field = terms[param].field
        yield CertificateFilter(values) if field == CERTIFICATE else KeywordFilter(field, values)
    for param, (low, high) in wish.ranges.items():
        yield NumberFilter(spans[param].field, low, high)


def index_health(session: Session) -> IndexHealth:
    """For the console and the checks; never raises for an engine that does not answer."""
    health = engine().health()
    waiting, since = session.execute(select(func.count(), func.min(StaleDocument.marked_at))).one()
    return IndexHealth(health.is_ready, health.is_current, health.documents, waiting, since, health.detail)


def searches_without_results(session: Session, limit: int = 50) -> list[Searched]:
    """What people asked for and did not find, most wanted first."""
    return _searched(session, SearchLog.results == 0, limit)


def frequent_searches(session: Session, limit: int = 50) -> list[Searched]:
    """What people ask for most."""
    return _searched(session, SearchLog.results >= 0, limit)


def _searched(session: Session, which: object, limit: int) -> list[Searched]:
    total = func.sum(SearchLog.count)
    rows = session.execute(
        select(SearchLog.text, SearchLog.language, total, func.max(SearchLog.results), func.max(SearchLog.at))
        .where(which)  # type: ignore[arg-type]
        .group_by(SearchLog.text, SearchLog.language)
        .order_by(total.desc(), SearchLog.text)
        .limit(limit)
    )
    return [Searched(text, language, int(count), results, at) for text, language, count, results, at in rows]
