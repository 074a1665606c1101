"""Goods near to what was asked for and not found: of the same family, or what buyers take instead."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from marketplace.catalogue.registry.loading import load_registry
from marketplace.discovery.engine import engine
from marketplace.i18n.formats import format_number
from search.analysis import find_concepts, lexicon
from search.query import FacetWanted, Query

MOST = 6
_NARROW = 5  # a family that says something has at most this part of all goods


@dataclass(frozen=True)
class Near:
    """Goods with their list and how many listings it has."""

    name: str
    href: str
    count: str


def nearest_goods(text: str, chosen: tuple[str, ...], locale: str, prefix: str) -> list[Near]:
    """Goods on the market near to what a text speaks of, or to chosen commodities; the nearest first.

    Raises EngineUnavailable.
    """
    asked = dict.fromkeys([*(hit.concept for hit in find_concepts(text, locale, repair=True)), *chosen])
    if not asked:
        return []
    facet = engine().search(Query(facets=(FacetWanted("commodity", size=400),), size=1)).facet("commodity")
    counts = {each.value: each.count for each in (facet.values if facet else ()) if each.count}
    registry = load_registry()
    scores = {key: sum(_nearness(concept, key) for concept in asked) for key in counts if key in registry.commodities}
    ranked = sorted((key for key in scores if scores[key]), key=lambda key: (-scores[key], -counts[key], key))
    return [
        Near(registry.commodities[key].name(locale), f"{prefix}/products?commodity={key}",
             format_number(counts[key], locale))
        for key in ranked[:MOST]
    ]  # fmt: skip


def _nearness(asked: str, goods: str) -> int:
    """How near two concepts are: the thing itself, what stands in for it, what shares its families."""
    known = lexicon()
    concept = known.concepts.get(asked)
    if concept is None or concept.kind not in ("product", "family"):
        return 0
    if asked == goods or asked in known.closure(goods):
        return 20
    if goods in concept.substitutes:
        return 10
    shared = set(known.closure(asked)[1:]) & set(known.closure(goods)[1:])
    return len(shared - _too_wide(id(known)))


@lru_cache(maxsize=2)
def _too_wide(_reading: int) -> frozenset[str]:
    """Families that so many goods belong to that sharing one says nothing: food, goods of the farm."""
    known, commodities = lexicon(), load_registry().commodities
    counts = Counter(family for key in commodities for family in known.closure(key)[1:])
    return frozenset(family for family, count in counts.items() if count * _NARROW > len(commodities))
