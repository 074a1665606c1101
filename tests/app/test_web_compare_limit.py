"""The tray offers to compare exactly as many products as the compare page shows."""

from __future__ import annotations

from flask.testing import FlaskClient

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
