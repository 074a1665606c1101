"""Sellers in lists: three statements whatever the number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.wording import LEVEL_NAMES
from marketplace.catalogue.models import Product
from marketplace.catalogue.policies import is_public
from marketplace.discovery.cards import commodity_text
from marketplace.discovery.facets import regency_name
from marketplace.discovery.projection import level_on
from marketplace.i18n.formats import format_list
from marketplace.kernel.clock import today
from marketplace.kernel.countries import country_name
from marketplace.sellers.models import Producer, Seller, SellerProducer
from marketplace.sellers.rules import CurationState, SellerForm

FORMS: Mapping[str, object] = {
    SellerForm.BUSINESS_UNIT: lazy_gettext("Pesantren business unit"),
    SellerForm.COOPERATIVE: lazy_gettext("Cooperative"),
    SellerForm.EXPORTER: lazy_gettext("Exporter"),
}
_MOST_GOODS = 5


def seller_cards(session: Session, keys: Sequence[int], locale: str, prefix: str) -> list[dict[str, Any]]:
    """The sellers among ``keys`` that are on the market, in that order."""
    if not keys:
        return []
    rows = session.execute(
        select(
            Seller.id, Seller.slug, Seller.form, Organisation.name, Organisation.country,
            Organisation.verification_level, Organisation.verified_until,
        )
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(
            Seller.id.in_(keys), Seller.curation == CurationState.APPROVED, Organisation.suspended_at.is_(None)
        )
    )  # fmt: skip
    known = {row.id: row for row in rows}
    places, goods = _places(session, keys), _goods(session, keys)
    return [_card(known[key], places[key], goods[key], locale, prefix) for key in dict.fromkeys(keys) if key in known]


def _places(session: Session, keys: Sequence[int]) -> dict[int, list[str]]:
    places: dict[int, list[str]] = defaultdict(list)
    for seller_id, regency in session.execute(
        select(SellerProducer.seller_id, Producer.regency)
        .join(Producer, SellerProducer.producer_id == Producer.id)
        .where(SellerProducer.seller_id.in_(keys))
        .order_by(SellerProducer.id)
    ):
        if regency and regency not in places[seller_id]:
            places[seller_id].append(regency)
    return places


def _goods(session: Session, keys: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    goods: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for seller_id, commodity, count in session.execute(
        select(Product.seller_id, Product.commodity, func.count())
        .join(Seller, Product.seller_id == Seller.id)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(Product.seller_id.in_(keys), is_public())
        .group_by(Product.seller_id, Product.commodity)
        .order_by(func.count().desc(), Product.commodity)
    ):
        goods[seller_id].append((commodity, count))
    return goods


def _card(row: Any, places: list[str], goods: list[tuple[str, int]], locale: str, prefix: str) -> dict[str, Any]:
    level = level_on(row.verification_level, row.verified_until, today())
    total = sum(count for _commodity, count in goods)
    return {
        "name": row.name,
        "href": f"{prefix}/sellers/{row.slug}",
        "kind": str(FORMS.get(row.form, row.form)),
        "place": format_list([regency_name(each, locale) for each in places[:2]], locale, "names")
        or country_name(row.country, locale),
        "verified": "" if level == "none" else str(LEVEL_NAMES.get(level, level)),
        "goods": [commodity_text(commodity, locale) for commodity, _count in goods[:_MOST_GOODS]],
        "figures": [],
        "note": ngettext("%(num)s product", "%(num)s products", total),
    }
