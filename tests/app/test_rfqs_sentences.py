"""Messages out of the phrase bank: put together without scripts, read by each side in its own language."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen
from marketplace.kernel.errors import DomainError
from marketplace.kernel.uow import transaction
from marketplace.leads.services import answer_lead, decline_lead
from marketplace.rfqs.models import Message, Rfq
from marketplace.rfqs.rules import DeclineReason, RecipientState
from marketplace.rfqs.services import hide_message, write_to_seller
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
PRICE: dict[str, Any] = {
    "sentence": ["price.per_unit", "closing.regards"],
    "0.product.words": "Argopuro Lot 7",
    "0.price.currency": "USD",
    "0.price.amount": "6.20",
    "0.price.unit": "kg",
    "0.incoterm.term": "FOB",
    "0.incoterm.place": "Surabaya",
}


def a_talk(people: Cast) -> tuple[Person, Person, Rfq, str, str]:
    """Buyer, seller, request and the addresses of the conversation for each of them."""
    buyer, seller = people.buyer(name="Klara Beispiel"), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller, title="Argopuro Lot 7"))
    key = recipient_of(rfq, seller).key
    return buyer, seller, rfq, f"/requests/{rfq.key}/with/{key}", f"/leads/{key}"


def html_of(person: Person, path: str) -> str:
    answer = person.client.get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def sent(session: Session) -> list[Message]:
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.id)))


def test_each_side_reads_its_own_language(people: Cast, session: Session) -> None:
    _buyer, seller, rfq, buyer_path, seller_path = a_talk(people)
    answer = seller.post(
        f"/id{seller_path}/sentences",
        {**PRICE, "text": "Kurs 1.250 kg.", "do": "send"},
        page=f"/id{seller_path}/sentences",
    )
    assert answer.status_code == 303
    message = sent(session)[0]
    assert answer.location.endswith(f"{seller_path}#message-{message.id}")
    assert message.language == "id"
    assert message.text == (
        "Harga kami untuk Argopuro Lot 7 adalah US$6,20 / kg, FOB Tanjung Perak.\nKurs 1.250 kg.\nHormat kami"
    )
    assert [sorted(part) for part in message.parts or ()] == [["phrase", "values"], ["words"], ["phrase", "values"]]
    assert recipient_of(rfq, seller).state == RecipientState.WILL_QUOTE  # the first answer commits
    german = html_of(_buyer, f"/de{buyer_path}")
    assert "Unser Preis für Argopuro Lot 7 beträgt 6,20\xa0US$ / kg, FOB Tanjung Perak." in german
    assert "Mit freundlichen Grüßen" in german
    assert "Harga kami untuk Argopuro Lot 7" in german  # the writer's words stand beside
    assert '<span class="figure">1.250 kg</span>' in german
    chinese = html_of(_buyer, f"/zh-hans{buyer_path}")
    assert "Argopuro Lot 7的价格为US$6.20 / 公斤，FOB Tanjung Perak。" in chinese
    own = html_of(seller, f"/id{seller_path}")
    assert own.count("Harga kami untuk Argopuro Lot 7") == 1


def test_the_buyer_writes_with_it_as_well(people: Cast, session: Session) -> None:
    buyer, seller, rfq, buyer_path, seller_path = a_talk(people)
    data = {
        "sentence": "samples.ask_sample",
        "0.product.words": "Argopuro Lot 7",
        "0.quantity.amount": "500",
        "0.quantity.unit": "g",
    }
    page = f"/de{buyer_path}/sentences"
    assert buyer.post(page, {**data, "do": "send"}, page=page).status_code == 303
    assert sent(session)[0].text == "Bitte senden Sie uns ein Muster von Argopuro Lot 7: 500\xa0g."
    assert "Mohon kirim contoh Argopuro Lot 7: 500\xa0g." in html_of(seller, f"/id{seller_path}")


def test_only_the_button_that_says_so_sends(people: Cast, session: Session) -> None:
    _buyer, seller, _rfq, _buyer_path, path = a_talk(people)
    page = f"{path}/sentences"
    html = html_of(seller, page)
    assert html.count('value="add:') >= 60
    assert "add:price.ask_price" not in html
    for verb in (
        "",
        "open",
        "add:closing.regards",
        "remove:0",
        "remove:99",
        "remove:" + "9" * 5000,
        "remove:²",
        "remove:x",
        "add:price.ask_price",
        "add:x",
    ):
        answer = seller.post(page, {"text": "Hello", "do": verb}, page=page)
        assert answer.status_code == 200
        assert ">Hello</textarea>" in answer.get_data(as_text=True)
    for code in ("price.ask_price", "unknown.code"):
        html = seller.post(page, {"sentence": code, "do": "open"}, page=page).get_data(as_text=True)
        assert 'name="sentence"' not in html
    assert sent(session) == []


def test_sentences_are_added_filled_and_put_back(people: Cast) -> None:
    _buyer, seller, _rfq, _buyer_path, path = a_talk(people)
    page = f"{path}/sentences"
    html = seller.post(page, {"sentence": "closing.regards", "do": "add:price.per_unit"}, page=page).get_data(
        as_text=True
    )
    assert re.findall(r'name="sentence" value="([^"]+)"', html) == ["price.per_unit", "closing.regards"]
    assert 'value="Argopuro Lot 7"' in html
    assert 'value="Tanjung Perak"' in html
    typed = {**PRICE, "0.price.amount": '"><b>', "do": "add:greeting.thanks_message"}
    html = seller.post(page, typed, page=page).get_data(as_text=True)
    assert 'name="1.price.amount" id="1.price.amount" value="&#34;&gt;&lt;b&gt;"' in html
    html = seller.post(page, {**PRICE, "do": "remove:0"}, page=page).get_data(as_text=True)
    assert re.findall(r'name="sentence" value="([^"]+)"', html) == ["closing.regards"]
    html = seller.post(page, {"sentence": ["closing.regards"] * 12, "do": "add:price.per_unit"}, page=page).get_data(
        as_text=True
    )
    assert "At most 12 sentences" in html


def test_the_preview_reads_as_the_other_side_will(people: Cast, session: Session) -> None:
    _buyer, seller, rfq, _buyer_path, path = a_talk(people)
    with transaction() as inside:
        inside.execute(update(Rfq).where(Rfq.id == rfq.id).values(language="de"))
    page = f"{path}/sentences"
    html = seller.post(page, {**PRICE, "do": "preview"}, page=page).get_data(as_text=True)
    assert "Unser Preis für Argopuro Lot 7 beträgt 6,20\xa0US$ / kg" in html
    assert sent(session) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"0.price.amount": ""}, "A number is needed here."),
        ({"0.price.amount": "1.250"}, "can mean 1250 or 1.250"),
        ({"0.incoterm.place": "Malang"}, "FOB needs a sea port"),
        ({"0.price.unit": "elephant"}, "Choose the unit."),
        ({"0.product.words": ""}, "Fill in this blank."),
        ({"sentence": [], "text": " "}, "Choose a sentence, or write one of your own."),
    ],
)
def test_what_is_missing_stands_beside_its_blank(
    people: Cast, session: Session, change: dict[str, Any], words: str
) -> None:
    _buyer, seller, _rfq, _buyer_path, path = a_talk(people)
    for verb in ("send", "preview"):
        answer = seller.post(f"{path}/sentences", {**PRICE, **change, "do": verb}, page=f"{path}/sentences")
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
    assert sent(session) == []


def test_two_clicks_send_once(people: Cast, session: Session) -> None:
    _buyer, seller, _rfq, _buyer_path, path = a_talk(people)
    page = f"{path}/sentences"
    hidden = re.findall(r'name="(csrf_token|_once)" value="([^"]+)"', html_of(seller, page))
    data = {**PRICE, **dict(hidden), "do": "send"}
    assert [seller.client.post(page, data=data).status_code for _ in range(2)] == [303, 303]
    assert len(sent(session)) == 1


def test_others_find_nothing(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller, _rfq, buyer_path, path = a_talk(people)
    other_seller, other_buyer = people.seller(), people.buyer()
    for person, place in ((other_seller, path), (other_buyer, buyer_path)):
        assert person.client.get(f"{place}/sentences").status_code == 404
        assert person.post(f"{place}/sentences", {**PRICE, "do": "send"}).status_code == 404
    assert buyer.client.get(f"{path}/sentences").status_code in (403, 404)
    assert seller.client.get(f"{buyer_path}/sentences").status_code in (403, 404)
    assert app.test_client().get(f"{path}/sentences").status_code in (302, 303)
    assert sent(session) == []


def test_a_closed_conversation_takes_no_sentence(people: Cast, session: Session) -> None:
    _buyer, seller, rfq, buyer_path, path = a_talk(people)
    buyer = _buyer
    with transaction() as inside:
        decline_lead(inside, seller.actor, recipient_of(rfq, seller).key, DeclineReason.SEASON)
    for person, place in ((seller, path), (buyer, buyer_path)):
        assert person.client.get(f"{place}/sentences").status_code == 409
        assert person.post(f"{place}/sentences", {**PRICE, "do": "send"}).status_code == 409
    assert sent(session) == []


def test_the_services_check_for_themselves(people: Cast, session: Session) -> None:
    buyer, seller, rfq, _buyer_path, _path = a_talk(people)
    key = recipient_of(rfq, seller).key
    for parts in ([{"phrase": "price.ask_price", "values": {}}], [{"phrase": "price.valid_until", "values": {}}]):
        with pytest.raises(DomainError), transaction() as inside:
            answer_lead(inside, seller.actor, key, "", language="id", parts=parts)
    with pytest.raises(DomainError), transaction() as inside:
        write_to_seller(inside, buyer.actor, rfq.key, key, " ", language="en", parts=[{"words": " "}])
    assert sent(session) == []


def test_a_product_is_called_by_its_title_in_the_readers_language(people: Cast, session: Session) -> None:
    buyer, seller, _rfq, buyer_path, path = a_talk(people)
    data = {"sentence": "greeting.thanks", "0.product.words": "argopuro lot 7", "do": "send"}
    seller.post(f"{path}/sentences", data, page=f"{path}/sentences")
    value = (sent(session)[0].parts or [])[0]["values"]["product"]
    assert value["words"] == "argopuro lot 7"
    assert value["line"]
    assert "Vielen Dank für Ihre Anfrage zu Argopuro Lot 7." in html_of(buyer, f"/de{buyer_path}")


def test_a_hidden_message_shows_neither_sentence_nor_words(people: Cast, session: Session) -> None:
    buyer, seller, _rfq, buyer_path, path = a_talk(people)
    curator = people.curator()
    seller.post(f"{path}/sentences", {**PRICE, "do": "send"}, page=f"{path}/sentences")
    with transaction() as inside:
        hide_message(inside, curator.actor, sent(session)[0].id)
    html = html_of(buyer, f"/de{buyer_path}")
    assert "Unser Preis" not in html
    assert "Harga kami" not in html
    assert "Our price" not in html


def test_a_sentence_that_left_the_bank_is_read_in_the_writers_words(people: Cast, session: Session) -> None:
    buyer, seller, _rfq, buyer_path, path = a_talk(people)
    seller.post(f"/id{path}/sentences", {**PRICE, "do": "send"}, page=f"/id{path}/sentences")
    with transaction() as inside:
        inside.execute(update(Message).values(parts=[{"phrase": "gone.for_good", "values": {}}]))
    assert "Harga kami untuk Argopuro Lot 7" in html_of(buyer, f"/de{buyer_path}")


def test_messages_tell_when_they_were_read(people: Cast, moment: datetime) -> None:
    buyer, seller, rfq, buyer_path, path = a_talk(people)
    with frozen(moment + timedelta(hours=1)):
        an_answer(seller, rfq)
        assert "bubble-read" not in html_of(seller, path)
    with frozen(moment + timedelta(hours=2)):
        assert "bubble-read" not in html_of(buyer, buyer_path)  # one's own reading is no news
        html = html_of(seller, path)
        assert html.count("bubble-read") == 1
        assert re.search(r"Read \d", html)
    with frozen(moment + timedelta(hours=3)):
        with transaction() as inside:
            write_to_seller(inside, buyer.actor, rfq.key, path.rsplit("/", 1)[1], "Thank you.", language="en")
        assert "bubble-read" not in html_of(buyer, buyer_path)
    with frozen(moment + timedelta(hours=4)):
        html_of(seller, path)
        assert "bubble-read" in html_of(buyer, buyer_path)


def test_what_was_typed_comes_along_to_the_bank(people: Cast) -> None:
    _buyer, seller, _rfq, _buyer_path, path = a_talk(people)
    html = html_of(seller, path)
    assert f'formaction="{path}/sentences"' in html
    html = seller.post(f"{path}/sentences", {"text": "Sudah saya tulis", "do": "open"}, page=path).get_data(
        as_text=True
    )
    assert "Sudah saya tulis</textarea>" in html


def test_unread_counts_stand_on_both_sides(people: Cast, moment: datetime) -> None:
    """Messages of the phrase bank count like any other."""
    buyer, seller, rfq, buyer_path, path = a_talk(people)
    html_of(seller, path)
    with frozen(moment + timedelta(hours=1)):
        seller.post(f"{path}/sentences", {**PRICE, "do": "send"}, page=f"{path}/sentences")
        assert "1 unread message" in html_of(buyer, f"/requests/{rfq.key}")
        html_of(buyer, buyer_path)
        assert "1 unread message" not in html_of(buyer, f"/requests/{rfq.key}")
    with frozen(moment + timedelta(hours=2)):
        page = f"{buyer_path}/sentences"
        buyer.post(page, {"sentence": "closing.look_forward", "do": "send"}, page=page)
        assert "1 unread message" in html_of(seller, "/leads?show=all")
        html_of(seller, path)
        assert "1 unread message" not in html_of(seller, "/leads?show=all")
