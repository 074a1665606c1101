"""Offers that came, changed or went, noted in the transaction of the change: every process learns of them by it.

They are written once, in the order of their keys, when the transaction is about to commit. Rows of one table that two
transactions write in different orders would make each wait for the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, literal, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, ProductCertificate
from marketplace.kernel.clock import now
from marketplace.kernel.database import Moment
from marketplace.kernel.prepared import insert_into
from marketplace.matchmaking.models import ChangedOffer
from marketplace.sellers.models import Seller

_COLUMNS = ("product_id", "version", "changed_at")
_NOTED = "souq_changed_offers"


@dataclass(slots=True)
class _Noted:
    """Keys of what changed in one transaction."""

    products: set[int] = field(default_factory=set)
    certificates: set[int] = field(default_factory=set)
    sellers: set[int] = field(default_factory=set)
    organisations: set[int] = field(default_factory=set)

    def owners(self) -> list[ColumnElement[bool]]:
        """Products that changed with something else than themselves."""
        found: list[ColumnElement[bool]] = []
        if self.certificates:
            found.append(
                Product.id.in_(
                    select(ProductCertificate.product_id).where(
                        ProductCertificate.certificate_id.in_(sorted(self.certificates))
                    )
                )
            )
        if self.sellers:
            found.append(Product.seller_id.in_(sorted(self.sellers)))
        if self.organisations:
            owned = select(Seller.id).where(Seller.organisation_id.in_(sorted(self.organisations)))
            found.append(Product.seller_id.in_(owned))
        return found


def note_offers(session: Session, product_ids: Iterable[int]) -> None:
    """These products came, changed or went."""
    _noted(session).products.update(product_ids)


def note_covered(session: Session, certificate_id: int) -> None:
    """A certificate changed, and with it what it covers."""
    _noted(session).certificates.add(certificate_id)


def note_seller(session: Session, seller_id: int) -> None:
    """Whatever a seller offers changed, came or went."""
    _noted(session).sellers.add(seller_id)


def note_organisation(session: Session, organisation_id: int) -> None:
    """Whatever the sellers of an organisation offer changed, came or went."""
    _noted(session).organisations.add(organisation_id)


def write_noted(session: Session) -> None:
    """Write what was noted; for the end of the transaction, since the rows stay locked until it commits."""
    noted: _Noted | None = session.info.pop(_NOTED, None)
    if noted is None:
        return
    owners = noted.owners()
    if owners and not noted.products:
        _write_selected(session, or_(*owners))
        return
    keys = set(noted.products)
    if owners:
        keys.update(session.scalars(select(Product.id).where(or_(*owners))))
    _write_named(session, keys)


def forget_noted(session: Session) -> None:
    """Nothing of what was noted came about."""
    session.info.pop(_NOTED, None)


def _noted(session: Session) -> _Noted:
    found: _Noted = session.info.setdefault(_NOTED, _Noted())
    return found


def _write_named(session: Session, product_ids: Iterable[int]) -> None:
    moment = now()
    rows = [{"product_id": key, "version": 1, "changed_at": moment} for key in sorted(product_ids)]
    if rows:
        statement = insert_into(session.get_bind().dialect.name, ChangedOffer).on_conflict_do_update(
            index_elements=["product_id"], set_={"version": ChangedOffer.version + 1, "changed_at": moment}
        )
        session.connection().execute(statement, rows)


def _write_selected(session: Session, which: ColumnElement[bool]) -> None:
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
