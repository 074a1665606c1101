"""Listings and certificates: what their events tell the seller's people."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.queries import member_ids
from marketplace.catalogue.events import CertificateExpired, CertificateExpiring, ListingPublished, ListingReturned
from marketplace.catalogue.models import Certificate, Product, ProductText
from marketplace.kernel.events import on
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify
from marketplace.sellers.models import Seller


@on(ListingPublished)
def say_published(session: Session, event: ListingPublished) -> None:
    """Only a curator's decision is news; an import lists without one."""
    if event.review_id is None:
        return
    product = session.get_one(Product, event.product_id)
    _tell_seller(
        session,
        product.seller_id,
        Kind.LISTING_PUBLISHED,
        f"review:{event.review_id}",
        {"product": title_of(session, product)},
        f"/products/{product.slug}",
    )


@on(ListingReturned)
def say_returned(session: Session, event: ListingReturned) -> None:
    """The curator's notes stand at the fields; the notice only leads there."""
    product = session.get_one(Product, event.product_id)
    _tell_seller(
        session,
        product.seller_id,
        Kind.LISTING_RETURNED,
        f"review:{event.review_id}",
        {"product": title_of(session, product)},
        f"/selling/products/{product.slug}/edit",
    )


@on(CertificateExpiring)
def say_expiring(session: Session, event: CertificateExpiring) -> None:
    """Ninety, thirty and seven days before, and on the last day."""
    certificate = session.get_one(Certificate, event.certificate_id)
    about = f"certificate:{certificate.id}:{certificate.valid_to}:{event.days}"
    context = {"certificate": name_of(certificate), "date": str(certificate.valid_to)}
    _tell_seller(session, certificate.seller_id, Kind.CERTIFICATE_ENDING, about, context, "/selling/certificates")


@on(CertificateExpired)
def say_expired(session: Session, event: CertificateExpired) -> None:
    """The badge is gone; the seller learns why."""
    certificate = session.get_one(Certificate, event.certificate_id)
    about = f"certificate:{certificate.id}:{certificate.valid_to}"
    context = {"certificate": name_of(certificate)}
    _tell_seller(session, certificate.seller_id, Kind.CERTIFICATE_EXPIRED, about, context, "/selling/certificates")


def title_of(session: Session, product: Product) -> str:
    """The product's title as its seller wrote it."""
    query = select(ProductText.title).where(
        ProductText.product_id == product.id, ProductText.language == product.original_language
    )
    return session.scalar(query) or product.slug


def name_of(certificate: Certificate) -> str:
    """Issuer and number, as they stand on the paper."""
    return f"{certificate.issuer} {certificate.number}".strip()


def _tell_seller(session: Session, seller_id: int, kind: Kind, about: str, context: dict[str, str], href: str) -> None:
    seller = session.get_one(Seller, seller_id)
    notify(session, kind, about, member_ids(session, seller.organisation_id), context, href)
