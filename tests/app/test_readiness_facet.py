"""Offers by the papers that a destination's law asks for."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.catalogue.rules import MarketRegistrationKind
from marketplace.discovery.projection import product_documents
from marketplace.discovery.readiness import readiness, readiness_name
from marketplace.marketaccess.facts import load_facts
from marketplace.marketaccess.holding import evidence_of
from tests.support.factories import a_listed_product
from tests.support.people import Cast

DAY = date(2026, 11, 22)
COFFEE = "090111"


def _state(codes: set[str], place: str, claims: set[str] | None = None, hs_code: str = COFFEE) -> str:
    found = readiness(hs_code, frozenset(claims or ()), frozenset(codes), DAY)
    return next((each for each in found if each.partition(".")[0] == place), "")


def test_papers_that_are_held_no_longer_miss() -> None:
    bare = _state(set(), "US")
    assert bare != "US"
    assert _state({"fda", "halal-bpjph", "haccp"}, "US") == "US"


def test_a_claim_asks_for_its_certificate_where_its_law_rules() -> None:
    held = {"eudr", "halal-bpjph", "haccp"}
    plain = _state(held, "EU")
    claimed = _state(held, "EU", {"organic"})
    assert plain == "EU"
    assert claimed == "EU.1"
    assert _state(held | {"organic-nop"}, "EU", {"organic"}) == claimed
    assert _state(held | {"organic-eu"}, "EU", {"organic"}) == plain


def test_every_registration_of_the_catalogue_is_known_as_evidence() -> None:
    facts = load_facts()
    known = {
        kind: list(evidence_of(facts, kind, "GB" if kind == "uk_organic" else "DE")) for kind in MarketRegistrationKind
    }
    assert [kind for kind, evidence in known.items() if not evidence] == [MarketRegistrationKind.EU_APPROVAL]


def test_members_of_a_union_count_as_one() -> None:
    found = readiness(COFFEE, frozenset(), frozenset({"halal-bpjph", "haccp", "eudr"}), DAY)
    assert not {"DE", "FR", "NL"} & {each.partition(".")[0] for each in found}


def test_names(session: Session) -> None:
    assert readiness_name("EU", "en") == "European Union: nothing missing"
    assert readiness_name("US.1", "en").endswith(": 1 paper missing")
    assert readiness_name("US.2", "en").endswith(": 2 papers missing")


def test_the_list_counts_and_filters_by_it(client: FlaskClient, people: Cast, session: Session) -> None:
    product = a_listed_product(people.seller(), "sea-salt")
    (document,) = product_documents(session, {product.id: 1})
    (value, *_) = document.keywords["market_ready"]
    page = client.get(f"/en/products?ready={value}").get_data(as_text=True)
    assert product.slug in page
    assert "Papers asked by law" in page
    assert product.slug not in client.get("/en/products?ready=ZZ").get_data(as_text=True)
