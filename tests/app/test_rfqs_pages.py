"""Buyers' pages: ask, follow, write, end; what was typed stays, nothing happens twice, strangers find nothing."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block, StoredFile
from marketplace.accounts.rules import VerificationLevel
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.uow import transaction
from marketplace.rfqs.models import KeptText, Message, Recipient, Rfq, RfqLine
from marketplace.rfqs.rules import RfqState
from tests.support.factories import a_draft, a_listed_product
from tests.support.flows import a_request, a_request_draft, an_answer, an_inquiry, fresh, recipient_of
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
WORDS = "Ist die Partie noch frei? Wir suchen 2 t."
TYPED = {
    "text": WORDS, "quantity": "2,5", "unit": "mt", "destination": "DE", "incoterm": "FOB", "place": "Tanjung Perak",
    "target_price": "6.20", "currency": "USD", "price_unit": "kg", "needed_by": "2027-02-01", "language": "de",
    "certificates": ["organic-eu", "fair-trade"], "sample_is_wanted": "y", "contact_phone": "+49 30 1234567",
}  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" \
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # fmt: skip


def page_of(rfq: Rfq) -> str:
    return f"/requests/{rfq.key}"


def talk_of(rfq: Rfq, seller: Person) -> str:
    return f"/requests/{rfq.key}/with/{recipient_of(rfq, seller).key}"


def text_of(person: Person | FlaskClient, path: str) -> str:
    client = person.client if isinstance(person, Person) else person
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_a_buyer_asks_about_a_product(people: Cast, session: Session) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    answer = buyer.post(path, TYPED, page=path)
    assert answer.status_code == 303
    rfq, line = session.scalars(select(Rfq)).one(), session.scalars(select(RfqLine)).one()
    assert answer.location == page_of(rfq)
    assert (rfq.text, rfq.language, rfq.destination, rfq.incoterm, rfq.place) == (
        WORDS,
        "de",
        "DE",
        "FOB",
        "Tanjung Perak",
    )
    assert (str(line.quantity), line.unit, str(line.target_price), line.price_unit) == (
        "2.500000",
        "mt",
        "6.200000",
        "kg",
    )
    assert (rfq.certificates, rfq.sample_is_wanted, rfq.contact_phone) == (
        ["organic-eu", "fair-trade"],
        True,
        "+49301234567",
    )
    html = text_of(buyer, page_of(rfq))
    for words in (WORDS, "2.5", "FOB Tanjung Perak", "EU organic", "Asked, not opened yet", "Request sent"):
        assert words in html, words


def test_two_clicks_send_one_inquiry(people: Cast, session: Session) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    data = {**guards(buyer.client, path), **TYPED}
    first, second = (buyer.client.post(path, data=data) for _ in range(2))
    assert (first.status_code, second.status_code, first.location) == (303, 303, second.location)
    assert session.scalar(select(func.count()).select_from(Rfq)) == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", "   ", "Say in a sentence or two"),
        ("text", "x" * 20001, ""),
        ("quantity", "-5", "above zero"),
        ("quantity", "0", "above zero"),
        ("quantity", "1e309", "not a number"),
        ("quantity", "1.250", "can mean"),
        ("quantity", "9" * 13, "above zero"),
        ("quantity", "0.0000001", "six decimals"),
        ("unit", "furlong", ""),
        ("destination", "ZZ", ""),
        ("incoterm", "FOO", ""),
        ("currency", "XXQ", ""),
        ("needed_by", "31.02.2027", "2027-05-31"),
        ("needed_by", "2020-01-01", "has passed"),
        ("contact_phone", "call me", "country code"),
        ("certificates", ["no-such-certificate"], ""),
        ("language", "'; drop table rfq; --", ""),
    ],
)
def test_wrong_answers_stay_with_their_sentence(
    people: Cast, session: Session, field: str, value: object, words: str
) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    answer = buyer.post(path, {**TYPED, field: value}, page=path)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "error-summary" in html
    assert words in html
    if field != "place":
        assert "Tanjung Perak" in html
    assert session.scalar(select(func.count()).select_from(Rfq)) == 0


def test_names_that_no_form_has_change_nothing(people: Cast, session: Session) -> None:
    buyer, product = people.buyer(verification_level=VerificationLevel.NONE), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    names = (
        "id key state buyer_id seller_id product_id chapter_id role verified is_below_moq opened_at quote_cap source"
    )
    names += " created_by_id verification_level score reasons version recipients lines lines-0-product_id deadline_at"
    names += " committed_at price total status currency_id paid_at closes_at answered_at contact_name handed_from_id"
    more = dict.fromkeys(names.split(), "7")
    buyer.post(path, {**TYPED, **more, "state": "open"}, page=path)
    rfq, recipient = session.scalars(select(Rfq)).one(), session.scalars(select(Recipient)).one()
    assert (rfq.state, rfq.buyer_id, rfq.opened_at, rfq.quote_cap) == (
        RfqState.IN_REVIEW,
        buyer.organisation_id,
        None,
        5,
    )
    assert (recipient.seller_id, recipient.product_id, recipient.committed_at) == (product.seller_id, product.id, None)


def test_a_visitors_text_is_kept_until_they_are_in(people: Cast, session: Session, client: FlaskClient) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    path = f"/products/{product.slug}/inquiry"
    answer = client.post(path, data={**guards(client, path), **TYPED})
    assert answer.status_code == 303
    assert "/sign-in?next=" in answer.location
    assert session.scalar(select(func.count()).select_from(Rfq)) == 0
    way = client.get_cookie("way_back")
    assert way is not None
    assert way.decoded_value == path
    kept = client.get_cookie("kept_request")
    assert kept is not None
    assert kept.value not in {row.token_hash for row in session.scalars(select(KeptText))}
    buyer.client.set_cookie("kept_request", kept.value)  # the same browser, signed in
    html = text_of(buyer, path)
    for words in (WORDS, 'value="2,5"', "2027-02-01", "+49 30 1234567"):
        assert words in html
    assert (
        len(re.findall(r'value="(?:organic-eu|fair-trade)"[^>]*|checked[^>]*value="(?:organic-eu|fair-trade)"', html))
        >= 2
    )
    assert buyer.post(path, TYPED, page=path).status_code == 303
    assert session.scalar(select(func.count()).select_from(KeptText)) == 0
    other = a_listed_product(people.seller())
    assert WORDS not in text_of(client, f"/products/{other.slug}/inquiry")


def test_kept_texts_are_gone_after_two_days(people: Cast, client: FlaskClient, moment: datetime) -> None:
    path = f"/products/{a_listed_product(people.seller()).slug}/inquiry"
    client.post(path, data={**guards(client, path), **TYPED})
    assert WORDS in text_of(client, path)
    with frozen(moment + timedelta(days=2)):
        assert WORDS not in text_of(client, path)


def test_a_visitor_fills_no_table(people: Cast, client: FlaskClient, session: Session) -> None:
    path = f"/products/{a_listed_product(people.seller()).slug}/inquiry"
    data = {**guards(client, path), **TYPED}
    statuses = [client.post(path, data=data).status_code for _ in range(31)]
    assert statuses == [303] * 30 + [429]
    assert session.scalar(select(func.count()).select_from(KeptText)) == 1, "the newest takes the place of the last"


def test_what_is_not_offered_has_no_inquiry(people: Cast, session: Session) -> None:
    draft = a_draft(people.seller())
    buyer = people.buyer()
    for path in (f"/products/{draft.slug}/inquiry", "/products/no-such-thing/inquiry"):
        assert buyer.client.get(path).status_code == 404
        assert buyer.post(path, TYPED, page="/requests").status_code == 404
        assert buyer.post(path, {**TYPED, "text": ""}, page="/requests").status_code == 404
    assert session.scalar(select(func.count()).select_from(Rfq)) == 0


def test_sellers_are_told_that_buyers_ask(people: Cast, session: Session) -> None:
    seller = people.seller()
    path = f"/products/{a_listed_product(people.seller()).slug}/inquiry"
    assert "Inquiries are sent by buying companies" in text_of(seller, path)
    assert seller.post(path, TYPED, page=path).status_code == 403
    assert session.scalar(select(func.count()).select_from(Rfq)) == 0


def test_a_blocked_pair_reads_why_and_keeps_the_text(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    path = f"/products/{a_listed_product(seller).slug}/inquiry"
    with transaction() as inside:
        inside.add(Block(organisation_id=seller.organisation_id, blocked_id=buyer.organisation_id, created_at=now()))
    answer = buyer.post(path, TYPED, page=path)
    html = answer.get_data(as_text=True)
    assert (answer.status_code, WORDS in html, "has blocked the other" in html) == (403, True, True)


def test_the_list_shows_states_and_unread_messages(people: Cast, moment: datetime) -> None:
    buyer, seller = people.buyer(), people.seller()
    assert "No requests here" in text_of(buyer, "/requests")
    rfq = an_inquiry(buyer, a_listed_product(seller, title="Argopuro Lot 7"))
    a_request_draft(buyer, "Sugar some day")
    with frozen(moment + timedelta(minutes=10)):
        an_answer(seller, rfq)
        html = text_of(buyer, "/requests")
        assert "Argopuro Lot 7" in html
        assert "1 unread message" in html
        text_of(buyer, talk_of(rfq, seller))
        assert "unread message" not in text_of(buyer, "/requests")
    assert "Sugar some day" not in text_of(buyer, "/requests?show=open")
    assert "Sugar some day" in text_of(buyer, "/requests?show=drafts")
    assert "Argopuro Lot 7" not in text_of(buyer, "/requests?show=over")
    assert "Argopuro Lot 7" in text_of(buyer, "/requests?show=nonsense&page=x")


@pytest.mark.parametrize("name", ["Sec-Purpose", "Purpose", "X-Moz"])
def test_fetching_ahead_is_not_reading(people: Cast, name: str, moment: datetime) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    with frozen(moment + timedelta(minutes=10)):
        an_answer(seller, rfq)
        buyer.client.get(talk_of(rfq, seller), headers={name: "prefetch;prerender"})
        buyer.client.head(talk_of(rfq, seller))
        assert recipient_of(rfq, seller).buyer_read_at is None
        buyer.client.get(talk_of(rfq, seller))
        assert recipient_of(rfq, seller).buyer_read_at == now()


def test_a_draft_leads_to_where_it_is_written(people: Cast) -> None:
    buyer = people.buyer()
    rfq = a_request_draft(buyer)
    assert buyer.client.get(page_of(rfq)).location == f"/requests/{rfq.key}/match"


def test_a_conversation_holds_words_and_papers(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    talk = talk_of(rfq, seller)
    paper = (io.BytesIO(PDF), "specification.pdf")
    answer = buyer.post(f"{talk}/messages", {"text": "See our sheet.", "files": [paper]}, page=talk)
    assert answer.status_code == 303
    assert answer.location.startswith(talk + "#message-")
    html = text_of(buyer, talk)
    assert "See our sheet." in html
    assert "specification.pdf" in html
    file = session.scalars(select(StoredFile)).one()
    assert (file.organisation_id, file.media_type) == (buyer.organisation_id, "application/pdf")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "x", "files": [(io.BytesIO(b"MZ\x90\x00 not a paper"), "offer.pdf")]}, 422),
        ({"text": "x", "files": [(io.BytesIO(PDF), f"{number}.pdf") for number in range(5)]}, 422),
    ],
)
def test_a_message_that_cannot_go_keeps_its_words(
    people: Cast, session: Session, data: dict[str, object], status: int
) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    talk = talk_of(rfq, seller)
    answer = buyer.post(f"{talk}/messages", dict(data), page=talk)
    assert answer.status_code == status
    assert "error-summary" in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Message)) == 0
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_markup_in_words_stays_words(people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller), text="<script>alert(1)</script> {{ 7*7 }}")
    for html in (text_of(buyer, page_of(rfq)), text_of(buyer, talk_of(rfq, seller))):
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in html


def test_closing_takes_a_reason_and_the_version_that_was_seen(people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    path = f"{page_of(rfq)}/close"
    assert buyer.post(path, {"version": str(rfq.version)}, page=path).status_code == 422
    stale = buyer.post(path, {"version": str(rfq.version - 1), "reason": "price"}, page=path)
    assert (stale.status_code, "has changed meanwhile" in stale.get_data(as_text=True)) == (409, True)
    assert fresh(rfq).state == RfqState.OPEN
    assert buyer.post(path, {"version": str(rfq.version), "reason": "price"}, page=path).status_code == 303
    assert fresh(rfq).state == RfqState.CLOSED_NO_AWARD
    assert "The prices do not fit" in text_of(buyer, page_of(rfq))
    again = buyer.post(path, {"version": str(fresh(rfq).version), "reason": "price"}, page=path)
    assert again.status_code == 409


def test_extending_and_withdrawing(people: Cast) -> None:
    buyer = people.buyer()
    rfq = a_request(buyer, [people.seller()])
    path = f"{page_of(rfq)}/extend"
    for wrong in ("", "tomorrow", "2026-11-23", "2020-01-01", "2039-01-01"):
        answer = buyer.post(path, {"version": str(rfq.version), "closes_on": wrong}, page=path)
        assert answer.status_code == 422, wrong
    assert buyer.post(path, {"version": str(rfq.version), "closes_on": "2027-01-31"}, page=path).status_code == 303
    assert "until 31 Jan 2027" in text_of(buyer, page_of(rfq))
    path = f"{page_of(rfq)}/cancel"
    answer = buyer.post(path, {"version": str(fresh(rfq).version)}, page=path)
    assert (answer.status_code, answer.location, fresh(rfq).state) == (303, "/requests", RfqState.CANCELLED)


def test_strangers_find_nothing_and_change_nothing(people: Cast, client: FlaskClient) -> None:
    buyer, seller, partner = people.buyer(), people.seller(), people.partner()
    rfq, other = an_inquiry(buyer, a_listed_product(seller)), people.buyer()
    mine = an_inquiry(other, a_listed_product(seller))
    key, inner = rfq.key, recipient_of(rfq, seller).key
    reads = [f"/requests/{key}", f"/requests/{key}/with/{inner}"]
    reads += [f"/requests/{key}/{step}" for step in ("close", "cancel", "extend")]
    writes = [
        (f"/requests/{key}/with/{inner}/messages", {"text": "x"}),
        (f"/requests/{key}/close", {"reason": "price"}),
    ]
    writes += [(f"/requests/{key}/cancel", {}), (f"/requests/{key}/extend", {"closes_on": "2027-01-31"})]
    missing = other.client.get("/requests/nosuchkey1").get_data(as_text=True)
    for path in [*reads, f"/requests/{mine.key}/with/{inner}"]:
        answer = other.client.get(path)
        assert answer.status_code == 404, path
        assert strip(answer.get_data(as_text=True)) == strip(missing)
    for path, data in [*writes, (f"/requests/{mine.key}/with/{inner}/messages", {"text": "x"})]:
        assert other.post(path, {**data, "version": str(rfq.version)}, page="/requests").status_code == 404, path
    for person, page in ((seller, "/account/sessions"), (partner, "/account/sessions")):
        for path in reads:
            assert person.client.get(path).status_code == 403
        for path, data in writes:
            assert person.post(path, data, page=page).status_code == 403
    for path in reads:
        assert client.get(path).status_code == 302
    after = fresh(rfq)
    assert (after.state, after.version, after.closes_at) == (rfq.state, rfq.version, rfq.closes_at)


def strip(html: str) -> str:
    """A page without what belongs to one showing: tokens, submit keys, and its own address."""
    html = re.sub(r'name="(?:csrf_token|_once)" value="[^"]+"', "", html)
    return re.sub(r'(?:href|content)="[^"]*requests[^"]*"', "", html)
