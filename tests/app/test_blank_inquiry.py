"""The empty form about a product is drawn once and filled in: it says what the form made for one request says."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from marketplace.catalogue.events import ProductChanged
from marketplace.catalogue.models import Product
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry_form
from tests.support.people import Cast, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
HOSTILE = "\"><script>alert('x')</script> & Co"
TOKENS = re.compile(r'(name="(?:csrf_token|_once)" value=")[^"]+')
PREFIXES = ("/en", "/de", "/id", "/zh-hans", "/zh-hant", "")


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return TOKENS.sub(r"\1", answer.get_data(as_text=True)).replace("?x=1", "")


def both_ways(client: FlaskClient, path: str) -> tuple[str, str]:
    """The empty form, and the one made for a request that fills in what is not known."""
    return page(client, path), page(client, f"{path}?x=1")


def test_the_empty_form_is_the_same_for_every_reader_language_and_product(people: Cast, client: FlaskClient) -> None:
    seller, alone = people.seller(), people.seller()
    goods = [
        a_listed_product(seller, title=HOSTILE, moq=Decimal(300), unit="kg", sample_is_offered=True),
        a_listed_product(seller, moq=Decimal(2), unit="mt", sample_is_offered=False),
        a_listed_product(alone, moq=None, sample_is_offered=True),
    ]
    buyer = people.buyer()
    for number, product in enumerate(goods):
        for prefix in PREFIXES[: 6 if number == 0 else 2]:
            for reader in (client, buyer.client, seller.client):
                quick, long = both_ways(reader, f"{prefix}/products/{product.slug}/inquiry")
                assert quick == long
    assert "<script>alert" not in quick


def test_each_reader_gets_tokens_of_their_own(people: Cast) -> None:
    product = a_listed_product(people.seller())
    path = f"/en/products/{product.slug}/inquiry"
    one, other = people.buyer().client, people.buyer().client
    first, second, third = guards(one, path), guards(one, path), guards(other, path)
    assert first["csrf_token"] != third["csrf_token"]
    assert len({first["_once"], second["_once"], third["_once"]}) == 3
    tokens = re.findall('name="csrf_token" value="([^"]+)"', one.get(path).get_data(as_text=True))
    assert len(tokens) > 1  # in the menu, and in the form
    assert one.post(path, data={"csrf_token": tokens[-1]}).status_code == 422  # taken as one's own; nothing is said yet
    assert one.post(path, data={"csrf_token": third["csrf_token"]}).status_code == 400


def test_other_goods_stand_in_the_form_as_they_are_called_now(people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer().client
    one, other = a_listed_product(seller, title="Arabica of May"), a_listed_product(seller, title="Robusta of May")
    path = f"/en/products/{one.slug}/inquiry"
    before = buyer.get(path).get_data(as_text=True)
    assert f'<option value="{other.id}">Robusta of May</option>' in before
    assert f'<option value="{one.id}">' not in before
    with transaction() as session:
        row = session.get_one(Product, other.id)
        row.card_titles = {**(row.card_titles or {}), "en": "Robusta of June"}
        record(session, ProductChanged(product_id=other.id))
    after = buyer.get(path).get_data(as_text=True)
    assert "Robusta of June" in after
    assert "Robusta of May" not in after


def test_what_an_address_or_a_cookie_fills_in_is_not_left_out(people: Cast, client: FlaskClient) -> None:
    product = a_listed_product(people.seller(), sample_is_offered=True)
    path = f"/en/products/{product.slug}/inquiry"
    page(client, path)
    assert 'checked id="sample_is_wanted"' in client.get(f"{path}?sample=1").get_data(as_text=True)
    assert 'value="12,5"' in client.get(f"{path}?quantity=12,5").get_data(as_text=True)
    data = {**guards(client, path), **an_inquiry_form("Do you ship in May?"), "way": "account"}
    assert client.post(path, data=data).status_code == 303
    assert "Do you ship in May?" in client.get(path).get_data(as_text=True)


def test_a_product_that_is_gone_has_no_form(people: Cast) -> None:
    assert people.buyer().client.get("/en/products/never-was/inquiry").status_code == 404
