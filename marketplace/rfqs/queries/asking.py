"""What decides whether a company may ask about a product, and what becomes of the inquiry, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import blocked_between
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.closures.models import SellerClosure
from marketplace.kernel.clock import now
from marketplace.kernel.prepared import On, Prepared, Raw
from marketplace.partners.models import Attribution
from marketplace.rfqs.policies import can_be_asked
from marketplace.rfqs.queries.offers import OFFER_COLUMNS, Offer, offer_of_row
from marketplace.sellers.models import Seller

_Buyer = aliased(Organisation)
_COLUMNS = (
    _Buyer.verification_level,
    _Buyer.verified_until,
    Attribution.chapter_id,
    blocked_between(bindparam("company"), Seller.organisation_id),
    exists().where(SellerClosure.seller_id == Seller.id, SellerClosure.ends_at > bindparam("moment")),
)
_ASKED = (
    select(*OFFER_COLUMNS, *_COLUMNS)
    .join(Seller, Seller.id == Product.seller_id)
    .join(Organisation, Organisation.id == Seller.organisation_id)
    # who has no company is told so, and not that nothing is there
    .outerjoin(_Buyer, _Buyer.id == bindparam("company"))
    .outerjoin(Attribution, Attribution.organisation_id == _Buyer.id)
    .where(Product.state == ListingState.LISTED, can_be_asked())
)
_BY_SLUG = Prepared(_ASKED.where(Product.slug == bindparam("slug")))
_BY_KEY = Prepared(_ASKED.where(Product.id == bindparam("key")))


@dataclass(frozen=True, slots=True)
class Asked:
    """A product and the company that asks about it.

    ``level`` and ``checked_until`` are those of its check, ``chapter_id`` the chapter it came by; ``is_apart`` says
    that one side has blocked the other, ``has_closures`` that the seller is closed now or will be.
    """

    offer: Offer
    level: str
    checked_until: date | None
    chapter_id: int | None
    is_apart: bool
    has_closures: bool


def asked_by_slug(on: On, slug: str, company_id: int | None, locale: str) -> Asked | None:
    """The listed product at this address as a company asks about it, or None if it may not be asked about."""
    return _asked(_BY_SLUG.rows(on, slug=slug, company=company_id, moment=now()), locale)


def asked_by_key(on: On, product_id: int, company_id: int | None, locale: str) -> Asked | None:
    """The same of the product with this key."""
    return _asked(_BY_KEY.rows(on, key=product_id, company=company_id, moment=now()), locale)


def _asked(rows: list[Raw], locale: str) -> Asked | None:
    if not rows:
        return None
    level, until, chapter_id, is_apart, has_closures = rows[0][-len(_COLUMNS) :]
    offer = offer_of_row(rows[0][: -len(_COLUMNS)], locale)
    return Asked(offer, level or "", until, chapter_id, bool(is_apart), bool(has_closures))
