"""The life of a listing: every step of the table, and none beside it; claims go back to review, prices do not."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue import services
from marketplace.catalogue.models import ListingReview, Product
from marketplace.catalogue.queries.own import any_product, latest_review, own_product, waiting_reviews
from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.rules import LISTING_MOVES, ListingState, ReviewState
from marketplace.catalogue.rules.curation import CHECKLIST
from marketplace.catalogue.rules.trade import Rung
from marketplace.catalogue.services import (
    ListingIncomplete,
    MarketsDraft,
    OriginDraft,
    PricesDraft,
    ProductStart,
    TextDraft,
    TradeDraft,
    Unfit,
)
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.states import advance
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.people import Cast, Person

TICKED = dict.fromkeys(CHECKLIST, True)
pytestmark = pytest.mark.usefixtures("moment")


def fresh(product: Product) -> Product:
    with transaction() as session:
        return any_product(session, product.id)


def in_state(seller: Person, curator: Person, state: ListingState) -> Product:
    """A product that reached ``state`` the way products do."""
    product = a_draft(seller) if state in {ListingState.DRAFT, ListingState.IN_REVIEW} else a_listed_product(seller)
    with transaction() as session:
        if state is ListingState.IN_REVIEW:
            services.submit_listing(session, seller.actor, product.slug)
        if state is ListingState.WITHDRAWN:
            services.withdraw_listing(session, seller.actor, product.slug)
        if state is ListingState.HIDDEN:
            services.hide_listing(session, curator.actor, product.id)
    return product


STEPS: dict[str, tuple[Callable[..., Any], set[ListingState], ListingState]] = {
    "submit": (
        lambda s, seller, _c, p: services.submit_listing(s, seller.actor, p.slug),
        {ListingState.DRAFT, ListingState.WITHDRAWN}, ListingState.IN_REVIEW,
    ),
    "publish": (
        lambda s, _s, curator, p: services.publish_listing(s, curator.actor, p.id, TICKED),
        {ListingState.IN_REVIEW}, ListingState.LISTED,
    ),
    "return": (
        lambda s, _s, curator, p: services.return_listing(s, curator.actor, p.id, "Please show the goods."),
        {ListingState.IN_REVIEW}, ListingState.DRAFT,
    ),
    "withdraw": (
        lambda s, seller, _c, p: services.withdraw_listing(s, seller.actor, p.slug),
        {ListingState.DRAFT, ListingState.IN_REVIEW, ListingState.LISTED}, ListingState.WITHDRAWN,
    ),
    "reopen": (
        lambda s, seller, _c, p: services.reopen_listing(s, seller.actor, p.slug),
        {ListingState.WITHDRAWN}, ListingState.DRAFT,
    ),
    "hide": (
        lambda s, _s, curator, p: services.hide_listing(s, curator.actor, p.id),
        {ListingState.LISTED, ListingState.HIDDEN}, ListingState.HIDDEN,
    ),
    "unhide": (
        lambda s, _s, curator, p: services.unhide_listing(s, curator.actor, p.id),
        {ListingState.HIDDEN}, ListingState.LISTED,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("verb", "state"), list(itertools.product(STEPS, ListingState)))
def test_a_step_is_possible_from_its_states_only(people: Cast, verb: str, state: ListingState) -> None:
    seller, curator = people.seller(), people.curator()
    product = in_state(seller, curator, state)
    step, allowed, target = STEPS[verb]
    if state in allowed:
        with transaction() as session:
            step(session, seller, curator, product)
        assert fresh(product).state == target
    else:
        with pytest.raises(DomainError), transaction() as session:
            step(session, seller, curator, product)
        assert fresh(product).state == state


@pytest.mark.parametrize(("current", "target"), list(itertools.product(ListingState, ListingState)))
def test_every_pair_outside_the_table_is_refused(current: ListingState, target: ListingState) -> None:
    if target in LISTING_MOVES[current]:
        assert advance(current, target, LISTING_MOVES) is target
    else:
        with pytest.raises(Conflict):
            advance(current, target, LISTING_MOVES)


def test_from_a_name_to_the_market(people: Cast, session: Session) -> None:
    seller, curator = people.seller(), people.curator()
    actor = seller.actor
    with transaction() as s:
        slug = services.create_product(s, actor, ProductStart("coconut-sugar", "Gula kelapa organik", "id")).slug
    with pytest.raises(ListingIncomplete) as refused, transaction() as s:
        services.submit_listing(s, actor, slug)
    assert {"moq", "capacity", "lead_time", "packaging", "price", "photo"} < set(refused.value.items)
    assert any(item.startswith("spec:") for item in refused.value.items)
    sentence = str(refused.value.sentence)
    assert "the minimum order (MOQ)" in sentence
    assert "a photo" in sentence
    whole = a_draft(seller, "coconut-sugar")
    with transaction() as s:
        services.submit_listing(s, actor, whole.slug)
        queue = waiting_reviews(s, 1)
    assert [row.slug for row in queue.items] == [whole.slug]
    with pytest.raises(Unfit), transaction() as s:
        services.publish_listing(s, curator.actor, whole.id, {**TICKED, "claims": False})
    with transaction() as s:
        services.publish_listing(s, curator.actor, whole.id, TICKED, version=fresh(whole).version)
    product = fresh(whole)
    assert product.listed_at is not None
    with transaction() as s:
        review = latest_review(s, product.id)
        assert review is not None
        assert review.state == ReviewState.PUBLISHED
        assert review.decided_by_id == curator.user_id


def test_a_curator_does_not_publish_what_changed_under_the_eyes(people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    product = in_state(seller, curator, ListingState.IN_REVIEW)
    seen = fresh(product).version
    with transaction() as s:
        services.edit_texts(s, seller.actor, product.slug, seen, TextDraft("en", "Organic coffee, best of all"), [])
    with pytest.raises(Conflict), transaction() as s:
        services.publish_listing(s, curator.actor, product.id, TICKED, version=seen)
    assert fresh(product).state == ListingState.IN_REVIEW


def test_a_return_needs_words_and_keeps_them_at_their_fields(people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    product = in_state(seller, curator, ListingState.IN_REVIEW)
    with pytest.raises(Unfit), transaction() as s:
        services.return_listing(s, curator.actor, product.id, " ", {"title": " ", "seller_id": "x"})
    with transaction() as s:
        services.return_listing(s, curator.actor, product.id, "", {"title": "Name the region.", "strange": "x"})
    with transaction() as s:
        review = latest_review(s, product.id)
        assert review is not None
        assert review.field_notes == {"title": "Name the region."}
    assert fresh(product).state == ListingState.DRAFT


def test_an_unapproved_seller_is_not_published(people: Cast, session: Session) -> None:
    seller, curator = people.seller(curation="applied"), people.curator()
    product = in_state(seller, curator, ListingState.IN_REVIEW)
    with pytest.raises(Conflict, match="Approve the seller"), transaction() as s:
        services.publish_listing(s, curator.actor, product.id, TICKED)
    with transaction() as s:
        found = s.get(Seller, seller.seller_id)
        assert found is not None
        found.curation = "approved"
    with transaction() as s:
        services.publish_listing(s, curator.actor, product.id, TICKED)
    assert fresh(product).state == ListingState.LISTED


def specs(product: Product, **changed: SpecValue | None) -> dict[str, SpecValue]:
    from marketplace.catalogue.registry.loading import load_registry
    from marketplace.catalogue.rules.specs import value_of

    fields = load_registry().fields
    kept = {row.field: value_of(fields[row.field], row.number, row.number_to, row.values) for row in product.specs}
    return {key: value for key, value in {**kept, **changed}.items() if value is not None}


def trade(product: Product, **changed: Any) -> TradeDraft:
    values = {field.name: getattr(product, field.name, field.default) for field in dataclasses.fields(TradeDraft)}
    return TradeDraft(**{**values, "ports": tuple(product.ports), **changed})


def rungs(product: Product, **changed: Any) -> PricesDraft:
    row = product.prices[0]
    first = Rung(row.incoterm, row.place, row.unit, row.currency, row.min_quantity, row.unit_price)
    return PricesDraft((dataclasses.replace(first, **changed),))


CLAIMS: dict[str, Callable[[Session, Person, Product, Any], Any]] = {
    "spec:organic_status": lambda s, who, p, _c: services.edit_specs(
        s, who.actor, p.slug, p.version, specs(p, organic_status="certified")
    ),
    "spec:sni_grade": lambda s, who, p, _c: services.edit_specs(
        s, who.actor, p.slug, p.version, specs(p, sni_grade="2")
    ),
    "certificates": lambda s, who, p, c: services.link_certificates(s, who.actor, p.slug, p.version, [c.id]),
    "origin": lambda s, who, p, _c: services.edit_origin(
        s, who.actor, p.slug, p.version, OriginDraft(p.producer_id, p.hs_code, p.stage, "ID", "kab-jember")
    ),
    "text:halal": lambda s, who, p, _c: services.edit_texts(
        s, who.actor, p.slug, p.version, TextDraft("en", "Coffee of one harvest"), [TextDraft("id", "Kopi halal")]
    ),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_changed_claim_goes_back_to_review(people: Cast, claim: str) -> None:
    seller = people.seller()
    certificate = a_certificate(seller)
    product = a_listed_product(seller)
    with transaction() as s:
        CLAIMS[claim](s, seller, own_product(s, seller.actor, product.slug), certificate)
    assert fresh(product).state == ListingState.IN_REVIEW
    with transaction() as s:
        review = s.scalars(select(ListingReview).where(ListingReview.product_id == product.id)).one()
        assert claim in review.changed_claims


HARMLESS: dict[str, Callable[[Session, Person, Product], Any]] = {
    "price": lambda s, who, p: services.edit_prices(
        s, who.actor, p.slug, p.version, rungs(p, unit_price=Decimal("7.10"))
    ),
    "moq, capacity, lead time": lambda s, who, p: services.edit_trade(
        s, who.actor, p.slug, p.version, trade(p, moq=Decimal(50), capacity_per_month=Decimal(9), lead_time_days=40)
    ),
    "wording": lambda s, who, p: services.edit_texts(
        s, who.actor, p.slug, p.version, TextDraft("en", "Coffee, dried on raised beds"), []
    ),
    "moisture": lambda s, who, p: services.edit_specs(
        s, who.actor, p.slug, p.version, specs(p, moisture_pct=Decimal("11.5"))
    ),
    "destinations": lambda s, who, p: services.edit_markets(
        s, who.actor, p.slug, p.version, MarketsDraft(("DE", "HK"))
    ),
    "calendar": lambda s, who, p: services.edit_calendar(s, who.actor, p.slug, p.version, []),
}


@pytest.mark.parametrize("change", HARMLESS)
def test_other_changes_stay_on_the_market(people: Cast, change: str) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    before = fresh(product).version
    with transaction() as s:
        HARMLESS[change](s, seller, own_product(s, seller.actor, product.slug))
    after = fresh(product)
    assert after.state == ListingState.LISTED
    assert after.version > before


def test_a_claim_word_taken_out_of_a_text_needs_no_review(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller, title="Organic coffee")
    with transaction() as s:
        services.edit_texts(s, seller.actor, product.slug, fresh(product).version, TextDraft("en", "Coffee"), [])
    assert fresh(product).state == ListingState.LISTED


def test_a_listed_product_stays_complete(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    with pytest.raises(ListingIncomplete), transaction() as s:
        services.edit_prices(s, seller.actor, product.slug, fresh(product).version, PricesDraft())
    assert len(fresh(product).prices) == 1


def test_a_stale_form_says_so_and_changes_nothing(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    seen = fresh(product).version
    with transaction() as s:
        services.edit_calendar(s, seller.actor, product.slug, seen, [])
    with pytest.raises(Conflict), transaction() as s:
        services.edit_prices(s, seller.actor, product.slug, seen, rungs(fresh(product), unit_price=Decimal(1)))
    assert fresh(product).prices[0].unit_price == Decimal("6.2")


def test_foreign_things_are_not_found_and_unchanged(people: Cast) -> None:
    seller, other = people.seller(), people.seller()
    product = a_listed_product(seller)
    theirs = a_certificate(other)
    before = fresh(product).version
    calls: list[Callable[[Session], Any]] = [
        lambda s: services.withdraw_listing(s, other.actor, product.slug),
        lambda s: services.edit_prices(s, other.actor, product.slug, before, PricesDraft()),
        lambda s: services.link_certificates(s, seller.actor, product.slug, before, [theirs.id]),
        lambda s: services.edit_origin(
            s, seller.actor, product.slug, before, OriginDraft(other.producer_id, product.hs_code, "jual")
        ),
        lambda s: services.create_product(
            s, seller.actor, ProductStart("copra", "Kopra putih", "id", producer_id=other.producer_id)
        ),
        lambda s: services.publish_listing(s, seller.actor, product.id, TICKED),
        lambda s: services.hide_listing(s, other.actor, product.id),
        lambda s: services.verify_certificate(s, other.actor, theirs.id, "document"),
        lambda s: services.remove_certificate(s, seller.actor, theirs.id),
    ]
    for call in calls:
        with pytest.raises(NotFound), transaction() as s:
            call(s)
    assert fresh(product).version == before
    assert fresh(product).certificates == []


def test_a_hidden_listing_cannot_be_changed_by_its_seller(people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    product = in_state(seller, curator, ListingState.HIDDEN)
    with pytest.raises(DomainError, match="hidden"), transaction() as s:
        services.edit_calendar(s, seller.actor, product.slug, fresh(product).version, [])


def test_a_paused_commodity_is_not_listed(people: Cast) -> None:
    from marketplace.catalogue.models import CommoditySetting
    from marketplace.kernel.clock import now

    seller = people.seller()
    product = a_draft(seller)
    with transaction() as s:
        s.add(
            CommoditySetting(commodity=product.commodity, is_offered=False, note="Harvest is over.", changed_at=now())
        )
    for call in (
        lambda s: services.submit_listing(s, seller.actor, product.slug),
        lambda s: services.create_product(s, seller.actor, ProductStart(product.commodity, "Kopi", "id")),
    ):
        with pytest.raises(DomainError, match="Harvest is over"), transaction() as s:
            call(s)
    assert fresh(product).state == ListingState.DRAFT
