"""The programme's side of a listing's life: publish, return, hide, bring back."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.events import (
    ListingHidden,
    ListingPublished,
    ListingRestored,
    ListingReturned,
    ProductChanged,
)
from marketplace.catalogue.labels import item_name
from marketplace.catalogue.models import ListingReview, Product
from marketplace.catalogue.policies import may_curate
from marketplace.catalogue.queries.own import any_product
from marketplace.catalogue.rules import LISTING_MOVES, ListingState, ReviewState
from marketplace.catalogue.rules.curation import CHECKLIST, NOTED_FIELDS, unticked
from marketplace.catalogue.services.card import refresh_card
from marketplace.catalogue.services.editing import missing_of
from marketplace.catalogue.services.problems import ListingIncomplete, Unfit, stale
from marketplace.catalogue.services.products import refuse_paused
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.states import advance
from marketplace.kernel.text import cleaned
from marketplace.sellers.rules import CurationState

NOTE_LENGTH = 4000
FIELD_NOTE_LENGTH = 600


def publish_listing(
    session: Session,
    actor: Actor,
    product_id: int,
    checklist: Mapping[str, bool],
    note: str = "",
    version: int | None = None,
) -> Product:
    """Put a submitted listing on the market; every item of the checklist must be ticked.

    ``version`` is that of the product the curator looked at: a later change of the seller raises `Conflict`.
    """
    product, review = _waiting(session, actor, product_id, version)
    open_items = unticked(checklist)
    if open_items:
        raise Unfit({"checklist": _("Tick every item of the checklist, or return the listing with a note.")})
    if product.seller.curation != CurationState.APPROVED or product.seller.organisation.suspended_at is not None:
        raise Conflict(_("Approve the seller first; then this listing can be published."))
    refuse_paused(session, product.commodity)
    missing = missing_of(product)
    if missing:
        raise ListingIncomplete(missing, [item_name(code) for code in missing])
    product.state = advance(ListingState(product.state), ListingState.LISTED, LISTING_MOVES)
    product.listed_at = product.listed_at or now()
    _decide(actor, review, ReviewState.PUBLISHED, checklist, note, {})
    _finish(session, actor, product, "listing.published", review_id=review.id)
    record(session, ListingPublished(product.id, review.id))
    return product


def return_listing(
    session: Session,
    actor: Actor,
    product_id: int,
    note: str,
    field_notes: Mapping[str, str] | None = None,
    checklist: Mapping[str, bool] | None = None,
    version: int | None = None,
) -> Product:
    """Give a submitted listing back to the seller with a note, for the whole or at single fields."""
    product, review = _waiting(session, actor, product_id, version)
    notes = {
        field: text
        for field, raw in (field_notes or {}).items()
        if (text := cleaned(raw, FIELD_NOTE_LENGTH)) and (field in NOTED_FIELDS or field.startswith("spec:"))
    }
    if not cleaned(note) and not notes:
        raise Unfit({"note": _("Say what the seller should change: a note for the whole, or at a field.")})
    product.state = advance(ListingState(product.state), ListingState.DRAFT, LISTING_MOVES)
    _decide(actor, review, ReviewState.RETURNED, checklist or {}, note, notes)
    _finish(session, actor, product, "listing.returned", review_id=review.id, fields=sorted(notes))
    record(session, ListingReturned(product.id, review.id))
    return product


def hide_listing(session: Session, actor: Actor, product_id: int, reason: str = "") -> Product:
    """Take a listing off the market by decision of the programme; ``reason`` is a code for the audit."""
    require(may_curate(actor))
    product = any_product(session, product_id)
    if product.state == ListingState.HIDDEN:
        return product
    product.state = advance(ListingState(product.state), ListingState.HIDDEN, LISTING_MOVES)
    _finish(session, actor, product, "listing.hidden", reason=reason)
    record(session, ListingHidden(product.id))
    return product


def unhide_listing(session: Session, actor: Actor, product_id: int, *, as_draft: bool = False) -> Product:
    """Bring a hidden listing back to the market, or to the seller as a draft to be mended."""
    require(may_curate(actor))
    product = any_product(session, product_id)
    if product.state != ListingState.HIDDEN:
        raise Conflict(_("This listing is not hidden."))
    target = ListingState.DRAFT if as_draft else ListingState.LISTED
    product.state = advance(ListingState(product.state), target, LISTING_MOVES)
    _finish(session, actor, product, "listing.restored", state=str(target))
    record(session, ListingRestored(product.id))
    return product


def _waiting(session: Session, actor: Actor, product_id: int, version: int | None) -> tuple[Product, ListingReview]:
    require(may_curate(actor))
    product = any_product(session, product_id)
    review = session.scalar(
        select(ListingReview)
        .where(ListingReview.product_id == product_id, ListingReview.state == ReviewState.WAITING)
        .order_by(ListingReview.id.desc())
        .limit(1)
        .with_for_update()
    )
    if review is None or product.state != ListingState.IN_REVIEW:
        raise Conflict(_("This listing no longer waits for a decision. Reload the page to see how it stands now."))
    if version is not None and product.version != version:
        raise stale()
    return product, review


def _decide(
    actor: Actor,
    review: ListingReview,
    state: ReviewState,
    checklist: Mapping[str, bool],
    note: str,
    field_notes: Mapping[str, str],
) -> None:
    review.state, review.decided_at, review.decided_by_id = state, now(), actor.user_id
    review.checklist = {item: bool(checklist.get(item)) for item in CHECKLIST}
    review.note, review.field_notes = cleaned(note, NOTE_LENGTH), dict(field_notes)


def _finish(session: Session, actor: Actor, product: Product, action: str, **details: object) -> None:
    product.changed_at = now()
    refresh_card(product)
    audit(session, actor, action, f"product:{product.id}", **details)
    session.flush()  # a stale version fails here
    record(session, ProductChanged(product.id))
