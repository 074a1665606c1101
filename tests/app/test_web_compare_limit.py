"""The tray offers to compare exactly as many products as the compare page shows."""

from __future__ import annotations

from flask.testing import FlaskClient

from marketplace.catalogue.models import Product
from marketplace.kernel.uow import transaction
from marketplace.web.compare import MOST
from tests.support.factories import a_listed_product
from tests.support.people import Cast


def test_tray_and_page_agree(people: Cast, client: FlaskClient) -> None:
    seller = people.seller()
    made = [a_listed_product(seller) for _ in range(MOST + 1)]
    tray = client.get(f"/products/{made[0].slug}").get_data(as_text=True)
    assert f'data-limit="{MOST}"' in tray
    page = client.get("/compare?" + "&".join(f"key={one.id}" for one in made)).get_data(as_text=True)
    assert page.count('class="comparison-remove"') == MOST


def test_differences_only_leaves_the_others_out(people: Cast, client: FlaskClient) -> None:
    seller = people.seller()
    one, other = a_listed_product(seller), a_listed_product(seller)
    address = f"/compare?key={one.id}&key={other.id}"
    assert 'class="is-different"' not in client.get(address).get_data(as_text=True)
    assert 'scope="row"' not in client.get(f"{address}&only=differences").get_data(as_text=True)
    with transaction() as session:
        session.get_one(Product, other.id).lead_time_days = 300
    page = client.get(f"{address}&only=differences").get_data(as_text=True)
    assert page.count('scope="row"') == 1
    assert "300 days" in page
    assert f'href="/compare?key={one.id}&amp;only=differences"' in page
