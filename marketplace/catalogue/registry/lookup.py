"""The registry as a whole: look-ups by key, category, HS code and name."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from marketplace.catalogue.registry.types import Category, Commodity, Container, GradeBand, Labels, SpecField, label
from marketplace.kernel.measures import Quantity


class CommodityUnknown(KeyError):
    """No commodity has this key."""


@dataclass(frozen=True, slots=True)
class Registry:
    """All commodities, categories and fields; made once by ``load_registry`` and never changed."""

    version: str
    commodities: Mapping[str, Commodity]
    categories: Mapping[str, Category]
    fields: Mapping[str, SpecField]
    containers: Mapping[str, Container]
    sni_2907_grades: tuple[GradeBand, ...]
    terms: Mapping[str, Labels]
    minimums: Mapping[str, Quantity]
    keys_by_name: Mapping[str, frozenset[str]]

    def __iter__(self) -> Iterator[Commodity]:
        return iter(self.commodities.values())

    def commodity(self, key: str) -> Commodity:
        """The commodity; raises ``CommodityUnknown``."""
        try:
            return self.commodities[key]
        except KeyError:
            raise CommodityUnknown(key) from None

    def named(self, text: str) -> tuple[Commodity, ...]:
        """The commodities with this key, name or search word in any language; several when a word is shared."""
        if text in self.commodities:
            return (self.commodities[text],)
        return tuple(self.commodities[key] for key in sorted(self.keys_by_name.get(folded(text), ())))

    @property
    def roots(self) -> tuple[Category, ...]:
        """The categories at the top of the tree, in display order."""
        return tuple(category for category in self.categories.values() if not category.parent)

    def children(self, category: str) -> tuple[Category, ...]:
        """The categories one step below."""
        return tuple(self.categories[key] for key in self.categories[category].children)

    def path(self, category: str) -> tuple[Category, ...]:
        """From the top down to the category itself, for breadcrumbs."""
        steps = category.split("/")
        return tuple(self.categories["/".join(steps[:end])] for end in range(1, len(steps) + 1))

    def within(self, category: str) -> tuple[Commodity, ...]:
        """The commodities of a category and of all below it."""
        below = category + "/"
        return tuple(c for c in self.commodities.values() if c.category == category or c.category.startswith(below))

    def with_hs(self, prefix: str) -> tuple[Commodity, ...]:
        """The commodities one of whose HS codes begins with these digits."""
        return tuple(c for c in self.commodities.values() if any(code.startswith(prefix) for code in c.hs_codes))

    def facets(self, commodities: Iterable[str]) -> tuple[SpecField, ...]:
        """The fields that all these commodities share and that can be filtered by: those that decide for one of them
        first, then the others, in the first one's order."""
        chosen = [self.commodity(key) for key in commodities]
        if not chosen:
            return ()
        shared = set.intersection(*(set(commodity.rules) for commodity in chosen))
        found = [rule.field for key, rule in chosen[0].rules.items() if key in shared and rule.field.facet]
        return tuple(sorted(found, key=lambda field: not self.decides(field.key, chosen)))

    def decides(self, field: str, commodities: Iterable[Commodity]) -> bool:
        """Whether buyers of one of these commodities decide by a field."""
        return any(field in each.rules and each.rules[field].is_critical for each in commodities)

    def usual_minimum(self, commodity: Commodity) -> tuple[str, Quantity] | None:
        """The smallest order that is usual for a commodity or its nearest group that has one, with the key of that
        commodity or category."""
        for key in (commodity.key, *(each.key for each in reversed(self.path(commodity.category)))):
            if key in self.minimums:
                return key, self.minimums[key]
        return None

    def group_name(self, key: str, locale: str = "en") -> str:
        """The name of a category or of a commodity."""
        group = self.categories.get(key) or self.commodity(key)
        return group.name(locale)

    def term(self, key: str, locale: str = "en") -> str:
        """The label of a stage, level or answer: ``stage:petik``, ``level:raw``, ``bool:yes``."""
        return label(self.terms[key], locale)


def folded(text: str) -> str:
    """A name as it is compared: case, accents of width and spacing do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
