"""T7: a copied cookie is dead on every worker as soon as its session has ended, whatever ended it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask

from config.settings import Settings
from marketplace.accounts.models import Membership
from marketplace.accounts.services.members import change_role, remove_member
from marketplace.accounts.services.organisations import add_member
from marketplace.accounts.services.people import suspend_user
from marketplace.accounts.services.privacy import ask_for_erasure
from marketplace.kernel.database import db
from marketplace.kernel.policy import Role
from marketplace.kernel.uow import transaction
from tests.support.accounts import HASH, PASSWORD, caught_links, fill
from tests.support.application import build
from tests.support.people import Cast, Person

End = Callable[[Cast, Person, Person], None]


def _sign_out(_people: Cast, person: Person, _boss: Person) -> None:
    person.post("/sign-out")


def _new_password(_people: Cast, person: Person, _boss: Person) -> None:
    page = "/account/password"
    answer = person.post(page, {"present": PASSWORD, "password": "nutmeg and slow rivers"}, page=page)
    assert answer.status_code == 303


def _reset(people: Cast, person: Person, _boss: Person) -> None:
    with caught_links() as links:
        fill(people.app.test_client(), "/forgot-password", identifier="person@example.test")
    visitor = people.app.test_client()
    done = fill(visitor, f"/reset-password/{links[0].token}", password="nutmeg and slow rivers")
    assert done.status_code == 303


def _suspension(people: Cast, person: Person, _boss: Person) -> None:
    with transaction() as session:
        suspend_user(session, people.curator().actor, person.user_id)


def _membership(person: Person, boss: Person) -> int:
    return (
        db.session.query(Membership.id).filter_by(user_id=person.user_id, organisation_id=boss.organisation_id).one()[0]
    )


def _other_role(_people: Cast, person: Person, boss: Person) -> None:
    with transaction() as session:
        change_role(session, boss.actor, _membership(person, boss), Role.OWNER)


def _removal(_people: Cast, person: Person, boss: Person) -> None:
    with transaction() as session:
        remove_member(session, boss.actor, _membership(person, boss))


def _erasure(_people: Cast, person: Person, _boss: Person) -> None:
    with transaction() as session:
        ask_for_erasure(session, person.actor)


ENDS: dict[str, End] = {
    "sign-out": _sign_out,
    "new password": _new_password,
    "password set by link": _reset,
    "suspension": _suspension,
    "another role": _other_role,
    "taken out": _removal,
    "erasure": _erasure,
}


@pytest.mark.parametrize("end", ENDS)
def test_t7_a_copied_cookie_is_dead_on_every_worker(app: Flask, people: Cast, settings: Settings, end: str) -> None:
    boss, person = people.buyer(), people.buyer(email="person@example.test", password_hash=HASH)
    with transaction() as session:
        add_member(session, boss.organisation_id, person.user_id, Role.MEMBER)
    copied = person.client.get_cookie("souq")
    assert copied is not None
    workers = [app, build(settings)]
    thieves = []
    for worker in workers:
        thief = worker.test_client()
        thief.set_cookie("souq", copied.value)
        thieves.append(thief)

    def alive() -> list[bool]:
        found = []
        for worker, thief in zip(workers, thieves, strict=True):
            with worker.app_context():
                found.append(thief.get("/account").status_code == 200)
                db.session.remove()
        return found

    assert alive() == [True, True]
    ENDS[end](people, person, boss)
    db.session.commit()
    began = time.process_time()
    assert alive() == [False, False]
    assert time.process_time() - began < 1.0
    if end == "sign-out":
        assert boss.client.get("/account").status_code == 200, "nobody else's session ends"
    with workers[1].app_context():
        db.engine.dispose()
