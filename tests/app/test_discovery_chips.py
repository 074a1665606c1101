"""What was read from a search is written as the reader's language writes it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from tests.support.factories import Rung, a_listed_product
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


def test_a_wanted_quantity_does_not_empty_the_list(people: Cast, client: FlaskClient) -> None:
    """Nobody sells so little: the goods are shown all the same, the page says so, and the condition can be taken off."""
    seller = people.seller()
    a_listed_product(seller, moq=Decimal(5000), title="Sack lot of arabica coffee")
    page = client.get("/en/products?q=arabica+coffee+300+kg").get_data(as_text=True)
    assert "Sack lot of" in page
    assert "No listing takes orders as small as 300 kg." in page
    assert "plain=quantity" in page
    a_listed_product(seller, moq=Decimal(200), title="Small lot of arabica coffee")
    page = client.get("/en/products?q=arabica+coffee+300+kg").get_data(as_text=True)
    assert "Small lot of" in page
    assert "Sack lot of" not in page
    assert "No listing takes orders" not in page


def test_a_limit_that_is_said_stays_one(people: Cast, client: FlaskClient) -> None:
    a_listed_product(people.seller(), moq=Decimal(5000), title="Sack lot of arabica coffee")
    assert "Sack lot of" not in client.get("/en/products?q=arabica+coffee+MOQ+300+kg").get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ("arabica+coffee+under+9+usd", "Price: at most 9 USD/kg"),
        ("arabica+coffee+at+most+9+usd", "Price: at most 9 USD/kg"),
        ("bamboo+baskets+under+9+usd", "Price: at most 9 USD/piece"),
        ("coconut+water+under+9+usd", "Price: at most 9 USD/litre"),
        ("virgin+coconut+oil+under+9+usd", "Price: at most 9 USD<"),  # some sell it by the litre, some by the kilogram
        ("coconut+oil+under+9+usd+per+liter", "Price: at most 9 USD/liter"),
        ("cassava+chips+under+9+usd", "Price: at most 9 USD<"),
    ],
)
def test_a_price_without_a_unit_is_a_condition_to_take_off(client: FlaskClient, query: str, chip: str) -> None:
    page = client.get(f"/en/products?q={query}").get_data(as_text=True)
    assert chip in page
    assert "plain=price" in page
    assert chip not in client.get(f"/en/products?q={query}&plain=price").get_data(as_text=True)


def test_a_price_without_a_unit_narrows_the_list(people: Cast, client: FlaskClient) -> None:
    a_listed_product(people.seller(), title="Dear lot of arabica coffee")
    assert "Dear lot of" in client.get("/en/products?q=arabica+coffee+under+900+usd").get_data(as_text=True)
    assert "Dear lot of" not in client.get("/en/products?q=arabica+coffee+under+0.01+usd").get_data(as_text=True)


def test_a_price_without_a_unit_is_for_the_litre_of_what_is_sold_by_the_litre(
    people: Cast, client: FlaskClient
) -> None:
    def rung(unit: str, price: str) -> list[Rung]:
        return [("FOB", "Surabaya", unit, "USD", "100", price)]

    a_listed_product(people.seller(), "coconut-water", title="Fair lot of coconut water", rungs=rung("litre", "1.50"))
    a_listed_product(people.seller(), "coconut-water", title="Dear lot of coconut water", rungs=rung("litre", "6"))
    a_listed_product(people.seller(), "coconut-water", title="Tin lot of coconut water", rungs=rung("carton", "30"))
    page = client.get("/en/products?q=coconut+water+under+2+usd").get_data(as_text=True)
    assert [name for name in ("Fair", "Dear", "Tin") if f"{name} lot of" in page] == ["Fair"]
    page = client.get("/en/products?q=coconut+water+under+2+eur").get_data(as_text=True)
    assert "Fair lot of" in page
    page = client.get("/en/products?q=coconut+water+under+2+usd&plain=price").get_data(as_text=True)
    assert "Price: at most" not in page


def test_what_is_weighed_among_goods_by_the_litre_counts_by_the_kilogram(people: Cast, client: FlaskClient) -> None:
    a_listed_product(
        people.seller(), "coconut-oil-virgin", title="Heavy lot of virgin coconut oil", price_per_kg_usd=Decimal(4),
        rungs=[("FOB", "Surabaya", "mt", "USD", "1", "4000")],
    )  # fmt: skip
    found = "Heavy lot of"
    assert found in client.get("/en/products?q=virgin+coconut+oil+under+5+usd").get_data(as_text=True)
    assert found not in client.get("/en/products?q=virgin+coconut+oil+under+3+usd").get_data(as_text=True)


def test_goods_by_the_litre_are_sorted_by_it_whatever_their_packing(people: Cast, client: FlaskClient) -> None:
    """A price for a millilitre and one for a litre compare; one for a carton, of unknown volume, stands last."""
    for name, unit, price in (("Tin", "carton", "1"), ("Small", "ml", "0.001"), ("Large", "litre", "6")):
        rungs = [("FOB", "Surabaya", unit, "USD", "100", price)]
        a_listed_product(people.seller(), "coconut-water", title=f"{name} lot", rungs=rungs)
    page = client.get("/en/products?commodity=coconut-water&sort=price_litre").get_data(as_text=True)
    assert page.index("Small lot") < page.index("Large lot") < page.index("Tin lot")
    kept = client.get("/en/products?commodity=coconut-water&price_unit.max=5").get_data(as_text=True)
    assert [name for name in ("Tin", "Small", "Large") if f"{name} lot" in kept] == ["Tin", "Small"]  # as it always did
    narrowed = client.get("/en/products?q=coconut+water+under+5+usd+per+litre").get_data(as_text=True)
    assert [name for name in ("Tin", "Small", "Large") if f"{name} lot" in narrowed] == ["Small"]


def test_goods_by_the_piece_or_the_litre_are_filtered_by_its_price(people: Cast, client: FlaskClient) -> None:
    def lots(commodity: str, unit: str, prices: dict[str, str]) -> None:
        for name, price in prices.items():
            rungs = [("FOB", "Surabaya", unit, "USD", "100", price)]
            a_listed_product(people.seller(), commodity, title=f"{name} lot", rungs=rungs)

    lots("coconut-water", "litre", {"Fair": "1.50", "Dear": "6"})
    lots("prayer-mat", "piece", {"Plain": "2.50", "Woven": "9"})
    lots("cassava-chips", "pouch", {"Small": "1.20", "Large": "7"})
    for goods, param, fair, dear, said, heading in (
        ("coconut-water", "price_litre", "Fair", "Dear", "US$ per litre", "Price per litre"),
        ("cassava-chips", "price_unit", "Small", "Large", "US$ per unit of the offer", "Price per unit of the offer"),
        ("prayer-mat", "price_piece", "Plain", "Woven", "US$ per piece", "Price per piece"),
    ):
        whole = client.get(f"/en/products?commodity={goods}").get_data(as_text=True)
        assert f'name="{param}.max"' in whole
        assert said in whole
        assert f"<summary>{heading}<" in whole  # beside the one for a kilogram, which says so as well
        assert f'<option value="{param}">' in whole
        for sort, first, last in ((param, fair, dear), (f"-{param}", dear, fair)):
            sorted_so = client.get(f"/en/products?commodity={goods}&sort={sort}").get_data(as_text=True)
            assert f'<option value="{sort}" selected>' in sorted_so
            assert sorted_so.index(f"{first} lot") < sorted_so.index(f"{last} lot")
        narrowed = client.get(f"/en/products?commodity={goods}&{param}.max=5").get_data(as_text=True)
        assert (f"{fair} lot" in narrowed, f"{dear} lot" in narrowed) == (True, False)
        assert "Price: at most 5" in narrowed
        typed = client.get(f"/en/products?commodity={goods}&q=under+5+usd").get_data(as_text=True)
        assert (f"{fair} lot" in typed, f"{dear} lot" in typed) == (True, False)
    both = client.get("/en/products?commodity=prayer-mat&commodity=coconut-water").get_data(as_text=True)
    assert "price_piece" not in both  # what has no unit in common is not compared
    a_listed_product(people.seller(), "coffee-arabica-green")
    weighed = client.get("/en/products?commodity=coffee-arabica-green").get_data(as_text=True)
    assert "price_unit" not in weighed
    assert "<summary>Price per kg<" in weighed
    kept = client.get("/en/products?sort=-price_unit").get_data(as_text=True)  # an address that somebody kept
    assert '<option value="-price_unit" selected>' in kept
