"""Requests without an account: nobody hears of them before the mailbox was opened, and no answer tells who is known."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.jobs import tidy
from marketplace.accounts.models import Consent, LinkToken, Membership, Organisation, User
from marketplace.accounts.passwords import hash_password
from marketplace.accounts.services.people import create_user
from marketplace.buyers.models import Buyer
from marketplace.kernel.clock import frozen
from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.models import PostedRequest
from marketplace.notifications.models import Notice
from marketplace.rfqs.drafts import InquiryDraft, LineDraft, TermsDraft
from marketplace.rfqs.models import Message, Recipient, Rfq, RfqLine, RfqMoment
from marketplace.rfqs.rules import RfqState
from tests.support.accounts import PASSWORD
from tests.support.factories import a_listed_product
from tests.support.flows import recipient_of
from tests.support.guests import GUEST, MAIL, WORDS, ask, confirmed, link_for
from tests.support.people import Cast, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
TRADE = (Rfq, RfqLine, Recipient, RfqMoment, Message, Organisation, Buyer, Membership, User, Consent)


def counts(session: Session) -> dict[str, int]:
    session.rollback()
    return {model.__name__: session.scalar(select(func.count()).select_from(model)) or 0 for model in TRADE}


def an_account(mail: str) -> int:
    with transaction() as session:
        return create_user(session, "Known Person", email=mail, password=PASSWORD).id


def test_nobody_hears_of_a_request_before_it_is_confirmed(client: FlaskClient, people: Cast, session: Session) -> None:
    seller, curator = people.seller(), people.curator()
    product = a_listed_product(seller)
    before = counts(session)
    further = {"more-0-goods": "", "more-0-description": "Nutmeg, whole", "more-0-quantity": "5", "more-0-unit": "kg"}
    further |= {"more-0-currency": "USD", "more-0-price_unit": "kg"}
    answer = ask(client, product.slug, **further)
    assert (answer.status_code, answer.location) == (303, "/guest-requests/sent")
    assert counts(session) == before
    link = link_for()
    for _ in range(3):  # link previews open links
        html = client.get(link).get_data(as_text=True)
    assert WORDS in html
    assert "Nutmeg, whole" in html
    assert counts(session) == before
    assert WORDS not in curator.client.get("/console/requests").get_data(as_text=True)
    assert session.scalars(select(Notice.kind).where(Notice.user_id == seller.user_id)).all() == []
    assert session.scalars(select(Notice.kind).where(Notice.user_id == curator.user_id)).all() == []


def test_a_confirmed_request_goes_the_way_of_any_unchecked_buyers(
    client: FlaskClient, people: Cast, session: Session
) -> None:
    seller, curator = people.seller(), people.curator()
    product = a_listed_product(seller)
    ask(client, product.slug)
    link = link_for()
    answer = confirmed(client, link)
    rfq = session.scalars(select(Rfq)).one()
    assert (answer.status_code, answer.location) == (303, f"/requests/{rfq.key}")
    assert (rfq.state, rfq.text, rfq.opened_at) == (RfqState.IN_REVIEW, WORDS, None)
    user = session.scalars(select(User).where(User.email == MAIL)).one()
    company = session.get_one(Organisation, rfq.buyer_id)
    assert (company.name, company.country, user.password_hash) == ("Gast Beispiel", "AT", None)
    assert session.scalar(select(func.count()).select_from(Consent).where(Consent.user_id == user.id)) == 3
    assert session.scalar(select(Buyer.trade).where(Buyer.organisation_id == company.id)) == "roaster"
    assert WORDS in client.get(answer.location).get_data(as_text=True)
    assert "Austria, asked without an account" in curator.client.get("/console/requests").text
    assert "Asked without an account:" in curator.client.get(f"/console/requests/{rfq.key}").text
    assert seller.client.get(f"/leads/{recipient_of(rfq, seller).key}").status_code == 404
    assert client.get(link).status_code == 404  # used up


def test_two_clicks_send_one_request(client: FlaskClient, people: Cast, session: Session) -> None:
    product = a_listed_product(people.seller())
    ask(client, product.slug)
    link = link_for()
    data = guards(client, link)
    cookie = client.get_cookie("souq")
    assert cookie is not None
    first = client.post(link, data=data)
    client.set_cookie("souq", cookie.value)  # the second click left before the first one's answer came
    again = client.post(link, data=data)
    assert (first.status_code, again.status_code, first.location) == (303, 303, again.location)
    assert session.scalar(select(func.count()).select_from(Rfq)) == 1


def test_a_forged_or_late_link_opens_nothing(
    client: FlaskClient, people: Cast, session: Session, moment: datetime
) -> None:
    product = a_listed_product(people.seller())
    ask(client, product.slug)
    link = link_for()
    before = counts(session)
    assert client.get(f"{link[:-2]}xx").status_code == 404
    data = guards(client, link)
    with frozen(moment + timedelta(days=3, minutes=1)):
        assert client.get(link).status_code == 404
        assert client.post(link, data=data).status_code == 404
    assert counts(session) == before


def test_what_nobody_confirmed_is_forgotten_whole(
    client: FlaskClient, people: Cast, session: Session, moment: datetime
) -> None:
    product = a_listed_product(people.seller())
    ask(client, product.slug)
    run_due()
    with frozen(moment + timedelta(days=3, minutes=1)):
        tidy()
    session.rollback()
    assert session.scalars(select(LinkToken)).all() == []
    assert session.scalars(select(User).where(User.email == MAIL)).all() == []
    kept = session.scalars(select(Notice).where(Notice.kind == "guest_request")).all()
    assert [(one.address, one.context, one.user_id) for one in kept] == [("", {}, None)]


def test_the_answer_does_not_tell_who_has_an_account(client: FlaskClient, people: Cast, session: Session) -> None:
    an_account("known@beispiel.example")
    product = a_listed_product(people.seller())
    pages = []
    for mail in ("unknown@beispiel.example", "known@beispiel.example"):
        answer = ask(client, product.slug, email=mail)
        pages.append((answer.status_code, answer.location, client.get(answer.location).get_data(as_text=True)))
    assert pages[0] == pages[1]
    assert link_for("known@beispiel.example").startswith("/guest-requests/")
    kinds = dict(session.execute(select(Notice.kind, Notice.user_id)).all())
    assert set(kinds) == {"guest_request", "guest_sign_in"}


def test_a_request_for_an_account_waits_for_its_owner(app: Flask, people: Cast, session: Session) -> None:
    buyer, stranger, product = people.buyer(), people.buyer(), a_listed_product(people.seller())
    with transaction() as inside:
        inside.get_one(User, buyer.user_id).password_hash = hash_password(PASSWORD)
    mail = session.scalars(select(User.email).where(User.id == buyer.user_id)).one() or ""
    visitor = app.test_client()
    ask(visitor, product.slug, email=mail)
    link = link_for(mail)
    for client in (visitor, stranger.client):
        html = client.get(link).get_data(as_text=True)
        assert WORDS not in html  # not even shown to others
        assert client.post(link, data=guards(client, "/sign-in" if client is visitor else "/account/sessions"))
        assert counts(session)["Rfq"] == 0
    answer = confirmed(buyer.client, link)
    rfq = session.scalars(select(Rfq)).one()
    assert (answer.location, rfq.buyer_id, rfq.created_by_id) == (
        f"/requests/{rfq.key}",
        buyer.organisation_id,
        buyer.user_id,
    )
    assert rfq.state == RfqState.OPEN  # the company was checked, so no curator waits


def test_an_account_that_does_not_buy_sends_nothing(people: Cast, session: Session, client: FlaskClient) -> None:
    seller, product = people.seller(), a_listed_product(people.seller())
    mail = session.scalars(select(User.email).where(User.id == seller.user_id)).one() or ""
    ask(client, product.slug, email=mail)
    link = link_for(mail)
    hidden = guards(seller.client, "/account/sessions")
    assert "<form" not in seller.client.get(link).get_data(as_text=True).split("<main", 1)[1].split("</main", 1)[0]
    assert seller.client.post(link, data=hidden).status_code == 403
    assert counts(session)["Rfq"] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "nobody"),
        ("email", ""),
        ("country", ""),
        ("country", "ZZ"),
        ("trade", ""),
        ("company", "visit https://evil.example"),
        ("terms", ""),
        ("privacy", ""),
        ("transfer", ""),
        ("text", " "),
        ("quantity", "-1"),
    ],
)
def test_a_wrong_answer_stays_and_sends_nothing(
    client: FlaskClient, people: Cast, session: Session, field: str, value: str
) -> None:
    product = a_listed_product(people.seller())
    answer = ask(client, product.slug, **{field: value})
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)
    assert session.scalars(select(LinkToken)).all() == []


def test_what_could_not_be_sent_is_told_before_any_mail(client: FlaskClient, people: Cast, session: Session) -> None:
    seller, other = people.seller(), people.seller()
    product, foreign = a_listed_product(seller), a_listed_product(other)
    assert ask(client, product.slug, needed_by="2020-01-01").status_code == 422
    answer = ask(client, product.slug, **{"more-0-goods": str(foreign.id)})
    assert answer.status_code == 422
    assert session.scalars(select(LinkToken)).all() == []


def test_mails_to_one_box_and_from_one_address_are_limited(client: FlaskClient, people: Cast, session: Session) -> None:
    product = a_listed_product(people.seller())
    states = [ask(client, product.slug).status_code for _ in range(6)]
    assert states == [303] * 5 + [429]
    more = [ask(client, product.slug, email=f"box{n}@beispiel.example").status_code for n in range(6)]
    assert more[-1] == 429
    assert session.scalar(select(func.count()).select_from(LinkToken)) == 5 + more.count(303)


def test_a_product_that_left_the_market_meanwhile_uses_no_link_up(
    client: FlaskClient, people: Cast, session: Session
) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    ask(client, product.slug)
    link = link_for()
    before = counts(session)
    with transaction() as inside:
        inside.merge(product).state = "withdrawn"
    assert confirmed(client, link).status_code == 404
    assert counts(session) == before
    with transaction() as inside:
        inside.merge(product).state = "listed"
    assert confirmed(client, link).status_code == 303


def test_words_of_a_visitor_are_sent_to_the_chosen_sellers(client: FlaskClient, people: Cast, session: Session) -> None:
    seller = people.seller()
    a_listed_product(seller, commodity="coconut-sugar")
    before = counts(session)
    typed = {**guards(client, "/requests/new"), "text": "2 t coconut sugar to Hamburg"}
    assert client.post("/requests/new", data=typed).location == "/requests/preview"
    page = "/requests/preview"
    assert client.post(page, data={**guards(client, page), **GUEST, "email": ""}).status_code == 422
    html = client.get(page).get_data(as_text=True)
    ticked = re.findall(r'name="product" value="(\d+)"', html)
    answer = client.post(page, data={**guards(client, page), **GUEST, "product": ticked})
    assert answer.location == "/guest-requests/sent"
    assert counts(session) == before
    confirmed(client, link_for())
    session.rollback()
    rfq = session.scalars(select(Rfq)).one()
    assert (rfq.state, rfq.text) == (RfqState.IN_REVIEW, "2 t coconut sugar to Hamburg")
    asked = session.scalars(select(Recipient.product_id).where(Recipient.rfq_id == rfq.id)).all()
    assert [str(key) for key in asked] == ticked
    posted = session.scalar(select(func.count()).select_from(PostedRequest))
    assert posted == (0 if ticked else 1)


def test_a_kept_draft_comes_back_as_it_was() -> None:
    draft = InquiryDraft(
        text="x",
        language="de",
        line=LineDraft(quantity=Decimal("2.5"), unit="mt", target_price=Decimal("0.000001"), currency="USD"),
        terms=TermsDraft(
            certificates=("halal",), papers=("origin",), needed_by=datetime(2027, 2, 1).date(), quote_cap=3
        ),
        more=(LineDraft(description="y", product_id=7),),
    )
    assert InquiryDraft.of_json(json.loads(json.dumps(draft.as_json()))) == draft


def test_faults_of_request_and_guest_stand_in_one_list_in_their_order(client: FlaskClient, people: Cast) -> None:
    product = a_listed_product(people.seller())
    answer = ask(client, product.slug, text="", name="", quantity="none")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count('class="error-summary"') == 1
    order = [page.index(f'<li><a href="#{name}">') for name in ("text", "quantity", "name")]
    assert order == sorted(order)
