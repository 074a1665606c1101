"""Who agrees to what changed since it was read gets a 409 that says so, and nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.errors import Conflict
from marketplace.kernel.uow import transaction
from marketplace.orders.drafts import SampleTerms
from marketplace.orders.rules import OrderState
from marketplace.orders.services import approve_sample, ask_cancellation, countersign, plan_step, report_step
from marketplace.quotes.models import QuoteShare, QuoteVersion
from marketplace.quotes.rules import QuoteState
from marketplace.quotes.services import (
    agree_to_coordinate,
    hand_back,
    leave_pool,
    name_coordinator,
    offer_share,
    return_quote,
    start_pool,
    take_back_share,
    take_over,
    write_specification,
)
from tests.app.test_access_matrix import fingerprint
from tests.app.test_quotes_mentoring import an_ask, mentored
from tests.app.test_quotes_pages import fields_of
from tests.support.coordinating import a_scene, coordinated, done, pool_version
from tests.support.ordering import a_deal, a_sample, a_trade, order_now, sample_now
from tests.support.people import Cast, Person
from tests.support.pooling import agreed, offered, pooled, share_now
from tests.support.quoting import a_sent_quote, the_version

pytestmark = pytest.mark.usefixtures("app", "moment")


@contextmanager
def nothing_changes(session: Session) -> Iterator[None]:
    session.rollback()
    before = fingerprint(session)
    yield
    session.rollback()
    assert fingerprint(session) == before


def refused(person: Person, path: str, page: str, data: dict[str, str]) -> None:
    answer = person.post(path, data, page=page)
    assert answer.status_code == 409, path
    assert "changed meanwhile" in answer.get_data(as_text=True), path


def test_a_chapter_agrees_to_what_it_read_and_to_nothing_else(people: Cast, session: Session) -> None:
    scene = a_scene(people)
    done(start_pool, scene.seller.actor, scene.lead, scene.draft(coordinator_id=scene.chapter.organisation_id))
    form = fields_of(scene.chapter, scene.page)
    seen = pool_version(scene.lead)
    assert form["version"] == str(seen)
    done(write_specification, scene.seller.actor, scene.lead, "Grade 1, and free of charge for us.", seen)
    with nothing_changes(session):
        for step in ("agree", "hand-back"):
            refused(scene.chapter, f"{scene.page}/{step}", scene.page, {"version": str(seen)})
            assert scene.chapter.post(f"{scene.page}/{step}", page=scene.page).status_code == 409, "names nothing"
        with pytest.raises(Conflict):
            done(agree_to_coordinate, scene.chapter.actor, scene.lead, seen)
    now_seen = {"version": str(pool_version(scene.lead))}
    assert scene.chapter.post(f"{scene.page}/agree", now_seen, page=scene.page).status_code == 303


def test_a_pool_is_changed_only_as_it_was_read(people: Cast, session: Session) -> None:
    scene = coordinated(people)
    lead, page = scene.lead, f"/leads/{scene.lead}/pool"
    old = pool_version(lead)
    done(write_specification, scene.chapter.actor, lead, "Grade 2.", old)
    share = {"product": str(scene.theirs.id), "quantity": "1", "unit_price": "5000", "version": str(old)}
    with nothing_changes(session):
        refused(scene.chapter, f"{scene.page}/shares", scene.page, share)
        refused(scene.chapter, f"{scene.page}/hand-back", scene.page, {"version": str(old)})
        refused(scene.seller, f"{page}/coordinator/end", page, {"version": str(old)})
        for step, actor in ((hand_back, scene.chapter.actor), (take_over, scene.seller.actor)):
            with pytest.raises(Conflict, match="changed meanwhile"):
                done(step, actor, lead, old)
        with pytest.raises(Conflict, match="changed meanwhile"):
            done(offer_share, scene.chapter.actor, lead, scene.theirs.id, 1, 5000, old)
    done(take_over, scene.seller.actor, lead, pool_version(lead))
    with nothing_changes(session):
        wish = {"coordinator": str(scene.chapter.organisation_id), "version": str(old)}
        refused(scene.seller, f"{page}/coordinator", page, wish)
        with pytest.raises(Conflict, match="changed meanwhile"):
            done(name_coordinator, scene.seller.actor, lead, scene.chapter.organisation_id, old)


def test_a_share_that_was_answered_meanwhile_is_not_dropped_unread(people: Cast, session: Session) -> None:
    pool = pooled(people)
    page, old = f"/leads/{pool.lead}/pool", share_now(offered(pool, 0, "1")).version
    key = agreed(pool, 1, "0.2")
    mine = f"/pools/{key}"
    first = session.scalars(select(QuoteShare.key).where(QuoteShare.key != key)).one()
    with transaction() as inside:
        take_back_share(inside, pool.coordinator.actor, pool.lead, first, old)
    again = offered(pool, 0, "0.9")
    assert again == first
    with nothing_changes(session):
        refused(pool.coordinator, f"{page}/shares/{first}/drop", page, {"version": str(old)})
        refused(pool.members[1], f"{mine}/leave", mine, {"version": "1"})
        with pytest.raises(Conflict, match="changed meanwhile"), transaction() as inside:
            leave_pool(inside, pool.members[1].actor, key, 1)
    assert fields_of(pool.members[1], mine)["version"] == str(share_now(key).version)


def test_a_mentor_lets_go_only_what_they_read(people: Cast, session: Session) -> None:
    seller, mentor = mentored(people)
    _buyer, rfq = an_ask(people, seller)
    row = a_sent_quote(seller, rfq)
    page, old = f"/console/quotes/{row.id}", the_version(row.id).version
    assert fields_of(mentor, page)["version"] == str(old)
    done(return_quote, mentor.actor, row.id, old, "Name the shipping date.")
    assert a_sent_quote(seller, rfq, price="0.10").id == row.id, "the same row comes again"
    mentor.client.get(page)  # leaves its own mark of having been read
    with nothing_changes(session):
        for decision in ("approve", "return"):
            answer = mentor.post(page, {"decision": decision, "note": "Yes.", "version": str(old)}, page="/account")
            assert answer.status_code == 409
            assert "changed meanwhile" in answer.get_data(as_text=True)
    session.rollback()
    assert session.scalars(select(QuoteVersion.state)).one() == QuoteState.MENTOR_REVIEW


def test_a_deal_goes_on_only_from_where_it_was_seen(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    page, old = f"/deals/{deal.key}/progress", str(order_now(deal).version)
    done(report_step, trade.seller.actor, deal.key, OrderState.IN_PRODUCTION)
    done(ask_cancellation, trade.buyer.actor, deal.key, "Our customer is gone.")
    sellers = [("report", {"milestone": "papers_ready"}), ("cancel-answer", {"answer": "yes"})]
    sellers += [("plan", {"milestone": "arrived", "days": "9"})]
    buyers = [
        ("countersign", {"milestone": "in_production"}),
        ("dispute-over", {}),
        ("cancel-answer", {"answer": "no"}),
    ]
    with nothing_changes(session):
        for person, wishes in ((trade.seller, sellers), (trade.buyer, buyers)):
            for path, wish in wishes:
                refused(person, f"/deals/{deal.key}/{path}", page, wish | {"version": old})
                refused(person, f"/deals/{deal.key}/{path}", page, wish)
    version = order_now(deal).version
    done(plan_step, trade.seller.actor, deal.key, OrderState.ARRIVED, None, 40)
    assert order_now(deal).version > version, "a date counts"
    version = order_now(deal).version
    done(countersign, trade.buyer.actor, deal.key, OrderState.IN_PRODUCTION)
    assert order_now(deal).version > version, "a word of the other side counts"


def test_a_sample_is_cancelled_only_as_it_was_seen(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    key = a_sample(trade)
    page, old = f"/samples/{key}", str(sample_now(key).version)
    assert fields_of(trade.buyer, page)["version"] == old
    done(approve_sample, trade.seller.actor, key, SampleTerms())
    with nothing_changes(session):
        refused(trade.buyer, f"{page}/cancel", page, {"version": old})
    seen = {"version": str(sample_now(key).version)}
    assert trade.buyer.post(f"{page}/cancel", seen, page=page).status_code == 303
