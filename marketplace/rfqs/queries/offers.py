"""What can be asked about: a listed product of a seller who takes requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product, ProductText
from marketplace.catalogue.queries.contents import contents_by
from marketplace.catalogue.queries.product_view import title_in
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.rules.packing import Packing
from marketplace.kernel.measures import Contents, Quantity
from marketplace.kernel.prepared import On, Prepared, Raw
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


OFFER_COLUMNS = (
    Product.id, Product.slug, Product.card_titles, Product.original_language, Product.commodity, Product.unit,
    Product.moq, Product.unit_weight_kg, Product.units_per_fcl20, Product.units_per_fcl40, Seller.id,
    Organisation.name, Seller.slug, Seller.organisation_id, Product.cover_photo, Product.ports,
    Product.sample_is_offered, Product.pack_unit, Product.pack_net_kg, Product.packs_per_carton,
    Product.cartons_per_fcl20, Product.cartons_per_fcl40,
)  # fmt: skip
_OFFERS = (
    select(*OFFER_COLUMNS)
    .join(Seller, Seller.id == Product.seller_id)
    .join(Organisation, Organisation.id == Seller.organisation_id)
    .where(Product.state == ListingState.LISTED, can_be_asked())
)
_BY_SLUG = Prepared(_OFFERS.where(Product.slug == bindparam("slug")))
_BY_KEY = Prepared(_OFFERS.where(Product.id == bindparam("key")))
_GOODS = Prepared(
    select(Product.id, Product.card_titles, Product.original_language, Product.slug)
    .where(Product.seller_id == bindparam("seller_id"), Product.state == ListingState.LISTED)
    .order_by(Product.id)
    .limit(bindparam("most"))
)
MOST_OTHERS = 100


def offer_of_slug(session: On, slug: str, locale: str) -> Offer | None:
    """The listed product at this address, or None if it may not be asked about."""
    return next((offer_of_row(row, locale) for row in _BY_SLUG.rows(session, slug=slug)), None)


def offer_of_product(session: On, product_id: int, locale: str) -> Offer | None:
    """The listed product with this key, or None if it may not be asked about."""
    return next((offer_of_row(row, locale) for row in _BY_KEY.rows(session, key=product_id)), None)


def offer_of_row(row: Raw, locale: str) -> Offer:
    """The offer that a row of `OFFER_COLUMNS` holds."""
    (key, slug, titles, original, commodity, unit, moq, weight, per_fcl20, per_fcl40, seller_id, name, seller_slug,
     organisation_id, cover, ports, is_offered, *packing) = row  # fmt: skip
    return Offer(
        product_id=key,
        slug=slug,
        title=title_in(titles, locale, original) or slug,
        commodity=commodity,
        unit=unit,
        moq=moq,
        contents=contents_by(commodity, unit, weight, per_fcl20, per_fcl40, Packing(*packing)),
        seller_id=seller_id,
        seller_name=name,
        seller_slug=seller_slug,
        organisation_id=organisation_id,
        cover_photo=cover,
        ports=tuple(ports or ()),
        sample_is_offered=is_offered,
    )


def other_offers(session: On, offer: Offer, locale: str) -> list[tuple[str, str]]:
    """Further goods of an offer's seller, at most a hundred, by name: key as text, title."""
    rows = [row for row in other_rows(session, offer.seller_id) if row[0] != offer.product_id]
    return named(session, rows[:MOST_OTHERS], locale)


def other_rows(session: On, seller_id: int) -> list[Raw]:
    """A seller's goods as the driver gives them, one more than are shown beside one of them; see `named`."""
    return _GOODS.raw(session, seller_id=seller_id, most=MOST_OTHERS + 1)


def named(session: On, rows: Iterable[Raw], locale: str) -> list[tuple[str, str]]:
    """Key as text and title of each row, by title."""
    found = [
        (str(key), title_in(titles, locale, original) or slug)
        for key, titles, original, slug in _GOODS.typed(session, rows)
    ]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def shown_first(
    session: Session, goods: Sequence[tuple[str, str]], commodities: Iterable[str]
) -> list[tuple[str, str]]:
    """The same goods (see `named`), those of ``commodities`` before the others, each part by title as it was."""
    wanted = Product.id.in_([int(key) for key, _title in goods]), Product.commodity.in_(list(commodities))
    first = {str(key) for key in session.scalars(select(Product.id).where(*wanted))}
    return sorted(goods, key=lambda one: one[0] not in first)


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
