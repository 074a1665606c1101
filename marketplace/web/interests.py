"""The goods of the commodity registry, offered to buyers as interests: the catalogue stands above their domain."""

from __future__ import annotations

from functools import cache

from marketplace.buyers.interests import InterestGroup, offered_by
from marketplace.catalogue.registry.loading import load_registry

LONG = 15  # a group with more goods is shown by its parts


@cache
def groups(locale: str) -> tuple[InterestGroup, ...]:
    """The root categories with their commodities, long ones by the categories below, named in one language."""
    registry = load_registry()
    found: list[InterestGroup] = []
    for root in registry.roots:
        parts = registry.children(root.key) if len(registry.within(root.key)) > LONG else (root,)
        for part in parts or (root,):
            goods = sorted((one.name(locale), one.key) for one in registry.within(part.key))
            if goods:
                found.append(InterestGroup(part.name(locale), tuple((key, name) for name, key in goods)))
    return tuple(found)


offered_by(groups)
