"""Sellers' pages: the inbox, one lead, and what they do with it; light, in the reader's language, closed to others."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, StoredFile
from marketplace.kernel.clock import frozen
from marketplace.kernel.uow import transaction
from marketplace.rfqs.models import Message, Recipient, Rfq
from marketplace.rfqs.rules import ANSWER_TIME, RecipientState, RfqState
from marketplace.rfqs.services import write_to_seller
from marketplace.sellers.models import Seller
from tests.app.test_rfqs_pages import PDF, strip, text_of
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, fresh, recipient_of
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")


def lead_of(rfq: Rfq, seller: Person) -> str:
    return f"/leads/{recipient_of(rfq, seller).key}"


def a_lead(people: Cast, **more: object) -> tuple[Person, Person, Rfq, str]:
    buyer, seller = people.buyer(name="Klara Beispiel", city="Hamburg"), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller, title="Argopuro Lot 7"), **more)
    return buyer, seller, rfq, lead_of(rfq, seller)


def test_the_inbox_shows_what_matters(people: Cast) -> None:
    buyer, seller, rfq, path = a_lead(people, text="Secret words of the buyer", sample_is_wanted=True)
    assert "No open leads" in text_of(people.seller(), "/leads")
    html = text_of(seller, "/leads")
    for words in (
        "Argopuro Lot 7",
        "2\xa0t",
        "Germany",
        "Verified",
        "FOB Tanjung Perak",
        "wants a sample",
        "72 hours left",
        path,
    ):
        assert words in html, words
    assert buyer.actor.organisation_name not in html
    assert "Secret words" not in html
    assert "Argopuro" not in text_of(seller, "/leads?show=answered")
    an_answer(seller, rfq)
    html = text_of(seller, "/leads?show=answered")
    assert "You answered" in html
    assert buyer.actor.organisation_name in html


def test_the_inbox_speaks_the_readers_language(people: Cast) -> None:
    _buyer, seller, _rfq, _path = a_lead(people, certificates=("organic-eu",))
    html = text_of(seller, "/id/leads")
    for words in ("Jerman", "Organik UE"):
        assert words in html, words
    assert "/id/leads/" in html
    html = text_of(seller, "/de/leads")
    for words in ("Deutschland", "EU-Bio"):
        assert words in html, words


def test_the_first_load_of_the_inbox_is_light(people: Cast) -> None:
    """Everything a phone fetches on an empty cache, as sent compressed, stays under 100 kB."""
    import gzip

    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    for _ in range(20):
        an_inquiry(buyer, product)
    html = text_of(seller, "/leads")
    assert html.count("lead-card") >= 20
    total = len(gzip.compress(html.encode(), 5))
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)[^"]*)"', html))
    assert assets
    for asset in assets:
        with seller.client.get(asset) as sent:
            total += len(gzip.compress(sent.data, 5))
    assert "htmx" not in html
    assert total < 100_000, total


def test_opening_a_lead_marks_it_seen_and_looking_ahead_does_not(people: Cast) -> None:
    _buyer, seller, rfq, path = a_lead(people)
    seller.client.head(path)
    seller.client.get(path, headers={"Sec-Purpose": "prefetch"})
    assert recipient_of(rfq, seller).state == RecipientState.INVITED
    assert "Opened by the seller" in text_of(seller, path)
    assert recipient_of(rfq, seller).state == RecipientState.SEEN


def test_a_lead_hides_the_buyer_until_the_answer(people: Cast) -> None:
    buyer, seller, rfq, path = a_lead(people, contact_phone="+49301234567")
    with transaction() as session:
        session.get_one(Organisation, buyer.organisation_id).website = "https://beispiel.example"
    secrets = (buyer.actor.organisation_name, "Klara Beispiel", "Hamburg", "beispiel.example", "49301234567")
    html = text_of(seller, path)
    assert [words for words in secrets if words in html] == []
    for words in ("Roaster", "Verified", "Buyer in Germany", "You see the company's name once you answer"):
        assert words in html, words
    answer = seller.post(f"{path}/answer", {"text": "Ya, masih ada."}, page=path)
    assert (answer.status_code, answer.location.startswith(path)) == (303, True)
    html = text_of(seller, path)
    for words in (secrets[0], "Hamburg", "beispiel.example", "https://wa.me/49301234567?text=", "Ya, masih ada."):
        assert words in html, words
    assert "Klara Beispiel" not in html  # the company answers for its people
    assert fresh(rfq).state == RfqState.OPEN


def test_the_prepared_whatsapp_text_names_nobody(people: Cast) -> None:
    buyer, seller, _rfq, path = a_lead(people, text="Secret words")
    link = re.search(r'href="(https://wa\.me/\?text=[^"]+)"', text_of(seller, path))
    assert link is not None
    assert path.removeprefix("/") in link[1].replace("%2F", "/")
    assert "Secret" not in link[1]
    assert buyer.actor.organisation_name.replace(" ", "%20") not in link[1]


def test_a_buyers_papers_open_with_the_answer(people: Cast, session: Session) -> None:
    buyer, seller, rfq, path = a_lead(people)
    talk = f"/requests/{rfq.key}/with/{path.rsplit('/', 1)[1]}"
    buyer.post(f"{talk}/messages", {"text": "Our sheet", "files": [(io.BytesIO(PDF), "company.pdf")]}, page=talk)
    file_id = session.scalars(select(StoredFile.id)).one()
    html = text_of(seller, path)
    assert "company.pdf" not in html
    assert "1 document: it opens once you have answered" in html
    assert seller.client.get(f"/files/{file_id}").status_code == 404
    an_answer(seller, rfq)
    assert "company.pdf" in text_of(seller, path)
    assert seller.client.get(f"/files/{file_id}").status_code == 200
    for stranger in (people.buyer(), people.seller()):
        assert stranger.client.get(f"/files/{file_id}").status_code == 404


def test_two_clicks_answer_once(people: Cast, session: Session) -> None:
    _buyer, seller, _rfq, path = a_lead(people)
    data = {**guards(seller.client, path), "text": "Ya."}
    statuses = [seller.client.post(f"{path}/answer", data=data).status_code for _ in range(3)]
    assert statuses == [303, 303, 303]
    assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_an_empty_answer_says_so(people: Cast, session: Session) -> None:
    _buyer, seller, rfq, path = a_lead(people)
    answer = seller.post(f"{path}/answer", {"text": " \n "}, page=path)
    assert (answer.status_code, "Write your answer first." in answer.get_data(as_text=True)) == (422, True)
    assert recipient_of(rfq, seller).answered_at is None


def test_asking_back_stops_the_clock(people: Cast) -> None:
    buyer, seller, rfq, path = a_lead(people)
    assert seller.post(f"{path}/ask", {"text": ""}, page=f"{path}/ask").status_code == 422
    assert seller.post(f"{path}/ask", {"text": "Which screen size?"}, page=f"{path}/ask").status_code == 303
    html = text_of(seller, path)
    assert "Your clock stands" in html
    assert "hours left" not in html
    assert "A seller needs more information" in text_of(buyer, f"/requests/{rfq.key}")
    again = seller.post(f"{path}/ask", {"text": "And?"}, page=f"{path}/decline")
    assert (again.status_code, "You have already asked" in again.get_data(as_text=True)) == (409, True)


@pytest.mark.parametrize("data", [{}, {"reason": "bored"}, {"reason": "price", "note": "x" * 2001}])
def test_declining_asks_for_a_reason_of_the_list(people: Cast, data: dict[str, str]) -> None:
    _buyer, seller, rfq, path = a_lead(people)
    assert seller.post(f"{path}/decline", data, page=f"{path}/decline").status_code == 422
    assert recipient_of(rfq, seller).state == RecipientState.INVITED


def test_declining_tells_the_buyer_why(people: Cast) -> None:
    buyer, seller, rfq, path = a_lead(people)
    data = {"reason": "season", "note": "Harvest is in May."}
    assert seller.post(f"{path}/decline", data, page=f"{path}/decline").status_code == 303
    html = text_of(buyer, f"/requests/{rfq.key}")
    assert "Not in season" in html
    assert "Harvest is in May." in html
    assert "answered or closed meanwhile" in text_of(seller, f"{path}/decline")
    assert seller.post(f"{path}/decline", data, page="/account/sessions").status_code == 409


def test_handing_on_by_page(people: Cast, session: Session) -> None:
    buyer, seller, rfq, path = a_lead(people)
    fellow, stranger = people.seller(), people.seller()
    a_listed_product(fellow)
    slugs = {one.id: one.slug for one in session.scalars(select(Seller))}
    page = f"{path}/hand-on"
    assert slugs[fellow.seller_id or 0] in text_of(seller, page)
    for wrong in ("", slugs[stranger.seller_id or 0], slugs[seller.seller_id or 0], "nobody"):
        assert seller.post(page, {"seller": wrong}, page=page).status_code == 422, wrong
    answer = seller.post(page, {"seller": slugs[fellow.seller_id or 0], "note": "They have more."}, page=page)
    assert answer.status_code == 303
    assert "Another pesantren could not take this" in text_of(fellow, lead_of(rfq, fellow))
    assert "They have more." in text_of(buyer, f"/requests/{rfq.key}")
    assert "They have more." not in text_of(fellow, lead_of(rfq, fellow))


@pytest.mark.parametrize("colleague", ["", "x", "99999", "²"])
def test_a_lead_is_given_to_colleagues_only(people: Cast, colleague: str) -> None:
    _buyer, seller, rfq, path = a_lead(people)
    assert seller.post(f"{path}/assign", {"colleague": colleague}, page=path).status_code == 422
    assert recipient_of(rfq, seller).assigned_to_id is None
    assert seller.post(f"{path}/assign", {"colleague": str(seller.user_id)}, page=path).status_code == 303
    assert recipient_of(rfq, seller).assigned_to_id == seller.user_id


def test_a_late_lead_can_still_be_answered_and_a_closed_one_only_read(people: Cast, moment: datetime) -> None:
    buyer, seller, rfq, path = a_lead(people)
    with frozen(moment + ANSWER_TIME + timedelta(hours=30)):
        html = text_of(seller, path)
        assert "30 hours over" in html
        assert 'id="answer"' in html
    page = f"/requests/{rfq.key}/cancel"
    buyer.post(page, {"version": str(fresh(rfq).version)}, page=page)
    html = text_of(seller, path)
    assert "This lead is closed" in html
    assert 'id="answer"' not in html
    answer = seller.post(f"{path}/answer", {"text": "Too late?"}, page="/account/sessions")
    assert (answer.status_code, "Too late?" in answer.get_data(as_text=True)) == (409, False)


def test_a_message_written_in_another_language_is_marked(people: Cast) -> None:
    buyer, seller, rfq, path = a_lead(people, text="<b>2 t</b> & more")
    with transaction() as session:
        write_to_seller(session, buyer.actor, rfq.key, path.rsplit("/", 1)[1], "Danke", language="de")
    html = text_of(seller, path)
    assert "Written in German" in html
    assert 'lang="de"' in html
    assert '&lt;b&gt;<span class="figure">2 t</span>&lt;/b&gt; &amp; more' in html


def test_strangers_find_no_lead_and_change_nothing(people: Cast, client: FlaskClient, session: Session) -> None:
    buyer, seller, rfq, path = a_lead(people)
    other = people.seller()
    a_listed_product(other)
    writes = {
        "answer": {"text": "x"}, "ask": {"text": "x"}, "decline": {"reason": "price"},
        "hand-on": {"seller": session.scalars(select(Seller.slug).where(Seller.id == other.seller_id)).one()},
        "assign": {"colleague": str(other.user_id)},
    }  # fmt: skip
    reads = [path, *(f"{path}/{step}" for step in ("ask", "decline", "hand-on"))]
    missing = strip_leads(other.client.get("/leads/nosuchkey1").get_data(as_text=True))
    for read in reads:
        answer = other.client.get(read)
        assert answer.status_code == 404, read
        assert strip_leads(answer.get_data(as_text=True)) == missing
    for step, data in writes.items():
        assert other.post(f"{path}/{step}", data, page="/account/sessions").status_code == 404, step
        for person in (buyer, people.partner(), people.curator()):
            assert person.post(f"{path}/{step}", data, page="/account/sessions").status_code in {403, 404}, step
        assert client.post(f"{path}/{step}", data=data).status_code in {400, 403}
    for read in reads:
        assert buyer.client.get(read).status_code == 403
        assert client.get(read).status_code == 302
    recipient = recipient_of(rfq, seller)
    assert (recipient.state, recipient.version, recipient.seen_at) == (RecipientState.INVITED, 1, None)
    assert session.scalar(select(func.count()).select_from(Recipient)) == 1


def strip_leads(html: str) -> str:
    return re.sub(r'(?:href|content)="[^"]*leads[^"]*"', "", strip(html))


def test_sellers_of_one_request_never_meet(people: Cast, session: Session) -> None:
    """Marker of one seller (name, words, reasons) is on no page of the other."""
    from tests.support.flows import a_request

    buyer, one, two = people.buyer(), people.seller(), people.seller()
    with transaction() as inside:
        inside.get_one(Organisation, one.organisation_id).name = "MARKER-ONE"
    rfq = a_request(buyer, [one, two])
    an_answer(one, rfq, "MARKER-WORDS")
    path = lead_of(rfq, two)
    for page in ("/leads", "/leads?show=all", path, f"{path}/ask", f"{path}/decline", f"{path}/hand-on", "/notices"):
        html = text_of(two, page)
        assert "MARKER" not in html, page
        assert "2 sellers" not in html
    assert "MARKER-ONE" in text_of(buyer, f"/requests/{rfq.key}")


def test_the_cost_of_the_inbox_does_not_grow(people: Cast, session: Session) -> None:
    from sqlalchemy import event

    from marketplace.kernel.database import db

    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller, moq=Decimal(10), unit="kg")
    text_of(seller, "/leads")  # what is read once in a process is not counted
    counts = []
    for total in (1, 12):
        while session.scalar(select(func.count()).select_from(Recipient)) != total:
            an_inquiry(buyer, product)
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_more: object, seen: list[str] = seen) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        text_of(seller, "/leads")
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 11  # a page that shows what it showed before asks five
