"""What people keep, handed out whole and erased with the person; pictures of goods go with their seller."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts.queries import organisations_left_empty
from marketplace.catalogue.models import Product
from marketplace.kernel.personal_data import PersonalData, register
from marketplace.saved.models import ProductSnapshot, SavedSearch, SavedSearchMatch, Shortlist
from marketplace.sellers.models import Seller


def export(session: Session, user_id: int) -> dict[str, Any]:
    """A person's saved searches with what they found, and their lists with notes."""
    searches = session.scalars(select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.id))
    lists = session.scalars(
        select(Shortlist)
        .where(Shortlist.user_id == user_id)
        .order_by(Shortlist.id)
        .options(selectinload(Shortlist.items))
    )
    return {
        "saved_searches": [
            {
                "name": one.name,
                "address": one.address,
                "language": one.locale,
                "frequency": one.frequency,
                "saved": one.created_at.isoformat(),
                "paused": one.paused_at and one.paused_at.isoformat(),
                "found": _found(session, one.id),
            }
            for one in searches
        ],
        "shortlists": [
            {
                "name": one.name,
                "made": one.created_at.isoformat(),
                "shared": one.shared_at and one.shared_at.isoformat(),
                "products": [
                    {"product": item.product_id, "note": item.note, "added": item.added_at.isoformat()}
                    for item in one.items
                ],
            }
            for one in lists
        ],
    }


def _found(session: Session, search_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(SavedSearchMatch.product_id, SavedSearchMatch.found_at, SavedSearchMatch.told_at)
        .where(SavedSearchMatch.saved_search_id == search_id, SavedSearchMatch.is_new)
        .order_by(SavedSearchMatch.id)
    )
    return [
        {"product": row.product_id, "found": row.found_at.isoformat(), "told": row.told_at and row.told_at.isoformat()}
        for row in rows
    ]


def erase(session: Session, user_id: int) -> None:
    """Forget a person's searches and lists; and what searches remember of offers that are closed with them."""
    session.execute(delete(SavedSearch).where(SavedSearch.user_id == user_id))
    session.execute(delete(Shortlist).where(Shortlist.user_id == user_id))
    closing = organisations_left_empty(session, user_id)
    products = (
        select(Product.id).join(Seller, Product.seller_id == Seller.id).where(Seller.organisation_id.in_(closing))
    )
    session.execute(delete(ProductSnapshot).where(ProductSnapshot.product_id.in_(products)))


register(PersonalData("saved", export=export, erase=erase))
