"""What was written in a form that could not be taken stands on the page that says so, to be copied."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from marketplace.kernel.database import db
from tests.app.test_access_matrix import fingerprint
from tests.support.ordering import a_deal, a_trade, order_now, paid_by_bank
from tests.support.people import Cast, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
NOTE = "All papers are <b>ready</b> & went by courier this morning."


def test_a_note_that_came_too_late_is_not_lost(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    paid_by_bank(trade, f"deposit:{deal.key}")
    before = fingerprint(session)
    page = f"/deals/{deal.key}/progress"
    stale = {"milestone": "papers_ready", "version": str(order_now(deal).version - 1), "note": NOTE}
    path, own = f"/deals/{deal.key}/report", {"Origin": "http://localhost"}
    sent = guards(trade.seller.client, page) | stale
    answer = trade.seller.client.post(path, data=sent, headers=own)
    assert answer.status_code == 409
    assert "It was not sent. You can copy it from here." in answer.text
    assert "All papers are &lt;b&gt;ready&lt;/b&gt; &amp; went by courier" in answer.text
    session.rollback()
    assert fingerprint(session) == before
    without = trade.seller.client.post(path, data=guards(trade.seller.client, page) | stale | {"note": ""}, headers=own)
    assert without.status_code == 409
    assert "What you wrote" not in without.text


def test_a_form_that_is_out_of_date_gives_back_what_was_typed(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    path = f"/deals/{deal.key}/report"
    sent = {"milestone": "papers_ready", "version": "1", "csrf_token": "of yesterday", "password": "a secret one"}
    own = {"Origin": "http://localhost"}
    for note in (NOTE, "文件已備妥，今早已寄出。", "word " * 3_900 + "to the last"):
        answer = trade.seller.client.post(path, data=sent | {"note": note}, headers=own)
        assert answer.status_code == 400
        assert note in html.unescape(answer.text)
        assert "a secret one" not in answer.text


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Referer": "http://[x"}]
)
def test_another_sites_form_puts_no_words_on_our_page(people: Cast, headers: dict[str, str]) -> None:
    sent = {"message": "Pay to another account from now on.", "note": "Pay at once."}
    for client in (people.buyer().client, people.seller().client):
        answer = client.post("/requests/new", data=sent, headers=headers)
        assert answer.status_code == 400
        assert "Pay" not in re.sub(r"<(header|footer|nav).*?</\1>", "", answer.text, flags=re.DOTALL)


def test_why_a_deal_is_disputed_is_not_lost_either(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    page = f"/deals/{deal.key}/progress"
    why = {"dispute-why": "Half of the bags were wet."}
    first, second = ({**guards(trade.buyer.client, page), **why} for _ in range(2))
    own = {"Origin": "http://localhost"}
    assert trade.buyer.client.post(f"/deals/{deal.key}/dispute", data=first, headers=own).status_code == 303
    answer = trade.buyer.client.post(f"/deals/{deal.key}/dispute", data=second, headers=own)
    assert answer.status_code == 409
    assert "Half of the bags were wet." in answer.text


@pytest.mark.parametrize("fault", [OperationalError("select", {}, Exception("locked")), NoConnection("none is free")])
def test_a_database_that_is_away_or_overrun_is_said_kindly(
    app: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail() -> None:
        raise fault

    endpoint, _values = app.url_map.bind("localhost").match("/requests")
    monkeypatch.setitem(app.view_functions, endpoint, fail)
    answer = people.buyer().client.get("/requests")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "catching its breath" in answer.text


def test_the_page_says_so_as_well_where_the_database_cannot_even_tell_who_asks(app: Flask, people: Cast) -> None:
    buyer = people.buyer()
    assert buyer.client.get("/requests").status_code == 200

    def gone(*_given: object) -> None:
        raise OperationalError("select", {}, Exception("server closed the connection unexpectedly"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", gone)
    try:
        answer = buyer.client.get("/requests")
    finally:
        event.remove(engine, "before_cursor_execute", gone)
    assert answer.status_code == 503
    assert "catching its breath" in answer.text
    assert buyer.client.get("/requests").status_code == 200
