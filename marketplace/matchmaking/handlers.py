"""Changes on the market -> the model is fitted anew, once for many of them. A changed offer counts at once anyway.

A request that opens -> sellers who can serve it are found. An offer that changes -> it is noted, so that every process
matches it as it is, and it changes in the index of near offers, where there is one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event as sa_event
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.events import OrganisationChanged
from marketplace.catalogue.events import (
    CertificateChanged,
    ListingHidden,
    ListingPublished,
    ListingRestored,
    ListingWithdrawn,
    ProductChanged,
    ProductsChanged,
)
from marketplace.catalogue.models import Product, ProductCertificate
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.clock import now
from marketplace.kernel.events import on
from marketplace.kernel.outbox import enqueue
from marketplace.matchmaking.near import has_server
from marketplace.matchmaking.rules import REFIT_DELAY
from marketplace.matchmaking.services.changes import (
    forget_noted,
    note_covered,
    note_offers,
    note_organisation,
    note_seller,
    write_noted,
)
from marketplace.rfqs.events import RfqSent
from marketplace.sellers.events import SellerChanged, SellerCurated


@on(ListingPublished)
def refit_after_listing(session: Session, _event: ListingPublished) -> None:
    """New goods bring new words."""
    _refit_soon(session)


@on(ListingRestored)
def refit_after_return(session: Session, _event: ListingRestored) -> None:
    """A listing that came back."""
    _refit_soon(session)


@on(ProductsChanged)
def refit_after_import(session: Session, _event: ProductsChanged) -> None:
    """An import."""
    _refit_soon(session)


@on(RfqSent)
def find_sellers(session: Session, event: RfqSent) -> None:
    """A request is open."""
    enqueue(session, "matchmaking.fit_request", dedupe_key=f"matchmaking.fit_request:{event.rfq_id}",
            rfq_id=event.rfq_id)  # fmt: skip


def refresh_one(session: Session, event: Any) -> None:
    """An offer that changed, came or went."""
    note_offers(session, [event.product_id])
    _refresh_near(session, [event.product_id])


for _kind in (ProductChanged, ListingPublished, ListingWithdrawn, ListingHidden, ListingRestored):
    on(_kind)(refresh_one)


@on(ProductChanged)
def fit_after_change(session: Session, event: ProductChanged) -> None:
    """A listing with other terms may answer requests that wait; drafts answer none."""
    if session.scalar(select(Product.state).where(Product.id == event.product_id)) == ListingState.LISTED:
        _fit_requests_soon(session)


@on(ProductsChanged)
def refresh_batch(session: Session, event: ProductsChanged) -> None:
    """An import."""
    note_offers(session, event.product_ids)
    _refresh_near(session, list(event.product_ids))


@on(CertificateChanged)
def refresh_covered(session: Session, event: CertificateChanged) -> None:
    """A certificate that was checked, renewed or taken back."""
    _fit_requests_soon(session)
    note_covered(session, event.certificate_id)
    covered = select(ProductCertificate.product_id).where(ProductCertificate.certificate_id == event.certificate_id)
    _refresh_near(session, list(session.scalars(covered)))


@on(SellerCurated)
def refresh_curated(session: Session, event: SellerCurated) -> None:
    """Whatever a seller offers, who came, was paused or came back."""
    note_seller(session, event.seller_id)
    _refresh_seller(session, event.seller_id)


@on(SellerChanged)
def refresh_seller(session: Session, event: SellerChanged) -> None:
    """Whatever a seller offers. How soon they answer is no part of an offer, and changes all day."""
    if not event.in_answers_alone:
        note_seller(session, event.seller_id)
        _refresh_seller(session, event.seller_id)


@on(OrganisationChanged)
def note_suspended(session: Session, event: OrganisationChanged) -> None:
    """Whatever an organisation offers that was suspended or came back."""
    note_organisation(session, event.organisation_id)


@sa_event.listens_for(Session, "before_commit")
def _write_noted(session: Session) -> None:
    if not session.in_nested_transaction():  # a savepoint is released; the transaction itself goes on
        write_noted(session)


@sa_event.listens_for(Session, "after_soft_rollback")
def _forget_noted(session: Session, previous: Any) -> None:
    if previous.parent is None:  # the whole transaction, not a savepoint
        forget_noted(session)


def _refresh_seller(session: Session, seller_id: int) -> None:
    if has_server():
        _refresh_near(session, list(session.scalars(select(Product.id).where(Product.seller_id == seller_id))))


def _refresh_near(session: Session, products: list[int]) -> None:
    """Queue what the index of near offers has to learn; nothing where there can be none."""
    if products and has_server():
        enqueue(session, "matchmaking.refresh_near", products=products)


def _refit_soon(session: Session) -> None:
    enqueue(session, "matchmaking.refit", dedupe_key=f"matchmaking.refit:changes:{_slot()}", delay=REFIT_DELAY)


def _fit_requests_soon(session: Session) -> None:
    """Look at live requests again, once for many changes; the model stays as it is."""
    key = f"matchmaking.fit_requests:changes:{_slot()}"
    enqueue(session, "matchmaking.fit_requests", dedupe_key=key, delay=REFIT_DELAY)


def _slot() -> int:
    return int(now().timestamp() // REFIT_DELAY.total_seconds())
