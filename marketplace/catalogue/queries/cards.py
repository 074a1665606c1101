"""Products in lists: column rows, one statement whatever the number, no objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Integer, Select, String, bindparam, func, literal, select, union_all
from sqlalchemy.engine import Connection
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import MonthPlan, Product
from marketplace.catalogue.photos import drawing_path, photo_path
from marketplace.catalogue.policies import is_public
from marketplace.catalogue.queries.product_view import title_in
from marketplace.catalogue.rules import CapacityKind, ListingState
from marketplace.kernel.clock import today
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.prepared import On, Prepared, Raw
from marketplace.sellers.models import Producer, Seller


class CardRow(NamedTuple):
    """What a list shows of one product; quantities are in ``unit``, the price is per ``price_unit``."""

    id: int
    slug: str
    title: str
    commodity: str
    category: str
    unit: str
    moq: Decimal | None
    capacity_per_month: Decimal | None
    lead_time_days: int | None
    price: Decimal | None
    price_currency: str
    price_unit: str
    price_term: str
    price_per_kg_usd: Decimal | None
    cover_photo: str
    origin_country: str
    origin_region: str
    has_private_label: bool
    sample_is_offered: bool
    is_sample: bool
    seller_slug: str
    seller: str
    verification_level: str
    lead_count: int
    answered_count: int
    producer: str
    certificates: tuple[str, ...]  # codes of verified certificates that hold today

    @property
    def picture(self) -> str:
        """The local address of the cover; a drawing of the commodity where there is none."""
        return photo_path(self.cover_photo) if self.cover_photo else drawing_path(self.commodity)


_COLUMNS = (
    Product.id, Product.slug, Product.card_titles, Product.commodity, Product.category, Product.unit, Product.moq,
    Product.capacity_per_month, Product.lead_time_days, Product.card_price, Product.card_price_currency,
    Product.card_price_unit, Product.card_price_term, Product.price_per_kg_usd, Product.cover_photo,
    Product.origin_country, Product.origin_region, Product.has_private_label, Product.sample_is_offered,
    Product.is_sample, Seller.slug, Organisation.name, Organisation.verification_level, Seller.lead_count,
    Seller.answered_count, Producer.name, Product.card_certificates, Product.original_language,
)  # fmt: skip
_TITLE, _PRODUCER, _CERTIFICATES, _LANGUAGE = 2, 25, 26, 27
_CARDS = (
    select(*_COLUMNS)
    .join(Seller, Seller.id == Product.seller_id)
    .join(Organisation, Organisation.id == Seller.organisation_id)
    .outerjoin(Producer, Producer.id == Product.producer_id)
    .where(is_public())
)
_BY_KEY = _CARDS.where(Product.id.in_(bindparam("keys", expanding=True)))
# As many keys as a page has: a list of fixed length is compiled once; where there are fewer, the last is repeated.
_PAGE = 24
_NAMES = tuple(f"key_{number}" for number in range(_PAGE))
_BY_KEY_OF_PAGE = Prepared(_CARDS.where(Product.id.in_([bindparam(name, type_=BigInteger()) for name in _NAMES])))
_MOST_SIMILAR = 6


def _similar() -> Select[*tuple[Any, ...]]:
    """A few keys in the order of an index, then their rows; some more than shown, since sellers leave the market."""

    def newest(column: InstrumentedAttribute[str], name: str, far: int) -> Select[int, int]:
        inner = (
            select(Product.id)
            .where(Product.state == ListingState.LISTED, column == bindparam(name, type_=String()))
            .where(Product.id != bindparam("product_id", type_=BigInteger()))
            .order_by(Product.listed_at.desc(), Product.id.desc())
            .limit(2 * _MOST_SIMILAR)
            .subquery()
        )
        return select(inner.c.id, literal(far, Integer()).label("far"))

    both = union_all(newest(Product.commodity, "commodity", 0), newest(Product.category, "category", 1)).subquery()
    near = select(both.c.id, func.min(both.c.far).label("far")).group_by(both.c.id).subquery()
    nearest = _CARDS.join(near, near.c.id == Product.id).order_by(near.c.far, Product.listed_at.desc())
    return nearest.order_by(Product.id.desc()).limit(_MOST_SIMILAR)


_SIMILAR = Prepared(_similar())


def cards(on: Session | Connection, ids: Sequence[int], locale: str) -> list[CardRow]:
    """The public products among ``ids``, in that order; missing ones are left out."""
    if not ids:
        return []
    day = today()
    found: Iterable[Any]
    if len(ids) > _PAGE:
        found = on.execute(_BY_KEY, {"keys": list(ids)})
    else:
        keys = [*ids, *[ids[-1]] * (_PAGE - len(ids))]
        found = _BY_KEY_OF_PAGE.rows(on, **dict(zip(_NAMES, keys, strict=True)))
    rows = {row[0]: row for row in found}
    return [_card(rows[key], locale, day) for key in dict.fromkeys(ids) if key in rows]


def products_of_seller(session: Session, seller_id: int, locale: str, number: int = 1, size: int = 24) -> Page[CardRow]:
    """A page of a seller's public products, the newest first."""
    query = _CARDS.where(Product.seller_id == seller_id).order_by(Product.listed_at.desc(), Product.id.desc())
    return _page(session, query, locale, number, size)


def products_of_commodities(
    session: Session, commodities: Sequence[str], locale: str, number: int = 1, size: int = 24
) -> Page[CardRow]:
    """A page of the public products of these commodities, the newest first."""
    query = _CARDS.where(Product.commodity.in_(commodities))
    return _page(session, query.order_by(Product.listed_at.desc(), Product.id.desc()), locale, number, size)


def newest_products(session: Session, locale: str, number: int = 1, size: int = 24) -> Page[CardRow]:
    """A page of all public products, the newest first."""
    return _page(session, _CARDS.order_by(Product.listed_at.desc(), Product.id.desc()), locale, number, size)


def products_in_harvest(session: Session, day: date, locale: str, size: int = 8) -> list[CardRow]:
    """Public products with a harvest in the month of ``day``: the newest of each commodity, newest first."""
    months = (day.replace(day=1), date(1, day.month, 1))  # of this year, or of every year
    harvested = select(MonthPlan.product_id).where(MonthPlan.kind == CapacityKind.HARVEST, MonthPlan.month.in_(months))
    of_commodity = func.row_number().over(
        partition_by=Product.commodity, order_by=(Product.listed_at.desc(), Product.id.desc())
    )
    ranked = (
        select(Product.id, Product.listed_at, of_commodity.label("place"))
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(is_public(), Product.id.in_(harvested))
        .subquery()
    )
    newest = select(ranked.c.id).where(ranked.c.place == 1).order_by(ranked.c.listed_at.desc(), ranked.c.id.desc())
    return cards(session, session.scalars(newest.limit(size)).all(), locale)


def similar_rows(session: On, product_id: int, commodity: str, category: str, size: int = 6) -> list[Raw]:
    """The newest public products of the same commodity, then of the same category, other sellers' included."""
    return _SIMILAR.raw(session, product_id=product_id, commodity=commodity, category=category)[:size]


def cards_of_rows(session: On, rows: Iterable[Raw], locale: str) -> list[CardRow]:
    """What ``similar_rows`` gave as cards; asks the database nothing."""
    day = today()
    return [_card(row, locale, day) for row in _SIMILAR.typed(session, rows)]


def similar(
    session: Session, product_id: int, commodity: str, category: str, locale: str, size: int = 6
) -> list[CardRow]:
    """The products of ``similar_rows`` as cards."""
    return cards_of_rows(session, similar_rows(session, product_id, commodity, category, size), locale)


def _page(session: Session, query: Select[*tuple[Any, ...]], locale: str, number: int, size: int) -> Page[CardRow]:
    page = page_of(session, query, number, size)
    day = today()
    return Page([_card(row, locale, day) for row in page.items], page.number, page.size, page.has_next)


def _card(row: Any, locale: str, day: date) -> CardRow:
    title = title_in(row[_TITLE], locale, row[_LANGUAGE])
    entries = row[_CERTIFICATES]
    codes: tuple[str, ...] = ()
    if entries:
        stamp = day.isoformat()
        codes = tuple(
            dict.fromkeys(code for code, since, until in entries if (since or "") <= stamp <= (until or "9999"))
        )
    return CardRow(*(*row[:_TITLE], title, *row[_TITLE + 1 : _PRODUCER], row[_PRODUCER] or "", codes))
