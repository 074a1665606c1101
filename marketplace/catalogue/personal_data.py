"""What the catalogue keeps about a person: reviews and checks they made, and the offers of a seller that closes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership
from marketplace.accounts.queries import organisations_left_empty
from marketplace.catalogue.events import ListingWithdrawn, ProductChanged
from marketplace.catalogue.models import (
    Certificate,
    ListingReview,
    Photo,
    Product,
    ProductTariffCode,
    ProductText,
)
from marketplace.catalogue.photos import FORMATS, WIDTHS, is_illustration
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.events import record
from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.kernel.ports import find_sea_port
from marketplace.sellers.models import Seller


def export(session: Session, user_id: int) -> dict[str, Any]:
    """The offers of a person's sellers, and the reviews and checks the person made."""
    texts = session.execute(
        select(Product.slug, Product.state, ProductText.language, ProductText.title, ProductText.description)
        .join(Product, Product.id == ProductText.product_id)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Membership, Membership.organisation_id == Seller.organisation_id)
        .where(Membership.user_id == user_id)
        .order_by(Product.id)
    )
    reviews = session.scalars(
        select(ListingReview).where(
            (ListingReview.submitted_by_id == user_id) | (ListingReview.decided_by_id == user_id)
        )
    )
    checks = session.scalars(select(Certificate).where(Certificate.verified_by_id == user_id))
    return {
        "offers": [
            {"product": slug, "state": state, "language": language, "title": title, "description": description}
            for slug, state, language, title, description in texts
        ],
        "reviews": [
            {"product": one.product_id, "state": one.state, "submitted": one.submitted_at.isoformat(), "note": one.note}
            for one in reviews
        ],
        "certificates_checked": [{"code": one.code, "number": one.number} for one in checks],
    }


def erase(session: Session, user_id: int) -> list[str]:
    """Take the person off reviews and checks; empty the offers of sellers that nobody is left to run."""
    for column in (ListingReview.submitted_by_id, ListingReview.decided_by_id):
        session.execute(update(ListingReview).where(column == user_id).values({column.key: None}))
    session.execute(update(Certificate).where(Certificate.verified_by_id == user_id).values(verified_by_id=None))
    closing = organisations_left_empty(session, user_id)
    sellers = list(session.scalars(select(Seller.id).where(Seller.organisation_id.in_(closing))))
    if not sellers:
        return []
    session.execute(
        update(Certificate).where(Certificate.seller_id.in_(sellers)).values(issuer=ERASED_NAME, number="", scope="")
    )
    products = session.scalars(select(Product).where(Product.seller_id.in_(sellers))).all()
    keys: list[str] = []
    for product in products:
        keys += _empty(session, product)
    return keys


def _empty(session: Session, product: Product) -> list[str]:
    """Take an offer off the market and its words and pictures away; its terms stay with the requests about it."""
    was_listed = product.state == ListingState.LISTED
    product.state = ListingState.WITHDRAWN
    product.slug, product.external_key = f"closed-{product.id}", None
    product.packaging = product.sample_note = product.cover_photo = ""
    product.ports = [port for port in product.ports if find_sea_port(port)]  # others are the seller's own words
    session.execute(delete(ProductTariffCode).where(ProductTariffCode.product_id == product.id))
    product.card_titles = {product.original_language: ERASED_NAME}
    session.execute(
        update(ProductText).where(ProductText.product_id == product.id).values(title=ERASED_NAME, description="")
    )
    session.execute(update(ListingReview).where(ListingReview.product_id == product.id).values(note="", field_notes={}))
    stems = session.scalars(select(Photo.stem).where(Photo.product_id == product.id)).all()
    session.execute(delete(Photo).where(Photo.product_id == product.id))
    if was_listed:
        record(session, ListingWithdrawn(product.id))
    record(session, ProductChanged(product.id))
    # a drawing may stand for other offers, too, and shows nobody
    photographs = [stem for stem in stems if not is_illustration(stem)]
    return [f"photo/{stem}-{width}.{ending}" for stem in photographs for width in WIDTHS for ending in FORMATS]


register(PersonalData("catalogue", export=export, erase=erase))
