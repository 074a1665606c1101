"""An offer without a photo is shown by a drawing that says it is one; values an import filled in have names."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Photo, Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.kernel.uow import transaction
from marketplace.web.filled_in import filled_in_names
from tests.support.factories import a_listed_product
from tests.support.people import Cast


def test_every_commodity_has_a_drawing_that_may_do_nothing(client: FlaskClient) -> None:
    for commodity in load_registry().commodities:
        answer = client.get(f"/drawings/{commodity}.svg")
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml"), commodity
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "max-age" in answer.headers["Cache-Control"]
    assert client.get("/drawings/no-such-goods.svg").status_code == 404


def test_a_product_without_a_photo_is_drawn(people: Cast, session: Session, client: FlaskClient) -> None:
    product = a_listed_product(people.seller())
    with transaction() as inside:
        row = inside.get_one(Product, product.id)
        row.cover_photo, row.filled_in = "", ["moq", "spec.crop_year"]
        slug, commodity = row.slug, row.commodity
        inside.execute(delete(Photo).where(Photo.product_id == product.id))
    html = client.get(f"/products/{slug}").get_data(as_text=True)
    assert f'src="/drawings/{commodity}.svg"' in html
    assert "Illustration, not a photo of the goods" in html
    assert re.search(r"own: Minimum order \(MOQ\) and [A-Z]", html), html[html.find("Some values") :][:300]
    assert "og:image" not in html


def test_filled_in_values_have_names(app: Flask) -> None:
    with app.test_request_context("/"):
        names = filled_in_names(["hs_code", "spec.sni_grade", "hs_code", "price_3_from"], "en")
    assert (names[0], len(names), names[2]) == ("HS code", 3, "price 3 from")
    assert "_" not in names[1]
