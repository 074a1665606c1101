"""A seller's own products and certificates, and what staff look at: whole objects, for changing them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import (
    Certificate,
    CommoditySetting,
    ListingReview,
    Product,
    ProductCertificate,
    ProductText,
)
from marketplace.catalogue.policies import held_by, owned_by
from marketplace.catalogue.rules import ListingState, ReviewState
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.sellers.models import Producer, Seller, SellerProducer

WHOLE = (
    selectinload(Product.texts),
    selectinload(Product.specs),
    selectinload(Product.prices),
    selectinload(Product.certificates).joinedload(ProductCertificate.certificate),
    selectinload(Product.photos),
    selectinload(Product.months),
    selectinload(Product.registrations),
    selectinload(Product.tariff_codes),
    joinedload(Product.seller).joinedload(Seller.organisation),
    joinedload(Product.producer),
)


def own_product(session: Session, actor: Actor, slug: str) -> Product:
    """The actor's product with all its parts; `NotFound` for a missing and for a foreign one alike."""
    return _found(session, select(Product).where(Product.slug == slug, owned_by(actor)))


def any_product(session: Session, product_id: int) -> Product:
    """A product with all its parts, for staff and jobs."""
    return _found(session, select(Product).where(Product.id == product_id))


def _found(session: Session, query: Select[Product]) -> Product:
    # objects read earlier in this session are read again: decisions rest on what is locked
    product = session.scalar(query.options(*WHOLE).execution_options(populate_existing=True))
    if product is None:
        raise NotFound
    return product


@dataclass(frozen=True)
class OwnRow:
    """A line of the seller's list."""

    slug: str
    title: str
    commodity: str
    state: str
    cover_photo: str
    changed_at: datetime
    has_note: bool


def own_products(session: Session, actor: Actor, number: int, state: str = "") -> Page[OwnRow]:
    """The actor's products, those that need something first."""
    order = {
        ListingState.DRAFT: 0, ListingState.HIDDEN: 0, ListingState.IN_REVIEW: 1, ListingState.LISTED: 2,
        ListingState.WITHDRAWN: 3,
    }  # fmt: skip
    from sqlalchemy import case

    newest = (
        select(func.max(ListingReview.id)).where(ListingReview.product_id == Product.id).correlate(Product)
    ).scalar_subquery()
    query = (
        select(
            Product.slug, Product.card_titles, Product.original_language, Product.commodity, Product.state,
            Product.cover_photo, Product.changed_at, ListingReview.state,
        )
        .outerjoin(ListingReview, ListingReview.id == newest)
        .where(owned_by(actor))
        .order_by(case(order, value=Product.state), Product.changed_at.desc(), Product.id)
    )  # fmt: skip
    if state in set(ListingState):
        query = query.where(Product.state == state)
    page = page_of(session, query, number)
    rows = [
        OwnRow(
            slug, titles.get(language, ""), commodity, now_state, cover, changed,
            review == ReviewState.RETURNED and now_state == ListingState.DRAFT,
        )
        for slug, titles, language, commodity, now_state, cover, changed, review in page.items
    ]  # fmt: skip
    return Page(rows, page.number, page.size, page.has_next)


def own_counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many products of the actor's are in each state."""
    rows = session.execute(select(Product.state, func.count()).where(owned_by(actor)).group_by(Product.state))
    return dict(list(rows))


def seller_of(session: Session, actor: Actor) -> Seller:
    """The actor's seller of record."""
    seller = session.scalar(
        select(Seller)
        .options(joinedload(Seller.organisation))
        .where(Seller.organisation_id == actor.organisation_id)
        .order_by(Seller.id)
        .limit(1)
    )
    if seller is None or not actor.is_seller:
        raise NotFound
    return seller


def producers_of(session: Session, seller_id: int) -> list[Producer]:
    """The producers that a seller sells for, by name."""
    return list(
        session.scalars(
            select(Producer)
            .join(SellerProducer, SellerProducer.producer_id == Producer.id)
            .where(SellerProducer.seller_id == seller_id)
            .order_by(Producer.name)
        )
    )


def own_certificates(session: Session, actor: Actor) -> list[Certificate]:
    """The actor's certificates with their documents, the next to end first."""
    return list(
        session.scalars(
            select(Certificate)
            .options(joinedload(Certificate.file))
            .where(held_by(actor))
            .order_by(Certificate.valid_to.is_(None), Certificate.valid_to, Certificate.id)
        )
    )


def own_certificate(session: Session, actor: Actor, certificate_id: int) -> Certificate:
    """One certificate of the actor's; `NotFound` for a missing and for a foreign one alike."""
    certificate = session.scalar(
        select(Certificate)
        .options(joinedload(Certificate.file))
        .where(Certificate.id == certificate_id, held_by(actor))
        .execution_options(populate_existing=True)
    )
    if certificate is None:
        raise NotFound
    return certificate


def products_with(session: Session, certificate_id: int) -> list[tuple[int, str, str]]:
    """Key, slug and state of every product that a certificate covers."""
    rows = session.execute(
        select(Product.id, Product.slug, Product.state)
        .join(ProductCertificate, ProductCertificate.product_id == Product.id)
        .where(ProductCertificate.certificate_id == certificate_id)
        .order_by(Product.id)
    )
    return [(key, slug, state) for key, slug, state in rows]


def latest_review(session: Session, product_id: int) -> ListingReview | None:
    """The newest round of curation of a product."""
    return session.scalar(
        select(ListingReview).where(ListingReview.product_id == product_id).order_by(ListingReview.id.desc()).limit(1)
    )


@dataclass(frozen=True)
class WaitingReview:
    """A line of the curation desk's queue."""

    review_id: int
    product_id: int
    slug: str
    title: str
    commodity: str
    seller: str
    submitted_at: datetime
    changed_claims: tuple[str, ...]


def waiting_reviews(session: Session, number: int, size: int = 25) -> Page[WaitingReview]:
    """Listings that wait for a curator, the longest waiting first."""
    query = (
        select(
            ListingReview.id, Product.id, Product.slug, Product.card_titles, Product.original_language,
            Product.commodity, Organisation.name, ListingReview.submitted_at, ListingReview.changed_claims,
        )
        .join(Product, Product.id == ListingReview.product_id)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(ListingReview.state == ReviewState.WAITING)
        .order_by(ListingReview.submitted_at, ListingReview.id)
    )  # fmt: skip
    page = page_of(session, query, number, size)
    rows = [
        WaitingReview(review, key, slug, titles.get(language, ""), commodity, seller, at, tuple(claims))
        for review, key, slug, titles, language, commodity, seller, at, claims in page.items
    ]
    return Page(rows, page.number, page.size, page.has_next)


def paused_commodities(session: Session, keys: Iterable[str] | None = None) -> dict[str, str]:
    """Commodities that operators have paused, each with the note to sellers."""
    query = select(CommoditySetting.commodity, CommoditySetting.note).where(CommoditySetting.is_offered.is_(False))
    if keys is not None:
        query = query.where(CommoditySetting.commodity.in_(list(keys)))
    return dict(list(session.execute(query)))


def slug_is_taken(session: Session, slug: str) -> bool:
    """Whether a product has this address already."""
    return session.scalar(select(Product.id).where(Product.slug == slug)) is not None


def text_of(product: Product, language: str) -> ProductText | None:
    """The product's text in one language."""
    return next((text for text in product.texts if text.language == language), None)
