"""What happens to products and certificates."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class ProductChanged(Event):
    """Anything a reader or the index can see has changed."""

    product_id: int


@dataclass(frozen=True)
class ProductsChanged(Event):
    """As `ProductChanged`, for one batch of an import: new, changed and published products alike."""

    product_ids: tuple[int, ...]
    seller_id: int


@dataclass(frozen=True)
class ListingSubmitted(Event):
    product_id: int
    review_id: int


@dataclass(frozen=True)
class ListingPublished(Event):
    product_id: int
    review_id: int | None = None


@dataclass(frozen=True)
class ListingReturned(Event):
    product_id: int
    review_id: int


@dataclass(frozen=True)
class ListingWithdrawn(Event):
    product_id: int


@dataclass(frozen=True)
class CertificateChanged(Event):
    certificate_id: int


@dataclass(frozen=True)
class CertificateExpiring(Event):
    """The certificate ends in at most ``days`` days: 90, 30 or 7; 0 on its last day."""

    certificate_id: int
    days: int


@dataclass(frozen=True)
class CertificateExpired(Event):
    certificate_id: int


@dataclass(frozen=True)
class ListingHidden(Event):
    product_id: int


@dataclass(frozen=True)
class ListingRestored(Event):
    """A hidden listing is back: on the market, or as a draft to be mended."""

    product_id: int
