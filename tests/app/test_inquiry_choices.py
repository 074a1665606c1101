"""The empty inquiry form offers the goods that the sent form takes, however many a seller has."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from marketplace.catalogue.models import Product
from marketplace.kernel.uow import transaction
from tests.app.test_fairs import a_fair
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


def test_who_comes_from_a_fair_finds_its_goods_first(people: Cast, client: FlaskClient) -> None:
    seller, fair = people.seller(), a_fair(people.partner())  # a fair for coconut sugar
    asked = a_listed_product(seller, title="What is asked about")
    coffee = a_listed_product(seller, title="A coffee")
    late = a_listed_product(seller, "coconut-sugar", title="Z sugar")
    early = a_listed_product(seller, "coconut-sugar", title="M sugar")
    path = f"/en/products/{asked.slug}/inquiry"
    by_title = [str(one.id) for one in (coffee, early, late)]
    at_fair = [str(one.id) for one in (early, late, coffee)]
    assert options(client.get(path).text) == by_title
    assert options(client.get(f"{path}?fair={fair.code}").text) == at_fair
    assert options(client.get(path, headers={"Referer": f"http://localhost/products?fair={fair.code}"}).text) == at_fair
    assert options(client.get(f"{path}?fair=NNNNNN").text) == by_title
