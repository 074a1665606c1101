"""From a lead to an agreement, through the pages alone: a mentored pesantren, its mentor, a buyer; in two languages."""

from __future__ import annotations

import io

import openpyxl
from flask import Flask

from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from tests.journeys.test_whole_deal import link_in_mail
from tests.journeys.visitor import Visitor
from tests.support.factories import a_certificate, a_listed_product
from tests.support.flows import an_inquiry, recipient_of
from tests.support.people import Cast


def test_from_a_lead_to_an_agreement(app: Flask, people: Cast, moment: object) -> None:
    company_mail = "einkauf@contoh.test"
    someone, company, staff = people.seller(), people.buyer(email=company_mail), people.curator()
    with transaction() as session:
        session.get_one(Seller, someone.seller_id).mentor_id = staff.user_id
    seller, buyer, mentor = Visitor(someone.client), Visitor(company.client), Visitor(staff.client)
    rungs = [
        ("FOB", "Tanjung Perak", "kg", "USD", "100", "6.200000"),
        ("FOB", "Tanjung Perak", "kg", "USD", "5000", "5.500000"),
    ]
    product = a_listed_product(someone, unit="kg", rungs=rungs, certificates=[a_certificate(someone)])
    rfq = an_inquiry(company, product)
    lead = f"/id/leads/{recipient_of(rfq, someone).key}"

    # the pesantren writes, in Indonesian, and looks at it; the mentor gives it back once
    seller.open(lead)
    seller.open(seller.link(r"/quote/edit$"))
    seller.submit("", {"lines-0-unit_price": "6,05", "note": "Panen tahun ini sangat baik."})
    assert "12.100,00" in seller.words
    seller.submit("")
    mentor.open("/console/quotes")
    mentor.open(mentor.link(r"/console/quotes/\d+$"))
    assert "Panen tahun ini" in mentor.words
    mentor.submit("", {"note": "Say which harvest."}, press="return")
    seller.open(f"{lead}/quote/edit")
    assert "Say which harvest." in seller.words
    seller.submit("", {"note": "Panen 2026 sangat baik."})
    seller.submit("")
    mentor.open("/console/quotes")
    mentor.open(mentor.link(r"/console/quotes/\d+$"))
    mentor.submit("", {}, press="approve")
    run_due()

    # the buyer follows the mail, compares, takes the table along and makes a counter-offer
    buyer.open(link_in_mail(company_mail, r"/quote"))
    assert "Panen 2026" in buyer.words
    buyer.open(f"/requests/{rfq.key}/quotes")
    assert "12,100.00" in buyer.words
    book = openpyxl.load_workbook(io.BytesIO(company.client.get(buyer.link(r"quotes\.xlsx")).get_data()))
    assert any("12,100.00" in str(cell.value) for row in book.active.iter_rows() for cell in row)
    book.close()
    theirs = f"/requests/{rfq.key}/with/{recipient_of(rfq, someone).key}/quote"
    buyer.open(f"{theirs}/counter")
    buyer.submit("", {"lines-0-unit_price": "5.90", "lines-0-quantity": "3"})

    # the pesantren meets the buyer half way; a new version goes out at once
    seller.open(f"{lead}/quote")
    assert "17.700,00" in seller.words
    seller.open(seller.link(r"/quote/edit$"))
    seller.submit("", {"lines-0-unit_price": "5,95"})
    seller.submit("")
    buyer.open(theirs)
    buyer.submit("/quote/accept")
    assert "17,850.00" in buyer.words
    assert buyer.path.startswith("/deals/")
    seller.open(f"/id{buyer.path}")
    assert "17.850,00" in seller.words
    seller.open(f"{lead}/quote/edit")
    assert 'name="lines-0-unit_price"' not in seller.html  # nothing more to quote
