"""Answers from a link: light, single-use, bound to one lead; forged, used, foreign and late links do nothing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import LinkToken, Membership
from marketplace.kernel.clock import frozen
from marketplace.kernel.uow import transaction
from marketplace.leads.linking import make_answer_link
from marketplace.rfqs.models import Message, Recipient, Rfq
from marketplace.rfqs.rules import CloseReason, RecipientState
from marketplace.rfqs.services import close_request
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, fresh, recipient_of
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")


def a_link(rfq: Rfq, seller: Person) -> str:
    with transaction() as session:
        recipient = session.get_one(Recipient, recipient_of(rfq, seller).id)
        return make_answer_link(session, recipient, seller.user_id)


def a_lead(people: Cast) -> tuple[Person, Person, Rfq, str]:
    buyer, seller = people.buyer(name="Klara Beispiel"), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller, title="Argopuro Lot 7"))
    return buyer, seller, rfq, f"/answer/{a_link(rfq, seller)}"


def send(app: Flask, path: str, **data: str) -> tuple[int, str]:
    browser = app.test_client()
    answer = browser.post(path, data={**guards(browser, path), **data})
    return answer.status_code, answer.get_data(as_text=True)


def state(rfq: Rfq, seller: Person) -> tuple[str, bool]:
    found = recipient_of(rfq, seller)
    return found.state, found.info_asked_at is not None


def test_opening_shows_and_changes_nothing(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller, rfq, path = a_lead(people)
    answer = app.test_client().get(path)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for words in ("Argopuro Lot 7", "What is your best offer", "Germany"):
        assert words in html, words
    assert buyer.actor.organisation_name not in html  # unknown until the seller answers
    assert "<script" not in html
    assert app.test_client().head(path).status_code == 200
    assert state(rfq, seller) == (RecipientState.INVITED, False)
    assert session.scalars(select(LinkToken.used_at)).all() == [None]
    sheet = Path(app.static_folder or "") / "css/answer.css"
    assert len(answer.data) + sheet.stat().st_size < 20_000
    assert re.findall(r'(?:href|src)="([^"]+\.(?:css|js|png|svg|woff2?))', html) != []
    assert len(re.findall(r'<link rel="stylesheet"', html)) == 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"action": "yes"}, (RecipientState.WILL_QUOTE, False)),
        ({"action": "yes", "text": "Kami sanggup."}, (RecipientState.WILL_QUOTE, False)),
        ({"action": "no", "reason": "season"}, (RecipientState.DECLINED, False)),
        ({"action": "ask", "text": "Which moisture?"}, (RecipientState.INVITED, True)),
    ],
)
def test_each_answer_has_its_effect_once(
    app: Flask, people: Cast, session: Session, data: dict[str, str], expected: tuple[str, bool]
) -> None:
    _buyer, seller, rfq, path = a_lead(people)
    status, _html = send(app, path, **data)
    assert status == 200
    assert state(rfq, seller) == expected
    session.rollback()
    count = session.scalar(select(func.count(Message.id)))
    browser = app.test_client()
    assert browser.get(path).status_code == 404
    again = browser.post(path, data={**guards(browser, "/sign-in"), "action": "no", "reason": "price"})
    assert again.status_code == 404
    assert "does not work any more" in again.get_data(as_text=True)
    assert state(rfq, seller) == expected
    session.rollback()
    assert session.scalar(select(func.count(Message.id))) == count


@pytest.mark.parametrize(
    "data",
    [{}, {"action": "hand_on"}, {"action": "no"}, {"action": "no", "reason": "bribe"}, {"action": "ask", "text": " "}],
)
def test_what_is_no_answer_leaves_the_link_good(app: Flask, people: Cast, data: dict[str, str]) -> None:
    _buyer, seller, rfq, path = a_lead(people)
    status, html = send(app, path, **data)
    assert status == 422
    assert 'role="alert"' in html
    assert state(rfq, seller) == (RecipientState.INVITED, False)
    assert send(app, path, action="no", reason="price")[0] == 200


def test_forged_and_cut_links_are_refused(app: Flask, people: Cast) -> None:
    _buyer, seller, rfq, path = a_lead(people)
    browser = app.test_client()
    token = path.removeprefix("/answer/")
    for forged in (token[:-1], token + "x", token.swapcase(), "x" * 43, "x" * 5000, "%00", "..%2f"):
        address = f"/answer/{forged}"
        assert browser.get(address).status_code == 404, forged
        data = {**guards(browser, "/sign-in"), "action": "no", "reason": "price"}
        assert browser.post(address, data=data).status_code == 404, forged
    assert state(rfq, seller) == (RecipientState.INVITED, False)


def test_a_link_serves_its_own_lead_only(app: Flask, people: Cast) -> None:
    buyer, seller, rfq, path = a_lead(people)
    other = an_inquiry(buyer, a_listed_product(seller))
    foreign = people.seller()
    theirs = an_inquiry(buyer, a_listed_product(foreign))
    keys = {"recipient": recipient_of(other, seller).key, "key": recipient_of(theirs, foreign).key}
    assert send(app, path, action="no", reason="price", **keys)[0] == 200
    assert state(rfq, seller)[0] == RecipientState.DECLINED
    assert state(other, seller)[0] == RecipientState.INVITED
    assert state(theirs, foreign)[0] == RecipientState.INVITED


def test_a_link_for_anothers_lead_opens_nothing(app: Flask, people: Cast) -> None:
    _buyer, seller, rfq, _path = a_lead(people)
    stranger = people.seller()
    with transaction() as session:
        token = make_answer_link(session, session.get_one(Recipient, recipient_of(rfq, seller).id), stranger.user_id)
    assert app.test_client().get(f"/answer/{token}").status_code == 404


def test_a_newer_link_for_the_same_lead_replaces_the_one_before(app: Flask, people: Cast) -> None:
    _buyer, seller, rfq, first = a_lead(people)
    other = an_inquiry(people.buyer(), a_listed_product(seller))
    kept = f"/answer/{a_link(other, seller)}"
    second = f"/answer/{a_link(rfq, seller)}"
    visitor = app.test_client()
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200
    assert visitor.get(kept).status_code == 200, "another lead's link is left alone"


def test_a_link_runs_out_after_three_days(app: Flask, people: Cast, moment: datetime) -> None:
    *_rest, path = a_lead(people)
    with frozen(moment + timedelta(hours=72) - timedelta(seconds=1)):
        assert app.test_client().get(path).status_code == 200
    with frozen(moment + timedelta(hours=72)):
        assert app.test_client().get(path).status_code == 404


def test_after_closing_or_answering_elsewhere_the_page_says_so(app: Flask, people: Cast) -> None:
    buyer, seller, rfq, path = a_lead(people)
    browser = app.test_client()
    hidden = guards(browser, path)
    with transaction() as session:
        close_request(session, buyer.actor, rfq.key, CloseReason.POSTPONED, fresh(rfq).version)
    html = browser.get(path).get_data(as_text=True)
    assert "<form" not in html
    assert browser.post(path, data={**hidden, "action": "yes"}).status_code == 409
    assert state(rfq, seller)[0] == RecipientState.CLOSED
    _buyer, seller, rfq, path = a_lead(people)
    an_answer(seller, rfq)
    assert "<form" not in app.test_client().get(path).get_data(as_text=True)


def test_who_left_the_house_answers_no_more(app: Flask, people: Cast) -> None:
    _buyer, seller, _rfq, path = a_lead(people)
    with transaction() as session:
        session.delete(session.scalars(select(Membership).where(Membership.user_id == seller.user_id)).one())
    assert app.test_client().get(path).status_code == 404


def test_two_at_once_have_one_effect(app: Flask, people: Cast, session: Session) -> None:
    _buyer, seller, rfq, path = a_lead(people)
    browsers = [app.test_client() for _ in range(6)]
    forms = [{**guards(one, path), "action": "yes"} for one in browsers]
    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(
            pool.map(lambda one: one[0].post(path, data=one[1]).status_code, zip(browsers, forms, strict=True))
        )
    assert statuses == [200] + [404] * 5
    session.rollback()
    assert session.scalar(select(func.count(Message.id))) == 1
    assert state(rfq, seller)[0] == RecipientState.WILL_QUOTE


def test_a_post_without_a_guard_does_nothing(app: Flask, people: Cast) -> None:
    _buyer, seller, rfq, path = a_lead(people)
    assert app.test_client().post(path, data={"action": "yes"}).status_code == 400
    assert state(rfq, seller)[0] == RecipientState.INVITED


def test_a_yes_takes_sentences_of_the_phrase_bank_along(app: Flask, people: Cast, session: Session) -> None:
    """The buyer reads them in their own language; what is not offered here is not sent."""
    buyer, seller, rfq, path = a_lead(people)
    browser = app.test_client()
    data = {
        "action": "yes", "text": "Siap.",
        "sentence": ["closing.regards", "samples.need_address", "payment.only_this_account", "price.valid_until", "x"],
    }  # fmt: skip
    answer = browser.post(f"/id{path}", data={**guards(browser, f"/id{path}"), **data})
    assert answer.status_code == 200
    message = session.scalars(select(Message)).one()
    expected = "Mohon kirimkan alamat pengiriman dan nomor telepon untuk kurir.\nSiap.\nHormat kami"
    assert (message.text, message.language) == (expected, "id")
    key = recipient_of(rfq, seller).key
    html = buyer.client.get(f"/de/requests/{rfq.key}/with/{key}").get_data(as_text=True)
    assert "Bitte senden Sie uns die Lieferadresse" in html
    assert state(rfq, seller) == (RecipientState.WILL_QUOTE, False)


def test_sentences_stay_ticked_beside_a_problem(app: Flask, people: Cast) -> None:
    _buyer, _seller, _rfq, path = a_lead(people)
    browser = app.test_client()
    answer = browser.post(path, data={**guards(browser, path), "action": "no", "sentence": ["closing.regards"]})
    assert answer.status_code == 422
    assert 'value="closing.regards" checked' in answer.get_data(as_text=True)
