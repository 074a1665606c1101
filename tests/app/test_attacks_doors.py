"""Attacks by the side door: suspended people on public forms, staff by password alone, texts kept without end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import LinkToken, Membership, Organisation, SessionRow, User
from marketplace.accounts.services.members import change_role, invite_member, remove_member
from marketplace.accounts.services.organisations import add_member
from marketplace.accounts.services.people import suspend_user
from marketplace.catalogue.models import Photo
from marketplace.kernel.clock import now
from marketplace.kernel.outside import storage
from marketplace.kernel.policy import Role
from marketplace.kernel.uow import transaction
from marketplace.partners.models import Application
from marketplace.partners.rules import ApplicationState
from tests.app.test_partners import FORM, invited
from tests.support.accounts import caught_links
from tests.support.factories import a_draft
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("moment")


def suspended(person: Person) -> Person:
    """The same person after their organisation was suspended, signed in again."""
    with transaction() as session:
        session.execute(
            update(Organisation).where(Organisation.id == person.organisation_id).values(suspended_at=now())
        )
    return person


def without_second_factor(person: Person) -> Person:
    """The same person with a password alone."""
    with transaction() as session:
        session.execute(update(User).where(User.id == person.user_id).values(totp_secret=None, totp_enabled_at=None))
        session.execute(update(SessionRow).where(SessionRow.user_id == person.user_id).values(second_factor_at=None))
    return person


def test_a_suspended_company_cannot_become_a_distributor(people: Cast, session: Session) -> None:
    path = invited(people.partner())
    buyer = suspended(people.buyer(country="US"))
    assert buyer.client.get(path).status_code == 403
    answer = buyer.post(path, FORM)
    assert answer.status_code == 403
    assert session.scalar(select(Application.state)) == ApplicationState.INVITED


def test_staff_with_a_password_alone_see_no_picture_of_a_draft(people: Cast, session: Session) -> None:
    draft = a_draft(people.seller())
    stem = session.scalar(select(Photo.stem).where(Photo.product_id == draft.id))
    assert stem
    path = f"/media/{stem}-320.webp"
    storage().put(f"photo/{stem}-320.webp", b"picture")
    curator = people.curator()
    assert curator.client.get(path).status_code == 200
    assert without_second_factor(curator).client.get(path).status_code == 404


@pytest.mark.parametrize("who", ["operator", "partner"])
def test_with_a_password_alone_nobody_lets_others_in(people: Cast, session: Session, who: str) -> None:
    person = without_second_factor(getattr(people, who)())
    role = "operator" if who == "operator" else "owner"
    data = {"email": "friend@example.test", "name": "Friend Contoh", "role": role}
    answer = person.post("/organisation/members", data)
    assert answer.status_code == 403
    assert session.scalar(select(func.count()).select_from(LinkToken)) == 0


def test_one_network_cannot_keep_texts_without_end(app: Flask) -> None:
    client = app.test_client()
    kept = 0
    for number in range(40):  # every request from another address of the same IPv6 network
        hidden = guards(client, "/requests/new")
        answer = client.post(
            "/requests/new",
            data={**hidden, "words": "2 FCL organic coconut sugar", "text": "2 FCL organic coconut sugar"},
            environ_base={"REMOTE_ADDR": f"2001:db8::{number:x}"},
        )
        kept += answer.status_code == 303
    assert kept == 30


@pytest.mark.parametrize("end", ["removed", "no owner any more", "suspended"])
def test_nobody_comes_back_by_an_invitation_they_sent_before_they_had_to_go(
    people: Cast, app: Flask, session: Session, end: str
) -> None:
    owner, fired = people.buyer(), people.buyer()
    with transaction() as inside:
        membership = add_member(inside, owner.organisation_id, fired.user_id, Role.OWNER)
        membership_id = membership.id
        actor = replace(fired.actor, organisation_id=owner.organisation_id)
    with caught_links() as links, transaction() as inside:
        invite_member(inside, actor, "second-self@example.test", "Second Contoh", Role.OWNER, "127.0.0.1")
    path = f"/invitations/member/{links[0].token}"
    visitor = app.test_client()
    assert visitor.get(path).status_code == 200
    hidden = guards(visitor, path)
    with transaction() as inside:
        if end == "removed":
            remove_member(inside, owner.actor, membership_id)
        elif end == "suspended":
            suspend_user(inside, people.curator().actor, fired.user_id)
        else:
            change_role(inside, owner.actor, membership_id, Role.MEMBER)
    before = session.scalar(select(func.count()).select_from(Membership))
    answers = {"name": "Second Contoh", "password": "nutmeg and slow rivers", "terms": "y", "privacy": "y"}
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, data={**hidden, **answers, "transfer": "y"}).status_code == 404
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Membership)) == before
