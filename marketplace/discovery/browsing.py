"""Ways into the market without a search."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Category
from marketplace.discovery.engine import engine
from marketplace.i18n.formats import format_number
from search.query import FacetWanted, Query


@dataclass(frozen=True)
class Leaf:
    """A kind of goods with its list and how many listings it has; ``count`` is empty where there are none."""

    name: str
    href: str
    count: str


@dataclass(frozen=True)
class Group:
    """A top category with the categories and commodities below it."""

    head: Leaf
    key: str
    branches: tuple[tuple[Leaf, tuple[Leaf, ...]], ...]


def category_tiles(locale: str, prefix: str) -> list[Group]:
    """The whole tree of goods with counts. Raises EngineUnavailable."""
    wanted = (FacetWanted("category", size=400), FacetWanted("commodity", size=400))
    results = engine().search(Query(facets=wanted, size=1))
    counts: dict[str, int] = {}
    for field in ("category", "commodity"):
        facet = results.facet(field)
        counts |= {f"{field}={each.value}": each.count for each in (facet.values if facet else ())}
    registry = load_registry()

    def leaf(field: str, key: str, name: str) -> Leaf:
        count = counts.get(f"{field}={key}", 0)
        return Leaf(name, f"{prefix}/products?{field}={key}", format_number(count, locale) if count else "")

    def goods(category: Category) -> tuple[Leaf, ...]:
        return tuple(leaf("commodity", each.key, each.name(locale)) for each in registry.within(category.key))

    return [
        Group(
            leaf("category", root.key, root.name(locale)),
            root.key,
            tuple(
                (leaf("category", below.key, below.name(locale)), goods(below))
                for below in (registry.children(root.key) or (root,))
            ),
        )
        for root in registry.roots
    ]


def resting_links(locale: str, prefix: str) -> list[tuple[str, str]]:
    """Top categories with their addresses, for a page that must do without the engine."""
    return [(root.name(locale), f"{prefix}/products?category={root.key}") for root in load_registry().roots]
