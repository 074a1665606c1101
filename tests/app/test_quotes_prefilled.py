"""What the quote's form proposes: the terms that the buyer named, and a listed price only where it is for those terms."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketplace.kernel.uow import transaction
from marketplace.rfqs.drafts import ChosenRecipient, LineDraft, RequestDraft, TermsDraft
from marketplace.rfqs.services import draft_request, send_request
from tests.app.test_quotes_pages import fields_of
from tests.support.factories import Rung, a_listed_product
from tests.support.flows import an_inquiry, recipient_of
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
CIF: Rung = ("CIF", "Rotterdam", "kg", "USD", "100", "6.90")
FOB: Rung = ("FOB", "Tanjung Perak", "kg", "USD", "100", "6.20")
EXW: Rung = ("EXW", "Malang", "kg", "USD", "100", "5.60")


@pytest.mark.parametrize(
    ("rungs", "asked", "terms", "price", "hint"),
    [
        ([FOB, CIF], ("CIF", "Rotterdam"), ("CIF", "Rotterdam"), "6.9", ""),
        ([FOB, CIF], ("CIF", "Hamburg"), ("CIF", "Hamburg"), "", "CIF Rotterdam"),
        ([FOB, CIF], ("CIF", ""), ("CIF", "Rotterdam"), "6.9", ""),
        ([FOB, EXW], ("CIF", "Hamburg"), ("CIF", "Hamburg"), "", "FOB Tanjung Perak"),
        ([FOB, EXW], ("EXW", "Surabaya"), ("EXW", "Surabaya"), "", "EXW Malang"),
        ([FOB, CIF], ("", ""), ("FOB", "Tanjung Perak"), "6.2", ""),
    ],
)
def test_the_form_says_what_the_buyer_named(
    people: Cast, rungs: list[Rung], asked: tuple[str, str], terms: tuple[str, str], price: str, hint: str
) -> None:
    seller = people.seller()
    product = a_listed_product(seller, rungs=rungs, capacity_per_month=None)
    rfq = an_inquiry(people.buyer(), product, incoterm=asked[0], place=asked[1])
    path = f"/leads/{recipient_of(rfq, seller).key}/quote/edit"
    form = fields_of(seller, path)
    assert (form["incoterm"], form["place"]) == terms
    assert (form["lines-0-unit_price"], form["lines-0-price_unit"], form["currency"]) == (price, "kg", "USD")
    page = seller.client.get(path).text
    assert ("Your price list says" in page) is bool(hint)
    if hint:
        assert f"{hint}. This quote has other terms" in page


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [(FOB, EXW, ("", "")), (("CIF", "Hamburg", "kg", "USD", "100", "7.10"), CIF, ("CIF", ""))],
)
def test_a_further_line_has_the_price_of_the_quotes_terms_or_none(
    people: Cast, first: Rung, second: Rung, asked: tuple[str, str]
) -> None:
    seller, buyer = people.seller(), people.buyer()
    for commodity, rung in (("coffee-arabica-green", first), ("coconut-sugar", second)):
        a_listed_product(seller, commodity, rungs=[rung], capacity_per_month=None)
    lines = tuple(
        LineDraft(description=commodity, commodity=commodity, quantity=Decimal(2000), unit="kg")
        for commodity in ("coffee-arabica-green", "coconut-sugar")
    )
    terms = TermsDraft(destination="DE", incoterm=asked[0], place=asked[1])
    with transaction() as session:
        draft = draft_request(session, buyer.actor, "Coffee and sugar", "en", RequestDraft(lines=lines, terms=terms))
        rfq = send_request(session, buyer.actor, draft, [ChosenRecipient(seller.seller_id or 0, score=Decimal("0.8"))])
    path = f"/leads/{recipient_of(rfq, seller).key}/quote/edit"
    form = fields_of(seller, path)
    assert (form["incoterm"], form["place"]) == first[:2]
    assert (form["lines-0-unit_price"], form["lines-1-unit_price"]) == (first[5].rstrip("0"), "")
    assert f"{second[0]} {second[1]}. This quote has other terms" in seller.client.get(path).text
