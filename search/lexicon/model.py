"""What the lexicon knows: concepts, and where a text speaks of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from search.chinese import traditional

LANGUAGES = ("en", "id", "de", "zh_Hans", "zh_Hant")

KINDS = frozenset(
    {
        "family",  # a group of goods: spices, coffee
        "product",  # goods, down to the form in which they are traded
        "attribute",  # a property a buyer may ask for: fine grade, wet-hulled
        "certificate",
        "registration",  # what an authority of a market keeps: FDA, GACC
        "incoterm",
        "packaging",
        "unit",
        "currency",
        "place",  # a country, region, port or town
        "party",  # who asks: roaster, importer, distributor
        "trade",  # words of the deal: sample, private label, lead time
    }
)


class ConceptHit(NamedTuple):
    """A concept named in a text: ``text[start:end] == surface``."""

    concept: str
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that trade people name in many ways."""

    id: str
    kind: str
    names: Mapping[str, tuple[str, ...]]
    """Language to the names in it, the preferred one first."""
    misspellings: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    """HS 2022 codes of six digits, the usual one first."""
    broader: tuple[str, ...] = ()
    substitutes: tuple[str, ...] = ()
    """What a buyer often takes instead, weaker than the thing itself."""
    confused_with: tuple[str, ...] = ()
    """Looks alike or sounds alike, and is not the same."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else a reader needs: the country of a place, the kilograms of a unit, the group of an attribute."""

    def label(self, lang: str) -> str:
        """The preferred name in a language, or the English one, or the id; Chinese comes in both scripts."""
        if lang == "zh_Hant" and not self.names.get(lang) and self.names.get("zh_Hans"):
            return traditional(self.names["zh_Hans"][0])
        for each in (lang, "en"):
            if self.names.get(each):
                return self.names[each][0]
        return self.id
