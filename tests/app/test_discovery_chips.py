"""What was read from a search is written as the reader's language writes it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.factories import a_listed_product
from tests.support.people import Cast


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/de/products?q=arabica+cupping+%C3%BCber+84+Punkte", "mindestens 84 Punkte"),
        ("/products?q=arabica+cup+score+above+84+POINTS", "at least 84 points"),
    ],
)
def test_a_unit_keeps_its_spelling(people: Cast, client: FlaskClient, path: str, said: str) -> None:
    a_listed_product(people.seller())
    assert said in client.get(path).get_data(as_text=True)
