"""Many at once: the last place for an address, one delivery in many hands, one message of WhatsApp told many times."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict
from marketplace.kernel.jobs import run_due
from marketplace.rfqs.models import Message
from marketplace.webhooks.jobs import deliver
from marketplace.webhooks.models import WebhookEndpoint
from marketplace.webhooks.rules import MOST_ENDPOINTS, DeliveryState
from marketplace.whatsapp.models import WhatsappReceived
from tests.support.event_servers import an_endpoint, listening, sent_to
from tests.support.flows import a_request
from tests.support.people import Cast
from tests.support.racing import HANDS, all_at_once
from tests.support.whatsapp import a_message, agreed, call, envelope, whatsapp

pytestmark = pytest.mark.usefixtures("app", "moment")


def within(app: Flask, deed: Callable[[], object]) -> Callable[[], object]:
    """A press in an application context of its own."""

    def press() -> object:
        with app.app_context():
            try:
                return deed()
            finally:
                db.session.remove()

    return press


def test_the_last_place_for_an_address_is_given_once(app: Flask, people: Cast, session: Session) -> None:
    owner = people.seller()

    def add() -> str:
        try:
            return an_endpoint(owner, "https://shop.example/")[0].key
        except Conflict:
            return ""

    for _ in range(MOST_ENDPOINTS - 1):
        add()
    session.rollback()
    given = all_at_once([within(app, add) for _ in range(HANDS)])
    assert len([key for key in given if key]) == 1
    session.rollback()
    assert session.scalar(select(func.count(WebhookEndpoint.id))) == MOST_ENDPOINTS


def test_one_delivery_in_many_hands_ends_once(app: Flask, people: Cast, session: Session, tmp_path: Path) -> None:
    buyer, seller = people.buyer(), people.seller()
    with listening(app, tmp_path, seconds=20) as (server, _outlet):
        endpoint, _secret = an_endpoint(seller, server.url)
        a_request(buyer, [seller])
        (delivery,) = sent_to(session, endpoint)
        key = delivery.id
        session.rollback()
        all_at_once([within(app, lambda: deliver(key)) for _ in range(HANDS)])
        assert len({one.headers["webhook-id"] for one in server.got}) == 1  # at least once, under one id
    (delivery,) = sent_to(session, endpoint)
    assert delivery.state == DeliveryState.DELIVERED
    assert delivery.tries == len(server.got)


def test_a_message_told_many_times_at_once_is_filed_once(app: Flask, people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    with whatsapp(app):
        agreed(app, session, seller, "+6281234500001")
        a_request(buyer, [seller])
        session.rollback()
        body = envelope(a_message("+6281234500001", "Yes, we can.", wamid="wamid.same"))
        assert set(all_at_once([lambda: call(app, body) for _ in range(HANDS)])) == {204}
        run_due()
    session.rollback()
    assert session.scalar(select(func.count(Message.id))) == 1
    query = select(func.count(WhatsappReceived.id)).where(WhatsappReceived.wamid == "wamid.same")
    assert session.scalar(query) == 1
