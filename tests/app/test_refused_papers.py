"""Papers that cannot be taken, at every door of a request and its conversation: told why, nothing lost, nothing kept."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import LinkToken, StoredFile, User
from marketplace.catalogue.models import Product
from marketplace.rfqs.models import Message, Recipient, Rfq, RfqFile
from tests.app.test_catalogue_uploads import HOSTILE
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.guests import MAIL, TYPED, ask, confirmed, link_for
from tests.support.people import Cast, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
WORDS = "Could you pack it in jute bags of 60 kg? KENNWORT-41c0"
FAULTS: dict[str, tuple[list[bytes], str]] = {
    "too big": ([PDF + b" " * (10 * 1024 * 1024)], "larger than 10 MB"),
    "wrong type": ([HOSTILE["executable"]], "neither a PDF nor a picture"),
    "bomb": ([HOSTILE["pixel bomb"]], "more than 25 million points"),
    "too many": ([PDF] * 5, "at most 4 documents"),
    "one good, one empty": ([PDF, b""], "is empty"),
}
DOORS = ("buyer", "seller", "first answer", "inquiry", "request", "guest")
KEPT = (StoredFile, Message, Rfq, RfqFile, Recipient, User, LinkToken)


@dataclass
class Door:
    """A form that takes papers: who sends it, from which page, where to, with what besides."""

    client: Any
    page: str
    action: str
    typed: dict[str, str]


def a_door(people: Cast, name: str) -> Door:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    if name == "inquiry":
        page = f"/products/{product.slug}/inquiry"
        return Door(buyer.client, page, page, TYPED | {"text": WORDS})
    if name == "guest":
        return guests_door(people, product)
    rfq = an_inquiry(buyer, product)
    if name == "request":
        return Door(buyer.client, f"/requests/{rfq.key}", f"/requests/{rfq.key}/files", {})
    key = recipient_of(rfq, seller).key
    if name != "first answer":
        an_answer(seller, rfq)
    if name == "buyer":
        page = f"/requests/{rfq.key}/with/{key}"
        return Door(buyer.client, page, f"{page}/messages", {"text": WORDS})
    return Door(seller.client, f"/leads/{key}", f"/leads/{key}/answer", {"text": WORDS})


def guests_door(people: Cast, product: Product) -> Door:
    client = people.app.test_client()
    assert ask(client, product.slug).status_code == 303
    link = link_for()
    return Door(client, link, link, {})


def send(door: Door, files: list[bytes]) -> Any:
    papers = [(io.BytesIO(data), f"paper-{number}.pdf") for number, data in enumerate(files)]
    form = {**guards(door.client, door.page), **door.typed, "files": papers}
    return door.client.post(door.action, data=form, content_type="multipart/form-data")


def counts(session: Session) -> list[int]:
    session.rollback()
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in KEPT]


# the test client leaves its own copies of large files to the collector
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", DOORS)
def test_refused_papers_are_told_and_change_nothing(name: str, people: Cast, session: Session) -> None:
    door = a_door(people, name)
    door.client.get(door.page)  # a first look leaves its mark
    before = counts(session)
    for fault, (files, sentence) in FAULTS.items():
        answer = send(door, files)
        assert answer.status_code == 422, fault
        page = answer.get_data(as_text=True)
        assert sentence in page, fault
        if "text" in door.typed:
            assert WORDS in page.split("<textarea", 1)[1], f"{fault}: what was typed is gone"
        assert counts(session) == before, fault
    answer = send(door, [PDF])
    assert answer.status_code == 303, "the same form with a good paper is taken"
    session.rollback()
    assert session.scalar(select(func.count(StoredFile.id))) == before[0] + 1


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ["buyer", "seller", "inquiry", "guest"])
def test_more_than_fits_at_once_is_told(name: str, people: Cast, session: Session) -> None:
    door = a_door(people, name)
    door.client.get(door.page)
    before = counts(session)
    answer = send(door, [PDF + b" " * (9 * 1024 * 1024)] * 3)
    assert answer.status_code == 413
    assert "Up to 20 MB fit at once" in answer.get_data(as_text=True)
    assert counts(session) == before
    assert "20 MB together" in door.client.get(door.page).get_data(as_text=True), "it is said beforehand"


def test_a_guests_papers_come_with_the_confirmation(people: Cast, session: Session) -> None:
    """Nothing is kept for an address that nobody confirmed; what is chosen on confirming belongs to the new person."""
    product = a_listed_product(people.seller())
    client = people.app.test_client()
    first = f"/products/{product.slug}/inquiry"
    shown = client.get(first).get_data(as_text=True)
    assert 'type="file"' not in shown
    assert "you choose where you confirm" in shown
    smuggled = {**guards(client, first), "files": (io.BytesIO(PDF), "early.pdf")}
    assert ask(client, product.slug, **smuggled).status_code == 303
    assert session.scalar(select(func.count(StoredFile.id))) == 0
    link = link_for()
    page = client.get(link).get_data(as_text=True)
    assert page.index('type="file"') < page.index("Confirm and send"), "offered before the button"
    answer = send(Door(client, link, link, {}), [PDF, PDF])
    assert answer.status_code == 303
    session.rollback()
    user = session.scalars(select(User).where(User.email == MAIL)).one()
    rows = session.scalars(select(StoredFile).join(RfqFile, RfqFile.file_id == StoredFile.id)).all()
    assert [one.uploaded_by_id for one in rows] == [user.id, user.id]
    assert client.get(f"/files/{rows[0].id}").status_code == 200
    assert people.app.test_client().get(f"/files/{rows[0].id}").status_code in {302, 303, 401, 403, 404}


def test_a_guest_without_papers_confirms_as_ever(people: Cast, session: Session) -> None:
    product = a_listed_product(people.seller())
    client = people.app.test_client()
    ask(client, product.slug)
    assert confirmed(client, link_for()).status_code == 303
    assert session.scalar(select(func.count(StoredFile.id))) == 0
