"""A product's overview for its seller: what is there, what is missing, and the steps of its life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue import services
from marketplace.catalogue.labels import (
    NOTED_FIELDS,
    NOTED_SECTIONS,
    STATE_TONES,
    STATES,
    claim_name,
    item_name,
    item_section,
)
from marketplace.catalogue.models import ListingReview, Product
from marketplace.catalogue.photos import photo_path
from marketplace.catalogue.queries.own import latest_review, own_product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import ListingState, ReviewState
from marketplace.catalogue.services.editing import missing_of
from marketplace.catalogue.services.problems import ListingIncomplete
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.sections import ORDER, TITLES
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.policy import Actor

Step = Callable[[Session, Actor, str, int | None], Any]


@bp.get("/selling/products/<slug>")
def short_address(slug: str) -> ResponseReturnValue:
    """Lead from the address that people guess to the overview."""
    return redirect(url_for("catalogue.product", slug=own_product(db.session(), current_actor(), slug).slug))


@bp.get("/selling/products/<slug>/edit")
def product(slug: str) -> ResponseReturnValue:
    """The overview of a product."""
    return _overview(slug)


@bp.post("/selling/products/<slug>/submit")
def submit(slug: str) -> ResponseReturnValue:
    """Put the product before the curators."""
    return _step(slug, services.submit_listing, _("Sent to the curators. You get a notice when they have looked."))


@bp.post("/selling/products/<slug>/withdraw")
def withdraw(slug: str) -> ResponseReturnValue:
    """Take the product off the market."""
    return _step(slug, services.withdraw_listing, _("Withdrawn. Buyers no longer see it."))


@bp.post("/selling/products/<slug>/reopen")
def reopen(slug: str) -> ResponseReturnValue:
    """Take a withdrawn product up again."""
    return _step(slug, services.reopen_listing, _("It is a draft again. Check it and send it to the curators."))


@bp.post("/selling/products/<slug>/delete")
def delete(slug: str) -> ResponseReturnValue:
    """Delete a draft that was never on the market."""
    try:
        with action() as act:
            version = _version()
            stems = services.delete_draft(act.session, current_actor(), slug, version if version is not None else -1)
            enqueue(act.session, "catalogue.delete_files", stems=stems)
            act.leads_to(url_for("catalogue.own_list"))
    except Conflict as failure:
        return _overview(slug, failure)
    flash(_("The draft is deleted."), "success")
    return act.redirect()


def _step(slug: str, service: Step, message: str) -> ResponseReturnValue:
    try:
        with action() as act:
            service(act.session, current_actor(), slug, _version())
            act.leads_to(url_for("catalogue.product", slug=slug))
    except (ListingIncomplete, Conflict) as failure:
        return _overview(slug, failure)
    flash(message, "success")
    return act.redirect()


def _version() -> int | None:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _overview(slug: str, failure: DomainError | None = None) -> ResponseReturnValue:
    session = db.session()
    own = own_product(session, current_actor(), slug)
    missing = [(item_section(code), item_name(code)) for code in missing_of(own)]
    review = latest_review(session, own.id)
    page = render_template(
        "catalogue/product.html",
        product=own,
        title=next((text.title for text in own.texts if text.language == own.original_language), own.slug),
        commodity=load_registry().commodity(own.commodity).name(current_locale()),
        state=STATES[ListingState(own.state)],
        tone=STATE_TONES[ListingState(own.state)],
        missing=missing,
        missing_by_section=_counted(missing),
        sections=[(name, TITLES[name]) for name in ORDER],
        facts=_facts(own),
        cover=photo_path(own.cover_photo, 640) if own.cover_photo else "",
        review=review if _is_told(own, review) else None,
        notes=_notes(own, review),
        changed_claims=[claim_name(code) for code in review.changed_claims] if review else [],
        failure=failure,
    )
    return (page, failure.status) if failure else page


def _counted(missing: list[tuple[str, object]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for section, _name in missing:
        counts[section] = counts.get(section, 0) + 1
    return counts


def _facts(own: Product) -> dict[str, int]:
    """How much each part holds already."""
    return {
        "texts": len(own.texts),
        "specs": len(own.specs),
        "prices": len(own.prices),
        "calendar": len(own.months),
        "certificates": len(own.certificates),
        "photos": len(own.photos),
        "markets": len(own.destinations) + len(own.registrations),
    }


def _is_told(own: Product, review: ListingReview | None) -> bool:
    return review is not None and review.state == ReviewState.RETURNED and own.state == ListingState.DRAFT


def _notes(own: Product, review: ListingReview | None) -> list[tuple[str, object, str]]:
    """Section, field and words of every note of the curators."""
    if review is None or not _is_told(own, review):
        return []
    return [
        (NOTED_SECTIONS.get(field, "specs"), NOTED_FIELDS.get(field) or claim_name(field), text)
        for field, text in review.field_notes.items()
    ]
