"""The catalogue's rules by subject; the states and kinds that everyone needs can be imported from here."""

from marketplace.catalogue.rules.listing import (
    LISTING_MOVES,
    CapacityKind,
    ListingState,
    MarketRegistrationKind,
    ReviewState,
    Stage,
    TextSource,
    VerifiedBy,
    is_valid_on,
)

__all__ = [
    "LISTING_MOVES",
    "CapacityKind",
    "ListingState",
    "MarketRegistrationKind",
    "ReviewState",
    "Stage",
    "TextSource",
    "VerifiedBy",
    "is_valid_on",
]
