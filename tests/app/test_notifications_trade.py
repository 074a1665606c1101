"""What the events of trade tell whom: real actions, read from the notices of each side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import VerificationLevel
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.jobs import run_due
from marketplace.kernel.uow import transaction
from marketplace.leads.services import answer_lead, ask_information, decline_lead, hand_on
from marketplace.notifications.composing import spoken
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.partners.services import apply_as_distributor, invite_distributor
from marketplace.partners.services.onboarding import ApplicationDraft, approve, ask_for_more
from marketplace.rfqs.rules import CloseReason, DeclineReason
from marketplace.rfqs.services import (
    approve_request,
    close_request,
    expire_requests,
    reject_request,
    relabel_unanswered,
    write_to_seller,
)
from tests.support.factories import a_listed_product
from tests.support.flows import a_request, an_inquiry, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app")
SECRET_WORDS = "Our roast master Frieda Beispiel pays cash"


def kinds(session: Session, person: Person) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Notice.kind).where(Notice.user_id == person.user_id).order_by(Notice.id)))


def test_an_inquiry_reaches_the_seller_without_the_buyers_name_or_words(session: Session, people: Cast) -> None:
    buyer, seller, other = people.buyer(name="Frieda Beispiel"), people.seller(), people.seller()
    product = a_listed_product(seller, title="Kopi Arabika Ijen")
    an_inquiry(buyer, product, text=SECRET_WORDS)
    assert kinds(session, seller) == [Kind.LEAD_NEW]
    assert kinds(session, other) == kinds(session, buyer) == []
    notice = session.scalars(select(Notice)).one()
    said = spoken(notice, "en")
    assert said.subject == "New lead: Kopi Arabika Ijen for Germany"
    text = f"{said} {notice.context}"
    assert "Frieda" not in text
    assert "cash" not in text
    assert buyer.actor.organisation_name not in text


def test_an_answer_is_one_notice_and_later_messages_one_each(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    key = recipient_of(rfq, seller).key
    with transaction() as inside:
        answer_lead(inside, seller.actor, key, "We can offer.", language="en")
    assert kinds(session, buyer) == [Kind.REQUEST_ANSWERED]
    with frozen(now() + timedelta(minutes=1)):
        with transaction() as inside:
            answer_lead(inside, seller.actor, key, "And one more thing.", language="en")
        with transaction() as inside:
            write_to_seller(inside, buyer.actor, rfq.key, key, "Thank you.", language="en")
    assert kinds(session, buyer) == [Kind.REQUEST_ANSWERED, Kind.MESSAGE_TO_BUYER]
    assert kinds(session, seller) == [Kind.LEAD_NEW, Kind.MESSAGE_TO_SELLER]


def test_a_question_and_a_refusal_are_told_as_such(session: Session, people: Cast) -> None:
    buyer, asking, declining = people.buyer(), people.seller(), people.seller()
    rfq = a_request(buyer, [asking, declining])
    with transaction() as inside:
        ask_information(inside, asking.actor, recipient_of(rfq, asking).key, "Which grade?", language="en")
    with transaction() as inside:
        decline_lead(inside, declining.actor, recipient_of(rfq, declining).key, DeclineReason.CAPACITY)
    assert kinds(session, buyer) == [Kind.REQUEST_QUESTION, Kind.REQUEST_DECLINED]
    href = session.scalar(select(Notice.href).where(Notice.kind == Kind.REQUEST_QUESTION))
    assert href == f"/requests/{rfq.key}/with/{recipient_of(rfq, asking).key}"


def test_handing_on_tells_the_buyer_and_the_new_seller(session: Session, people: Cast) -> None:
    buyer, first, second = people.buyer(), people.seller(), people.seller()
    product = a_listed_product(first)
    a_listed_product(second)
    rfq = an_inquiry(buyer, product)
    with transaction() as inside:
        from marketplace.sellers.models import Seller

        slug = inside.get_one(Seller, second.seller_id).slug
        hand_on(inside, first.actor, recipient_of(rfq, first).key, slug)
    assert kinds(session, buyer) == [Kind.REQUEST_HANDED_ON]
    assert kinds(session, second) == [Kind.LEAD_NEW]


def test_time_that_runs_out_is_told_to_both(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    an_inquiry(buyer, a_listed_product(seller))
    with frozen(now() + timedelta(days=4)), transaction() as inside:
        relabel_unanswered(inside)
    with frozen(now() + timedelta(days=40)), transaction() as inside:
        expire_requests(inside)
    assert kinds(session, seller) == [Kind.LEAD_NEW, Kind.LEAD_OVERDUE, Kind.LEAD_CLOSED]
    assert kinds(session, buyer) == [Kind.REQUEST_UNANSWERED, Kind.REQUEST_EXPIRED]


def test_closing_tells_who_could_still_act(session: Session, people: Cast) -> None:
    buyer, seller, declining = people.buyer(), people.seller(), people.seller()
    rfq = a_request(buyer, [seller, declining])
    with transaction() as inside:
        decline_lead(inside, declining.actor, recipient_of(rfq, declining).key, DeclineReason.PRICE)
    with transaction() as inside:
        close_request(inside, buyer.actor, rfq.key, CloseReason.POSTPONED, inside.merge(rfq).version)
    assert kinds(session, seller) == [Kind.LEAD_NEW, Kind.LEAD_CLOSED]
    assert kinds(session, declining) == [Kind.LEAD_NEW]
    assert kinds(session, buyer) == [Kind.REQUEST_DECLINED]


def test_an_unverified_buyers_request_calls_the_curators(session: Session, people: Cast) -> None:
    curator, seller = people.curator(), people.seller()
    buyer = people.buyer(verification_level=VerificationLevel.NONE)
    first = an_inquiry(buyer, a_listed_product(seller))
    second = an_inquiry(buyer, a_listed_product(seller))
    assert kinds(session, curator) == [Kind.QUEUE_REQUEST] * 2
    assert kinds(session, seller) == []
    with transaction() as inside:
        approve_request(inside, curator.actor, first.key)
    with transaction() as inside:
        reject_request(inside, curator.actor, second.key, "This looks like a copy.")
    assert kinds(session, buyer) == [Kind.REQUEST_OPEN, Kind.REQUEST_REJECTED]
    assert kinds(session, seller) == [Kind.LEAD_NEW]


def test_a_distributor_is_invited_asked_and_approved(session: Session, people: Cast) -> None:
    partner, buyer = people.partner(), people.buyer()
    with transaction() as inside:
        application, token = invite_distributor(inside, partner.actor, "Muster Import", "import@example.test")
        key = application.id
    invited = session.scalars(select(Notice).where(Notice.kind == Kind.DISTRIBUTOR_INVITED)).one()
    assert (invited.user_id, invited.address) == (None, "import@example.test")
    run_due()
    session.expire_all()
    assert session.get_one(Notice, invited.id).address == ""
    with transaction() as inside:
        apply_as_distributor(inside, buyer.actor, token, ApplicationDraft("We import.", "", [], ["US"], []))
    with transaction() as inside:
        found = ask_for_more(inside, partner.actor, key, _version(session, key), "Which ports?")
    assert found.state == "needs_info"
    assert kinds(session, partner) == [Kind.DISTRIBUTOR_APPLIED]
    assert kinds(session, buyer) == [Kind.APPLICATION_NEEDS_INFO]
    with transaction() as inside:
        from marketplace.partners.services import answer_question

        answer_question(
            inside, buyer.actor, _version(session, key), "Oakland.", ApplicationDraft("We import.", "", [], ["US"], [])
        )
    with transaction() as inside:
        approve(inside, partner.actor, key, _version(session, key), "")
    assert kinds(session, partner) == [Kind.DISTRIBUTOR_APPLIED] * 2
    assert kinds(session, buyer) == [Kind.APPLICATION_NEEDS_INFO, Kind.APPLICATION_APPROVED]


def _version(session: Session, key: int) -> int:
    from marketplace.partners.models import Application

    return session.scalars(select(Application.version).where(Application.id == key)).one()
