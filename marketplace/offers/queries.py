"""Reads of offers. Each one that somebody else than the seller reads goes through `policies` in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import On, Prepared
from marketplace.offers.models import OfferBuyer, OfferPrice, SpotOffer
from marketplace.offers.policies import is_of_listed_goods, known_to_buyer, named_to, owned_by, readable_by
from marketplace.offers.rules import Visibility
from marketplace.sellers.models import Seller

_PUBLIC_OF_PRODUCT = Prepared(
    select(
        SpotOffer.key, SpotOffer.kind, SpotOffer.quantity, SpotOffer.taken, SpotOffer.unit, SpotOffer.is_firm,
        SpotOffer.lot, SpotOffer.ship_month, SpotOffer.opens_at, SpotOffer.closes_at, SpotOffer.note,
        OfferPrice.incoterm, OfferPrice.place, OfferPrice.currency, OfferPrice.unit, OfferPrice.min_quantity,
        OfferPrice.unit_price,
    )
    .join(OfferPrice, OfferPrice.offer_id == SpotOffer.id)
    .where(
        SpotOffer.product_id == bindparam("product_id"),
        SpotOffer.visibility == Visibility.PUBLIC.value,
        SpotOffer.withdrawn_at.is_(None),
        SpotOffer.closes_at > bindparam("moment"),
        SpotOffer.taken < SpotOffer.quantity,
    )
    .order_by(SpotOffer.closes_at, SpotOffer.id, OfferPrice.position)
)  # fmt: skip
_HOLDING = Prepared(
    select(
        SpotOffer.id, SpotOffer.quantity, SpotOffer.taken, SpotOffer.unit, SpotOffer.ship_month, SpotOffer.opens_at,
        SpotOffer.closes_at, SpotOffer.withdrawn_at,
    ).where(SpotOffer.product_id == bindparam("product_id"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriceShown:
    """One price of an offer."""

    incoterm: str
    place: str
    currency: str
    unit: str
    min_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class OfferShown:
    """An offer as buyers read it; ``left`` is what nobody has taken, in ``unit``."""

    key: str
    kind: str
    left: Decimal
    unit: str
    is_firm: bool
    lot: str
    ship_month: date | None
    opens_at: datetime
    closes_at: datetime
    note: str
    is_upcoming: bool
    prices: tuple[PriceShown, ...]


@dataclass(frozen=True, slots=True)
class HeldByOffer:
    """What an offer may hold of the calendar."""

    offer_id: int
    quantity: Decimal
    taken: Decimal
    unit: str
    ship_month: date | None
    opens_at: datetime
    closes_at: datetime
    withdrawn_at: datetime | None

    @property
    def ready_in(self) -> date:
        """The first day of the month in which its goods count."""
        return self.ship_month or self.closes_at.date().replace(day=1)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer with its goods and its seller's name and address."""

    offer: SpotOffer
    product: Product
    seller_name: str
    seller_slug: str


def public_offers(on: On, product_id: int) -> list[OfferShown]:
    """Public offers of a product that are open or come, and are not all taken; those that end first come first."""
    moment = now()
    found: dict[str, list[PriceShown]] = {}
    heads: dict[str, tuple[object, ...]] = {}
    for row in _PUBLIC_OF_PRODUCT.rows(on, product_id=product_id, moment=moment):
        heads.setdefault(row[0], row[:11])
        found.setdefault(row[0], []).append(PriceShown(*row[11:]))
    return [_shown(heads[key], prices, moment) for key, prices in found.items()]


def _shown(head: tuple[object, ...], prices: list[PriceShown], moment: datetime) -> OfferShown:
    key, kind, quantity, taken, unit, is_firm, lot, month, opens_at, closes_at, note = head
    assert isinstance(quantity, Decimal)
    assert isinstance(taken, Decimal)
    assert isinstance(opens_at, datetime)
    assert isinstance(closes_at, datetime)
    return OfferShown(
        str(key), str(kind), quantity - taken, str(unit), bool(is_firm), str(lot),
        month if isinstance(month, date) else None, opens_at, closes_at, str(note), moment < opens_at, tuple(prices),
    )  # fmt: skip


def shown_of(offer: SpotOffer) -> OfferShown:
    """A loaded offer (with prices) as buyers read it."""
    return OfferShown(
        offer.key, offer.kind, offer.left, offer.unit, offer.is_firm, offer.lot, offer.ship_month, offer.opens_at,
        offer.closes_at, offer.note, now() < offer.opens_at,
        tuple(
            PriceShown(one.incoterm, one.place, one.currency, one.unit, one.min_quantity, one.unit_price)
            for one in offer.prices
        ),
    )  # fmt: skip


def held_by_offers(on: On, product_id: int) -> list[HeldByOffer]:
    """All offers of a product with what they may hold of its calendar."""
    return [HeldByOffer(*row) for row in _HOLDING.rows(on, product_id=product_id)]


def offer_for(session: Session, actor: Actor | None, key: str) -> OfferRow:
    """An offer this person may read, with prices; `NotFound` for any other, which nobody is to know of."""
    return _row(session, (SpotOffer.key == key) & readable_by(actor))


def own_offer(session: Session, actor: Actor, key: str, *, is_locked: bool = False) -> SpotOffer:
    """An offer of the actor's own organisation with prices, buyers and product; `NotFound` for any other."""
    query = (
        select(SpotOffer)
        .where(SpotOffer.key == key, owned_by(actor))
        .options(selectinload(SpotOffer.prices), selectinload(SpotOffer.buyers), selectinload(SpotOffer.product))
        .execution_options(populate_existing=True)
    )
    found = session.scalar(query.with_for_update(of=SpotOffer) if is_locked else query)
    if found is None:
        raise NotFound
    return found


def own_offers(session: Session, actor: Actor, number: int) -> Page[SpotOffer]:
    """The actor's offers: those that are not over first, by their last moment."""
    is_over = (SpotOffer.closes_at <= now()) | SpotOffer.withdrawn_at.is_not(None)
    query = (
        select(SpotOffer)
        .where(owned_by(actor))
        .options(selectinload(SpotOffer.prices), selectinload(SpotOffer.product), selectinload(SpotOffer.buyers))
        .order_by(is_over, SpotOffer.closes_at, SpotOffer.id)
    )
    return page_of(session, query, number)


def offers_for_buyer(session: Session, actor: Actor) -> list[OfferRow]:
    """Private offers that name the actor's company and are open or come."""
    organisation = actor.organisation_id if actor.is_buyer and not actor.is_suspended else None
    return _rows(session, named_to(organisation) & is_of_listed_goods() & _can_be_taken())


def offers_of_seller(session: Session, seller_id: int) -> list[OfferRow]:
    """A seller's public offers that are open or come."""
    return _rows(session, (SpotOffer.seller_id == seller_id) & known_to_buyer(None) & _can_be_taken())


def offer_to_ask(session: Session, organisation_id: int | None, key: str, product_id: int) -> SpotOffer | None:
    """The offer that an inquiry names, if this company (None: a visitor) may know of it and it is open now."""
    return session.scalar(
        select(SpotOffer)
        .where(
            SpotOffer.key == key,
            SpotOffer.product_id == product_id,
            known_to_buyer(organisation_id),
            SpotOffer.opens_at <= now(),
            _can_be_taken(),
        )
        .options(selectinload(SpotOffer.prices))
    )


def offers_by_key(session: Session, keys: Sequence[int]) -> dict[int, SpotOffer]:
    """Offers by their row keys, with prices and product. For whoever has found that the reader may know of them."""
    rows = session.scalars(
        select(SpotOffer)
        .where(SpotOffer.id.in_(sorted(set(keys))))
        .options(selectinload(SpotOffer.prices), selectinload(SpotOffer.product))
    )
    return {row.id: row for row in rows}


def buyers_by_name(session: Session, keys: Sequence[int]) -> dict[int, list[str]]:
    """Names of the companies that offers name, by offer, in the order of the alphabet."""
    if not keys:
        return {}
    rows = session.execute(
        select(OfferBuyer.offer_id, Organisation.name)
        .join(Organisation, Organisation.id == OfferBuyer.organisation_id)
        .where(OfferBuyer.offer_id.in_(keys))
        .order_by(Organisation.name)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for key, name in rows:
        found[key].append(name)
    return dict(found)


def named_buyers(session: Session, keys: set[int]) -> list[tuple[int, str]]:
    """Key and name of companies that an own offer names already."""
    if not keys:
        return []
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(sorted(keys))))
    return sorted(((key, name) for key, name in rows), key=lambda one: one[1])


def openly_offered(session: Session, product_ids: Sequence[int]) -> set[int]:
    """Those of some products of which a public offer is open now."""
    query = select(SpotOffer.product_id).where(
        SpotOffer.product_id.in_(product_ids),
        SpotOffer.visibility == Visibility.PUBLIC,
        SpotOffer.opens_at <= now(),
        _can_be_taken(),
    )
    return set(session.scalars(query))


def count_open(session: Session, seller_id: int) -> int:
    """How many of a seller's offers are not over."""
    query = select(func.count(SpotOffer.id)).where(SpotOffer.seller_id == seller_id, _is_not_over())
    return session.scalar(query) or 0


def _is_not_over() -> ColumnElement[bool]:
    return SpotOffer.withdrawn_at.is_(None) & (SpotOffer.closes_at > now())


def _can_be_taken() -> ColumnElement[bool]:
    return _is_not_over() & (SpotOffer.taken < SpotOffer.quantity)


def _row(session: Session, which: ColumnElement[bool]) -> OfferRow:
    rows = _rows(session, which)
    if not rows:
        raise NotFound
    return rows[0]


def _rows(session: Session, which: ColumnElement[bool], most: int = 100) -> list[OfferRow]:
    query = (
        select(SpotOffer, Product, Organisation.name, Seller.slug)
        .join(Product, Product.id == SpotOffer.product_id)
        .join(Seller, Seller.id == SpotOffer.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(which)
        .options(selectinload(SpotOffer.prices))
        .order_by(SpotOffer.closes_at, SpotOffer.id)
        .limit(most)
        .execution_options(populate_existing=True)
    )
    return [OfferRow(*row) for row in session.execute(query)]


def locked_offers(session: Session, keys: Sequence[int]) -> dict[int, SpotOffer]:
    """Offers held until the transaction ends, in the order of their keys, so that two never wait for each other."""
    if not keys:
        return {}
    rows = session.scalars(
        select(SpotOffer)
        .where(SpotOffer.id.in_(sorted(set(keys))))
        .options(selectinload(SpotOffer.product))
        .order_by(SpotOffer.id)
        .with_for_update(of=SpotOffer)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}
