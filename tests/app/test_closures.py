"""Closed days: who enters them, whose clocks stand, and what buyers read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.closures.jobs import clock
from marketplace.closures.models import SellerClosure
from marketplace.closures.queries import shown_closure
from marketplace.closures.services import ClosureDraft, change_closure, close_seller, open_again
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.uow import transaction
from marketplace.leads.services import ask_information
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.rfqs.jobs import answer_statistics, expire
from marketplace.rfqs.models import RfqMoment
from marketplace.rfqs.rules import ANSWER_TIME, RecipientState
from marketplace.rfqs.services import write_to_seller
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, an_inquiry_form, fresh, recipient_of
from tests.support.offering import a_closure
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
FIRST, LAST = date(2026, 11, 25), date(2026, 12, 4)
BEGINS, ENDS = datetime.fromisoformat("2026-11-24T17:00:00Z"), datetime.fromisoformat("2026-12-04T17:00:00Z")
LENGTH = ENDS - BEGINS
_SECOND = timedelta(seconds=1)


def steps(session: Session, rfq_id: int) -> list[str]:
    session.rollback()
    query = select(RfqMoment.code).where(RfqMoment.rfq_id == rfq_id, RfqMoment.recipient_id.is_not(None))
    return [one for one in session.scalars(query.order_by(RfqMoment.id)) if one != "invited"]


def at(moment: datetime) -> None:
    """The clock's work at a moment, twice, as two workers would."""
    with frozen(moment):
        expire()
        expire()


def test_a_lead_that_comes_while_closed_has_its_three_days_after(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    a_closure(seller, seller, FIRST, LAST)
    with frozen(BEGINS + timedelta(days=2)):
        rfq = an_inquiry(people.buyer(), product)
    assert recipient_of(rfq, seller).deadline_at == ENDS + ANSWER_TIME
    assert fresh(rfq).closes_at >= ENDS + ANSWER_TIME
    for moment in (BEGINS + timedelta(days=4), ENDS - _SECOND, ENDS, ENDS + timedelta(hours=24) - _SECOND):
        at(moment)
        assert steps(session, rfq.id) == []
    at(ENDS + timedelta(hours=24))
    assert steps(session, rfq.id) == ["reminded"]
    at(ENDS + timedelta(hours=48))
    assert steps(session, rfq.id) == ["reminded", "mentor_called"]
    at(ENDS + ANSWER_TIME - _SECOND)
    assert recipient_of(rfq, seller).state == RecipientState.INVITED
    at(ENDS + ANSWER_TIME)
    assert recipient_of(rfq, seller).state == RecipientState.NO_ANSWER


@pytest.mark.parametrize("before", [timedelta(days=-2), timedelta(hours=20)])
def test_who_asks_a_closed_seller_reads_until_when_they_answer(people: Cast, before: timedelta) -> None:
    """Closed already, or soon enough that the three days are not over by then."""
    seller, buyer = people.seller(), people.buyer()
    path = f"/products/{a_listed_product(seller).slug}/inquiry"
    a_closure(seller, seller, FIRST, LAST)
    with frozen(BEGINS - before):
        assert buyer.post(path, an_inquiry_form("Is it there?"), page=path).status_code == 303
        shown = buyer.client.get("/requests").get_data(as_text=True)
    until = ENDS + ANSWER_TIME - max(timedelta(), before)
    assert f"Because of closed days the seller has until {until.day} Dec 2026, " in shown
    assert "72 hours" not in shown


def test_who_asks_long_before_the_closed_days_reads_of_three_days(people: Cast) -> None:
    seller, buyer = people.seller(), people.buyer()
    path = f"/products/{a_listed_product(seller).slug}/inquiry"
    a_closure(seller, seller, FIRST, LAST)
    with frozen(BEGINS - ANSWER_TIME):
        assert buyer.post(path, an_inquiry_form("Is it there?"), page=path).status_code == 303
        assert "The seller has 72 hours to answer." in buyer.client.get("/requests").get_data(as_text=True)


def test_days_entered_later_move_a_running_clock_and_taking_them_back_moves_it_again(
    people: Cast, moment: datetime
) -> None:
    seller = people.seller()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    closure = a_closure(seller, seller, FIRST, LAST)
    assert recipient_of(rfq, seller).deadline_at == moment + ANSWER_TIME + LENGTH
    with transaction() as session:
        draft = ClosureDraft(FIRST, date(2026, 11, 26))
        change_closure(session, seller.actor, seller.seller_id or 0, closure.key, 1, draft)
    assert recipient_of(rfq, seller).deadline_at == moment + ANSWER_TIME + timedelta(days=2)
    with transaction() as session:
        open_again(session, seller.actor, seller.seller_id or 0, closure.key, 2)
    assert recipient_of(rfq, seller).deadline_at == moment + ANSWER_TIME


def test_opening_again_before_the_last_day_lets_clocks_run_from_that_second(people: Cast, moment: datetime) -> None:
    seller = people.seller()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    closure = a_closure(seller, seller, FIRST, LAST)
    again = BEGINS + timedelta(hours=30)
    with frozen(again), transaction() as session:
        open_again(session, seller.actor, seller.seller_id or 0, closure.key, 1)
    assert recipient_of(rfq, seller).deadline_at == moment + ANSWER_TIME + timedelta(hours=30)
    with frozen(again), transaction() as session:
        assert shown_closure(session, seller.seller_id or 0) is None


def test_who_is_silent_before_closed_days_is_reminded_before_them(
    people: Cast, session: Session, moment: datetime
) -> None:
    seller = people.seller()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    a_closure(seller, seller, FIRST, LAST)
    at(moment + timedelta(hours=24) - _SECOND)
    assert steps(session, rfq.id) == []
    at(moment + timedelta(hours=24))
    assert steps(session, rfq.id) == ["reminded"]
    at(moment + timedelta(hours=48))  # 48 hours of the clock lie before the first day
    assert steps(session, rfq.id) == ["reminded", "mentor_called"]
    at(ENDS + timedelta(hours=13))
    assert steps(session, rfq.id) == ["reminded", "mentor_called"]


def test_a_question_to_the_buyer_and_closed_days_stop_one_clock_once(people: Cast, moment: datetime) -> None:
    seller, buyer = people.seller(), people.buyer()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    key = recipient_of(rfq, seller).key
    a_closure(seller, seller, FIRST, LAST)
    with frozen(moment + timedelta(hours=10)), transaction() as session:
        ask_information(session, seller.actor, key, "Which mesh?", language="id")
    with frozen(ENDS + timedelta(hours=5)), transaction() as session:  # the answer comes after the closed days
        write_to_seller(session, buyer.actor, rfq.key, key, "Mesh 30.", language="en")
    assert recipient_of(rfq, seller).deadline_at == ENDS + timedelta(hours=5 + 62)


@pytest.mark.parametrize("hours", [5, 400])
def test_how_long_a_seller_takes_leaves_closed_days_out(people: Cast, moment: datetime, hours: int) -> None:
    seller = people.seller()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    a_closure(seller, seller, FIRST, LAST)
    with frozen(moment + timedelta(hours=hours)):
        an_answer(seller, rfq)
        answer_statistics()
    closed = LENGTH if hours == 400 else timedelta()
    with transaction() as session:
        row = session.get_one(Seller, seller.seller_id, populate_existing=True)
        assert row.answer_minutes == (timedelta(hours=hours) - closed).total_seconds() / 60


def test_only_the_seller_and_their_mentor_enter_days(people: Cast, session: Session) -> None:
    seller, other, mentor, colleague = people.seller(), people.seller(), people.curator(), people.curator()
    with transaction() as inside:
        inside.get_one(Seller, seller.seller_id).mentor_id = mentor.user_id
    assert a_closure(mentor, seller, FIRST, LAST).note == ""
    told = session.scalars(select(Notice).where(Notice.kind == Kind.CLOSED_BY_MENTOR)).all()
    assert [one.user_id for one in told] == [seller.user_id]
    for person, refusal in ((colleague, Forbidden), (other, NotFound), (people.buyer(), NotFound)):
        with pytest.raises(refusal):
            a_closure(person, seller, date(2027, 1, 1), date(2027, 1, 2))
    slug = session.get_one(Seller, seller.seller_id).slug
    assert mentor.client.get(f"/console/sellers/{slug}/closures").status_code == 200
    assert other.client.get(f"/console/sellers/{slug}/closures").status_code in {403, 404}
    key = session.scalars(select(SellerClosure.key)).one()
    assert other.client.get(f"/selling/closures/{key}").status_code == 404


def test_days_that_cannot_stand_are_refused(people: Cast, moment: datetime) -> None:
    seller = people.seller()
    a_closure(seller, seller, FIRST, LAST)
    for first, last in (
        (date(2026, 11, 21), date(2026, 11, 24)),  # has passed
        (date(2026, 12, 20), date(2026, 12, 19)),
        (LAST, date(2026, 12, 24)),  # shares a day
        (date(2027, 1, 1), date(2027, 5, 2)),  # too long
        (date(2030, 1, 1), date(2030, 1, 2)),  # too far
    ):
        with pytest.raises(DomainError):
            a_closure(seller, seller, first, last)


def test_closures_end_to_end_close_no_more_than_half_a_year(people: Cast, session: Session) -> None:
    seller = people.seller()
    a_closure(seller, seller, date(2026, 12, 1), date(2027, 3, 30))  # 120 days
    with pytest.raises(DomainError, match="180"):
        a_closure(seller, seller, date(2027, 3, 31), date(2027, 5, 30))  # 61 more
    assert session.scalars(select(SellerClosure.closed_to)).all() == [date(2027, 3, 30)]
    with frozen(datetime.fromisoformat("2027-04-10T00:00:00Z")), pytest.raises(DomainError, match="180"):
        a_closure(seller, seller, date(2027, 4, 11), date(2027, 6, 10))  # those that are over count as well
    with frozen(datetime.fromisoformat("2027-04-10T00:00:00Z")):
        a_closure(seller, seller, date(2027, 4, 11), date(2027, 6, 9))


def test_of_two_who_change_one_closure_the_second_reads_it_again(people: Cast) -> None:
    seller = people.seller()
    key = a_closure(seller, seller, FIRST, LAST).key
    with transaction() as session:
        change_closure(session, seller.actor, seller.seller_id or 0, key, 1, ClosureDraft(FIRST, LAST, "At home"))
    for act in (
        lambda session: change_closure(session, seller.actor, seller.seller_id or 0, key, 1, ClosureDraft(FIRST, LAST)),
        lambda session: open_again(session, seller.actor, seller.seller_id or 0, key, 1),
    ):
        with pytest.raises(Conflict), transaction() as session:
            act(session)


def test_a_running_closure_keeps_its_first_day_and_one_that_is_over_stays(people: Cast) -> None:
    seller = people.seller()
    key = a_closure(seller, seller, FIRST, LAST).key
    with frozen(BEGINS), transaction() as session:
        with pytest.raises(DomainError):
            change_closure(session, seller.actor, seller.seller_id or 0, key, 1, ClosureDraft(date(2026, 11, 26), LAST))
        change_closure(session, seller.actor, seller.seller_id or 0, key, 1, ClosureDraft(FIRST, date(2026, 12, 6)))
    with frozen(ENDS + timedelta(days=2)), pytest.raises(Conflict), transaction() as session:
        open_again(session, seller.actor, seller.seller_id or 0, key, 2)


def read(person: Person | None, client: FlaskClient, path: str) -> str:
    found = (person.client if person else client).get(path)
    assert found.status_code == 200, path
    return str(found.get_data(as_text=True))


def test_buyers_read_it_everywhere_to_the_second_and_search_goes_on(people: Cast, client: object) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller, title="Ridge coffee of closed days")
    a_closure(seller, seller, FIRST, LAST, "Our students are at home.")
    with transaction() as session:
        slug = session.get_one(Seller, seller.seller_id).slug
    pages = (f"/products/{product.slug}", f"/sellers/{slug}", f"/products/{product.slug}/inquiry")
    for path in pages:
        assert "Closed from 25 Nov 2026 to 4 Dec 2026." in read(None, client, path)
    with frozen(BEGINS):
        clock()
        for path in pages:
            assert "Closed until 4 Dec 2026: answers come after." in read(None, client, path)
            assert "Closed until 4 Dec 2026" in read(buyer, client, path)
        assert product.slug in read(None, client, "/products?q=ridge+coffee")
    with frozen(ENDS - _SECOND):
        assert "Closed until" in read(buyer, client, pages[0])
    with frozen(ENDS):
        clock()
        for path in pages:
            assert "Closed " not in read(None, client, path)
            assert "Closed until" not in read(buyer, client, path)


def test_the_form_proposes_ramadan_and_saves_what_was_changed(people: Cast, session: Session) -> None:
    seller = people.seller(locale="en")
    page = read(seller, None, "/selling/closures")
    assert "1448 H" in page
    filled = read(seller, None, "/selling/closures?preset=ramadan-2027-2")
    assert 'value="2027-02-08"' in filled
    assert "These days are an estimate" in filled
    sent = {"first": "2027-02-09", "last": "2027-03-14", "note": "Selamat berpuasa", "reason": "ramadan"}
    assert seller.post("/selling/closures", sent, page="/selling/closures").status_code == 303
    row = session.scalars(select(SellerClosure)).one()
    assert (row.closed_from, row.closed_to, row.reason) == (date(2027, 2, 9), date(2027, 3, 14), "ramadan")
    again = read(seller, None, "/selling/closures")
    assert "1448 H" not in again, "what shares a day with it cannot be entered beside it"
    assert "1449 H" in again
    wrong = {**sent, "first": "2027-04-02", "last": "2027-04-01"}
    answer = seller.post("/selling/closures", wrong, page="/selling/closures")
    assert answer.status_code == 422
    assert "lies before the first" in answer.get_data(as_text=True)
    path = f"/selling/closures/{row.key}"
    assert seller.post(f"{path}/end", {"version": "1"}, page="/selling/closures").status_code == 303
    session.expire_all()
    assert session.scalars(select(SellerClosure)).all() == []


def test_days_that_cannot_stand_are_told_at_the_form(people: Cast) -> None:
    seller = people.seller()
    a_closure(seller, seller, FIRST, LAST)
    days = {"first": "2026-12-10", "last": "2026-12-12", "note": "Kept words"}
    for wrong in (
        {"first": "2026-11-01", "last": "2026-11-02"}, {"last": "9999-12-31"},
        {"first": "9999-12-31", "last": "9999-12-31"},
        {"first": "0001-01-01", "last": "0001-01-01"}, {"first": "2026-11-30"},
    ):  # fmt: skip
        answer = seller.post("/selling/closures", days | wrong, page="/selling/closures")
        assert answer.status_code in {400, 409, 422}, wrong
        assert "Kept words" in answer.text, wrong


def test_the_job_marks_each_turn_once(people: Cast) -> None:
    seller = people.seller()
    key = a_closure(seller, seller, FIRST, LAST).key
    for moment, noted in ((BEGINS, (True, False)), (ENDS, (True, True))):
        with frozen(moment), transaction() as session:
            clock()
            clock()
            row = session.scalars(
                select(SellerClosure).where(SellerClosure.key == key).execution_options(populate_existing=True)
            ).one()
            assert (row.is_begun_noted, row.is_over_noted) == noted


def test_a_suspended_seller_enters_nothing(people: Cast) -> None:
    from dataclasses import replace

    seller = people.seller()
    with pytest.raises(Forbidden), transaction() as session:
        draft = ClosureDraft(FIRST, LAST)
        close_seller(session, replace(seller.actor, is_suspended=True), seller.seller_id or 0, draft)
    assert now()
