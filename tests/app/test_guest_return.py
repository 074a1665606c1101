"""A guest comes back: by the link of the mails, with a password, another time."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import LinkToken, Organisation, SessionRow
from marketplace.accounts.services.guests import access_token
from marketplace.kernel.clock import frozen
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.rfqs.models import Rfq
from tests.support.accounts import PASSWORD
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, recipient_of
from tests.support.guests import MAIL, WORDS, ask, confirmed, link_for
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")


def visit_of(app: Flask, user_id: int) -> FlaskClient:
    """A browser in which the guest came back by the link of their mails."""
    with transaction() as session:
        token = access_token(session, user_id, settings().web.secret_key)
    client = app.test_client()
    client.post(f"/guest/{token}", data=guards(client, f"/guest/{token}"))
    return client


def a_guest(client: FlaskClient, people: Cast, session: Session) -> tuple[Rfq, Person, int]:
    """A guest's request that a curator let through; with its seller and the guest's key."""
    seller, curator = people.seller(), people.curator()
    product = a_listed_product(seller)
    ask(client, product.slug)
    confirmed(client, link_for())
    session.rollback()
    rfq = session.scalars(select(Rfq)).one()
    page = f"/console/requests/{rfq.key}"
    assert curator.post(page, {"decision": "approve"}, page=page).status_code == 303
    return rfq, seller, rfq.created_by_id or 0


def test_a_guest_follows_and_writes_by_the_link_of_the_mails(
    app: Flask, client: FlaskClient, people: Cast, session: Session
) -> None:
    rfq, seller, user_id = a_guest(client, people, session)
    lead = recipient_of(rfq, seller)
    html = seller.client.get(f"/leads/{lead.key}").get_data(as_text=True)
    assert "Gast Beispiel" not in html
    assert MAIL not in html
    an_answer(seller, rfq, "Bisa, kami tawarkan.")
    link = link_for(MAIL, r"/guest/[^\"]*with")
    fresh = app.test_client()
    before = session.scalar(select(func.count()).select_from(SessionRow))
    assert "Bisa" not in fresh.get(link).get_data(as_text=True)  # opening lets nobody in
    session.rollback()
    assert session.scalar(select(func.count()).select_from(SessionRow)) == before
    wish = re.search(r'name="to" value="([^"]+)"', fresh.get(link).get_data(as_text=True))
    assert wish is not None
    for foreign in ("https://evil.example/", "//evil.example/", ""):
        elsewhere = app.test_client()
        answer = elsewhere.post(link, data={**guards(elsewhere, link), "to": foreign})
        assert answer.location.endswith("/requests")
    answer = fresh.post(link, data={**guards(fresh, link), "to": wish[1]})
    assert answer.location.endswith(f"/requests/{rfq.key}/with/{lead.key}")
    assert "Bisa, kami tawarkan." in fresh.get(answer.location).get_data(as_text=True)
    page = f"/requests/{rfq.key}/with/{lead.key}"
    said = fresh.post(f"{page}/messages", data={**guards(fresh, page), "text": "Gut, bitte ein Muster."})
    assert said.status_code == 303
    assert "Gut, bitte ein Muster." in seller.client.get(f"/leads/{lead.key}").get_data(as_text=True)


def test_an_ended_link_opens_nothing_in_any_mail(
    app: Flask, client: FlaskClient, people: Cast, session: Session
) -> None:
    rfq, _seller, user_id = a_guest(client, people, session)
    with transaction() as inside:
        token = access_token(inside, user_id, settings().web.secret_key)
    other = visit_of(app, user_id)
    assert other.get(f"/requests/{rfq.key}").status_code == 200
    assert client.post("/guest-link/end", data=guards(client, "/guest-link")).status_code == 303
    assert app.test_client().get(f"/guest/{token}").status_code == 404
    for visitor in (client, other):
        assert visitor.get(f"/requests/{rfq.key}").status_code == 302  # to the sign-in
    assert app.test_client().get(f"/guest/{token[:-3]}abc").status_code == 404


def test_a_password_turns_the_guest_into_an_account_and_ends_the_link(
    app: Flask, client: FlaskClient, people: Cast, session: Session, moment: datetime
) -> None:
    rfq, _seller, user_id = a_guest(client, people, session)
    with transaction() as inside:
        token = access_token(inside, user_id, settings().web.secret_key)
    answer = client.post("/guest-link/password", data=guards(client, "/guest-link"))
    assert answer.location.startswith("/reset-password/")
    done = client.post(answer.location, data={**guards(client, answer.location), "password": PASSWORD})
    assert done.location == "/sign-in"
    assert app.test_client().get(f"/guest/{token}").status_code == 404
    signed = app.test_client()
    data = {**guards(signed, "/sign-in"), "identifier": MAIL, "password": PASSWORD}
    assert signed.post("/sign-in", data=data).status_code == 303
    assert WORDS in signed.get(f"/requests/{rfq.key}").get_data(as_text=True)
    assert signed.get("/guest-link").status_code == 404
    session.rollback()
    assert session.get_one(Rfq, rfq.id).buyer_id == rfq.buyer_id
    # from now on a request in this name waits for the sign-in
    visitor = app.test_client()
    product = a_listed_product(people.seller())
    with frozen(moment + timedelta(hours=1)):
        ask(visitor, product.slug)
        html = visitor.get(link_for()).get_data(as_text=True)
    assert "A request waits for you" in html
    assert WORDS not in html


def test_a_guest_who_comes_again_keeps_their_company(
    app: Flask, client: FlaskClient, people: Cast, session: Session, moment: datetime
) -> None:
    rfq, _seller, _user_id = a_guest(client, people, session)
    product = a_listed_product(people.seller())
    visitor = app.test_client()
    with frozen(moment + timedelta(hours=1)):
        ask(visitor, product.slug, name="Somebody Else", country="CH")
        assert confirmed(visitor, link_for()).status_code == 303
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Rfq)) == 2
    assert {one.buyer_id for one in session.scalars(select(Rfq))} == {rfq.buyer_id}
    company = session.get_one(Organisation, rfq.buyer_id)
    assert (company.name, company.country) == ("Gast Beispiel", "AT")


def test_others_have_no_guests_link(people: Cast, session: Session, client: FlaskClient) -> None:
    a_guest(client, people, session)
    before = session.scalar(select(func.count()).select_from(LinkToken))
    stranger = people.buyer()
    assert stranger.client.get("/guest-link").status_code == 404
    for path in ("/guest-link/end", "/guest-link/password"):
        assert stranger.post(path).status_code == 404
    session.rollback()
    assert session.scalar(select(func.count()).select_from(LinkToken)) == before


def test_documents_that_nobody_can_read_count_towards_a_limit(
    client: FlaskClient, people: Cast, session: Session
) -> None:
    """Looking into pictures is dear: who sends spoiled ones again and again is stopped, and the link stays good."""
    product = a_listed_product(people.seller())
    assert ask(client, product.slug).status_code == 303
    link = link_for()

    def sent(name: str = "spoiled.png") -> Any:
        papers = {"files": (io.BytesIO(b"\x89PNG\r\n\x1a\nnothing of a picture"), name)}
        return client.post(link, data=guards(client, link) | papers)

    assert [sent().status_code for _ in range(11)] == [422] * 10 + [429]
    refused = sent()
    assert "Too many tries" in refused.get_data(as_text=True)
    assert int(refused.headers["Retry-After"]) > 0
    session.rollback()
    assert session.scalars(select(Rfq.id)).all() == []
    assert confirmed(client, link).status_code == 303, "without documents it goes out all the same"
