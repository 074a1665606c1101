"""Answer rescue: a day, two days, three days without a word; each step once, on the seller's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings, SettingsError
from marketplace.accounts.models import LinkToken, User
from marketplace.accounts.rules import Purpose
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen
from marketplace.kernel.jobs import enqueue_periodic, run_due
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.leads.services import ask_information
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.rfqs import jobs
from marketplace.rfqs.jobs import expire
from marketplace.rfqs.models import Message, Rfq, RfqMoment
from marketplace.rfqs.queries.rescuing import waiting_leads
from marketplace.rfqs.rules import ANSWER_TIME, MomentCode, RecipientState, Side
from marketplace.rfqs.services import write_to_seller
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
RESCUE = {Kind.LEAD_REMINDER, Kind.RESCUE_MENTOR, Kind.RESCUE_PARTNER}


@contextmanager
def after(moment: datetime, **passed: float) -> Iterator[None]:
    """So much later, with the clock's work done twice, as two workers would."""
    with frozen(moment + timedelta(**passed)):
        expire()
        expire()
        yield


def codes(session: Session, rfq: Rfq) -> list[str]:
    session.rollback()
    query = select(RfqMoment.code).where(RfqMoment.rfq_id == rfq.id, RfqMoment.recipient_id.is_not(None))
    return [code for code in session.scalars(query.order_by(RfqMoment.id)) if code != MomentCode.INVITED]


def told(session: Session, person: Person) -> list[str]:
    session.rollback()
    query = select(Notice.kind).where(Notice.user_id == person.user_id).order_by(Notice.id)
    return [kind for kind in session.scalars(query) if kind in RESCUE]


def mentored(seller: Person, mentor: Person) -> None:
    with transaction() as session:
        session.get_one(Seller, seller.seller_id).mentor_id = mentor.user_id


def of_chapter(rfq: Rfq, partner: Person) -> None:
    with transaction() as session:
        session.get_one(Rfq, rfq.id).chapter_id = partner.chapter_id


def test_a_silent_seller_is_reminded_then_the_mentor_called_then_the_programme(
    people: Cast, session: Session, moment: datetime
) -> None:
    seller, mentor, other_curator, buyer = people.seller(), people.curator(), people.curator(), people.buyer()
    mentored(seller, mentor)
    rfq = an_inquiry(buyer, a_listed_product(seller))
    with after(moment, hours=23, minutes=59):
        assert codes(session, rfq) == []
    with after(moment, hours=24):
        assert codes(session, rfq) == [MomentCode.REMINDED]
        assert told(session, seller) == [Kind.LEAD_REMINDER]
        assert told(session, mentor) == []
    with after(moment, hours=47, minutes=59):
        assert codes(session, rfq) == [MomentCode.REMINDED]
    with after(moment, hours=48):
        assert codes(session, rfq) == [MomentCode.REMINDED, MomentCode.MENTOR_CALLED]
        assert (told(session, mentor), told(session, other_curator)) == ([Kind.RESCUE_MENTOR], [])
    with after(moment, hours=72):
        assert codes(session, rfq)[2:] == [MomentCode.NO_ANSWER, MomentCode.PARTNER_CALLED]
        assert told(session, other_curator) == [Kind.RESCUE_PARTNER]
        assert told(session, seller) == [Kind.LEAD_REMINDER]
    assert recipient_of(rfq, seller).state == RecipientState.NO_ANSWER


def test_a_seller_without_a_mentor_is_the_desks_and_a_chapters_buyer_the_chapters(
    people: Cast, session: Session, moment: datetime
) -> None:
    seller, curator, partner = people.seller(), people.curator(), people.partner()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    of_chapter(rfq, partner)
    with after(moment, hours=50):
        assert told(session, curator) == [Kind.RESCUE_MENTOR]
    with after(moment, hours=73):
        assert told(session, partner) == [Kind.RESCUE_PARTNER]
        assert told(session, curator) == [Kind.RESCUE_MENTOR]


def test_the_clock_stands_while_information_is_asked(people: Cast, session: Session, moment: datetime) -> None:
    seller, buyer = people.seller(), people.buyer()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    key = recipient_of(rfq, seller).key
    with frozen(moment + timedelta(hours=20)), transaction() as inside:
        ask_information(inside, seller.actor, key, "Which moisture?", language="en")
    with after(moment, hours=100):
        assert MomentCode.REMINDED not in codes(session, rfq)
        with transaction() as inside:
            write_to_seller(inside, buyer.actor, rfq.key, key, "12 percent.", language="en")
    with after(moment, hours=103, minutes=59):
        assert MomentCode.REMINDED not in codes(session, rfq)
    with after(moment, hours=104):
        assert codes(session, rfq).count(MomentCode.REMINDED) == 1


def test_who_answered_is_left_in_peace_and_a_long_pause_of_the_worker_skips_the_reminders(
    people: Cast, session: Session, moment: datetime
) -> None:
    seller, silent = people.seller(), people.seller()
    answered = an_inquiry(people.buyer(), a_listed_product(seller))
    an_answer(seller, answered)
    missed = an_inquiry(people.buyer(), a_listed_product(silent))
    with after(moment, hours=90):
        assert codes(session, answered) == [MomentCode.ANSWERED]
        assert codes(session, missed) == [MomentCode.NO_ANSWER, MomentCode.PARTNER_CALLED]
        assert told(session, silent) == []


def test_the_reminder_carries_a_link_and_the_database_only_its_hash(
    people: Cast, session: Session, moment: datetime, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seller, unreachable = people.seller(), people.seller(email=None, phone="+628120001111")
    an_inquiry(people.buyer(), a_listed_product(seller))
    an_inquiry(people.buyer(), a_listed_product(unreachable))
    with frozen(moment + timedelta(hours=25)):
        enqueue_periodic()
        run_due()
        run_due()
    links = session.scalars(select(LinkToken).where(LinkToken.purpose == Purpose.LEAD_REMINDER)).all()
    assert [one.user_id for one in links] == [seller.user_id]  # nobody mails the other, so no link is kept for them
    notices = session.scalars(select(Notice).where(Notice.kind == Kind.LEAD_REMINDER)).all()
    assert {one.user_id for one in notices} == {seller.user_id, unreachable.user_id}
    assert all("token" not in one.context for one in notices)


def test_the_partner_takes_over_and_both_sides_read_it(people: Cast, session: Session, moment: datetime) -> None:
    seller, buyer, partner, stranger = people.seller(), people.buyer(), people.partner(), people.partner()
    rfq = an_inquiry(buyer, a_listed_product(seller, title="Argopuro Lot 7"))
    of_chapter(rfq, partner)
    path = f"/partner/waiting-leads/{recipient_of(rfq, seller).key}"
    with after(moment, hours=50):
        assert partner.client.get(path).status_code == 404  # not called yet
    with after(moment, hours=73):
        assert "Argopuro Lot 7" in partner.client.get("/partner/waiting-leads").get_data(as_text=True)
        assert "Argopuro Lot 7" not in stranger.client.get("/partner/waiting-leads").get_data(as_text=True)
        for outsider in (stranger, buyer, seller):
            assert outsider.client.get(path).status_code in {403, 404}
            assert outsider.post(f"{path}/write", {"text": "Hello"}).status_code in {403, 404}
            assert outsider.post(f"{path}/release", {}).status_code in {403, 404}
        assert partner.post(f"{path}/write", {"text": " "}, page=path).status_code == 422
        assert session.scalars(select(Message.id)).all() == []
        answer = partner.post(f"{path}/write", {"text": "We found you another lot."}, page=path)
        assert answer.status_code == 303
        page = buyer.client.get(f"/requests/{rfq.key}").get_data(as_text=True)
        assert "The programme looks after the conversation" in page
        assert "1 unread message" in page
        page = buyer.client.get(f"/requests/{rfq.key}/with/{path.split('/')[-1]}").get_data(as_text=True)
        assert "We found you another lot." in page
        assert "The programme" in page
        assert "We found you another lot." in seller.client.get(f"/leads/{path.split('/')[-1]}").get_data(as_text=True)
        session.rollback()
        assert session.scalars(select(Message.side)).all() == [Side.PROGRAMME]
        kinds = set(session.scalars(select(Notice.kind).where(Notice.user_id.in_([buyer.user_id, seller.user_id]))))
        assert {Kind.REQUEST_HELPED, Kind.LEAD_HELPED} <= kinds
        assert Kind.MESSAGE_TO_BUYER not in kinds
        assert partner.post(f"{path}/write", {"text": "And a second word."}, page=path).status_code == 303
    assert codes(session, rfq).count(MomentCode.TAKEN_OVER) == 1
    an_answer(seller, rfq)  # a late answer is still an answer
    assert recipient_of(rfq, seller).state == RecipientState.WILL_QUOTE


def test_releasing_tells_the_buyer_once_and_shows_others(people: Cast, session: Session, moment: datetime) -> None:
    seller, other, buyer, curator = people.seller(), people.seller(), people.buyer(), people.curator()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    a_listed_product(other, title="Gayo Lot 9")
    path = f"/console/waiting-leads/{recipient_of(rfq, seller).key}"
    with after(moment, hours=73):
        assert "Gayo Lot 9" not in buyer.client.get(f"/requests/{rfq.key}").get_data(as_text=True)
        assert curator.post(f"{path}/release", {"note": "They are in the harvest."}, page=path).status_code == 303
        assert curator.post(f"{path}/release", {}).status_code == 409
        page = buyer.client.get(f"/requests/{rfq.key}").get_data(as_text=True)
        for words in ("You need not wait any longer", "Gayo Lot 9", "They are in the harvest."):
            assert words in page, words
        with transaction() as inside:
            assert waiting_leads(inside, curator.actor, 1).items == []
    assert codes(session, rfq).count(MomentCode.RELEASED) == 1
    kinds = session.scalars(select(Notice.kind).where(Notice.user_id == buyer.user_id)).all()
    assert kinds.count(Kind.REQUEST_RELEASED) == 1
    assert "lead.released" in session.scalars(select(AuditEntry.action)).all()


def test_what_two_write_after_a_late_answer_is_theirs(people: Cast, session: Session, moment: datetime) -> None:
    seller, partner, curator = people.seller(), people.partner(), people.curator()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    of_chapter(rfq, partner)
    path = f"/console/waiting-leads/{recipient_of(rfq, seller).key}"
    with after(moment, hours=73):
        doors = ((curator, path), (partner, path.replace("console", "partner")))
        assert [helper.client.get(door).status_code for helper, door in doors] == [200, 200]
        an_answer(seller, rfq, "Our secret price.")
        for helper, door in doors:
            assert helper.client.get(door).status_code == 404
            assert helper.post(f"{door}/write", {"text": "Hello"}).status_code == 404
    session.rollback()
    seen = session.scalars(select(AuditEntry.user_id).where(AuditEntry.action == "lead.seen")).all()
    assert set(seen) == {partner.user_id, curator.user_id}


def test_before_three_days_nobody_takes_a_lead_away(people: Cast, session: Session, moment: datetime) -> None:
    seller, curator = people.seller(), people.curator()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    path = f"/console/waiting-leads/{recipient_of(rfq, seller).key}"
    with after(moment, hours=49):
        assert curator.client.get(path).status_code == 200
        assert curator.post(f"{path}/write", {"text": "Hello"}).status_code == 409
        assert curator.post(f"{path}/release", {}).status_code == 409
        page = curator.post(f"{path}/whatsapp", {}, page=path).get_data(as_text=True)
        assert "https://wa.me/62812" in page
        assert "/answer/" in page
    assert Side.PROGRAMME not in session.scalars(select(Message.side)).all()
    assert "lead.link_made" in session.scalars(select(AuditEntry.action)).all()
    assert timedelta(hours=72) == ANSWER_TIME


def test_the_desk_reads_who_mentors_a_silent_seller(people: Cast, session: Session, moment: datetime) -> None:
    seller, mentor, buyer = people.seller(), people.curator(), people.buyer()
    mentored(seller, mentor)
    an_inquiry(buyer, a_listed_product(seller))
    with after(moment, hours=73):
        page = mentor.client.get("/console/waiting-leads")
    assert page.status_code == 200
    assert session.get_one(User, mentor.user_id).name in page.get_data(as_text=True)


def test_an_operator_can_switch_it_off(
    tmp_path: Path, people: Cast, session: Session, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer, seller, mentor = people.buyer(), people.seller(), people.curator()
    mentored(seller, mentor)
    rfq = an_inquiry(buyer, a_listed_product(seller))
    monkeypatch.setattr(jobs, "settings", lambda: replace(settings(), rescues_answers=False))
    with after(moment, hours=50):
        assert codes(session, rfq) == []
    with after(moment, hours=73):
        assert recipient_of(rfq, seller).state == RecipientState.NO_ANSWER, "the buyer sees the true state all the same"
    monkeypatch.undo()
    assert Settings.from_env({"SOUQ_HOME": str(tmp_path), "ANSWER_RESCUE": "off"}).rescues_answers is False
    with pytest.raises(SettingsError, match="ANSWER_RESCUE"):
        Settings.from_env({"SOUQ_HOME": str(tmp_path), "ANSWER_RESCUE": "perhaps"})
