"""The seller's own pages: kept whole, refused when stale, closed to others; curation by its table."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import VerificationLevel
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import ProducerText, Seller, SellerNote
from marketplace.sellers.queries import public_seller
from marketplace.sellers.rules import CurationState, answer_figures, is_nib
from marketplace.sellers.services import assign_mentor, curate_seller
from tests.support.people import Cast, Person

PAGE = "/selling/profile"


def answers(session: Session, person: Person, **more: Any) -> dict[str, Any]:
    version = session.scalars(select(Seller.version).where(Seller.id == person.seller_id)).one()
    return {
        "version": version,
        "name": "Kopontren Contoh",
        "form": "cooperative",
        "country": "ID",
        "city": "Malang",
        "website": "contoh.example",
        "whatsapp": "0812 3333 4444",
        "nib": "1234.5678.90123",
        "port": "Tanjung Perak",
        "export_years": "3",
        "languages": ["id", "ar"],
        **more,
    }


def test_the_profile_is_kept(people: Cast, session: Session) -> None:
    person = people.seller(verification_level=VerificationLevel.VERIFIED)
    assert person.client.get(PAGE).status_code == 200
    assert person.post(PAGE, answers(session, person), page=PAGE).status_code == 303
    seller = session.get_one(Seller, person.seller_id, populate_existing=True)
    organisation = session.get_one(Organisation, person.organisation_id, populate_existing=True)
    assert (seller.whatsapp, seller.nib, seller.languages, seller.form) == (
        "+6281233334444",
        "1234567890123",
        ["id", "ar"],
        "cooperative",
    )
    assert organisation.verification_level == "none", "a changed name and number are checked again"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nib", "123"),
        ("whatsapp", "12"),
        ("whatsapp", ""),
        ("form", "pirates"),
        ("languages", ["xx"]),
        ("country", "XX"),
        ("export_years", "-1"),
        ("export_years", "1e9"),
        ("website", "javascript:1"),
        ("name", "x" * 300),
    ],
)
def test_a_wrong_answer_changes_nothing(people: Cast, session: Session, field: str, value: Any) -> None:
    person = people.seller()
    before = session.scalars(select(Seller.version).where(Seller.id == person.seller_id)).one()
    answer = person.post(PAGE, answers(session, person, **{field: value}), page=PAGE)
    assert answer.status_code == 422
    assert "Kopontren Contoh" in answer.get_data(as_text=True) or field == "name"
    assert session.scalars(select(Seller.version).where(Seller.id == person.seller_id)).one() == before


def test_a_stale_page_says_so(people: Cast, session: Session) -> None:
    person = people.seller()
    stale = answers(session, person)
    assert person.post(PAGE, stale, page=PAGE).status_code == 303
    assert person.post(PAGE, {**stale, "city": "Batu"}, page=PAGE).status_code == 409
    assert session.scalars(select(Organisation.city).where(Organisation.id == person.organisation_id)).one() == "Malang"


def test_story_and_facts(people: Cast, session: Session) -> None:
    person, other = people.seller(), people.seller()
    path = f"{PAGE}/pesantren/{person.producer_id}"
    version = session.scalars(select(Seller.version).where(Seller.id == person.seller_id)).one()
    data = {
        "version": version,
        "name": "PP Contoh",
        "regency": "Kab. Malang",
        "address": "Jalan Contoh 1",
        "santri_count": "450",
        "founded_year": "1975",
        "language": "id",
        "story": "Santri kami menanam kopi.",
    }
    for wrong in ({"founded_year": "3000"}, {"santri_count": "-5"}, {"regency": "Malang"}, {"language": "xx"}):
        assert person.post(path, {**data, **wrong}, page=PAGE).status_code == 422, wrong
    assert person.post(path, data, page=PAGE).status_code == 303
    text = session.scalars(select(ProducerText)).one()
    assert (text.language, text.story, text.is_original) == ("id", "Santri kami menanam kopi.", True)
    assert "Kabupaten Malang" in person.client.get(path).get_data(as_text=True)
    assert person.post(path, data, page=PAGE).status_code == 409, "the version has moved on"
    assert other.client.get(path).status_code == 404
    assert other.post(path, data, page=PAGE).status_code == 404
    assert people.buyer().client.get(path).status_code == 403


def test_curation_goes_by_its_table(people: Cast, session: Session) -> None:
    curator, person = people.curator(), people.seller(curation=CurationState.APPLIED)
    key = person.seller_id or 0
    with pytest.raises(NotFound), transaction() as inside:
        curate_seller(inside, person.actor, key, CurationState.APPROVED)
    with pytest.raises(DomainError), transaction() as inside:
        curate_seller(inside, curator.actor, key, CurationState.IMPROVING, " ")
    with transaction() as inside:
        seen = inside.get_one(Seller, key).version
        curate_seller(inside, curator.actor, key, CurationState.APPROVED, "Welcome", seen)
    with pytest.raises(Conflict), transaction() as inside:
        curate_seller(inside, curator.actor, key, CurationState.PAUSED, "Too late", seen)
    with pytest.raises(Conflict), transaction() as inside:
        curate_seller(inside, curator.actor, key, CurationState.APPLIED)
    assert public_seller(session, session.get_one(Seller, key).slug).id == key
    assert session.scalars(select(SellerNote.text)).all() == ["Welcome"]
    assert session.scalars(select(AuditEntry.action)).all() == ["seller.curated"]


def test_a_mentor_is_of_the_programme(people: Cast, session: Session) -> None:
    curator, person = people.curator(), people.seller()
    with pytest.raises(DomainError), transaction() as inside:
        assign_mentor(inside, curator.actor, person.seller_id or 0, person.user_id)
    with transaction() as inside:
        assign_mentor(inside, curator.actor, person.seller_id or 0, curator.user_id)
    assert session.scalars(select(Seller.mentor_id)).one() == curator.user_id


def test_a_hidden_seller_is_like_a_missing_one(people: Cast, session: Session) -> None:
    person = people.seller(curation=CurationState.PAUSED)
    slug = session.scalars(select(Seller.slug).where(Seller.id == person.seller_id)).one()
    for wish in (slug, "no-such-seller"):
        with pytest.raises(NotFound):
            public_seller(session, wish)


def test_figures_show_from_five_leads_on() -> None:
    assert answer_figures(4, 4, 100) is None
    figures = answer_figures(10, 8, 8 * 120)
    assert figures is not None
    assert (figures.share, figures.hours) == (0.8, 2.0)
    assert answer_figures(5, 0, 0) is not None


@pytest.mark.parametrize(
    ("text", "is_good"), [("1234567890123", True), ("123", False), ("１２３４５６７８９０１２３", False)]
)
def test_nib(text: str, is_good: bool) -> None:
    assert is_nib(text) is is_good
