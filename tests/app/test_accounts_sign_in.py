"""Signing in and out: one answer for every failure, limits that hold, codes that are good once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import RecoveryCode, SessionRow, User
from marketplace.accounts.passwords import hash_password
from marketplace.accounts.services.second_factor import begin_second_factor, confirm_set_up, secret_of
from marketplace.accounts.services.sessions import confirm_second_factor
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.uow import transaction
from tests.support.people import Cast, guards

PASSWORD = "harvest moon over bromo"
HASH = hash_password(PASSWORD)


def sign_in(client: FlaskClient, who: str, password: str = PASSWORD, **more: str):
    return client.post("/sign-in", data={**guards(client, "/sign-in"), "identifier": who, "password": password, **more})


def words(html: str) -> str:
    """The page without its one-time keys."""
    return re.sub(r'name="(csrf_token|_once)" value="[^"]*"', "", html)


def test_a_person_signs_in_and_out(client: FlaskClient, people: Cast) -> None:
    people.buyer(email="buyer@example.test", password_hash=HASH)
    answer = sign_in(client, "  Buyer@Example.test ")
    assert (answer.status_code, answer.location) == (303, "/requests")
    cookie = client.get_cookie("souq")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    assert client.get("/account").status_code == 200
    client.post("/sign-out", data=guards(client, "/account/sessions"))
    assert client.get("/account").status_code == 302
    client.set_cookie("souq", cookie.value)  # the copied cookie is dead
    assert client.get("/account").status_code == 302


def test_a_seller_signs_in_by_telephone_number(client: FlaskClient, people: Cast) -> None:
    people.seller(phone="+6281234567890", email=None, password_hash=HASH)
    assert sign_in(client, "0812-3456-7890").location == "/leads"


def test_the_way_back_stays_on_the_site(client: FlaskClient, people: Cast) -> None:
    people.buyer(email="buyer@example.test", password_hash=HASH)
    for wish, leads_to in (
        ("/account/privacy?a=1", "/account/privacy?a=1"),
        ("/de/account", "/de/account"),
        ("https://evil.example/", "/requests"),
        ("//evil.example", "/requests"),
        ("/\\evil.example", "/requests"),
        ("/\tevil", "/requests"),
        ("javascript:alert(1)", "/requests"),
    ):
        answer = sign_in(client, "buyer@example.test", next=wish)
        assert answer.location == leads_to, wish
        client.post("/sign-out", data=guards(client, "/account/sessions"))


def test_the_language_stays(client: FlaskClient, people: Cast) -> None:
    people.buyer(email="buyer@example.test", password_hash=HASH)
    typed = {"identifier": "buyer@example.test", "password": PASSWORD, "next": "/account"}
    data = {**guards(client, "/de/sign-in"), **typed}
    assert client.post("/de/sign-in", data=data).location == "/de/account"


def test_every_failure_reads_the_same(app: Flask, people: Cast) -> None:
    people.buyer(email="known@example.test", password_hash=HASH)
    person = people.buyer(email="suspended@example.test", password_hash=HASH)
    people.buyer(email="nopassword@example.test")
    with transaction() as session:
        session.get_one(User, person.user_id).suspended_at = now()
    pages = set()
    for who, password in (
        ("known@example.test", "wrong password"),
        ("nobody@example.test", "wrong password"),
        ("suspended@example.test", PASSWORD),
        ("nopassword@example.test", PASSWORD),
    ):
        client = app.test_client()
        answer = sign_in(client, who, password)
        assert answer.status_code == 422
        pages.add(words(answer.get_data(as_text=True)).replace(who, "WHO"))
    assert len(pages) == 1


def test_the_eleventh_try_waits_whoever_asks(app: Flask, people: Cast, moment: datetime) -> None:
    people.buyer(email="buyer@example.test", password_hash=HASH)
    for who in ("buyer@example.test", "nobody@example.test"):
        answers = []
        for number in range(12):
            client = app.test_client()
            client.environ_base["REMOTE_ADDR"] = f"10.0.{len(who)}.{number}"
            client.environ_base["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"  # not trusted
            answers.append(sign_in(client, who, "wrong password").status_code)
        assert answers == [422] * 10 + [429] * 2
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "10.9.9.9"
    late = sign_in(client, "buyer@example.test")
    assert late.status_code == 429, "the right password does not get through either"
    assert int(late.headers["Retry-After"]) <= 300
    with frozen(moment + timedelta(minutes=5, seconds=1)):
        assert sign_in(client, "buyer@example.test").status_code == 303


def test_one_address_has_ten_tries(app: Flask, people: Cast, moment: datetime) -> None:
    answers = [sign_in(app.test_client(), f"n{number}@example.test", "wrong").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_limit_holds_after_a_restart(app: Flask, settings, moment: datetime) -> None:
    from tests.support.application import build

    for _ in range(10):
        sign_in(app.test_client(), "nobody@example.test", "wrong")
    again = build(settings)
    with again.app_context():
        client = again.test_client()
        client.environ_base["REMOTE_ADDR"] = "10.1.1.1"
        assert sign_in(client, "nobody@example.test", "wrong").status_code == 429


def test_good_sign_ins_use_no_tries(app: Flask, people: Cast, moment: datetime) -> None:
    people.buyer(email="buyer@example.test", password_hash=HASH)
    assert {sign_in(app.test_client(), "buyer@example.test").status_code for _ in range(15)} == {303}


def second_factor(user_id: int) -> tuple[str, list[str]]:
    """Set up the second factor of a person; gives the secret and the recovery codes."""
    with transaction() as session:
        user = session.get_one(User, user_id)
        begin_second_factor(session, user)
        secret = secret_of(user)
        codes = confirm_set_up(session, user, pyotp.TOTP(secret).at(now() - timedelta(seconds=30)))
    assert codes is not None
    return secret, codes


def test_the_password_alone_opens_nothing_where_a_code_is_due(
    client: FlaskClient, people: Cast, moment: datetime
) -> None:
    person = people.buyer(email="buyer@example.test", password_hash=HASH)
    secret, _codes = second_factor(person.user_id)
    answer = sign_in(client, "buyer@example.test", next="/account")
    assert answer.location == "/sign-in/code?next=/account"
    assert client.get("/account").status_code == 302
    code = pyotp.TOTP(secret).at(moment)
    data = {**guards(client, "/sign-in/code"), "code": code, "next": "/account"}
    half = client.get_cookie("souq")
    assert client.post("/sign-in/code", data=data).location == "/account"
    assert client.get("/account").status_code == 200
    other = client.application.test_client()
    other.set_cookie("souq", half.value if half else "")
    assert other.get("/account").status_code == 302, "the half session is gone"


def test_a_code_is_good_once(app: Flask, people: Cast, moment: datetime) -> None:
    person = people.buyer(email="buyer@example.test", password_hash=HASH)
    secret, codes = second_factor(person.user_id)
    for typed in (pyotp.TOTP(secret).at(moment), codes[0].lower()):
        found = []
        for _ in range(2):
            client = app.test_client()
            sign_in(client, "buyer@example.test")
            data = {**guards(client, "/sign-in/code"), "code": typed}
            found.append(client.post("/sign-in/code", data=data).status_code)
        assert found == [303, 422]


def test_five_wrong_codes_then_wait(app: Flask, people: Cast, moment: datetime) -> None:
    person = people.buyer(email="buyer@example.test", password_hash=HASH)
    secret, _codes = second_factor(person.user_id)
    found = []
    for _ in range(6):
        client = app.test_client()
        sign_in(client, "buyer@example.test")
        data = {**guards(client, "/sign-in/code"), "code": "000000"}
        found.append(client.post("/sign-in/code", data=data).status_code)
    assert found == [422] * 5 + [429]
    data = {**guards(client, "/sign-in/code"), "code": pyotp.TOTP(secret).at(moment)}
    assert client.post("/sign-in/code", data=data).status_code == 429


def test_a_half_session_ends_soon(client: FlaskClient, people: Cast, moment: datetime) -> None:
    person = people.buyer(email="buyer@example.test", password_hash=HASH)
    second_factor(person.user_id)
    sign_in(client, "buyer@example.test")
    with frozen(moment + timedelta(minutes=11)):
        assert client.get("/sign-in/code").location.startswith("/sign-in")


def test_setting_up_on_the_pages(people: Cast, session: Session, moment: datetime) -> None:
    person = people.buyer(password_hash=HASH)
    page = "/account/second-factor"
    assert person.client.get(f"{page}/code.svg").status_code == 404
    assert person.post(f"{page}/begin", {"present": "wrong"}, page=page).status_code == 422
    assert person.post(f"{page}/begin", {"present": PASSWORD}, page=page).status_code == 303
    picture = person.client.get(f"{page}/code.svg")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    secret = secret_of(session.get_one(User, person.user_id, populate_existing=True))
    assert person.post(page, {"code": "123"}, page=page).status_code == 422
    shown = person.post(page, {"code": pyotp.TOTP(secret).at(moment)}, page=page)
    codes = re.findall(r"<code>([A-Z0-9-]{19})</code>", shown.get_data(as_text=True))
    assert len(codes) == 10
    kept = session.scalars(select(RecoveryCode.code_hash)).all()
    assert not set(kept) & {code.replace("-", "") for code in codes}
    assert secret not in person.client.get(page).get_data(as_text=True)
    assert person.client.get(f"{page}/code.svg").status_code == 404


@pytest.mark.parametrize("act", ["off", "codes"])
def test_the_password_alone_does_not_change_the_second_factor(
    people: Cast, session: Session, moment: datetime, act: str
) -> None:
    person = people.buyer(password_hash=HASH)
    secret, codes = second_factor(person.user_id)
    with transaction() as inside:
        confirm_second_factor(inside, person.actor.session_id or 0)
    page, code = "/account/second-factor", pyotp.TOTP(secret).at(moment)
    for typed in ({"present": PASSWORD}, {"present": PASSWORD, "code": "000000"}, {"present": "wrong", "code": code}):
        assert person.post(f"{page}/{act}", typed, page=page).status_code == 422
    session.expire_all()
    assert session.get_one(User, person.user_id).totp_enabled_at is not None
    kept = set(session.scalars(select(RecoveryCode.code_hash)))
    answer = person.post(f"{page}/{act}", {"present": PASSWORD, "code": code}, page=page)
    session.expire_all()
    if act == "codes":
        assert answer.status_code == 200
        assert not kept & set(session.scalars(select(RecoveryCode.code_hash)))
        fresh = re.findall(r"<code>([A-Z0-9-]{19})</code>", answer.get_data(as_text=True))
        answer = person.post(f"{page}/off", {"present": PASSWORD, "code": codes[0]}, page=page)
        assert answer.status_code == 422, "the former codes are void"
        answer = person.post(f"{page}/off", {"present": PASSWORD, "code": fresh[0]}, page=page)
        session.expire_all()
    assert answer.status_code == 303
    assert person.client.get("/account").status_code == 302
    assert session.get_one(User, person.user_id).totp_enabled_at is None


def test_guessing_the_code_that_turns_it_off_ends_soon(people: Cast, moment: datetime) -> None:
    person = people.buyer(password_hash=HASH)
    secret, _codes = second_factor(person.user_id)
    with transaction() as inside:
        confirm_second_factor(inside, person.actor.session_id or 0)
    page = "/account/second-factor"
    wrong = {"present": PASSWORD, "code": "000000"}
    assert [person.post(f"{page}/off", wrong, page=page).status_code for _ in range(6)] == [422] * 5 + [429]
    right = {"present": PASSWORD, "code": pyotp.TOTP(secret).at(moment)}
    assert person.post(f"{page}/off", right, page=page).status_code == 429


def test_the_secret_is_sealed_and_lost_with_its_key_while_recovery_codes_go_on(
    app: Flask, people: Cast, session: Session, moment: datetime
) -> None:
    person = people.buyer(email="buyer@example.test", password_hash=HASH)
    secret, codes = second_factor(person.user_id)
    kept = session.scalars(select(User.totp_secret).where(User.id == person.user_id)).one() or ""
    assert secret not in kept
    settings = app.extensions["souq_settings"]
    app.extensions["souq_settings"] = replace(settings, web=replace(settings.web, secret_key="another" * 8))
    found = []
    for typed in (pyotp.TOTP(secret).at(moment), codes[0]):
        client = app.test_client()
        sign_in(client, "buyer@example.test")
        data = {**guards(client, "/sign-in/code"), "code": typed}
        found.append(client.post("/sign-in/code", data=data).status_code)
    assert found == [422, 303]


def test_sessions_are_listed_and_ended_by_their_person_alone(app: Flask, people: Cast, session: Session) -> None:
    person, other = people.buyer(email="buyer@example.test", password_hash=HASH), people.buyer()
    second = app.test_client()
    sign_in(second, "buyer@example.test")
    rows = session.scalars(select(SessionRow.id).where(SessionRow.user_id == person.user_id)).all()
    assert len(rows) == 2
    assert other.post(f"/account/sessions/{rows[1]}/end").status_code == 404
    assert second.get("/account").status_code == 200
    assert person.post(f"/account/sessions/{rows[1]}/end").status_code == 303
    assert second.get("/account").status_code == 302
    sign_in(second, "buyer@example.test")
    assert person.post("/account/sessions/end-others").status_code == 303
    assert second.get("/account").status_code == 302
    assert person.client.get("/account").status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/account/sessions/end-others", "/sign-out", "/account/password"])
def test_no_form_is_taken_without_its_token(people: Cast, path: str) -> None:
    person = people.buyer()
    page = "/account/sessions"
    good = guards(person.client, page)
    foreign = guards(people.buyer().client, page)
    ways = (
        {},
        {"csrf_token": ""},
        {"csrf_token": good["csrf_token"] + "x"},
        {"csrf_token": foreign["csrf_token"]},
        {"_once": good["_once"]},
    )
    for data in ways:
        assert person.client.post(path, data=data).status_code == 400, data
    assert person.client.post(path, json={}).status_code == 400
    assert person.client.post(path, query_string={"csrf_token": good["csrf_token"]}).status_code == 400
    assert person.client.get("/account").status_code == 200
