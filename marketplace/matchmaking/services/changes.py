"""Offers that came, changed or went, noted in the transaction of the change: every process learns of them by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, ProductCertificate
from marketplace.kernel.clock import now
from marketplace.kernel.database import Moment
from marketplace.kernel.prepared import insert_into
from marketplace.matchmaking.models import ChangedOffer
from marketplace.sellers.models import Seller

_COLUMNS = ("product_id", "version", "changed_at")


def note_offers(session: Session, product_ids: Iterable[int]) -> None:
    """These products came, changed or went."""
    moment = now()
    rows = [{"product_id": key, "version": 1, "changed_at": moment} for key in sorted(set(product_ids))]
    if rows:
        statement = insert_into(session.get_bind().dialect.name, ChangedOffer).on_conflict_do_update(
            index_elements=["product_id"], set_={"version": ChangedOffer.version + 1, "changed_at": moment}
        )
        session.connection().execute(statement, rows)


def note_covered(session: Session, certificate_id: int) -> None:
    """A certificate changed, and with it what it covers."""
    covered = select(ProductCertificate.product_id).where(ProductCertificate.certificate_id == certificate_id)
    _note(session, Product.id.in_(covered))


def note_seller(session: Session, seller_id: int) -> None:
    """Whatever a seller offers changed, came or went."""
    _note(session, Product.seller_id == seller_id)


def note_organisation(session: Session, organisation_id: int) -> None:
    """Whatever the sellers of an organisation offer changed, came or went."""
    _note(session, Product.seller_id.in_(select(Seller.id).where(Seller.organisation_id == organisation_id)))


def _note(session: Session, which: ColumnElement[bool]) -> None:
    """One statement, however many there are."""
    moment: datetime = now()
    offers = select(Product.id, literal(1), literal(moment, Moment())).where(which).order_by(Product.id)
    statement = (
        insert_into(session.get_bind().dialect.name, ChangedOffer)
        .from_select(_COLUMNS, offers)
        .on_conflict_do_update(
            index_elements=["product_id"], set_={"version": ChangedOffer.version + 1, "changed_at": moment}
        )
    )
    session.execute(statement)
