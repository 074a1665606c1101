"""Which fields documents may carry; both engines refuse any other."""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "id", "de", "zh_Hans", "zh_Hant")
SPEC_PREFIX = "spec."
COMMODITY = "commodity"  # the keyword field that says which goods a document is registered as
CATEGORY = "category"  # the keyword field by which ranking knows of what kind a document is

# Raise it when the analysis, a mapping or a table changes in a way that asks for a rebuild.
SCHEMA_VERSION = 7


@dataclass(frozen=True)
class Schema:
    """Names of keyword and numeric fields, and of ranking signals; specification fields (``spec.*``) are open.

    ``dimensions`` is how long the vectors of documents are, 0 where they have none.
    """

    keywords: frozenset[str]
    numbers: frozenset[str]
    signals: frozenset[str] = frozenset()
    dimensions: int = 0

    def knows_keyword(self, name: str) -> bool:
        """Whether ``name`` may be filtered and counted by value."""
        return name in self.keywords or name.startswith(SPEC_PREFIX)

    def knows_number(self, name: str) -> bool:
        """Whether ``name`` may be filtered by range."""
        return name in self.numbers or name.startswith(SPEC_PREFIX)

    def unknown(
        self, keywords: Mapping[str, object], numbers: Mapping[str, object], signals: Mapping[str, object]
    ) -> list[str]:
        """Names that do not belong, in stable order."""
        wrong = [name for name in keywords if not self.knows_keyword(name)]
        wrong += [name for name in numbers if not self.knows_number(name)]
        wrong += [name for name in signals if name not in self.signals]
        return sorted(wrong)


CATALOGUE = Schema(
    keywords=frozenset(
        {
            COMMODITY,
            CATEGORY,  # every level of the tree above a commodity, so that a branch counts its leaves
            "stage",
            "hs_chapter",
            "origin_country",
            "regency",
            "incoterm",
            "ships_to",
            "market_ready",
            "offer_language",
            "verified_level",
            "seller",
            "port",
            "crop_year",
            "registration",
            "tag",  # sample_available, private_label and the like
        }
    ),
    numbers=frozenset(
        {
            "price_usd_kg",
            "price_usd_piece",
            "price_usd_litre",
            "price_usd_unit",  # for one unit in which it is priced: a metre, a pouch; a litre, a kilogram of what is so
            "moq_kg",
            "moq_pieces",
            "capacity_kg",
            "capacity_pieces",
            "lead_days",
            "listed_at",  # seconds since 1970, UTC
            "products",  # of a seller
        }
    ),
    signals=frozenset({"freshness", "completeness", "answer_rate", "verified", "exposure"}),
    dimensions=128,
)
