"""What a destination asks of a product: the list for buyers and for the seller, and how the offer stands to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from marketplace.catalogue.models import MarketRegistration, Product
from marketplace.catalogue.queries.listed import product_by_id
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction
from marketplace.marketaccess.facts import load_facts
from marketplace.web.market_offer import Held, MarketCheck, Standing, check_market, claims_of
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("moment")
LANGUAGES = ("en", "id", "de", "zh-hans", "zh-hant")


def _checked(product: Product, destination: str) -> MarketCheck:
    return check_market(load_facts(), product_by_id(db.session(), product.id), destination, today())


def _text(person: Person | FlaskClient, path: str, status: int = 200) -> str:
    client = person.client if isinstance(person, Person) else person
    answer = client.get(path)
    assert answer.status_code == status
    text: str = answer.get_data(as_text=True)
    return text


def _register(product: Product, kind: str, days: int | None = None) -> None:
    until = None if days is None else today() + timedelta(days=days)
    with transaction() as session:
        session.add(MarketRegistration(product_id=product.id, kind=kind, number="R-1", valid_to=until))


def test_the_page_tells_requirements_evidence_dates_and_sources(people: Cast, client: FlaskClient) -> None:
    product = a_listed_product(people.seller(), title="Gayo lot")
    text = _text(client, f"/en/products/{product.slug}/to/de")
    assert "Germany: requirements for Gayo lot" in text
    assert "EUDR: deforestation-free coffee" in text
    assert "Next step on Dec 30, 2026" in text or "Next step on 30 Dec 2026" in text
    assert "Pesticide residue limits" in text
    assert "FDA food facility registration" not in text
    assert "not legal advice" in text
    assert "not stated" in text
    assert "Form ICO" in text
    assert f"product={product.hs_code[:6]}&amp;origin=ID&amp;destination=DE" in text
    assert "Market Access Map of the International Trade Centre" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_and_every_destination_has_its_page(people: Cast, client: FlaskClient, language: str) -> None:
    product = a_listed_product(people.seller())
    for country in ("de", "us", "cn", "sa", "my"):
        assert 'class="market-item"' in _text(client, f"/{language}/products/{product.slug}/to/{country}")


@pytest.mark.parametrize("commodity", ["coffee-roasted", "charcoal-coconut-shell", "batik-fabric"])
def test_other_goods_ask_for_other_things(people: Cast, client: FlaskClient, commodity: str) -> None:
    product = a_listed_product(people.seller(), commodity)
    ids = {one.id for one in _checked(product, "DE").requirements}
    assert "id-peb" in ids
    assert ("any-charcoal-dg" in ids) == (commodity == "charcoal-coconut-shell")
    text = _text(client, f"/en/products/{product.slug}/to/de")
    assert all(f'id="{key}"' in text for key in ids)


def test_valid_certificates_and_registrations_count_as_shown(people: Cast) -> None:
    seller = people.seller()
    held = [
        a_certificate(seller, "organic-eu"),
        a_certificate(seller, "haccp", verified_at=None, verified_method=""),
        a_certificate(seller, "svlk"),
    ]
    product = a_listed_product(seller, "coffee-roasted", certificates=held)
    _register(product, "eudr", days=100)
    found = _checked(product, "DE").held
    assert found["organic_cert"] == Held(Standing.CHECKED, "organic-eu", held[0].valid_to)
    assert found["haccp"].standing is Standing.STATED
    assert found["plot_geojson"].standing is Standing.STATED
    assert found["commercial_invoice"].standing is Standing.SHIPMENT
    assert found["coa_pesticide"].standing is Standing.UNSTATED
    assert "svlk_cert" not in found  # nobody asks roasted coffee for it


def test_an_organic_scheme_counts_only_under_its_own_law(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller, certificates=[a_certificate(seller, "organic-eu")])
    assert _checked(product, "US").held["organic_cert"].standing is Standing.UNSTATED
    _register(product, "uk_organic")
    assert _checked(product, "GB").held["organic_cert"].standing is Standing.STATED


def test_what_has_ended_is_told_and_the_better_one_wins(people: Cast) -> None:
    seller = people.seller()
    over = a_certificate(seller, "haccp", valid_to=today() - timedelta(days=1))
    product = a_listed_product(seller, "coffee-roasted", certificates=[over])
    assert _checked(product, "DE").held["haccp"] == Held(Standing.ENDED, "haccp", over.valid_to)
    both = a_listed_product(seller, "coffee-roasted", certificates=[over, a_certificate(seller, "haccp")])
    assert _checked(both, "DE").held["haccp"].standing is Standing.CHECKED


def test_a_certificate_that_begins_later_shows_nothing_yet(people: Cast) -> None:
    seller = people.seller()
    later = a_certificate(seller, "haccp", valid_from=today() + timedelta(days=5))
    product = a_listed_product(seller, "coffee-roasted", certificates=[later])
    assert _checked(product, "DE").held["haccp"].standing is Standing.UNSTATED


def test_claims_call_for_more(people: Cast) -> None:
    seller = people.seller()
    plain = a_listed_product(seller)
    assert "eu-organic" not in {one.id for one in _checked(plain, "DE").requirements}
    told = a_listed_product(seller, title="Organic Gayo")
    assert "eu-organic" in {one.id for one in _checked(told, "DE").requirements}
    over = a_certificate(seller, "organic-eu", valid_to=today() - timedelta(days=1))
    lapsed = a_listed_product(seller, certificates=[over])
    assert claims_of(product_by_id(db.session(), lapsed.id), today()) == frozenset()
    certified = a_listed_product(seller, specs={"organic_status": "certified"})
    assert claims_of(product_by_id(db.session(), certified.id), today()) == {"organic"}


def test_halal_certificates_count_where_they_are_recognised(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller, "chocolate-bar", certificates=[a_certificate(seller, "halal-bpjph")])
    arabia, emirates = _checked(product, "SA"), _checked(product, "AE")
    assert arabia.held["halal_dest"].standing is Standing.CHECKED
    assert emirates.held["halal_dest"].standing is Standing.UNSTATED
    assert emirates.held["halal_bpjph"].standing is Standing.CHECKED


@pytest.mark.parametrize("country", ["xx", "any", "other", "fr-fr", "%C3%A9"])
def test_an_unknown_country_is_not_found(people: Cast, client: FlaskClient, country: str) -> None:
    product = a_listed_product(people.seller())
    _text(client, f"/en/products/{product.slug}/to/{country}", 404)
    _text(client, f"/en/products/{product.slug}/to?country={country}", 404)


def test_nothing_of_an_unlisted_product_is_told(people: Cast, client: FlaskClient) -> None:
    seller, other = people.seller(), people.seller()
    draft = a_draft(seller, title="Secret harvest")
    for person in (client, seller, other):
        for path in (f"/en/products/{draft.slug}/to/de", f"/en/products/{draft.slug}/to", "/en/products/none/to/de"):
            assert "Secret harvest" not in _text(person, path, 404)


def test_goods_of_another_origin_have_no_list(people: Cast, client: FlaskClient) -> None:
    product = a_listed_product(people.seller(), origin_country="MY", origin_region="")
    _text(client, f"/en/products/{product.slug}/to/de", 404)
    assert "market-country" not in _text(client, f"/en/products/{product.slug}")


def test_the_form_of_the_product_page_leads_there(people: Cast, client: FlaskClient) -> None:
    product = a_listed_product(people.seller())
    assert f'action="/en/products/{product.slug}/to"' in _text(client, f"/en/products/{product.slug}")
    answer = client.get(f"/en/products/{product.slug}/to?country=DE")
    assert answer.status_code == 302
    assert answer.location.endswith(f"/en/products/{product.slug}/to/de")
    assert client.get(f"/en/products/{product.slug}/to/DE").status_code == 301


def test_without_a_choice_a_reader_comes_to_their_own_country(people: Cast, client: FlaskClient) -> None:
    product = a_listed_product(people.seller())
    assert "Choose a country" in _text(client, f"/en/products/{product.slug}/to")
    abroad, far = people.buyer(country="HK"), people.buyer(country="BR")
    assert abroad.client.get(f"/en/products/{product.slug}/to").location.endswith("/to/hk")
    assert "Choose a country" in _text(far, f"/en/products/{product.slug}/to")


def test_a_destination_that_the_offer_does_not_name_is_marked(people: Cast, client: FlaskClient) -> None:
    product = a_listed_product(people.seller(), destinations=["HK"])
    assert "does not name Germany" in _text(client, f"/en/products/{product.slug}/to/de")
    assert "does not name" not in _text(client, f"/en/products/{product.slug}/to/hk")


def test_sellers_see_what_is_open_for_their_destinations(people: Cast) -> None:
    seller, other, buyer = people.seller(), people.seller(), people.buyer()
    draft = a_draft(seller, destinations=["DE", "HK"])
    base = f"/en/selling/products/{draft.slug}"
    assert f"{base}/markets" in _text(seller, f"{base}/edit")
    listed = _text(seller, f"{base}/markets")
    assert f"{base}/markets/de" in listed
    assert f"{base}/markets/hk" in listed
    assert f"{base}/markets/us" not in listed
    assert "Still open for Germany" in _text(seller, f"{base}/markets/de")
    _text(seller, f"{base}/markets/xx", 404)
    for path in ("markets", "markets/de"):
        _text(other, f"{base}/{path}", 404)
        assert buyer.client.get(f"{base}/{path}").status_code in {403, 404}


def test_a_visitors_page_is_kept_and_new_after_a_change(people: Cast, client: FlaskClient) -> None:
    seller = people.seller()
    product = a_listed_product(seller, title="Kept harvest")
    path = f"/en/products/{product.slug}/to/de"
    assert "Kept harvest" in _text(client, path)
    answer = client.get(path)
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def _ships_to(product: Product, *codes: str) -> None:
    with transaction() as session:
        session.get_one(Product, product.id).destinations = list(codes)


def test_a_bloc_that_is_served_whole_stands_as_one(people: Cast, client: FlaskClient) -> None:
    seller = people.seller()
    product = a_listed_product(seller, "charcoal-coconut-shell")
    members = load_facts().blocs["EU"]
    _ships_to(product, "JP", *members)
    text = _text(seller, f"/selling/products/{product.slug}/markets")
    assert "European Union" in text
    assert "Japan" in text
    assert "France" not in text
    assert "Slovakia" not in text
    text = _text(client, f"/en/products/{product.slug}")
    assert "European Union and Japan" in text
    text = _text(client, f"/en/products/{product.slug}/to/eu")
    assert "European Union: requirements for" in text
    assert "does not name" not in text


def test_one_member_is_not_the_bloc(people: Cast, client: FlaskClient) -> None:
    seller = people.seller()
    product = a_listed_product(seller, "charcoal-coconut-shell")
    _ships_to(product, "FR", "JP")
    text = _text(seller, f"/selling/products/{product.slug}/markets")
    assert "France" in text
    assert "European Union" not in text
    assert "does not name European Union" in _text(client, f"/en/products/{product.slug}/to/eu")


def test_a_seller_ticks_the_bloc_once(people: Cast) -> None:
    seller = people.seller()
    product = a_draft(seller)
    path = f"/selling/products/{product.slug}/edit/markets"
    found = product_by_id(db.session(), product.id)
    sent = seller.post(path, {"version": str(found.version), "usual": ["EU", "JP"], "others": ""}, page=path)
    assert sent.status_code == 303
    with transaction() as session:
        kept = session.get_one(Product, product.id).destinations
    assert kept == sorted({"JP", *load_facts().blocs["EU"]})
    form = _text(seller, path)
    assert "checked" in form.split('value="EU"')[0].rsplit("<input", 1)[1]
    assert 'value="Finland' not in form
