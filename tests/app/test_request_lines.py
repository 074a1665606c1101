"""Requests of several lines: added and taken away without scripts, checked line by line, with documents of their own."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.accounts.rules import VerificationLevel
from marketplace.kernel.uow import transaction
from marketplace.rfqs.models import Rfq, RfqFile, RfqLine, RfqMoment
from marketplace.rfqs.personal_data import erase
from marketplace.rfqs.rules import MAX_LINES, MAX_REQUEST_FILES, MomentCode
from marketplace.rfqs.services import cancel_request
from tests.app.test_rfqs_pages import PDF, TYPED
from tests.support.factories import a_listed_product
from tests.support.flows import a_request_draft, an_answer, an_inquiry, fresh, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
LINE = {"quantity": "500", "unit": "kg", "target_price": "3.10", "currency": "EUR", "price_unit": "kg"}


def line(number: int, **more: str) -> dict[str, str]:
    """A further line as the form sends it."""
    return {f"more-{number}-{name}": value for name, value in ({"goods": "", "description": ""} | LINE | more).items()}


def lines_of(session: Session) -> list[RfqLine]:
    session.rollback()
    return list(session.scalars(select(RfqLine).order_by(RfqLine.position)))


def a_paper(name: str = "wishes.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(PDF), name


def add_paper(person: Person, key: str, *names: str) -> Any:
    files = [a_paper(name) for name in names or ("wishes.pdf",)]
    return person.post(f"/requests/{key}/files", {"files": files}, page="/requests")


def test_lines_come_and_go_without_scripts(people: Cast, session: Session) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    assert 'name="more-0-goods"' not in buyer.client.get(path).get_data(as_text=True)
    answer = buyer.post(path, {**TYPED, "line": "add"}, page=path)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'name="more-0-goods"' in html
    assert str(TYPED["text"]) in html  # what was typed stays
    two = {**TYPED, **line(0, description="Vanilla"), **line(3, description="Cloves")}
    html = buyer.post(path, {**two, "line": "drop:more-0"}, page=path).get_data(as_text=True)
    assert 'name="more-0-goods"' in html  # numbered anew
    assert 'name="more-1-goods"' not in html
    assert "Cloves" in html
    assert "Vanilla" not in html
    assert session.scalar(select(func.count()).select_from(Rfq)) == 0


def test_an_inquiry_of_several_goods_of_one_seller(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    product, second = a_listed_product(seller), a_listed_product(seller, unit="kg")
    path = f"/products/{product.slug}/inquiry"
    more = {
        **line(0, goods=str(second.id)),
        **line(1, description="Nutmeg, whole"),
        **line(2, quantity="", target_price=""),  # an empty line is no line
        "packaging": "25 kg bags",
        "papers": ["origin", "analysis"],
        "needed_from": "2027-01-10",
        "closes_on": "2026-12-20",
    }
    assert buyer.post(path, {**TYPED, **more}, page=path).status_code == 303
    found = lines_of(session)
    assert [(one.product_id, one.currency, one.position) for one in found] == [
        (product.id, "USD", 0),
        (second.id, "EUR", 1),
        (None, "EUR", 2),
    ]
    rfq = session.scalars(select(Rfq)).one()
    assert (rfq.packaging, rfq.papers, str(rfq.needed_from)) == ("25 kg bags", ["origin", "analysis"], "2027-01-10")
    assert str(rfq.closes_at.date()) == "2026-12-20"
    for page, person in ((f"/requests/{rfq.key}", buyer), (f"/leads/{recipient_of(rfq, seller).key}", seller)):
        html = person.client.get(page).get_data(as_text=True)
        assert "Nutmeg, whole" in html
        assert "25 kg bags" in html


@pytest.mark.parametrize(
    "wrong",
    [
        {"more-0-quantity": "-5", "more-0-description": "Vanilla"},
        {"more-0-unit": "furlong", "more-0-description": "Vanilla"},
        {"more-0-goods": "999999"},
        {"more-0-quantity": "5", "more-0-description": " "},
        {"more-0-description": "x" * 201},
        {"needed_from": "2027-03-01", "needed_by": "2027-02-01"},
        {"closes_on": "2020-01-01"},
        {"papers": ["no-such-paper"]},
        {"packaging": "x" * 201},
    ],
)
def test_wrong_lines_and_terms_send_nothing(people: Cast, session: Session, wrong: dict[str, Any]) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    base = line(0) if any(name.startswith("more-") for name in wrong) else {}
    answer = buyer.post(path, {**TYPED, **base, **wrong}, page=path)
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Rfq)) == 0


def test_goods_of_another_seller_are_no_line(people: Cast, session: Session) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    foreign = a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    assert buyer.post(path, {**TYPED, **line(0, goods=str(foreign.id))}, page=path).status_code == 422
    page = f"{path}?also={foreign.id}&also=x&also={product.id}"
    assert 'name="more-0-goods"' not in buyer.client.get(page).get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Rfq)) == 0


def test_more_lines_than_fit_are_not_taken(people: Cast, session: Session) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    many = {name: value for n in range(MAX_LINES + 3) for name, value in line(n, description=f"Line {n}").items()}
    buyer.post(path, {**TYPED, **many}, page=path)
    assert len(lines_of(session)) <= MAX_LINES


def test_a_list_asks_each_seller_once(people: Cast) -> None:
    buyer, seller, other = people.buyer(), people.seller(), people.seller()
    first, second, third = a_listed_product(seller), a_listed_product(seller), a_listed_product(other)
    for product in (first, second, third):
        page = f"/shortlists/add?product={product.id}"
        data = {"product": str(product.id), "shortlist": "0" if product is first else "1", "name": "Harvest"}
        assert buyer.post("/shortlists/add", data, page=page).status_code == 303
    html = buyer.client.get("/shortlists/1").get_data(as_text=True)
    assert html.count("/inquiry") == 2
    asked = f"/products/{first.slug}/inquiry?also={second.id}", f"/products/{second.slug}/inquiry?also={first.id}"
    assert any(path in html for path in asked)
    form = buyer.client.get(next(path for path in asked if path in html)).get_data(as_text=True)
    assert 'name="more-0-goods"' in form


def test_a_draft_keeps_lines_terms_and_cap(people: Cast, session: Session) -> None:
    buyer = people.buyer()
    rfq = a_request_draft(buyer)
    page = f"/requests/{rfq.key}/match"
    data = {
        "text": "2 FCL organic coconut sugar", "commodity": "coconut-sugar", "quantity": "2", "unit": "fcl20",
        "currency": "USD", "price_unit": "kg", "destination": "DE", "incoterm": "", "version": str(rfq.version),
        "packaging": "Sealed bags", "papers": ["phytosanitary"], "most_quotes": "3", "closes_on": "2026-12-31",
        **line(0, goods="coconut-oil-virgin"),
    }  # fmt: skip
    answer = buyer.post(page, {**data, "line": "add"}, page=page)
    assert (answer.status_code, 'name="more-1-goods"' in answer.get_data(as_text=True)) == (200, True)
    assert fresh(rfq).version == rfq.version  # nothing was kept yet
    assert buyer.post(page, data, page=page).status_code == 303
    after = fresh(rfq)
    assert (after.packaging, after.papers, after.quote_cap) == ("Sealed bags", ["phytosanitary"], 3)
    assert [one.commodity for one in lines_of(session)] == ["coconut-sugar", "coconut-oil-virgin"]
    assert "Sealed bags" in buyer.client.get(page).get_data(as_text=True)
    assert buyer.post(page, {**data, "version": str(after.version), "most_quotes": "99"}, page=page).status_code == 422
    assert fresh(rfq).quote_cap == 3


def test_documents_open_with_the_buyers_name(people: Cast, session: Session) -> None:
    buyer, seller, stranger = people.buyer(), people.seller(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    assert add_paper(buyer, rfq.key, "beispiel-gmbh.pdf").status_code == 303
    key = session.scalars(select(RfqFile.file_id)).one()
    lead = f"/leads/{recipient_of(rfq, seller).key}"
    html = seller.client.get(lead).get_data(as_text=True)
    assert "beispiel-gmbh" not in html
    assert "1 document: it opens once you have answered." in html
    assert seller.client.get(f"/files/{key}").status_code == 404
    an_answer(seller, rfq)
    assert "beispiel-gmbh" in seller.client.get(lead).get_data(as_text=True)
    assert seller.client.get(f"/files/{key}").status_code == 200
    for person in (stranger, people.buyer()):
        assert person.client.get(f"/files/{key}").status_code == 404
    codes = session.scalars(select(RfqMoment.code).where(RfqMoment.rfq_id == rfq.id)).all()
    assert codes.count(MomentCode.FILES_ADDED) == 1


def test_documents_come_with_the_inquiry_and_wait_with_it(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(verification_level=VerificationLevel.NONE), people.seller()
    product = a_listed_product(seller)
    path = f"/products/{product.slug}/inquiry"
    assert buyer.post(path, {**TYPED, "files": [a_paper()]}, page=path).status_code == 303
    rfq = session.scalars(select(Rfq)).one()
    key = session.scalars(select(RfqFile.file_id)).one()
    curator = people.curator()
    assert "wishes.pdf" in curator.client.get(f"/console/requests/{rfq.key}").get_data(as_text=True)
    assert seller.client.get(f"/files/{key}").status_code == 404
    removed = buyer.post(f"/requests/{rfq.key}/files/{key}/remove", page="/requests")
    assert removed.status_code == 303
    session.rollback()
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_what_is_no_document_is_not_taken(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    for data in (b"MZ\x90\x00", b"", PDF + b"/JavaScript"):
        files = {"files": [(io.BytesIO(data), "wishes.pdf")]}
        assert buyer.post(f"/requests/{rfq.key}/files", files, page="/requests").status_code == 422
    assert buyer.post(f"/requests/{rfq.key}/files", {}, page="/requests").status_code == 422
    for _ in range(MAX_REQUEST_FILES // 4):
        assert add_paper(buyer, rfq.key, "a.pdf", "b.pdf", "c.pdf", "d.pdf").status_code == 303
    assert add_paper(buyer, rfq.key).status_code == 422
    session.rollback()
    assert session.scalar(select(func.count()).select_from(RfqFile)) == MAX_REQUEST_FILES
    assert session.scalar(select(func.count()).select_from(StoredFile)) == MAX_REQUEST_FILES


def test_others_change_no_documents(people: Cast, session: Session) -> None:
    buyer, seller, stranger = people.buyer(), people.seller(), people.buyer()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    add_paper(buyer, rfq.key)
    session.rollback()
    key = session.scalars(select(RfqFile.file_id)).one()
    assert add_paper(stranger, rfq.key).status_code == 404
    remove = f"/requests/{rfq.key}/files/{key}/remove"
    assert stranger.post(remove).status_code == 404
    assert seller.post(remove).status_code in {403, 404}
    assert buyer.post(remove, page="/requests").status_code == 409  # the seller has it already
    with transaction() as inside:
        cancel_request(inside, buyer.actor, rfq.key, fresh(rfq).version)
    assert add_paper(buyer, rfq.key).status_code == 409
    session.rollback()
    assert session.scalars(select(RfqFile.file_id)).all() == [key]


def test_documents_of_a_request_go_with_their_person(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq, draft = an_inquiry(buyer, a_listed_product(seller)), a_request_draft(buyer)
    for one in (rfq, draft):
        add_paper(buyer, one.key)
    session.rollback()
    stored = set(session.scalars(select(StoredFile.key)))
    with transaction() as inside:
        assert set(erase(inside, buyer.user_id)) == stored
    session.rollback()
    assert session.scalars(select(RfqFile.id)).all() == []
    assert session.scalars(select(StoredFile.id)).all() == []
