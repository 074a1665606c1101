"""Which documents a change touches: one table, event -> documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.events import OrganisationChanged, OrganisationVerified
from marketplace.catalogue.events import (
    CertificateChanged,
    CertificateExpired,
    ListingHidden,
    ListingPublished,
    ListingRestored,
    ListingReturned,
    ListingSubmitted,
    ListingWithdrawn,
    ProductChanged,
    ProductsChanged,
)
from marketplace.catalogue.models import Certificate, Product, ProductCertificate
from marketplace.closures.events import ClosureChanged, ClosureTurned
from marketplace.discovery.rules import PRODUCT, SELLER
from marketplace.discovery.services import Name
from marketplace.kernel.events import Event
from marketplace.offers.events import OfferChanged, OfferTurned
from marketplace.reviews.events import ReviewShown
from marketplace.sellers.events import SellerChanged, SellerCurated, SellerRegistered
from marketplace.sellers.models import Seller

Touches = Callable[[Session, Any], Iterable[Name]]


def _product(session: Session, event: Any) -> Iterable[Name]:
    """The product, and its seller, whose document lists what they sell."""
    seller = session.scalar(select(Product.seller_id).where(Product.id == event.product_id))
    return [(PRODUCT, event.product_id)] + ([(SELLER, seller)] if seller is not None else [])


def _products(_session: Session, event: Any) -> Iterable[Name]:
    """All products of a batch, and their seller."""
    return [*((PRODUCT, key) for key in event.product_ids), (SELLER, event.seller_id)]


def _certificate(session: Session, event: Any) -> Iterable[Name]:
    """Every product the certificate covers, and the seller who holds it."""
    products = session.scalars(
        select(ProductCertificate.product_id).where(ProductCertificate.certificate_id == event.certificate_id)
    )
    sellers = session.scalars(select(Certificate.seller_id).where(Certificate.id == event.certificate_id))
    return [*((PRODUCT, key) for key in products), *((SELLER, key) for key in sellers)]


def _seller(session: Session, event: Any) -> Iterable[Name]:
    return _of_sellers(session, [event.seller_id])


def _review(_session: Session, event: Any) -> Iterable[Name]:
    """The goods or the seller whose page shows the review; search itself knows nothing of reviews."""
    return [(SELLER, event.seller_id) if event.product_id is None else (PRODUCT, event.product_id)]


def _organisation(session: Session, event: Any) -> Iterable[Name]:
    return _of_sellers(
        session, list(session.scalars(select(Seller.id).where(Seller.organisation_id == event.organisation_id)))
    )


def _of_sellers(session: Session, sellers: list[int]) -> list[Name]:
    """Sellers with everything they sell."""
    products = session.scalars(select(Product.id).where(Product.seller_id.in_(sellers)))
    return [*((SELLER, key) for key in sellers), *((PRODUCT, key) for key in products)]


CASCADE: dict[type[Event], Touches] = {
    ProductChanged: _product,
    ProductsChanged: _products,
    ListingSubmitted: _product,
    ListingPublished: _product,
    ListingReturned: _product,
    ListingWithdrawn: _product,
    ListingHidden: _product,
    ListingRestored: _product,
    CertificateChanged: _certificate,
    CertificateExpired: _certificate,
    SellerRegistered: _seller,
    SellerChanged: _seller,
    SellerCurated: _seller,
    ClosureChanged: _seller,
    ClosureTurned: _seller,
    OfferChanged: _product,
    OfferTurned: _product,
    ReviewShown: _review,
    OrganisationChanged: _organisation,
    OrganisationVerified: _organisation,
}
