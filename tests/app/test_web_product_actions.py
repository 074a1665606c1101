"""What a buyer can do from a product page."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from marketplace.catalogue.models import Product
from marketplace.kernel.uow import transaction
from tests.support.factories import a_listed_product
from tests.support.people import Cast


@pytest.mark.parametrize("is_offered", [True, False])
def test_a_sample_is_asked_for_where_one_is_offered(people: Cast, client: FlaskClient, is_offered: bool) -> None:
    product = a_listed_product(people.seller())
    with transaction() as inside:
        inside.get_one(Product, product.id).sample_is_offered = is_offered
    wish = f"/products/{product.slug}/inquiry?sample=1"
    html = client.get(f"/products/{product.slug}").get_data(as_text=True)
    assert (f'href="{wish}"' in html) is is_offered
    if is_offered:
        form = client.get(wish).get_data(as_text=True)
        box = form[form.index('name="sample_is_wanted"') - 200 :][:400]
        assert "checked" in box
