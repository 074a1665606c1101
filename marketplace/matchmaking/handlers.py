"""Changes on the market -> the model is fitted anew, once for many of them. A changed offer counts at once anyway.

A request that opens -> sellers who can serve it are found.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.catalogue.events import ListingPublished, ListingRestored, ProductsChanged
from marketplace.kernel.clock import now
from marketplace.kernel.events import on
from marketplace.kernel.outbox import enqueue
from marketplace.matchmaking.rules import REFIT_DELAY
from marketplace.rfqs.events import RfqSent


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


def _refit_soon(session: Session) -> None:
    slot = int(now().timestamp() // REFIT_DELAY.total_seconds())
    enqueue(session, "matchmaking.refit", dedupe_key=f"matchmaking.refit:changes:{slot}", delay=REFIT_DELAY)
