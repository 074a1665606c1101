"""WhatsApp: only to who agreed from their own number; answers come in once, signed, to their own lead; works without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from config.settings import SettingsError
from marketplace.accounts.models import Membership
from marketplace.accounts.services.privacy import ask_for_erasure
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.personal_data import export_all
from marketplace.kernel.uow import transaction
from marketplace.rfqs.models import HeardAnswer, Message
from marketplace.whatsapp.models import WhatsappContact, WhatsappMessage, WhatsappReceived
from marketplace.whatsapp.rules import MessageState, Outcome
from tests.support.application import home_settings
from tests.support.event_servers import EventServer, answers, babbles
from tests.support.flows import a_request, fresh, recipient_of
from tests.support.people import Cast, Person
from tests.support.whatsapp import PHONE_ID, a_message, agreed, call, envelope, says, whatsapp

pytestmark = pytest.mark.usefixtures("moment")
PHONE = "+6281234500001"


@pytest.fixture
def server(app: Flask) -> Iterator[EventServer]:
    with whatsapp(app) as found:
        yield found


def all_of(session: Session, kind: Any) -> list[Any]:
    session.rollback()
    return list(session.scalars(select(kind).order_by(kind.id).execution_options(populate_existing=True)))


def texts(server: EventServer) -> list[str]:
    return [one.said["text"]["body"] for one in server.got if one.said["type"] == "text"]


def a_told_seller(app: Flask, people: Cast, session: Session, server: EventServer) -> tuple[Person, Person, Any, str]:
    """A seller who agreed and was told of a lead: buyer, seller, request, and the message's name there."""
    buyer, seller = people.buyer(), people.seller(locale="en")
    agreed(app, session, seller, PHONE)
    rfq = a_request(buyer, [seller])
    run_due()
    (sent,) = [one for one in all_of(session, WhatsappMessage) if one.recipient_id is not None]
    assert sent.state == MessageState.SENT
    return buyer, seller, rfq, sent.wamid


def test_without_a_setting_there_is_nothing(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    a_request(buyer, [seller])
    run_due()
    assert all_of(session, WhatsappMessage) == []
    assert call(app, envelope(a_message(PHONE, "hello"))) == 404
    assert (
        app.test_client().get("/whatsapp/events?hub.mode=subscribe&hub.verify_token=&hub.challenge=1").status_code
        == 404
    )
    assert seller.client.get("/notices/whatsapp").status_code == 404
    assert "whatsapp" not in seller.client.get("/notices/preferences").get_data(as_text=True)


def test_settings_are_all_or_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        home_settings(tmp_path, WHATSAPP_TOKEN="t", WHATSAPP_URL="http://elsewhere.example", WHATSAPP_NUMBER="x")
    named = " ".join(caught.value.faults)
    for word in ("PHONE_ID", "APP_SECRET", "VERIFY_TOKEN", "WHATSAPP_NUMBER: use digits", "WHATSAPP_URL: use https"):
        assert word in named, word
    assert not home_settings(tmp_path).whatsapp.is_on


def test_a_lead_is_told_and_its_answer_reaches_the_buyer(
    app: Flask, people: Cast, session: Session, server: EventServer
) -> None:
    buyer, seller, rfq, wamid = a_told_seller(app, people, session, server)
    got = next(one for one in server.got if one.said["type"] == "template")
    assert got.path.endswith(f"/{PHONE_ID}/messages")
    assert got.headers["Authorization"] == "Bearer token-t"
    said = got.said
    lead = recipient_of(rfq, seller)
    assert (said["to"], said["template"]["name"], said["template"]["language"]) == (
        PHONE.lstrip("+"), "new_lead", {"code": "en"},
    )  # fmt: skip
    body, button = said["template"]["components"]
    assert "coconut sugar" in body["parameters"][0]["text"].lower()
    assert button["parameters"] == [{"type": "text", "text": f"leads/{lead.key}"}]
    assert "Organisation" not in got.body.decode(), "the buyer's name stays here"
    says(app, PHONE, "Yes, we can offer 2 containers.", answers_to=wamid)
    (message,) = all_of(session, Message)
    assert (message.text, message.side, message.author_id) == (
        "Yes, we can offer 2 containers.",
        "seller",
        seller.user_id,
    )
    (heard,) = all_of(session, HeardAnswer)
    assert (heard.channel, heard.written_by, heard.said_by_id) == ("whatsapp", "self", seller.user_id)
    assert recipient_of(rfq, seller).committed_at is not None
    page = buyer.client.get(f"/requests/{rfq.key}/with/{lead.key}").get_data(as_text=True)
    assert "By WhatsApp from" in page
    assert texts(server)[-1].startswith("Your answer is sent to the buyer")
    (row,) = [one for one in all_of(session, WhatsappReceived) if one.outcome == Outcome.TAKEN]
    assert row.text == ""


@pytest.mark.parametrize(
    "fault", ["no signature", "wrong secret", "changed body", "other number", "no json", "too large"]
)
def test_what_is_not_signed_for_us_changes_nothing(
    app: Flask, people: Cast, session: Session, server: EventServer, fault: str
) -> None:
    _buyer, _seller, _rfq, wamid = a_told_seller(app, people, session, server)
    before = len(all_of(session, WhatsappReceived))
    body = envelope(a_message(PHONE, "Yes", answers_to=wamid))
    status = {
        "no signature": lambda: call(app, body, signature=""),
        "wrong secret": lambda: call(app, body, secret="x" * 32),
        "changed body": lambda: call(app, body + b" ", signature="sha256=" + "0" * 64),
        "other number": lambda: call(app, envelope(a_message(PHONE, "Yes"), phone_id="999")),
        "no json": lambda: call(app, b"[1, 2"),
        "too large": lambda: call(app, body + b" " * 1_100_000),
    }[fault]()
    run_due()
    assert status == (204 if fault == "other number" else 400)
    assert len(all_of(session, WhatsappReceived)) == before
    assert all_of(session, Message) == []


def test_odd_shapes_are_left_out(app: Flask, session: Session, server: EventServer) -> None:
    odd: list[Any] = [
        {"entry": 7}, {"entry": [None, {"changes": "x"}]}, {"entry": [{"changes": [{"value": []}]}]}, {},
        {"entry": [{"changes": [{"value": {"metadata": {"phone_number_id": PHONE_ID}, "messages": [
            {}, {"id": 7}, {"id": "a", "from": "x", "timestamp": "1"}, {"id": "a", "from": "1", "timestamp": "9" * 40},
            {"id": "b" * 300, "from": "1", "timestamp": "1"}], "statuses": [{"id": None}, {"id": "z", "status": "gone"}]}}]}]},
    ]  # fmt: skip
    for one in odd:
        assert call(app, json.dumps(one).encode()) == 204
    assert call(app, b'"text"') == 400
    assert all_of(session, WhatsappReceived) == []


def test_what_no_database_keeps_stops_nothing(app: Flask, people: Cast, session: Session, server: EventServer) -> None:
    _buyer, _seller, _rfq, name = a_told_seller(app, people, session, server)
    broken = a_message(PHONE, "We have \ud83d 12 t\x00 ready.", answers_to=f"{name}")
    other = [a_message(PHONE, "hello", wamid=wamid) for wamid in ("wamid.\ud800", "wamid.\x00")]
    states = tuple({"id": wamid, "status": "failed", "errors": [{"code": "\udfff"}]} for wamid in ("\ud800", name))
    assert call(app, envelope(*other, broken, statuses=states)) == 204
    run_due()
    assert [one.text for one in all_of(session, Message) if one.side == "seller"] == ["We have  12 t ready."]


def test_the_same_message_counts_once_and_an_old_one_never(
    app: Flask, people: Cast, session: Session, server: EventServer
) -> None:
    _buyer, _seller, _rfq, wamid = a_told_seller(app, people, session, server)
    body = envelope(a_message(PHONE, "Yes", answers_to=wamid, wamid="wamid.same"))
    for _ in range(3):
        assert call(app, body) == 204
        run_due()
    assert len(all_of(session, Message)) == 1
    old = a_message(PHONE, "Yes", answers_to=wamid, wamid="wamid.old", at=now() - timedelta(days=8))
    assert call(app, envelope(old)) == 204
    run_due()
    assert len(all_of(session, Message)) == 1


def test_strangers_and_other_sellers_reach_nothing(
    app: Flask, people: Cast, session: Session, server: EventServer
) -> None:
    buyer, seller, rfq, wamid = a_told_seller(app, people, session, server)
    says(app, "+4915100000000", "I take it all", answers_to=wamid)
    assert Outcome.STRANGER not in {one.outcome for one in all_of(session, WhatsappReceived)}
    assert all(one.contact_id is not None for one in all_of(session, WhatsappReceived)), "nothing of a stranger is kept"
    rival = people.seller(locale="en")
    agreed(app, session, rival, "+6281234500002")
    says(app, "+6281234500002", "We answer for them", answers_to=wamid)
    assert all_of(session, Message) == []
    assert all_of(session, WhatsappReceived)[-1].outcome == Outcome.NO_LEAD
    assert recipient_of(rfq, seller).committed_at is None
    buyer_page = buyer.client.get("/notices/whatsapp")
    assert buyer_page.status_code == 403


@pytest.mark.parametrize("what", ["left", "number"])
def test_what_changed_while_a_message_waited_counts(
    app: Flask, people: Cast, session: Session, server: EventServer, what: str
) -> None:
    seller = people.seller(locale="en")
    contact = agreed(app, session, seller, PHONE)
    run_due()
    before = len(server.got)
    a_request(people.buyer(), [seller])
    with transaction() as inside:
        if what == "left":
            inside.execute(delete(Membership).where(Membership.user_id == seller.user_id))
        else:
            inside.get_one(WhatsappContact, contact.id).agreed_at = None
    run_due()
    assert len(server.got) == before
    (message,) = [one for one in all_of(session, WhatsappMessage) if one.recipient_id is not None]
    assert message.state == MessageState.STOPPED


def test_of_several_leads_we_ask_which(app: Flask, people: Cast, session: Session, server: EventServer) -> None:
    buyer, seller, _rfq, _wamid = a_told_seller(app, people, session, server)
    other = a_request(buyer, [seller])
    run_due()
    says(app, PHONE, "We can do this in May.")
    assert all_of(session, Message) == []
    asked = texts(server)[-1].splitlines()
    assert asked[0] == "Which lead is this for? Write its number."
    assert [line[:2] for line in asked[1:]] == ["1.", "2."]
    says(app, PHONE, "9")
    assert texts(server)[-1].startswith("Which lead"), "no such number"
    says(app, PHONE, "We can do this in May.")
    says(app, PHONE, "2")
    (message,) = all_of(session, Message)
    assert message.text == "We can do this in May."
    assert message.recipient_id == recipient_of(other, seller).id
    says(app, PHONE, "And in June, too.")  # one is left
    assert [one.text for one in all_of(session, Message)] == ["We can do this in May.", "And in June, too."]


def test_what_cannot_be_taken_is_said(app: Flask, people: Cast, session: Session, server: EventServer) -> None:
    from marketplace.rfqs.services import cancel_request

    buyer, _seller, rfq, wamid = a_told_seller(app, people, session, server)
    with transaction() as inside:
        cancel_request(inside, buyer.actor, rfq.key, fresh(rfq).version)
    says(app, PHONE, "Yes", answers_to=wamid)
    assert texts(server)[-1].startswith("Your answer could not be taken")
    assert all_of(session, Message) == []
    picture = a_message(PHONE, "") | {"type": "image", "image": {"id": "7"}}
    assert call(app, envelope(picture)) == 204
    run_due()
    assert texts(server)[-1].startswith("We can only take in text here")
    assert {one.text for one in all_of(session, WhatsappReceived)} == {""}


@pytest.mark.parametrize("word", ["STOP", "berhenti", "停止", "Stopp!"])
def test_one_word_ends_it(app: Flask, people: Cast, session: Session, server: EventServer, word: str) -> None:
    buyer, seller, _rfq, _wamid = a_told_seller(app, people, session, server)
    a_request(buyer, [seller])  # queued, not sent yet
    assert call(app, envelope(a_message(PHONE, word))) == 204
    before = len([one for one in server.got if one.said["type"] == "template"])
    run_due()
    a_request(buyer, [seller])
    run_due()
    assert len([one for one in server.got if one.said["type"] == "template"]) == before
    assert texts(server)[-1].startswith("You get no more messages from us here")
    assert [one.state for one in all_of(session, WhatsappMessage) if one.recipient_id][1:] == [MessageState.STOPPED]
    assert "Prepare the message" in seller.client.get("/notices/whatsapp").get_data(as_text=True)


def test_agreeing_takes_the_persons_own_telephone(
    app: Flask, people: Cast, session: Session, server: EventServer
) -> None:
    one, other = people.seller(locale="en"), people.seller(locale="en")
    first = agreed(app, session, one, PHONE)
    assert (first.phone, first.code) == (PHONE, "")
    assert "STOP" in texts(server)[-1]
    page = one.client.get("/notices/whatsapp").get_data(as_text=True)
    assert "End these messages" in page
    says(app, "+6281234500009", "START abcdefghjk")  # a guessed code
    agreed(app, session, other, PHONE)  # the number has a new holder
    rows = {row.user_id: row for row in all_of(session, WhatsappContact)}
    assert (rows[one.user_id].phone, rows[other.user_id].phone) == (None, PHONE)
    other.post("/notices/whatsapp/begin", page="/notices/whatsapp")
    code = all_of(session, WhatsappContact)[-1].code
    with frozen(now() + timedelta(days=1, minutes=1)):
        says(app, "+6281234500007", f"START {code}")
    assert all_of(session, WhatsappContact)[-1].phone == PHONE
    assert other.post("/notices/whatsapp/end", page="/account/sessions").status_code == 303
    assert all_of(session, WhatsappContact)[-1].stopped_at is not None


def test_states_come_in_any_order_and_only_go_further(
    app: Flask, people: Cast, session: Session, server: EventServer
) -> None:
    _buyer, _seller, _rfq, wamid = a_told_seller(app, people, session, server)
    for state, known in (
        ("read", "read"),
        ("delivered", "read"),
        ("sent", "read"),
        ("failed", "read"),
        ("odd", "read"),
    ):
        assert call(app, envelope(statuses=({"id": wamid, "status": state, "errors": [{"code": 131026}]},))) == 204
        (message,) = [one for one in all_of(session, WhatsappMessage) if one.wamid == wamid]
        assert message.state == known


@pytest.mark.parametrize(
    ("behaviour", "state", "is_tried_again"),
    [
        (answers(400, b'{"error": {"code": 131026}}'), MessageState.FAILED, False),
        (answers(503), MessageState.QUEUED, True),
        (answers(429), MessageState.QUEUED, True),
        (babbles, MessageState.UNSURE, False),
        (answers(200, b"{}"), MessageState.UNSURE, False),
    ],
)
def test_what_surely_did_not_leave_is_sent_again_and_nothing_else(
    app: Flask, people: Cast, session: Session, server: EventServer, behaviour: Any, state: str, is_tried_again: bool
) -> None:
    buyer, seller = people.buyer(), people.seller()
    agreed(app, session, seller, PHONE)
    server.next.append(behaviour)
    a_request(buyer, [seller])
    run_due()
    (message,) = [one for one in all_of(session, WhatsappMessage) if one.recipient_id]
    assert message.state == state
    with frozen(now() + timedelta(minutes=10)):
        run_due()
    (message,) = [one for one in all_of(session, WhatsappMessage) if one.recipient_id]
    assert (message.state == MessageState.SENT) is is_tried_again
    assert session.scalar(select(Task.id).where(Task.job == "whatsapp.send", Task.state == TaskState.DEAD)) is None


def test_a_copy_has_the_number_and_erasure_takes_it(
    app: Flask, people: Cast, session: Session, server: EventServer
) -> None:
    _buyer, seller, _rfq, wamid = a_told_seller(app, people, session, server)
    says(app, PHONE, "Yes", answers_to=wamid)
    assert export_all(session, seller.user_id)["whatsapp"]["number"] == PHONE
    with transaction() as inside:
        ask_for_erasure(inside, seller.actor)
    run_due()
    for kind in (WhatsappContact, WhatsappMessage):
        assert all_of(session, kind) == []
    assert [one.contact_id for one in all_of(session, WhatsappReceived)] == []


def test_the_address_is_shown_to_be_ours(app: Flask, server: EventServer) -> None:
    client = app.test_client()
    ours = "/whatsapp/events?hub.mode=subscribe&hub.verify_token=verify-v&hub.challenge="
    answer = client.get(ours + "1158201444")
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "1158201444")
    assert answer.mimetype == "text/plain"
    assert client.get(ours.replace("verify-v", "guess") + "1").status_code == 404
    assert client.get(ours + "<script>").status_code == 400
    assert client.get(ours.replace("subscribe", "else") + "1").status_code == 404
