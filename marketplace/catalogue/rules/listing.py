"""The life of a listing, and which changes go back to review."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class ListingState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    LISTED = "listed"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"  # by moderation; only staff bring it back


LISTING_MOVES = {
    ListingState.DRAFT: frozenset({ListingState.IN_REVIEW, ListingState.LISTED, ListingState.WITHDRAWN}),
    ListingState.IN_REVIEW: frozenset({ListingState.DRAFT, ListingState.LISTED, ListingState.WITHDRAWN}),
    ListingState.LISTED: frozenset({ListingState.IN_REVIEW, ListingState.WITHDRAWN, ListingState.HIDDEN}),
    ListingState.WITHDRAWN: frozenset({ListingState.DRAFT, ListingState.IN_REVIEW}),
    ListingState.HIDDEN: frozenset({ListingState.DRAFT, ListingState.LISTED}),
}


class Stage(StrEnum):
    """The place in the value chain: pick, process, package, sell."""

    PETIK = "petik"
    OLAH = "olah"
    KEMAS = "kemas"
    JUAL = "jual"


class ReviewState(StrEnum):
    WAITING = "waiting"
    PUBLISHED = "published"
    RETURNED = "returned"
    DROPPED = "dropped"  # the seller withdrew before anyone decided


class CapacityKind(StrEnum):
    HARVEST = "harvest"
    FREE = "free"
    CLOSED = "closed"


class MarketRegistrationKind(StrEnum):
    FDA = "fda"
    GACC = "gacc"
    EUDR = "eudr"
    EU_APPROVAL = "eu_approval"
    UK_ORGANIC = "uk_organic"


class TextSource(StrEnum):
    """Who wrote a text: the seller (original) or a person who translated it. Nothing machine-made is an original."""

    ORIGINAL = "original"
    HUMAN = "human"
    MACHINE = "machine"


class VerifiedBy(StrEnum):
    """How staff checked a certificate."""

    ISSUER = "issuer"  # asked the issuer or its public register
    DOCUMENT = "document"  # read the document
    VISIT = "visit"  # saw the original on site


def is_valid_on(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether a certificate holds on ``day``; the last day counts."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)
