"""Answers given by telephone or WhatsApp are put down by who heard them, and the buyer reads them as such."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.services.organisations import add_member
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.jobs import enqueue_periodic, run_due
from marketplace.kernel.personal_data import erase_all, export_all
from marketplace.kernel.policy import Role
from marketplace.kernel.uow import transaction
from marketplace.rfqs.models import HeardAnswer, Message
from tests.support.flows import a_request, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")


def sheet(person: Person, **more: str) -> dict[str, str]:
    values = {"channel": "phone", "who": str(person.user_id), "on": today().isoformat(), "answer": "yes"}
    return values | {"text": "Bisa, 2 kontainer di bulan Mei."} | more


def test_a_colleague_writes_down_what_was_said_by_telephone(people: Cast, session: Session) -> None:
    buyer, head, helper = people.buyer(), people.seller(locale="en", name="Kyai Ahmad"), people.seller()
    rfq = a_request(buyer, [head])
    with transaction() as inside:
        add_member(inside, head.organisation_id, helper.user_id, Role.MEMBER)
    lead = recipient_of(rfq, head)
    page = f"/leads/{lead.key}/heard"
    assert page in head.client.get(f"/leads/{lead.key}").get_data(as_text=True)
    answer = head.post(page, sheet(head), page=page)
    assert answer.location == f"/leads/{lead.key}"
    heard = session.scalars(select(HeardAnswer)).one()
    assert (heard.channel, heard.said_by_id, heard.said_on, heard.written_by) == (
        "phone", head.user_id, today(), "colleague",
    )  # fmt: skip
    assert recipient_of(rfq, head).committed_at is not None
    for person, path in ((buyer, f"/requests/{rfq.key}/with/{lead.key}"), (head, f"/leads/{lead.key}")):
        text = person.client.get(path).get_data(as_text=True)
        assert "By telephone from Kyai Ahmad" in text
        assert "Written down by a colleague." in text
    assert head.post(page, sheet(head), page=f"/leads/{lead.key}").status_code in {403, 409}, "it is answered"
    assert len(session.scalars(select(HeardAnswer)).all()) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"who": "999999"}, {"who": ""}, {"on": "2026-11-23"}, {"on": "2026-11-21"}, {"on": "never"}, {"answer": "maybe"},
        {"channel": "post"}, {"text": " "},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(people: Cast, session: Session, more: dict[str, str]) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = a_request(buyer, [seller])
    page = f"/leads/{recipient_of(rfq, seller).key}/heard"
    assert seller.post(page, sheet(seller, **more), page=page).status_code == 422
    assert session.scalars(select(Message)).all() == []


def test_a_no_is_a_no(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = a_request(buyer, [seller])
    lead = recipient_of(rfq, seller)
    page = f"/leads/{lead.key}/heard"
    assert (
        seller.post(page, sheet(seller, answer="capacity", who="0", channel="whatsapp"), page=page).status_code == 303
    )
    lead = recipient_of(rfq, seller)
    assert (lead.state, lead.decline_reason, lead.committed_at) == ("declined", "capacity", None)
    text = buyer.client.get(f"/requests/{rfq.key}/with/{lead.key}").get_data(as_text=True)
    assert "By WhatsApp, " in text


def test_a_curator_writes_down_what_the_seller_said(people: Cast, session: Session) -> None:
    buyer, seller, curator = people.buyer(), people.seller(), people.curator()
    rfq = a_request(buyer, [seller])
    lead = recipient_of(rfq, seller)
    page = f"/console/waiting-leads/{lead.key}/heard"
    assert curator.client.get(page).status_code == 404, "nobody was called yet"
    with frozen(now() + timedelta(hours=50)):
        enqueue_periodic()
        run_due()
        assert people.partner().client.get(page).status_code == 404
        assert seller.client.get(page).status_code == 404
        assert page in curator.client.get(page.removesuffix("/heard")).get_data(as_text=True)
        bad = curator.post(page, sheet(curator), page=page)
        assert bad.status_code == 422, "a curator is none of the seller's people"
        assert curator.post(page, sheet(seller), page=page).location == "/console/waiting-leads"
        message = session.scalars(select(Message)).one()
        assert (message.side, message.author_id) == ("seller", curator.user_id)
        text = buyer.client.get(f"/requests/{rfq.key}/with/{lead.key}").get_data(as_text=True)
        assert "Written down by the programme." in text
        assert curator.client.get(page).status_code == 404, "now it is theirs"
    acts = session.scalars(select(AuditEntry).where(AuditEntry.action == "lead.answer_logged")).all()
    assert [(one.user_id, one.details) for one in acts] == [(curator.user_id, {"channel": "phone"})]


def test_who_said_it_is_forgotten_with_the_person(people: Cast, session: Session) -> None:
    buyer, seller, curator = people.buyer(), people.seller(name="Kyai Ahmad"), people.curator()
    rfq = a_request(buyer, [seller])
    lead = recipient_of(rfq, seller)
    with frozen(now() + timedelta(hours=50)):
        enqueue_periodic()
        run_due()
        page = f"/console/waiting-leads/{lead.key}/heard"
        curator.post(page, sheet(seller), page=page)
    assert export_all(session, seller.user_id)["rfqs"]["said_elsewhere"][0]["channel"] == "phone"
    with transaction() as inside:
        erase_all(inside, seller.user_id)
    session.rollback()
    assert session.scalars(select(HeardAnswer.said_by_id)).all() == [None]
    assert session.scalars(select(Message.text)).all() == ["—"]
