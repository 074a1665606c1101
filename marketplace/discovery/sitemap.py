"""Addresses of public pages, for machines and for suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.policies import is_public
from marketplace.discovery.rules import PRODUCT, SELLER
from marketplace.i18n.addresses import localised
from marketplace.i18n.locales import LOCALES
from marketplace.kernel.outside import settings
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState

# five languages make 10,000 addresses of it; a sitemap may hold 50,000
_PART = 2_000
_FIXED = ("/", "/products", "/sellers", "/commodities", "/how-it-works")


def parts(session: Session) -> list[str]:
    """The addresses of all parts."""
    base = settings().web.public_url
    found = [f"{base}/sitemaps/pages-1.xml"]
    for kind, query in (("products", _products()), ("sellers", _sellers())):
        count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        found += [f"{base}/sitemaps/{kind}-{number}.xml" for number in range(1, -(-count // _PART) + 1)]
    return found


def addresses(session: Session, kind: str, number: int) -> list[str] | None:
    """The addresses of one part in every language; None where there is no such part."""
    if kind == "pages":
        paths: Sequence[str] = _FIXED if number == 1 else ()
    elif kind in ("products", "sellers"):
        query = _products() if kind == "products" else _sellers()
        page = query.order_by("id").limit(_PART).offset((max(1, min(number, 10_000)) - 1) * _PART)
        paths = [f"/{kind}/{row.slug}" for row in session.execute(page)] if number else ()
    else:
        return None
    base = settings().web.public_url
    return [localised(base, locale, path) for path in paths for locale in LOCALES] or None


def slugs_of(session: Session, names: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The local addresses of those documents that are public."""
    wanted = list(names)
    found: dict[tuple[str, int], str] = {}
    for kind, path, query, column in (
        (PRODUCT, "products", _products(), Product.id),
        (SELLER, "sellers", _sellers(), Seller.id),
    ):
        keys = [key for each, key in wanted if each == kind]
        if keys:
            for row in session.execute(query.where(column.in_(keys))):
                found[kind, row.id] = f"/{path}/{row.slug}"
    return found


def _products() -> Select[int, str]:
    return (
        select(Product.id.label("id"), Product.slug)
        .join(Seller, Product.seller_id == Seller.id)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(is_public())
    )


def _sellers() -> Select[int, str]:
    return (
        select(Seller.id.label("id"), Seller.slug)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(Seller.curation == CurationState.APPROVED, Organisation.suspended_at.is_(None))
    )
