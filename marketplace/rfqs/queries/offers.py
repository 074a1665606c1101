"""What can be asked about: a listed product of a seller who takes requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product, ProductText
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.measures import Contents, Quantity
from marketplace.rfqs.policies import can_be_asked
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class Offer:
    """A product as one asks about it; ``moq`` is in ``unit``, ``contents`` says what packages and containers hold."""

    product_id: int
    slug: str
    title: str
    commodity: str
    unit: str
    moq: Decimal | None
    contents: Contents
    seller_id: int
    seller_name: str
    seller_slug: str
    organisation_id: int
    cover_photo: str
    ports: tuple[str, ...]
    sample_is_offered: bool

    @property
    def least(self) -> Quantity | None:
        """The MOQ as a quantity."""
        return Quantity(self.moq, self.unit) if self.moq is not None and self.unit else None


def offer_of_slug(session: Session, slug: str, locale: str) -> Offer | None:
    """The listed product at this address, or None if it may not be asked about."""
    return _offer(session, Product.slug == slug, locale)


def offer_of_product(session: Session, product_id: int, locale: str) -> Offer | None:
    """The listed product with this key, or None if it may not be asked about."""
    return _offer(session, Product.id == product_id, locale)


def _offer(session: Session, which: ColumnElement[bool], locale: str) -> Offer | None:
    row = session.execute(
        select(Product, Seller, Organisation.name)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(which, Product.state == ListingState.LISTED, can_be_asked())
    ).first()
    if row is None:
        return None
    product, seller, name = row
    titles = product_titles(session, [product.id], locale)
    return Offer(
        product_id=product.id,
        slug=product.slug,
        title=titles.get(product.id, product.slug),
        commodity=product.commodity,
        unit=product.unit,
        moq=product.moq,
        contents=contents_of(product),
        seller_id=seller.id,
        seller_name=name,
        seller_slug=seller.slug,
        organisation_id=seller.organisation_id,
        cover_photo=product.cover_photo,
        ports=tuple(product.ports or ()),
        sample_is_offered=product.sample_is_offered,
    )


def contents_of(product: Product) -> Contents:
    """What this product's packages and containers hold: the seller's own figures before the registry's."""
    commodity = load_registry().commodities.get(product.commodity)
    held: dict[str, Quantity] = dict(commodity.contents()) if commodity else {}
    if product.unit:
        if product.unit_weight_kg:
            held[product.unit] = Quantity(product.unit_weight_kg, "kg")
        if product.units_per_fcl20:
            held["fcl20"] = Quantity(product.units_per_fcl20, product.unit)
        if product.units_per_fcl40:
            held["fcl40hc"] = Quantity(product.units_per_fcl40, product.unit)
    return held


def product_titles(session: Session, keys: Iterable[int], locale: str) -> dict[int, str]:
    """Titles by product in the reader's language, else English, else the seller's own."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = session.execute(
        select(ProductText.product_id, ProductText.language, ProductText.title, ProductText.source).where(
            ProductText.product_id.in_(wanted)
        )
    )
    found: dict[int, tuple[int, str]] = {}
    for key, language, title, source in rows:
        rank = 0 if language == locale else 1 if language == "en" else 2 if source == "original" else 3
        if key not in found or rank < found[key][0]:
            found[key] = (rank, title)
    return {key: title for key, (_rank, title) in found.items()}
