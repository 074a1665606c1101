"""The frame around every change of a product: owner, version, claims, card, event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from marketplace.catalogue.events import ListingSubmitted, ProductChanged
from marketplace.catalogue.labels import item_name
from marketplace.catalogue.models import ListingReview, Product
from marketplace.catalogue.policies import may_edit
from marketplace.catalogue.queries.own import own_product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.specs import missing_required
from marketplace.catalogue.rules import LISTING_MOVES, ListingState, ReviewState
from marketplace.catalogue.rules.claims import CLAIM_FIELDS, Claims, changed_claims, claim_words
from marketplace.catalogue.rules.completeness import ListingFacts, missing_items
from marketplace.catalogue.services.card import refresh_card
from marketplace.catalogue.services.problems import ListingIncomplete, stale
from marketplace.kernel.clock import now
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.states import advance


@contextmanager
def editing(session: Session, actor: Actor, slug: str, version: int | None) -> Iterator[Product]:
    """The actor's product, to be changed inside the block.

    ``version`` is the one the form was opened with (None where nothing can be lost); another one raises `Conflict`.
    A listed product stays complete, and goes back to review when a published claim has changed.
    """
    product = own_product(session, actor, slug)
    require(may_edit(actor, product, product.seller.organisation_id))
    if version is not None and product.version != version:
        raise stale()
    before, lacking = claims_of(product), missing_of(product)
    yield product
    settle(session, actor, product, before, lacking)


def settle(session: Session, actor: Actor, product: Product, before: Claims, lacking: list[str]) -> None:
    """End a change: card, completeness, review, version and event.

    ``lacking`` was missing before the change (an import publishes without a photo); only what the change takes away
    stands against it.
    """
    refresh_card(product)
    product.changed_at = now()
    flag_modified(product, "changed_at")  # a change of a part alone must raise the version, too
    if product.state == ListingState.LISTED:
        missing = [code for code in missing_of(product) if code not in lacking]
        if missing:
            raise ListingIncomplete(missing, [item_name(code) for code in missing])
        changed = changed_claims(before, claims_of(product))
        if changed:
            send_to_review(session, actor, product, changed)
    session.flush()  # a stale version fails here, before any handler runs
    record(session, ProductChanged(product.id))


def send_to_review(session: Session, actor: Actor, product: Product, changed: list[str]) -> ListingReview:
    """Put the product before the curators; ``changed`` names the published claims that differ."""
    product.state = advance(ListingState(product.state), ListingState.IN_REVIEW, LISTING_MOVES)
    review = ListingReview(
        product_id=product.id,
        state=ReviewState.WAITING,
        submitted_at=now(),
        submitted_by_id=actor.user_id,
        changed_claims=changed,
        checklist={},
        field_notes={},
    )
    session.add(review)
    session.flush()  # the event needs the key
    record(session, ListingSubmitted(product.id, review.id))
    return review


def close_waiting(session: Session, product_id: int) -> None:
    """End a round of curation that nobody has to decide any more."""
    session.execute(
        update(ListingReview)
        .where(ListingReview.product_id == product_id, ListingReview.state == ReviewState.WAITING)
        .values(state=ReviewState.DROPPED, decided_at=now())
    )


def claims_of(product: Product) -> Claims:
    """Everything the product claims now; its parts are loaded."""
    return Claims(
        commodity=product.commodity,
        hs_code=product.hs_code,
        origin=(product.origin_country, product.origin_region, product.producer_id),
        specs={
            spec.field: (spec.number, spec.number_to, tuple(spec.values))
            for spec in product.specs
            if spec.field in CLAIM_FIELDS
        },
        certificates=frozenset(link.certificate_id for link in product.certificates),
        words=claim_words(part for text in product.texts for part in (text.title, text.description)),
    )


def missing_of(product: Product, *, needs_photo: bool = True) -> list[str]:
    """Codes of what a product with loaded parts still lacks."""
    commodity = load_registry().commodity(product.commodity)
    original = next((text for text in product.texts if text.language == product.original_language), None)
    facts = ListingFacts(
        title=original.title if original else "",
        producer_id=product.producer_id,
        hs_code=product.hs_code,
        unit=product.unit,
        moq=product.moq,
        capacity_per_month=product.capacity_per_month,
        lead_time_days=product.lead_time_days,
        packaging=product.packaging,
        has_packing=product.packing.is_stated,
        origin_country=product.origin_country,
        price_count=len(product.prices),
        photo_count=len(product.photos),
        missing_specs=tuple(
            rule.field.key for rule in missing_required(commodity, (spec.field for spec in product.specs))
        ),
    )
    return missing_items(facts, needs_photo=needs_photo)
