"""The goods of the commodity registry, offered to buyers as interests: the catalogue stands above their domain."""

from __future__ import annotations

from functools import cache

from marketplace.buyers.interests import InterestGroup, offered_by
from marketplace.catalogue.registry.loading import load_registry


@cache
def groups(locale: str) -> tuple[InterestGroup, ...]:
    """Every root category with its commodities, by name in one language."""
    registry = load_registry()
    found = []
    for root in registry.roots:
        goods = sorted((one.name(locale), one.key) for one in registry.within(root.key))
        if goods:
            found.append(InterestGroup(root.name(locale), tuple((key, name) for name, key in goods)))
    return tuple(found)


offered_by(groups)
