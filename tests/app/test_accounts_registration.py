"""Registering and joining: one answer for everybody, nothing counts before the link, each link good once."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from statistics import median

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Consent, LegalText, LinkToken, Membership, Organisation, User
from marketplace.accounts.rules import LINK_PATHS, Purpose
from marketplace.accounts.services.invitations import invite_seller
from marketplace.accounts.services.registration import forget_unconfirmed
from marketplace.buyers.models import Buyer
from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, Forbidden
from marketplace.kernel.outbox import Task
from marketplace.kernel.policy import Role
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Producer, Seller
from tests.support.accounts import (
    CONSENTS,
    HASH,
    PASSWORD,
    buyer_answers,
    caught_links,
    fill,
    seller_answers,
)
from tests.support.people import Cast, guards


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def path_of(purpose: str, token: str) -> str:
    return LINK_PATHS[Purpose(purpose)].format(token=token)


def test_the_three_doors(client: FlaskClient) -> None:
    html = client.get("/register").get_data(as_text=True)
    assert all(path in html for path in ("/register/buyer", "/register/seller", "/how-it-works"))


def test_a_buyer_registers_confirms_and_is_in(client: FlaskClient, session: Session) -> None:
    with caught_links() as links:
        answer = fill(client, "/register/buyer", **buyer_answers(interests=["coffee-arabica-green"]))
    assert answer.location == "/register/sent"
    assert client.get(answer.location).status_code == 200
    assert count(session, Organisation) == 0, "nothing counts before the link"
    path = path_of(links[0].purpose, links[0].token)
    for _ in range(2):  # opening only shows
        assert client.get(path).status_code == 200
    done = fill(client, path, password=PASSWORD)
    assert done.location == "/requests"
    assert client.get("/account").status_code == 200
    user = session.scalars(select(User)).one()
    organisation = session.scalars(select(Organisation)).one()
    buyer = session.scalars(select(Buyer)).one()
    assert (user.name, user.email, user.stated_phone) == (
        "Greta Beispiel", "greta@beispiel.example", "+49401234567",
    )  # fmt: skip
    assert user.phone is None, "nobody has shown that the number is hers"
    assert (organisation.name, organisation.country, organisation.slug) == (
        "Beispiel Rösterei GmbH",
        "DE",
        "beispiel-rosterei-gmbh",
    )
    assert organisation.website == "https://www.beispiel.example"
    assert (buyer.trade, buyer.interests) == ("roaster", ["coffee-arabica-green"])
    consents = session.scalars(select(Consent)).all()
    assert {one.document for one in consents} == {"terms", "privacy", "transfer"}
    texts = {one.document: one.body for one in session.scalars(select(LegalText))}
    assert "export" not in texts["transfer"].lower()
    assert len(texts["terms"]) > 1000
    assert client.get(path).status_code == 404, "the link is used up"


def test_another_password_opens_nothing(client: FlaskClient, session: Session) -> None:
    """Whoever registers somebody else's address cannot have them open the account for them."""
    with caught_links() as links:
        fill(client, "/register/buyer", **buyer_answers())
    path = path_of(links[0].purpose, links[0].token)
    found = [fill(client, path, password="some other password").status_code for _ in range(11)]
    assert found == [422] * 10 + [429]
    assert count(session, Organisation) == 0


def test_a_second_registration_does_not_take_over_the_first(app: Flask, session: Session) -> None:
    with caught_links() as links:
        fill(app.test_client(), "/register/buyer", **buyer_answers())
        fill(app.test_client(), "/register/buyer", **buyer_answers(name="Eve", password="quite another secret"))
    mine, theirs = (path_of(link.purpose, link.token) for link in links)
    assert fill(app.test_client(), mine, password=PASSWORD).status_code == 303
    assert session.scalars(select(User.name)).all() == ["Greta Beispiel"]
    assert app.test_client().get(theirs).status_code == 404


def test_a_taken_address_gets_the_same_answer(app: Flask, people: Cast, session: Session) -> None:
    people.buyer(email="taken@beispiel.example", password_hash=HASH)
    pages, users = [], count(session, User)
    for address in ("taken@beispiel.example", "fresh@beispiel.example"):
        client = app.test_client()
        with caught_links() as links:
            answer = fill(client, "/register/buyer", **buyer_answers(email=address))
        page = client.get(answer.location).get_data(as_text=True)
        pages.append((answer.status_code, answer.location, re.sub(r'value="[^"]*"', "", page)))
        assert len(links) == (address == "fresh@beispiel.example")
    assert pages[0] == pages[1]
    assert count(session, User) == users + 1
    kinds = session.scalars(select(Task.job)).all()
    assert len(kinds) == 2, "both addresses get a mail"


@pytest.mark.parametrize("path", ["/sign-in", "/forgot-password", "/register/buyer"])
def test_known_and_unknown_addresses_take_the_same_time(app: Flask, people: Cast, path: str) -> None:
    """Medians within half as much again, or ten milliseconds; in time of the processor, which a busy machine keeps."""
    for number in range(12):
        people.buyer(email=f"known{number}@beispiel.example", password_hash=HASH)
    spent: dict[str, list[float]] = {"known": [], "fresh": []}
    for number in range(12):
        for kind in spent:
            client = app.test_client()
            client.environ_base["REMOTE_ADDR"] = f"10.3.{number}.{len(spent[kind])}"
            who = f"{kind}{number}@beispiel.example"
            answers = (
                buyer_answers(email=who) if path == "/register/buyer" else {"identifier": who, "password": "wrong"}
            )
            data = {**guards(client, path), **answers}
            began = time.process_time()
            client.post(path, data=data)
            spent[kind].append(time.process_time() - began)
    known, fresh = median(spent["known"]), median(spent["fresh"])
    assert max(known, fresh) < 1.5 * min(known, fresh) or abs(known - fresh) < 0.02


def test_the_reset_page_tells_nothing(app: Flask, people: Cast) -> None:
    people.buyer(email="known@example.test", password_hash=HASH)
    pages = []
    for who in ("known@example.test", "fresh@example.test"):
        client = app.test_client()
        with caught_links() as links:
            answer = fill(client, "/forgot-password", identifier=who)
        pages.append((answer.status_code, answer.get_data(as_text=True).replace(who, "WHO")))
        assert len(links) == (who == "known@example.test")
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an address"),
        ("email", ""),
        ("country", "XX"),
        ("trade", "pirate"),
        ("company", "Visit www.evil.example now"),
        ("name", "https://evil.example"),
        ("website", "javascript:alert(1)"),
        ("phone", "12"),
        ("password", "short"),
        ("password", "Beispiel-Rösterei-GmbH"),
        ("terms", ""),
        ("transfer", ""),
        ("interests", "no-such-commodity"),
    ],
)
def test_a_wrong_answer_keeps_what_was_typed(client: FlaskClient, session: Session, field: str, value: str) -> None:
    answer = fill(client, "/register/buyer", **buyer_answers(**{field: value}))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "error-summary" in html
    assert field == "name" or "Greta Beispiel" in html
    assert PASSWORD not in html
    assert count(session, User) == 0


def test_two_clicks_send_one_mail(client: FlaskClient) -> None:
    data = {**guards(client, "/register/buyer"), **buyer_answers()}
    with caught_links() as links:
        found = [client.post("/register/buyer", data=data).location for _ in range(2)]
    assert found == ["/register/sent"] * 2
    assert len(links) == 1


def test_mails_to_one_address_are_limited(app: Flask, moment: datetime) -> None:
    found = []
    for number in range(6):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.4.0.{number}"
        found.append(fill(client, "/register/buyer", **buyer_answers()).status_code)
    assert found == [303] * 5 + [429]


def test_a_link_runs_out(client: FlaskClient, moment: datetime) -> None:
    with caught_links() as links:
        fill(client, "/register/buyer", **buyer_answers())
    path = path_of(links[0].purpose, links[0].token)
    with frozen(moment + timedelta(days=3) - timedelta(seconds=1)):
        assert client.get(path).status_code == 200
    with frozen(moment + timedelta(days=3)):
        assert client.get(path).status_code == 404


def test_an_address_nobody_confirms_is_forgotten(client: FlaskClient, session: Session, moment: datetime) -> None:
    fill(client, "/register/buyer", **buyer_answers())
    with frozen(moment + timedelta(days=31)), transaction() as inside:
        assert forget_unconfirmed(inside) == 1
    assert count(session, User) == 0


def test_a_seller_registers_by_mail(client: FlaskClient, session: Session) -> None:
    with caught_links() as links:
        data = seller_answers(email="siti@contoh.example", password=PASSWORD)
        answer = fill(client, "/id/register/seller", **data)
    assert answer.location == "/id/register/sent"
    done = fill(client, "/id" + path_of(links[0].purpose, links[0].token), password=PASSWORD)
    assert done.location == "/id/leads"
    seller = session.scalars(select(Seller)).one()
    producer = session.scalars(select(Producer)).one()
    assert (seller.curation, seller.nib, seller.whatsapp) == ("applied", "1234567890123", "+6281200001234")
    assert (producer.name, producer.regency) == ("PP Contoh Makmur", "kab-malang")
    assert session.scalars(select(User.locale)).one() == "id"


def test_a_seller_without_mail_waits_for_the_curator(
    app: Flask, client: FlaskClient, people: Cast, session: Session
) -> None:
    curator = people.curator()
    before = count(session, User)
    assert fill(client, "/register/seller", **seller_answers()).location == "/register/received"
    assert count(session, User) == before
    page = "/console/sellers"
    application = session.scalars(select(LinkToken.id)).one()
    assert "Kopontren Contoh Makmur" in curator.client.get(page).get_data(as_text=True)
    assert people.seller().client.get(page).status_code == 404
    shown = curator.post(f"{page}/applications/{application}/invite", page=page).get_data(as_text=True)
    token = re.findall(r"/invitations/seller/([\w-]+)<", shown)[0]
    assert "https://wa.me/6281200001234?text=" in shown
    assert token not in curator.client.get(page).get_data(as_text=True)
    visitor = app.test_client()
    path = f"/invitations/seller/{token}"
    answers = {**seller_answers(), "password": PASSWORD}
    assert fill(visitor, path, **{**answers, "password": "short"}).status_code == 422
    done = fill(visitor, path, **answers)
    assert done.location == "/selling/profile"
    assert visitor.get("/selling/profile").status_code == 200
    assert visitor.get(path).status_code == 404


def test_invitations_are_the_staffs(people: Cast, session: Session) -> None:
    curator, seller = people.curator(), people.seller(phone="+6281299990000")
    with transaction() as inside, pytest.raises(Forbidden):
        invite_seller(inside, seller.actor, "081200005678", "PP Contoh", "Budi Contoh")
    with transaction() as inside, pytest.raises(DomainError):
        invite_seller(inside, curator.actor, "12", "PP Contoh", "Budi Contoh")
    with transaction() as inside, pytest.raises(Conflict):
        invite_seller(inside, curator.actor, "0812 9999 0000", "PP Contoh", "Budi Contoh")
    with transaction() as inside:
        link, token = invite_seller(inside, curator.actor, "081200005678", "PP Contoh", "Budi Contoh")
        assert token not in str(link.payload) + link.token_hash


def test_an_owner_invites_a_new_colleague(app: Flask, people: Cast, session: Session) -> None:
    owner = people.buyer()
    page = "/organisation/members"
    with caught_links() as links:
        data = {"name": "Kolja Beispiel", "email": "kolja@beispiel.example", "role": "member"}
        assert owner.post(page, data, page=page).status_code == 303
    visitor = app.test_client()
    path = path_of(links[0].purpose, links[0].token)
    assert "Organisation" in visitor.get(path).get_data(as_text=True)
    done = fill(visitor, path, name="Kolja Beispiel", password=PASSWORD, **CONSENTS)
    assert done.location == "/requests"
    membership = session.scalars(select(Membership).order_by(Membership.id.desc())).first()
    assert membership is not None
    assert (membership.organisation_id, membership.role) == (owner.organisation_id, Role.MEMBER)
    # a member manages nobody
    assert fill(visitor, page, "/account/sessions", **data).status_code == 403
    # a role change and a removal end the colleague's sessions at once
    assert owner.post(f"{page}/{membership.id}/role", {"role": "owner"}, page=page).status_code == 303
    assert visitor.get("/account").status_code == 302
    assert owner.post(f"{page}/{membership.id}/remove", page=page).status_code == 303
    assert session.get(Membership, membership.id, populate_existing=True) is None


def test_a_known_colleague_shows_their_password(app: Flask, people: Cast, session: Session) -> None:
    owner, other = people.buyer(), people.seller(email="siti@contoh.example", password_hash=HASH)
    with caught_links() as links:
        data = {"name": "Siti", "email": "siti@contoh.example", "role": "owner"}
        owner.post("/organisation/members", data, page="/organisation/members")
    path = path_of(links[0].purpose, links[0].token)
    visitor = app.test_client()
    assert fill(visitor, path, password="wrong password").status_code == 422
    assert fill(visitor, path, password=PASSWORD).location == "/requests", "acts for the new organisation"
    roles = session.scalars(select(Membership.role).where(Membership.user_id == other.user_id)).all()
    assert len(roles) == 2
    data = {"organisation": str(other.organisation_id)}
    assert fill(visitor, "/account/organisation", "/account", **data).status_code == 303
    assert visitor.get("/selling/profile").status_code == 200
    assert fill(visitor, "/account/organisation", "/account", organisation="999").status_code == 404


def test_somebody_stays_in_charge(people: Cast, session: Session) -> None:
    owner, stranger = people.buyer(), people.buyer()
    page = "/organisation/members"
    own = session.scalars(select(Membership.id).where(Membership.user_id == owner.user_id)).one()
    assert owner.post(f"{page}/{own}/remove", page=page).status_code == 409
    assert owner.post(f"{page}/{own}/role", {"role": "member"}, page=page).status_code == 409
    assert stranger.post(f"{page}/{own}/remove", page=page).status_code == 404
    assert owner.post(f"{page}/{own}/role", {"role": "curator"}, page=page).status_code == 422
    assert session.get(Membership, own, populate_existing=True) is not None


def at_once(app: Flask, jobs: list[Callable[[], int]]) -> list[int]:
    """The answers of visitors who click in the same moment, each in an application context of their own."""
    ready = threading.Barrier(len(jobs))

    def run(job: Callable[[], int]) -> int:
        with app.app_context():
            ready.wait()
            try:
                return job()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_a_link_used_by_many_at_once_opens_one_account(app: Flask, session: Session) -> None:
    with caught_links() as links:
        fill(app.test_client(), "/register/buyer", **buyer_answers())
    path = path_of(links[0].purpose, links[0].token)

    def visitor() -> Callable[[], int]:
        client = app.test_client()
        data = {**guards(client, path), "password": PASSWORD}
        return lambda: client.post(path, data=data).status_code

    answers = at_once(app, [visitor() for _ in range(6)])
    assert sorted(answers) == [303] + [404] * 5
    session.rollback()
    assert count(session, Organisation) == 1
    assert count(session, Membership) == 1


def test_one_address_registered_at_once_is_one_person(app: Flask, session: Session) -> None:
    def visitor(number: int) -> Callable[[], int]:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.5.0.{number}"
        data = {**guards(client, "/register/buyer"), **buyer_answers()}
        return lambda: client.post("/register/buyer", data=data).status_code

    answers = at_once(app, [visitor(number) for number in range(5)])
    assert answers == [303] * 5
    session.rollback()
    assert count(session, User) == 1


def test_tries_at_once_do_not_slip_through(app: Flask, session: Session, moment: datetime) -> None:
    def visitor(number: int) -> Callable[[], int]:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.6.0.{number}"
        data = {**guards(client, "/sign-in"), "identifier": "nobody@example.test", "password": "wrong"}
        return lambda: client.post("/sign-in", data=data).status_code

    answers = at_once(app, [visitor(number) for number in range(14)])
    assert sorted(answers) == [422] * 10 + [429] * 4
