"""The curation desk: what waits, publishing by the checklist, returning with notes, and who may not."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.labels import CHECKLIST
from marketplace.catalogue.models import Certificate, ListingReview, Product
from marketplace.catalogue.rules.registers import register_of
from marketplace.catalogue.services import submit_listing
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from tests.support.factories import a_certificate, a_draft
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app")
ALL_TICKED = {f"check-{item}": "1" for item in CHECKLIST}


def a_waiting_listing(seller: Person, **more: object) -> tuple[Product, int]:
    product = a_draft(seller, **more)
    with transaction() as session:
        review = submit_listing(session, seller.actor, product.slug)
    return product, review.id


def state_of(session: Session, product: Product) -> str:
    session.expire_all()
    return session.scalars(select(Product.state).where(Product.id == product.id)).one()


def version_of(session: Session, product: Product) -> int:
    return session.scalars(select(Product.version).where(Product.id == product.id)).one()


def test_an_empty_desk_says_so(people: Cast) -> None:
    assert "Nothing waits" in people.curator().client.get("/console/curation").get_data(as_text=True)


def test_the_desk_shows_every_fact_of_the_longest_waiting(people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    a_waiting_listing(seller, title="Kopi Ijen pertama")
    a_waiting_listing(seller, title="Kopi Ijen kedua")
    page = curator.client.get("/console/curation").get_data(as_text=True)
    assert page.index("Kopi Ijen pertama") < page.index("Kopi Ijen kedua")
    for words in ("HS code", "Minimum order (MOQ)", "FOB", "Lead time", *map(str, CHECKLIST.values())):
        assert words in page


def test_publishing_needs_the_whole_checklist_and_keeps_what_was_typed(session: Session, people: Cast) -> None:
    curator = people.curator()
    product, review_id = a_waiting_listing(people.seller())
    path = f"/console/curation/{review_id}"
    data = {"decision": "publish", "note": "Very good.", "version": version_of(session, product), "check-texts": "1"}
    answer = curator.post(path, data, page=path)
    assert answer.status_code == 422
    assert "Very good." in answer.get_data(as_text=True)
    assert state_of(session, product) == "in_review"
    assert curator.post(path, data | ALL_TICKED, page=path).status_code == 303
    assert state_of(session, product) == "listed"
    assert Kind.LISTING_PUBLISHED in session.scalars(select(Notice.kind)).all()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "listing.published")).one()
    assert entry.user_id == curator.user_id


def test_returning_needs_a_note_and_the_seller_is_told(session: Session, people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    product, review_id = a_waiting_listing(seller)
    path = f"/console/curation/{review_id}"
    data = {"decision": "return", "version": version_of(session, product)}
    assert curator.post(path, data, page=path).status_code == 422
    notes = {"note:title": "Name the variety.", "note:invented": "x", "note:spec:moisture": "  "}
    assert curator.post(path, data | notes, page=path).status_code == 303
    review = session.scalars(select(ListingReview)).one()
    session.refresh(review)
    assert review.field_notes == {"title": "Name the variety."}
    assert state_of(session, product) == "draft"
    notice = session.scalars(select(Notice).where(Notice.kind == Kind.LISTING_RETURNED)).one()
    assert notice.href == f"/selling/products/{product.slug}/edit"
    assert "variety" not in str(notice.context)


def test_a_listing_changed_meanwhile_is_not_published(session: Session, people: Cast) -> None:
    curator = people.curator()
    product, review_id = a_waiting_listing(people.seller())
    path = f"/console/curation/{review_id}"
    data = {"decision": "publish", "version": version_of(session, product) - 1} | ALL_TICKED
    assert curator.post(path, data, page=path).status_code == 409
    assert state_of(session, product) == "in_review"


def test_a_decision_happens_once(session: Session, people: Cast) -> None:
    curator = people.curator()
    product, review_id = a_waiting_listing(people.seller())
    a_waiting_listing(people.seller())
    path = f"/console/curation/{review_id}"
    data = {"decision": "publish", "version": version_of(session, product)} | ALL_TICKED
    curator.post(path, data, page=path)
    assert curator.post(path, data, page="/console/curation").status_code == 409
    assert curator.client.get(path).status_code == 409
    assert len(session.scalars(select(Notice).where(Notice.kind == Kind.LISTING_PUBLISHED)).all()) == 1


def test_a_certificate_of_the_listing_is_verified_and_no_other(session: Session, people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    certificate = a_certificate(seller, verified_at=None, verified_method="")
    other = a_certificate(people.seller(), verified_at=None, verified_method="")
    _, review_id = a_waiting_listing(seller, certificates=[certificate])
    path = f"/console/curation/{review_id}"
    page = curator.client.get(path).get_data(as_text=True)
    assert certificate.number in page
    assert register_of(certificate.code) in page
    assert curator.post(f"{path}/certificates/{other.id}", {"method": "document"}, page=path).status_code == 404
    assert curator.post(f"{path}/certificates/{certificate.id}", {"method": "document"}, page=path).status_code == 303
    session.expire_all()
    assert session.get_one(Certificate, certificate.id).verified_at is not None
    assert session.get_one(Certificate, other.id).verified_at is None


def test_nobody_else_learns_of_the_desk(session: Session, people: Cast) -> None:
    seller = people.seller()
    product, review_id = a_waiting_listing(seller)
    path = f"/console/curation/{review_id}"
    data = {"decision": "publish", "version": version_of(session, product)} | ALL_TICKED
    for person in (seller, people.buyer(), people.partner()):
        assert person.client.get("/console/curation").status_code == 404
        assert person.client.get(path).status_code == 404
        assert person.post(path, data).status_code == 404
    assert state_of(session, product) == "in_review"
