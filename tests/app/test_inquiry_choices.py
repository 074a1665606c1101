"""The empty inquiry form offers the goods that the sent form takes, however many a seller has."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from marketplace.catalogue.models import Product
from marketplace.kernel.uow import transaction
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def options(page: str) -> list[str]:
    """Keys of the goods that may be added."""
    lists = re.findall(r"<select[^>]*goods[^>]*>.*?</select>", page, re.DOTALL)
    return re.findall(r'value="(\d+)"', lists[-1])


def test_the_form_offers_what_it_takes(people: Cast, client: FlaskClient) -> None:
    first = a_listed_product(people.seller(), title="Zzz first")
    with transaction() as session:
        query = select(Product.__table__).where(Product.id == first.id)
        row = {name: value for name, value in session.execute(query).mappings().one().items() if name != "id"}
        for number in range(102):
            own = {"slug": f"copy-{number}", "card_titles": {"en": f"Title {102 - number:03d}"}}
            session.execute(insert(Product).values(**{**row, **own}))
    path = "/en/products/copy-101/inquiry"
    offered = options(client.get(path).get_data(as_text=True))
    taken = options(client.get(f"{path}?x=1").get_data(as_text=True))
    assert len(offered) > 90
    assert offered == taken
