"""What a seller receives, on the pages where they set prices; their costs are theirs alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.uow import transaction
from marketplace.payments.services import add_commission_rule
from marketplace.proceeds.queries import cost_row
from marketplace.proceeds.rules import Costs
from marketplace.proceeds.services import keep_costs
from tests.app.test_catalogue_queries import counted
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry, recipient_of
from tests.support.people import Cast, Person
from tests.support.quoting import a_saved_quote

pytestmark = pytest.mark.usefixtures("app", "moment")


def text_of(person: Person, path: str) -> str:
    answer = person.client.get(path)
    assert answer.status_code == 200, path
    return str(answer.get_data(as_text=True)).replace("\xa0", " ")


def three_percent(people: Cast) -> None:
    with transaction() as session:
        add_commission_rule(
            session, people.operator().actor, percent=Decimal(3), chapter_id=None, commodity="", valid_from=today(),
            valid_to=None,
        )  # fmt: skip


def test_it_stands_under_prices_offers_and_quotes(people: Cast) -> None:
    three_percent(people)
    seller, buyer = people.seller(locale="en"), people.buyer()
    product = a_listed_product(seller)
    rfq = an_inquiry(buyer, product)
    lead = f"/leads/{recipient_of(rfq, seller).key}/quote"
    seen = "Buyer sees US$6.20 / kg FOB Tanjung Perak; you receive about"
    for path in (
        f"/en/selling/products/{product.slug}/edit/prices",
        f"/en/selling/products/{product.slug}/proceeds",
        f"/en/selling/offers/new/{product.slug}",
        f"/en{lead}/edit",
    ):
        html = text_of(seller, path)
        assert seen in html, path
        assert "after 3% commission, at the rate of" in html
        assert "European Central Bank" in html
    a_saved_quote(seller, rfq, product.id, price="5.00")
    assert "Buyer sees US$5.00 / kg FOB Tanjung Perak" in text_of(seller, f"/en{lead}/preview")
    for public in (f"/en/products/{product.slug}", f"/en/products/{product.slug}/inquiry"):
        assert "you receive" not in text_of(buyer, public)


def test_a_page_with_many_prices_reads_the_commission_and_the_costs_once(people: Cast) -> None:
    three_percent(people)
    seller = people.seller(locale="en")
    rungs = [
        ("FOB", "Tanjung Perak", "kg", "USD", least, price)
        for least, price in (("100", "6.2"), ("500", "6"), ("1000", "5.8"))
    ]
    product = a_listed_product(seller, rungs=rungs)
    with counted() as statements:
        html = text_of(seller, f"/en/selling/products/{product.slug}/proceeds")
    assert html.count("Buyer sees") == 3
    assert sum("FROM commission_rule" in one.replace("\n", " ") for one in statements) == 1
    assert sum("FROM product_cost" in one.replace("\n", " ") for one in statements) <= 2  # one is the form's


def test_the_line_follows_what_is_typed_and_refuses_what_is_not_theirs(people: Cast) -> None:
    seller, other = people.seller(locale="en"), people.seller()
    product = a_listed_product(seller)
    query = "price=4.20&currency=USD&unit=kg&incoterm=FOB&place=Surabaya"
    path = f"/en/selling/proceeds?product={product.slug}&{query}"
    assert "Buyer sees US$4.20 / kg FOB Surabaya" in text_of(seller, path)
    assert "no rate for ARS" in text_of(seller, path.replace("USD", "ARS"))
    in_german = path.replace("/en/", "/de/").replace("price=4.20", "price=1.250")  # as the form of that page reads it
    assert "1.250,00" in text_of(seller, in_german)
    assert "1,250.00" not in text_of(seller, path.replace("price=4.20", "price=1.250"))
    for strange in ("price=", "price=-1", "price=1e999", "price=NaN", "price=0.0000001"):
        assert "Buyer sees" not in text_of(seller, path.replace("price=4.20", strange))
    assert "Buyer sees" not in text_of(seller, path.replace("currency=USD", "currency=XXXX"))
    assert other.client.get(path).status_code == 404
    lead = recipient_of(an_inquiry(people.buyer(), product), seller).key
    by_lead = f"/en/selling/proceeds?lead={lead}&goods={product.id}&{query}"
    assert "Buyer sees" in text_of(seller, by_lead)
    assert other.client.get(by_lead).status_code == 404


def test_costs_are_kept_by_the_seller_alone(people: Cast, session: Session) -> None:
    seller, other = people.seller(locale="en"), people.seller()
    product = a_listed_product(seller)
    path = f"/selling/products/{product.slug}/proceeds"
    sent = {"version": "0", "unit": "kg", "farm_gate": "50.000", "export": "9000"}  # rupiah have no decimals
    assert seller.post(path, sent, page=path).status_code == 303
    html = text_of(seller, f"/en{path}")
    assert "59,000" in html
    assert "is left" in html
    assert seller.post(path, sent, page=path).status_code == 409  # it was read before it changed
    assert seller.post(path, {**sent, "version": "1", "farm_gate": "-1"}, page=path).status_code == 422
    assert other.client.get(path).status_code == 404
    for reader in (people.buyer(), people.curator(), people.partner()):
        assert reader.client.get(path).status_code in {403, 404}
    thousands = {"version": "1", "unit": "kg", "farm_gate": "55.000", "export": "9,000"}  # rupiah have no decimals
    assert seller.post(path, thousands, page=path).status_code == 303
    assert "64,000" in text_of(seller, f"/en{path}")
    emptied = {"version": "2", "unit": "kg", "farm_gate": "", "export": ""}
    assert seller.post(path, emptied, page=path).status_code == 303
    session.rollback()
    assert cost_row(session, product.id) is None


def test_costs_that_cannot_stand_are_refused(people: Cast) -> None:
    product = a_listed_product(people.seller())
    for costs in (
        Costs("fcl20", Decimal(1), Decimal(1)),
        Costs("nothing", Decimal(1), Decimal(1)),
        Costs("kg", Decimal(-1), Decimal(1)),
        Costs("kg", Decimal(1), Decimal("0.0000001")),
    ):
        with pytest.raises(DomainError), transaction() as session:
            keep_costs(session, product.id, 0, costs)
    with pytest.raises(Conflict), transaction() as session:
        keep_costs(session, product.id, 3, Costs("kg", Decimal(1), Decimal(1)))
