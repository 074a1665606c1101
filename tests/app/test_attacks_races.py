"""T13: the same address registered, the same link opened, the same application approved by many at once: once."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.services.invitations import invite_seller
from marketplace.accounts.services.members import invite_member
from marketplace.kernel.limits import Tally
from marketplace.kernel.policy import Role
from marketplace.kernel.uow import transaction
from marketplace.partners.models import Application
from marketplace.partners.rules import ApplicationState
from tests.app.test_ops_races import browsers
from tests.app.test_partners import applied, version
from tests.support.accounts import CONSENTS, PASSWORD, buyer_answers, caught_links
from tests.support.people import Cast, guards
from tests.support.racing import HANDS, ROUNDS, all_at_once, statuses

pytestmark = pytest.mark.usefixtures("app")


def visitors(app: Flask) -> list[FlaskClient]:
    """Visitors from addresses of their own."""
    made = []
    for number in range(HANDS):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.7.{number}.1"
        made.append(client)
    return made


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def an_hour_passes() -> None:
    with transaction() as session:
        session.execute(update(Tally).values(count=0))


def test_t13_one_address_registered_by_many_becomes_one_account(app: Flask, session: Session) -> None:
    for number in range(ROUNDS):
        email = f"race{number}@beispiel.example"
        data = buyer_answers(email=email)
        ready = [(one, {**guards(one, "/register/buyer"), **data}) for one in visitors(app)]
        with caught_links() as links:
            answers = all_at_once([lambda one=one: one[0].post("/register/buyer", data=one[1]) for one in ready])
        assert set(statuses(answers)) <= {303, 429}, statuses(answers)
        assert statuses(answers)[303] == 5, "one mailbox gets five mails an hour"
        session.rollback()
        assert session.scalars(select(func.count()).where(User.email == email)).one() == 1
        path = f"/confirm-email/{links[-1].token}"
        before = count(session, Organisation)
        ready = [(one, {**guards(one, path), "password": PASSWORD}) for one in visitors(app)]
        answers = all_at_once([lambda one=one, at=path: one[0].post(at, data=one[1]) for one in ready])
        assert statuses(answers)[303] == 1, statuses(answers)
        assert set(statuses(answers)) <= {303, 404, 429}
        assert count(session, Organisation) == before + 1
        an_hour_passes()


def test_t13_one_invitation_taken_up_by_many_makes_one_member(app: Flask, people: Cast, session: Session) -> None:
    owner = people.buyer()
    for number in range(ROUNDS):
        with caught_links() as links, transaction() as inside:
            invite_member(inside, owner.actor, f"colleague{number}@example.test", "Kollege", Role.MEMBER, "127.0.0.1")
        path = f"/invitations/member/{links[0].token}"
        before = count(session, Membership)
        data = {"name": "Kollege Beispiel", "password": PASSWORD, **CONSENTS}
        ready = [(one, {**guards(one, path), **data}) for one in visitors(app)]
        answers = all_at_once([lambda one=one, at=path: one[0].post(at, data=one[1]) for one in ready])
        assert statuses(answers)[303] == 1, statuses(answers)
        assert set(statuses(answers)) <= {303, 404, 409, 422}
        assert count(session, Membership) == before + 1
        an_hour_passes()


def test_t13_one_number_invited_twice_and_taken_up_by_many_is_one_account(
    app: Flask, people: Cast, session: Session
) -> None:
    curator = people.curator()
    for number in range(ROUNDS):
        phone = f"+6281230000{number:03d}"
        with transaction() as inside:
            tokens = [invite_seller(inside, curator.actor, phone, "PP Contoh", "Siti Contoh")[1] for _ in range(2)]
        data = {
            "name": "Siti Contoh", "unit": "Kopontren Contoh", "pesantren": "PP Contoh", "password": PASSWORD,
            "regency": "Kabupaten Malang", **CONSENTS,
        }  # fmt: skip
        ready = []
        for place, one in enumerate(visitors(app)):
            path = f"/invitations/seller/{tokens[place % 2]}"
            ready.append((one, path, {**guards(one, path), **data}))
        answers = all_at_once([lambda one=one: one[0].post(one[1], data=one[2]) for one in ready])
        assert statuses(answers)[303] == 1, statuses(answers)
        assert set(statuses(answers)) <= {303, 404, 409, 422}
        session.rollback()
        assert session.scalars(select(func.count()).where(User.phone == phone)).one() == 1
        an_hour_passes()


def test_t13_one_application_approved_by_many_is_approved_once(app: Flask, people: Cast, session: Session) -> None:
    for _ in range(ROUNDS):
        partner, buyer = people.partner(), people.buyer(country="US")
        application = applied(partner, buyer, session)
        key = application.id
        page = f"/partner/distributors/{application.id}"
        data = {"version": version(session, key), "text": "Welcome."}
        session.rollback()
        ready = [(one, {**guards(one, page), **data}) for one in browsers(app, partner, HANDS)]
        answers = all_at_once([lambda one=one, at=page: one[0].post(f"{at}/approve", data=one[1]) for one in ready])
        assert statuses(answers)[303] == 1, statuses(answers)
        assert set(statuses(answers)) <= {303, 404, 409, 422}
        session.rollback()
        assert session.get_one(Application, key, populate_existing=True).state == ApplicationState.APPROVED
        an_hour_passes()
