"""The seller's side of a listing's life: submit, withdraw, take up again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.events import ListingWithdrawn
from marketplace.catalogue.labels import item_name
from marketplace.catalogue.models import ListingReview, Product
from marketplace.catalogue.rules import LISTING_MOVES, ListingState
from marketplace.catalogue.services.editing import close_waiting, editing, missing_of, send_to_review
from marketplace.catalogue.services.problems import ListingIncomplete
from marketplace.catalogue.services.products import refuse_paused
from marketplace.kernel.audit import audit
from marketplace.kernel.errors import Conflict
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor
from marketplace.kernel.states import IllegalMove, advance
from marketplace.sellers.rules import CurationState


def submit_listing(session: Session, actor: Actor, slug: str, version: int | None = None) -> ListingReview:
    """Put a draft before the curators.

    Raises `ListingIncomplete` with everything that is missing, `DomainError` for a paused commodity.
    """
    with editing(session, actor, slug, version) as product:
        if product.state not in {ListingState.DRAFT, ListingState.WITHDRAWN}:
            raise IllegalMove(_("This product is with the curators already, or on the market."))
        if product.seller.curation == CurationState.PAUSED:
            raise Conflict(_("Your place on the market is paused. Write to your curator before you submit products."))
        refuse_paused(session, product.commodity)
        missing = missing_of(product)
        if missing:
            raise ListingIncomplete(missing, [item_name(code) for code in missing])
        review = send_to_review(session, actor, product, [])
        audit(session, actor, "listing.submitted", f"product:{product.id}")
    return review


def withdraw_listing(session: Session, actor: Actor, slug: str, version: int | None = None) -> Product:
    """Take a product off the market, or a draft off the desk; it can be taken up again later."""
    with editing(session, actor, slug, version) as product:
        product.state = advance(ListingState(product.state), ListingState.WITHDRAWN, LISTING_MOVES)
        close_waiting(session, product.id)
        audit(session, actor, "listing.withdrawn", f"product:{product.id}")
        record(session, ListingWithdrawn(product.id))
    return product


def reopen_listing(session: Session, actor: Actor, slug: str, version: int | None = None) -> Product:
    """Make a draft of a withdrawn product."""
    with editing(session, actor, slug, version) as product:
        if product.state != ListingState.WITHDRAWN:
            raise IllegalMove(_("Only a withdrawn product can be taken up again."))
        product.state = advance(ListingState(product.state), ListingState.DRAFT, LISTING_MOVES)
        audit(session, actor, "listing.reopened", f"product:{product.id}")
    return product
