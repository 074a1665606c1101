"""Copied cookies are dead after sign-out, a new password, suspension and a changed role; passwords are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.passwords import common_passwords, password_fault
from marketplace.accounts.services.members import change_role, remove_member
from marketplace.accounts.services.organisations import (
    add_member,
    suspend_organisation,
    unsuspend_organisation,
)
from marketplace.accounts.services.people import create_user, suspend_user, unsuspend_user
from marketplace.kernel.clock import frozen
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.policy import Role
from marketplace.kernel.uow import transaction
from tests.support.accounts import HASH, PASSWORD, caught_links, fill
from tests.support.people import Cast, Person


def copied(person: Person, app: Flask):
    """A second browser with a copy of the person's cookie."""
    thief = app.test_client()
    cookie = person.client.get_cookie("souq")
    assert cookie is not None
    thief.set_cookie("souq", cookie.value)
    assert thief.get("/account").status_code == 200
    return thief


def sign_out(person: Person, people: Cast) -> None:
    person.post("/sign-out")


def change_password(person: Person, people: Cast) -> None:
    page = "/account/password"
    answer = person.post(page, {"present": PASSWORD, "password": "nutmeg and slow rivers"}, page=page)
    assert answer.status_code == 303
    assert person.client.get("/account").status_code == 200, "this device goes on"


def reset_password(person: Person, people: Cast) -> None:
    client = people.app.test_client()
    with caught_links() as links:
        fill(client, "/forgot-password", identifier="who@example.test")
    path = f"/reset-password/{links[0].token}"
    assert fill(client, path, password="short").status_code == 422
    assert client.get(path).status_code == 200
    assert fill(client, path, password="nutmeg and slow rivers").location == "/sign-in"
    assert client.get(path).status_code == 404
    assert fill(client, "/sign-in", identifier="who@example.test", password="nutmeg and slow rivers").status_code == 303


def suspension(person: Person, people: Cast) -> None:
    curator = people.curator()
    with transaction() as session:
        suspend_user(session, curator.actor, person.user_id)


def suspended_organisation(person: Person, people: Cast) -> None:
    curator = people.curator()
    with transaction() as session:
        suspend_organisation(session, curator.actor, person.organisation_id)


def _second_owner(person: Person, people: Cast) -> tuple[Person, int]:
    other = people.buyer()
    with transaction() as session:
        add_member(session, person.organisation_id, other.user_id, Role.OWNER)
        own = session.scalars(select(Membership.id).where(Membership.user_id == person.user_id)).one()
    other.actor = replace(other.actor, organisation_id=person.organisation_id)
    return other, own


def role_change(person: Person, people: Cast) -> None:
    other, own = _second_owner(person, people)
    with transaction() as session:
        change_role(session, other.actor, own, Role.MEMBER)


def removal(person: Person, people: Cast) -> None:
    other, own = _second_owner(person, people)
    with transaction() as session:
        remove_member(session, other.actor, own)


ENDS = [sign_out, change_password, reset_password, suspension, suspended_organisation, role_change, removal]


@pytest.mark.parametrize("end", ENDS)
def test_a_copied_cookie_is_dead(app: Flask, people: Cast, end: Callable[[Person, Cast], None]) -> None:
    person = people.buyer(email="who@example.test", password_hash=HASH)
    thief = copied(person, app)
    end(person, people)
    assert thief.get("/account").status_code == 302


def test_a_session_ends_by_itself(people: Cast, moment: datetime) -> None:
    person = people.buyer()
    with frozen(moment + timedelta(days=7) - timedelta(seconds=1)):
        assert person.client.get("/account").status_code == 200
    with frozen(moment + timedelta(days=15)):
        assert person.client.get("/account").status_code == 302


def test_a_suspended_organisation_reads_its_account_and_nothing_else(people: Cast, app: Flask) -> None:
    person, curator = people.buyer(email="who@example.test", password_hash=HASH), people.curator()
    with transaction() as session:
        suspend_organisation(session, curator.actor, person.organisation_id)
    client = app.test_client()
    fill(client, "/sign-in", identifier="who@example.test", password=PASSWORD)
    assert client.get("/account").status_code == 200
    assert client.get("/buying/company").status_code == 403
    colleague = {"email": "a@b.example", "name": "A", "role": "member"}
    assert fill(client, "/organisation/members", "/account", **colleague).status_code == 403
    with transaction() as session:
        with pytest.raises(Conflict):
            suspend_organisation(session, curator.actor, person.organisation_id)
        unsuspend_organisation(session, curator.actor, person.organisation_id)
    assert client.get("/buying/company").status_code == 200


def test_who_may_suspend_whom(people: Cast, session: Session) -> None:
    curator, operator, buyer, partner = people.curator(), people.operator(), people.buyer(), people.partner()
    for actor in (buyer.actor, partner.actor):
        with pytest.raises(NotFound), transaction() as inside:
            suspend_user(inside, actor, curator.user_id)
        with pytest.raises(NotFound), transaction() as inside:
            suspend_organisation(inside, actor, curator.organisation_id)
    with pytest.raises(NotFound), transaction() as inside:
        suspend_user(inside, curator.actor, operator.user_id)  # an operator's business
    with pytest.raises(DomainError), transaction() as inside:
        suspend_user(inside, curator.actor, curator.user_id)
    with transaction() as inside:
        suspend_user(inside, operator.actor, curator.user_id)
        unsuspend_user(inside, operator.actor, curator.user_id)
    states = session.scalars(select(User.suspended_at)).all()
    assert states == [None] * len(states)
    assert session.scalars(select(Organisation.suspended_at)).all().count(None) == 4


def test_the_commonest_passwords_are_refused() -> None:
    text = (files("marketplace.accounts") / "data" / "common_passwords.txt").read_text(encoding="utf-8")
    tried = text.split()[:3000]  # the list is in order of frequency
    assert len(common_passwords()) >= 10_000
    assert [password for password in tried if password_fault(password) is None] == []
    for password in (
        "Password123!",
        "p@ssw0rd2026",
        "QWERTYUIOP",
        "football football",
        "1234567890",
        "aaaaaaaaaaaa",
        "letmein1234",
        "dragondragon",
    ):
        assert password_fault(password) is not None, password


def test_a_password_tells_nothing_of_its_person() -> None:
    about = ("greta.beispiel@roasters.example", "Greta Beispiel", "Hamburger Rösterei")
    for password in ("Beispiel-2026-x", "my greta.beispiel!", "hamburger forever", "rösterei 4 ever"):
        assert password_fault(password, about) is not None, password
    assert password_fault(PASSWORD, about) is None


def test_a_password_that_is_refused_changes_nothing(people: Cast, session: Session) -> None:
    person = people.buyer(password_hash=HASH)
    page = "/account/password"
    for data in (
        {"present": PASSWORD, "password": "short"},
        {"present": PASSWORD, "password": "password12345"},
        {"present": "wrong", "password": "nutmeg and slow rivers"},
        {"present": PASSWORD},
    ):
        assert person.post(page, data, page=page).status_code == 422
    assert session.scalars(select(User.password_hash).where(User.id == person.user_id)).one() == HASH


def test_a_new_address_counts_once_its_link_was_used(people: Cast, session: Session, app: Flask) -> None:
    person = people.buyer(email="old@example.test", password_hash=HASH)
    people.buyer(email="taken@example.test")
    page = "/account"
    answers = []
    for address in ("new@example.test", "taken@example.test"):
        with caught_links() as links:
            answer = person.post("/account/email", {"email": address, "present": PASSWORD}, page=page)
        answers.append((answer.status_code, answer.location))
        if address.startswith("new"):
            token = links[0].token
            assert links[0].address == address
        else:
            assert links == []
    assert answers[0] == answers[1], "who has an account is not told"
    assert fill(app.test_client(), f"/change-email/{token}", "/sign-in").status_code == 404, "a later wish voids it"
    with caught_links() as links:
        person.post("/account/email", {"email": "new@example.test", "present": PASSWORD}, page=page)
    visitor = app.test_client()
    assert fill(visitor, f"/change-email/{links[0].token}").location == "/sign-in"
    assert session.get_one(User, person.user_id, populate_existing=True).email == "new@example.test"


def test_own_data_and_number(people: Cast, session: Session) -> None:
    person = people.buyer()
    people.seller(phone="+6281211112222")
    data = {"name": "Neue Person", "locale": "de", "time_zone": "Europe/Berlin"}
    assert person.post("/account", data, page="/account").status_code == 303
    assert person.post("/account", {**data, "time_zone": "Mars/Crater"}, page="/account").status_code == 422
    assert person.post("/account", {**data, "locale": "xx"}, page="/account").status_code == 422
    assert person.post("/account/phone", {"phone": "+49 40 123456"}, page="/account").status_code == 303
    user = session.get_one(User, person.user_id, populate_existing=True)
    assert (user.name, user.locale, user.time_zone, user.stated_phone) == (
        "Neue Person", "de", "Europe/Berlin", "+4940123456",
    )  # fmt: skip


def test_a_user_by_command(session: Session, app: Flask) -> None:
    with transaction() as inside:
        user = create_user(inside, "Operator Contoh", email="Op@Souq.example", password=PASSWORD)
        assert user.email == "op@souq.example"
    for more in (
        {"email": "op@souq.example"},
        {"email": "nonsense"},
        {"phone": "12"},
        {},
        {"email": "new@souq.example", "password": "password12345"},
    ):
        with pytest.raises(DomainError), transaction() as inside:
            create_user(inside, "Another", **more)
    assert len(session.scalars(select(User)).all()) == 1
    assert fill(app.test_client(), "/sign-in", identifier="op@souq.example", password=PASSWORD).status_code == 303
