"""Quotes in the browser: the forms that pages really show, filled in and sent."""

from __future__ import annotations

import html
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.quotes.models import Deal, QuoteVersion
from marketplace.quotes.rules import QuoteState
from marketplace.rfqs.models import Rfq
from tests.support.factories import a_certificate, a_listed_product
from tests.support.flows import a_request, an_inquiry, recipient_of
from tests.support.people import Cast, Person
from tests.support.quoting import a_counter, a_sent_quote, an_acceptance, in_days, standing

pytestmark = pytest.mark.usefixtures("app", "moment")


def fields_of(person: Person, path: str) -> dict[str, str]:
    """What the page's last form would send if nothing was changed."""
    page = person.client.get(path).get_data(as_text=True)
    form = re.findall(r'<form method="post"(?! action="[^"]*discard).*?</form>', page, re.DOTALL)[-1]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name and (not kind or kind[1] not in {"checkbox", "radio"} or "checked" in tag):
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body) or re.search(r'value="([^"]*)"', body)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = html.unescape(body).strip()
    return found


def a_trade(people: Cast) -> tuple[Person, Person, Product, Rfq]:
    buyer, seller = people.buyer(), people.seller()
    certificate = a_certificate(seller)
    rungs = [
        ("FOB", "Tanjung Perak", "kg", "USD", "100", "6.200000"),
        ("FOB", "Tanjung Perak", "kg", "USD", "1000", "5.900000"),
        ("FOB", "Tanjung Perak", "kg", "USD", "5000", "5.500000"),
    ]
    product = a_listed_product(seller, unit="kg", rungs=rungs, certificates=[certificate], sample_days=5)
    return buyer, seller, product, an_inquiry(buyer, product)


def test_in_rupiah_a_dot_stands_between_thousands_whatever_the_page_speaks(people: Cast) -> None:
    _buyer, seller, _product, rfq = a_trade(people)
    edit = f"/en/leads/{recipient_of(rfq, seller).key}/quote/edit"
    rupiah = {"currency": "IDR", "lines-0-unit_price": "95.000", "lines-0-from_1": "", "lines-0-price_1": ""}
    assert seller.client.post(edit, data=fields_of(seller, edit) | rupiah).status_code == 303
    assert fields_of(seller, edit)["lines-0-unit_price"] == "95000"


def test_a_quote_from_the_lead_to_the_agreement(people: Cast, session: Session) -> None:
    buyer, seller, product, rfq = a_trade(people)
    lead = f"/leads/{recipient_of(rfq, seller).key}"
    assert f'href="/leads/{recipient_of(rfq, seller).key}/quote/edit"' in seller.client.get(lead).get_data(as_text=True)
    filled = fields_of(seller, f"{lead}/quote/edit")
    # from the catalogue: the rung that 2 t reach, the next one, packing, certificates, samples
    assert filled["lines-0-unit_price"] == "5.9"
    assert filled["lines-0-product"] == str(product.id)
    assert (filled["incoterm"], filled["place"], filled["currency"]) == ("FOB", "Tanjung Perak", "USD")
    assert (filled["package_kg"], filled["package_unit"], filled["certificates"]) == ("60", "bag", "organic-eu")
    assert (filled["sample_days"], filled["lead_time_days"]) == ("5", "21")
    answer = seller.client.post(f"{lead}/quote/edit", data=filled | {"lines-0-unit_price": "5.85"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{lead}/quote/preview")
    page = seller.client.get(f"{lead}/quote/preview").get_data(as_text=True)
    assert "11,700.00" in page
    assert "11,700.00" not in buyer.client.get(f"/requests/{rfq.key}/quotes").get_data(as_text=True)
    sent = seller.client.post(f"{lead}/quote/preview", data=fields_of(seller, f"{lead}/quote/preview"))
    assert sent.status_code == 303, sent.get_data(as_text=True)
    assert seller.client.get(f"{lead}/quote").status_code == 200

    theirs = f"/requests/{rfq.key}/with/{recipient_of(rfq, seller).key}/quote"
    page = buyer.client.get(theirs).get_data(as_text=True)
    for text in ("11,700.00", "FOB Tanjung Perak", "21 days after the deposit", "EU", "34", "Accept version 1"):
        assert text in page, text
    assert standing(seller, rfq).state == QuoteState.VIEWED
    assert "11,700.00" in buyer.client.get(f"/requests/{rfq.key}/quotes").get_data(as_text=True)
    accepted = buyer.client.post(f"{theirs}/accept", data=fields_of(buyer, theirs))
    assert accepted.status_code == 303
    for person in (buyer, seller):
        assert person.client.get(accepted.headers["Location"]).status_code == 200
    for person, place in ((buyer, theirs.removesuffix("/quote")), (seller, lead), (seller, "/leads?show=all")):
        assert re.search(r'class="[^"]*positive[^"]*"[^>]*>(<svg.*?</svg>)?Agreed<', person.client.get(place).text), (
            place
        )
    assert people.buyer().client.get(accepted.headers["Location"]).status_code == 404
    session.rollback()
    assert session.scalar(select(func.count(Deal.id))) == 1


def test_a_second_click_makes_one_thing(people: Cast, session: Session) -> None:
    buyer, seller, _product, rfq = a_trade(people)
    a_sent_quote(seller, rfq)
    theirs = f"/requests/{rfq.key}/with/{recipient_of(rfq, seller).key}/quote"
    form = fields_of(buyer, theirs)
    first, second = (buyer.client.post(f"{theirs}/accept", data=form) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    fresh = {**form, **fields_of(buyer, f"/requests/{rfq.key}/with/{recipient_of(rfq, seller).key}")}
    again = buyer.client.post(f"{theirs}/accept", data=fresh)
    assert again.status_code == 409
    assert "already agreed" in again.get_data(as_text=True)
    session.rollback()
    assert session.scalar(select(func.count(Deal.id))) == 1


def test_countered_declined_and_withdrawn_in_the_browser(people: Cast) -> None:
    buyer, seller, _product, rfq = a_trade(people)
    key = recipient_of(rfq, seller).key
    lead, theirs = f"/leads/{key}", f"/requests/{rfq.key}/with/{key}/quote"
    a_sent_quote(seller, rfq)
    form = fields_of(buyer, f"{theirs}/counter") | {"lines-0-unit_price": "5.5", "note": "Our best."}
    assert buyer.client.post(f"{theirs}/counter", data=form).status_code == 303
    assert "Our best." in seller.client.get(f"{lead}/quote").get_data(as_text=True)
    assert standing(seller, rfq).state == QuoteState.VIEWED
    # the seller answers with a new version, filled in as the buyer would have it
    edit = fields_of(seller, f"{lead}/quote/edit")
    assert edit["lines-0-unit_price"] == "5.5"
    assert seller.client.post(f"{lead}/quote/edit", data=edit | {"lines-0-unit_price": "5.7"}).status_code == 303
    preview = fields_of(seller, f"{lead}/quote/preview")
    assert seller.client.post(f"{lead}/quote/preview", data=preview).status_code == 303
    assert standing(seller, rfq).number == 3
    no = fields_of(buyer, f"{theirs}/decline") | {"reason": "price", "note": "Still too dear."}
    assert buyer.client.post(f"{theirs}/decline", data=no).status_code == 303
    assert "Still too dear." in seller.client.get(lead).get_data(as_text=True)
    a_sent_quote(seller, rfq, price="5.60")
    gone = fields_of(seller, f"{lead}/quote/withdraw")
    assert seller.client.post(f"{lead}/quote/withdraw", data=gone).status_code == 303
    assert standing(seller, rfq).state == QuoteState.WITHDRAWN
    assert "Accept version" not in buyer.client.get(theirs).get_data(as_text=True)


def test_what_is_wrong_stands_beside_the_form(people: Cast) -> None:
    _buyer, seller, _product, rfq = a_trade(people)
    lead = f"/leads/{recipient_of(rfq, seller).key}"
    filled = fields_of(seller, f"{lead}/quote/edit")
    for change in (
        {"lines-0-unit_price": "-5"}, {"lines-0-quantity": "1e309"}, {"lines-0-unit_price": "six"},
        {"lines-0-from_2": "7000"}, {"currency": "XXX"}, {"lines-0-unit": "furlong"}, {"deposit_percent": "101"},
        {"lines-0-product": "999999"}, {"valid_until": "soon"}, {"lines-0-answer": "perhaps"},
    ):  # fmt: skip
        fresh = fields_of(seller, f"{lead}/quote/edit")
        again = seller.client.post(f"{lead}/quote/edit", data=filled | {"_once": fresh["_once"]} | change)
        assert again.status_code == 422, change
        assert "error-summary" in again.get_data(as_text=True), change
    # a stale draft is refused
    stale = filled | {"_once": fields_of(seller, f"{lead}/quote/edit")["_once"], "version": "7"}
    assert seller.client.post(f"{lead}/quote/edit", data=stale).status_code == 409


EXTRA = ("id", "quote_id", "seller_id", "state", "number", "total", "total_minor", "amount_minor", "author_side", "price",
         "content_sha256", "sent_at", "viewed_at", "paid_at", "role", "verified", "status", "supersedes_id", "rfq_id",
         "recipient_id", "author_id", "reviewed_by_id", "current_number", "is_own", "accepted_by_id", "buyer_id",
         "lines-0-amount_minor", "lines-0-kilograms", "lines-0-rfq_line_id", "lines-7-unit_price")  # fmt: skip


def test_t4_names_that_the_form_does_not_have_change_nothing(people: Cast, session: Session) -> None:
    _buyer, seller, _product, rfq = a_trade(people)
    lead = f"/leads/{recipient_of(rfq, seller).key}"
    filled = fields_of(seller, f"{lead}/quote/edit")
    assert seller.client.post(f"{lead}/quote/edit", data=dict.fromkeys(EXTRA, "1") | filled).status_code == 303
    session.rollback()
    row = session.scalars(select(QuoteVersion)).one()
    assert (row.state, row.number, row.total_minor, row.sent_at) == (QuoteState.DRAFT, None, 1_180_000, None)
    preview = fields_of(seller, f"{lead}/quote/preview")
    answer = seller.client.post(f"{lead}/quote/preview", data=dict.fromkeys(EXTRA, "1") | preview)
    assert answer.status_code == 303
    session.rollback()
    assert session.scalars(select(QuoteVersion.total_minor)).one() == 1_180_000


def test_of_one_quote_alone_nothing_is_the_lowest(people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = a_request(buyer, [seller], incoterm="FOB", place="Tanjung Perak")
    a_sent_quote(seller, rfq, price="2.10")
    page = html.unescape(buyer.client.get(f"/requests/{rfq.key}/quotes").get_data(as_text=True))
    assert "Comparable: " in page
    assert "lowest on this basis" not in page


def test_the_comparison_names_its_assumptions(people: Cast) -> None:
    buyer, sellers = people.buyer(), [people.seller() for _ in range(3)]
    rfq = a_request(buyer, sellers, incoterm="FOB", place="Tanjung Perak", certificates=("organic-eu",))
    a_sent_quote(sellers[0], rfq, price="2.10")
    a_sent_quote(sellers[1], rfq, price="30000", currency="IDR", incoterm="EXW", place="Malang")
    a_sent_quote(sellers[2], rfq, price="2.60", incoterm="CIF", place="Hamburg")
    page = html.unescape(buyer.client.get(f"/requests/{rfq.key}/quotes").get_data(as_text=True))
    for text in ("European Central Bank", "without transport to the port", "with sea freight and insurance",
                 "lowest on this basis", "Asked for, but not named", "Sum in USD"):  # fmt: skip
        assert text in page, text
    assert page.count("lowest on this basis") == 1
    estimates = {"freight": "0.20", "insurance": "0.05", "origin": "0.10", "currency": "EUR", "incoterm": "CIF"}
    page = html.unescape(buyer.client.get(f"/requests/{rfq.key}/quotes", query_string=estimates).get_data(as_text=True))
    assert "Your estimate for sea freight" in page
    assert "without sea freight" not in page
    odd = {"freight": "1e309", "insurance": "-1", "unit": "x", "currency": "<b>", "incoterm": "999"}
    assert buyer.client.get(f"/requests/{rfq.key}/quotes", query_string=odd).status_code == 200
    answer = buyer.client.get(f"/requests/{rfq.key}/quotes.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("European Central Bank" in cell for cell in cells)
    book.close()


def test_a_request_without_quotes_says_so(people: Cast) -> None:
    buyer = people.buyer()
    rfq = a_request(buyer, [people.seller()])
    assert "No quote yet" in buyer.client.get(f"/requests/{rfq.key}/quotes").get_data(as_text=True)


def test_the_seller_says_no_to_a_counter_offer_and_finds_the_papers(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    key = recipient_of(rfq, seller).key
    a_sent_quote(seller, rfq, product.id)
    assert f"/quotations/{key}/1/papers" in seller.client.get(f"/leads/{key}/quote").text
    a_counter(buyer, seller, rfq, "5.10")
    page = seller.client.get(f"/leads/{key}/quote").text
    assert f"/leads/{key}/quote/decline" in page
    assert f"/quotations/{key}/2/papers" not in page, "a counter-offer is no quotation"
    path = f"/leads/{key}/quote/decline"
    stale = {"number": "1", "note": ""}
    assert seller.post(path, stale, page=path).status_code == 409
    assert seller.post(path, fields_of(seller, path) | {"note": "Below our cost."}, page=path).status_code == 303
    page = seller.client.get(f"/leads/{key}/quote").text
    assert "Write a new version" in page
    assert "There is no counter-offer" in seller.client.get(path).text
    theirs = buyer.client.get(f"/requests/{rfq.key}/with/{key}/quote").text
    assert "The seller cannot agree to the counter-offer" in theirs
    assert buyer.client.get(path).status_code in {403, 404}


def test_pages_read_by_both_sides_in_every_state(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    key = recipient_of(rfq, seller).key
    a_sent_quote(seller, rfq, product.id, valid_until=in_days(9))
    a_counter(buyer, seller, rfq, "5.10", Decimal(1))
    a_sent_quote(seller, rfq, product.id, "5.30")
    an_acceptance(buyer, seller, rfq, 3)
    for language in ("", "/id", "/de", "/zh-hans"):
        for number in (1, 2, 3):
            assert seller.client.get(f"{language}/leads/{key}/quote/{number}").status_code == 200
            assert buyer.client.get(f"{language}/requests/{rfq.key}/with/{key}/quote/{number}").status_code == 200
        for path, person in (
            (f"/leads/{key}", seller), (f"/leads/{key}/quote/edit", seller), (f"/leads/{key}/quote/withdraw", seller),
            (f"/requests/{rfq.key}", buyer), (f"/requests/{rfq.key}/with/{key}", buyer),
            (f"/requests/{rfq.key}/with/{key}/quote/counter", buyer), (f"/requests/{rfq.key}/quotes", buyer),
            (f"/requests/{rfq.key}/with/{key}/quote/decline", buyer),
        ):  # fmt: skip
            assert person.client.get(f"{language}{path}").status_code == 200, path
    assert seller.client.get(f"/leads/{key}/quote/4").status_code == 404
