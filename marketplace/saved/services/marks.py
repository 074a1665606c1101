"""Marks on products that changed, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Certificate, Product, ProductCertificate
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.clock import now, today
from marketplace.kernel.prepared import insert_into
from marketplace.saved.models import ChangedProduct, ProductSnapshot

_BATCH = 500


def note_changed(session: Session, product_ids: Iterable[int]) -> int:
    """Have saved searches look at these products; how many."""
    moment = now()
    rows = [{"product_id": key, "version": 1, "marked_at": moment} for key in sorted(set(product_ids))]
    if rows:
        statement = insert_into(session.get_bind().dialect.name, ChangedProduct).on_conflict_do_update(
            index_elements=["product_id"], set_={"version": ChangedProduct.version + 1, "marked_at": moment}
        )
        session.connection().execute(statement, rows)
    return len(rows)


def note_what_the_day_brings(session: Session) -> int:
    """Products whose certificate begins to hold today: nobody changed them, yet they match more."""
    begun = select(ProductCertificate.product_id).join(Certificate).where(Certificate.valid_from == today())
    return note_changed(session, session.scalars(begun))


def note_unknown(session: Session) -> int:
    """Listed products that saved searches have never seen, a batch of them."""
    unknown = (
        select(Product.id)
        .outerjoin(ProductSnapshot, ProductSnapshot.product_id == Product.id)
        .outerjoin(ChangedProduct, ChangedProduct.product_id == Product.id)
        .where(
            Product.state == ListingState.LISTED,
            ProductSnapshot.product_id.is_(None),
            ChangedProduct.product_id.is_(None),
        )
        .order_by(Product.id)
        .limit(_BATCH)
    )
    return note_changed(session, session.scalars(unknown))
