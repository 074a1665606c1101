"""Filters and counts: each facet is counted under all other filters."""

from __future__ import annotations

from datetime import date

from search.document import Document
from search.engine import Engine
from search.parser import parse
from search.query import CertificateFilter, FacetWanted, KeywordFilter, NumberFilter, Query, Sort
from search.results import Facet, Results
from tests.contract.search.corpus import TODAY

FACETS = (
    FacetWanted("stage"),
    FacetWanted("incoterm"),
    FacetWanted("certificate"),
    FacetWanted("price_usd_kg", edges=(2.0, 7.0)),
    FacetWanted("spec.process"),
    FacetWanted("spec.cup_score", edges=(84.0,)),
)


def ask(engine: Engine, *filters: KeywordFilter | NumberFilter | CertificateFilter, day: date = TODAY) -> Results:
    """All products under some filters, with every facet."""
    return engine.search(Query(filters=filters, facets=FACETS, day=day, size=50))


def counts(results: Results, field: str) -> dict[str, int]:
    """A facet's values and their counts."""
    facet = results.facet(field)
    assert isinstance(facet, Facet)
    return {each.value: each.count for each in facet.values}


def spans(results: Results, field: str) -> list[tuple[float | None, float | None, int]]:
    """A facet's ranges."""
    facet = results.facet(field)
    assert isinstance(facet, Facet)
    return [(each.low, each.high, each.count) for each in facet.ranges]


def test_counts_without_filters(filled: Engine) -> None:
    results = ask(filled)
    assert results.total == 7
    assert counts(results, "stage") == {"olah": 3, "petik": 2, "jual": 1, "kemas": 1}
    assert counts(results, "incoterm") == {"FOB": 5, "CIF": 2, "EXW": 2}
    assert spans(results, "price_usd_kg") == [(None, 2.0, 1), (2.0, 7.0, 3), (7.0, None, 2)]
    assert counts(results, "spec.process") == {"natural": 1, "washed": 1}
    assert spans(results, "spec.cup_score") == [(None, 84.0, 1), (84.0, None, 1)]


def test_values_by_falling_count_then_name(filled: Engine) -> None:
    facet = ask(filled).facet("incoterm")
    assert facet is not None
    assert [each.value for each in facet.values] == ["FOB", "CIF", "EXW"]


def test_extremes(filled: Engine) -> None:
    facet = ask(filled, KeywordFilter("stage", ("petik",))).facet("price_usd_kg")
    assert facet is not None
    assert (facet.low, facet.high) == (6.4, 7.2)


def test_own_filter_does_not_narrow_a_facet(filled: Engine) -> None:
    results = ask(filled, KeywordFilter("incoterm", ("EXW",)))
    assert set(results.keys) == {1, 7}
    assert counts(results, "incoterm") == {"FOB": 5, "CIF": 2, "EXW": 2}
    assert counts(results, "stage") == {"jual": 1, "petik": 1}


def test_two_filters(filled: Engine) -> None:
    results = ask(filled, KeywordFilter("stage", ("olah", "petik")), KeywordFilter("incoterm", ("CIF",)))
    assert set(results.keys) == {3, 6}
    assert counts(results, "stage") == {"olah": 2, "petik": 0}  # a chosen value stays visible
    assert counts(results, "incoterm") == {"FOB": 4, "CIF": 2, "EXW": 1}
    assert spans(results, "price_usd_kg") == [(None, 2.0, 1), (2.0, 7.0, 0), (7.0, None, 1)]


def test_all_required(filled: Engine) -> None:
    results = ask(filled, KeywordFilter("incoterm", ("FOB", "CIF"), all_required=True))
    assert results.keys == (6,)
    assert counts(results, "incoterm") == {"FOB": 1, "CIF": 1}


def test_chosen_value_stays_visible(filled: Engine) -> None:
    facet = ask(filled, KeywordFilter("stage", ("jual",)), KeywordFilter("incoterm", ("CIF",))).facet("incoterm")
    assert facet is not None
    chosen = [each for each in facet.values if each.is_selected]
    assert [(each.value, each.count) for each in chosen] == [("CIF", 0)]


def test_ranges_are_closed(filled: Engine) -> None:
    assert set(ask(filled, NumberFilter("price_usd_kg", high=2.1)).keys) == {4, 6}
    assert set(ask(filled, NumberFilter("price_usd_kg", low=7.2, high=9.0)).keys) == {2, 3}
    assert set(ask(filled, NumberFilter("spec.cup_score", low=84)).keys) == {1}
    assert ask(filled, NumberFilter("price_usd_kg", low=5, high=4)).total == 0


def test_certificates_count_while_they_are_valid(filled: Engine) -> None:
    assert counts(ask(filled), "certificate") == {"halal": 3, "organic-eu": 1}
    assert counts(ask(filled, day=date(2026, 11, 21)), "certificate") == {"halal": 3, "organic-eu": 2}
    assert counts(ask(filled, day=date(2026, 11, 23)), "certificate") == {"halal": 3}
    assert counts(ask(filled, day=date(2030, 1, 1)), "certificate") == {"halal": 1}


def test_certificate_filter_follows_the_day(filled: Engine) -> None:
    wanted = CertificateFilter(("organic-eu",))
    assert ask(filled, wanted).keys == (1,)
    assert set(ask(filled, wanted, day=date(2026, 11, 1)).keys) == {1, 2}
    assert ask(filled, wanted, day=date(2027, 1, 1)).total == 0
    both = CertificateFilter(("organic-eu", "halal"), all_required=True)
    assert ask(filled, both).keys == (1,)
    assert set(ask(filled, CertificateFilter(("organic-eu", "halal"))).keys) == {1, 3, 4}


def test_facet_of_a_value_nobody_has(filled: Engine) -> None:
    results = filled.search(Query(filters=(KeywordFilter("regency", ("nowhere",)),), facets=(FacetWanted("regency"),)))
    assert results.total == 0
    assert counts(results, "regency") == {"nowhere": 0}


def test_size_cuts_a_facet(filled: Engine) -> None:
    results = filled.search(Query(facets=(FacetWanted("incoterm", size=1),)))
    assert counts(results, "incoterm") == {"FOB": 5}


def test_prices_by_the_litre_are_compared_with_each_other_alone(engine: Engine) -> None:
    """As typed, as a facet and as an order; what has a price for another unit is not among them, and stands last."""
    prices = {
        1: {"price_usd_litre": 1.5},
        2: {"price_usd_litre": 6.0},
        3: {"price_usd_kg": 1.0},
        4: {"price_usd_unit": 1.0},
    }
    engine.put([Document("product", key, 1, {"en": "Coconut water"}, numbers=own) for key, own in prices.items()])
    engine.refresh()
    assert engine.search(Query(sort=Sort("price_usd_litre"))).keys[:2] == (1, 2)
    assert engine.search(Query(sort=Sort("price_usd_litre", is_descending=True))).keys[:2] == (2, 1)
    assert engine.search(parse("coconut water under 5 usd per liter")).keys == (1,)
    results = engine.search(Query(facets=(FacetWanted("price_usd_litre", edges=(2.0,)),)))
    assert spans(results, "price_usd_litre") == [(None, 2.0, 1), (2.0, None, 1)]
