"""The buying company's own page: kept whole, refused when stale, closed to others."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.buyers.models import Buyer
from tests.support.people import Cast, Person

PAGE = "/buying/company"


def answers(session: Session, person: Person, **more: Any) -> dict[str, Any]:
    organisation = session.get_one(Organisation, person.organisation_id, populate_existing=True)
    return {
        "version": organisation.version,
        "name": organisation.name,
        "country": "DE",
        "city": "Hamburg",
        "website": "https://beispiel.example",
        "registration_number": "",
        "trade": "importer",
        "about": "We import.",
        "import_history": "40 t of coffee a year",
        "interests": ["coffee-arabica-green"],
        **more,
    }


def test_the_company_is_kept(people: Cast, session: Session) -> None:
    person = people.buyer()
    html = person.client.get(PAGE).get_data(as_text=True)
    assert "coffee-arabica-green" in html
    assert person.post(PAGE, answers(session, person), page=PAGE).status_code == 303
    buyer = session.scalars(select(Buyer)).one()
    organisation = session.get_one(Organisation, person.organisation_id, populate_existing=True)
    assert (buyer.trade, buyer.about, buyer.interests) == ("importer", "We import.", ["coffee-arabica-green"])
    assert (organisation.city, organisation.verification_level) == ("Hamburg", "verified")


def test_what_was_checked_is_checked_again(people: Cast, session: Session) -> None:
    person = people.buyer()
    person.post(PAGE, answers(session, person, name="Another Name GmbH"), page=PAGE)
    organisation = session.get_one(Organisation, person.organisation_id, populate_existing=True)
    assert (organisation.name, organisation.verification_level) == ("Another Name GmbH", "none")


def test_extra_fields_change_nothing(people: Cast, session: Session) -> None:
    person = people.buyer(verification_level="none")
    extra = {
        "verification_level": "verified",
        "kind": "programme",
        "slug": "mine",
        "suspended_at": "",
        "role": "operator",
        "organisation_id": "1",
        "verified_until": "2030-01-01",
        "is_sample": "y",
    }
    assert person.post(PAGE, answers(session, person, **extra), page=PAGE).status_code == 303
    organisation = session.get_one(Organisation, person.organisation_id, populate_existing=True)
    assert (organisation.verification_level, organisation.kind, organisation.is_sample) == ("none", "buyer", False)
    assert organisation.slug != "mine"


@pytest.mark.parametrize(
    ("field", "value"),
    [("trade", "pirate"), ("country", ""), ("name", ""), ("about", "x" * 501), ("interests", ["no-such"])],
)
def test_a_wrong_answer_changes_nothing(people: Cast, session: Session, field: str, value: Any) -> None:
    person = people.buyer()
    answer = person.post(PAGE, answers(session, person, **{field: value}), page=PAGE)
    assert answer.status_code == 422
    assert session.scalars(select(Buyer.trade)).one() == "roaster"


def test_a_stale_page_says_so(people: Cast, session: Session) -> None:
    person = people.buyer()
    stale = answers(session, person)
    assert person.post(PAGE, {**stale, "interests": []}, page=PAGE).status_code == 303
    assert person.post(PAGE, stale, page=PAGE).status_code == 409
    assert session.scalars(select(Buyer.interests)).one() == []


def test_the_page_is_the_buyers(people: Cast) -> None:
    for person in (people.seller(), people.partner(), people.curator()):
        assert person.client.get(PAGE).status_code == 403
    assert people.app.test_client().get(PAGE).status_code == 302
