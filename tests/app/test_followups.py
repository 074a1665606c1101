"""A chapter's word on leads of its distributors: stated, needed to close, counted, and its own alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.followups.models import FollowUp
from marketplace.followups.queries import counts_of
from marketplace.followups.rules import Result
from marketplace.followups.services import Statement, open_lead_again, state_lead
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.personal_data import erase_all, export_all
from marketplace.kernel.uow import transaction
from marketplace.partners.models import Attribution
from marketplace.rfqs.models import Rfq
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry
from tests.support.ordering import Trade, a_deal
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app")


def a_chapters_lead(people: Cast) -> tuple[Person, Trade]:
    """A chapter and the inquiry of a distributor that it brought."""
    partner, buyer, seller = people.partner(), people.buyer(country="US"), people.seller()
    with transaction() as session:
        chapter = partner.chapter_id or 0
        session.add(Attribution(organisation_id=buyer.organisation_id, chapter_id=chapter, since=now()))
    product = a_listed_product(seller, "coffee-arabica-green", capacity_per_month=None)
    rfq = an_inquiry(buyer, product)
    an_answer(seller, rfq)
    return partner, Trade(buyer, seller, product, rfq)


def say(person: Person, rfq: Rfq, version: int = 0, **more: object) -> FollowUp:
    values = {"contacted_on": today(), "result": None, "sold_on": None, "version": version} | more
    with transaction() as session:
        return state_lead(session, person.actor, rfq.key, Statement(**values))  # type: ignore[arg-type]  # by name


def test_a_lead_is_closed_once_contact_and_result_are_said(people: Cast, session: Session) -> None:
    partner, trade = a_chapters_lead(people)
    for missing in ({"contacted_on": None, "result": Result.NO_NEED}, {"result": None}, {"result": Result.SOLD}):
        with pytest.raises(DomainError):
            say(partner, trade.rfq, closes=True, **missing)
    row = say(partner, trade.rfq)
    assert (row.contacted_on, row.closed_at) == (today(), None)
    with pytest.raises(Conflict):
        say(partner, trade.rfq)  # somebody else stated something in between
    row = say(partner, trade.rfq, row.version, result=Result.SOLD, sold_on=today(), closes=True)
    assert row.closed_at is not None
    with pytest.raises(Conflict):
        say(partner, trade.rfq, row.version)
    with transaction() as inside:
        assert open_lead_again(inside, partner.actor, trade.rfq.key, row.version).closed_at is None
    acts = set(session.scalars(select(AuditEntry.action)).all())
    assert {"follow_up.stated", "follow_up.closed", "follow_up.opened"} <= acts


def test_another_chapter_and_other_people_know_nothing_of_it(people: Cast, session: Session) -> None:
    partner, trade = a_chapters_lead(people)
    other, path = people.partner(country="IT"), f"/partner/leads/{trade.rfq.key}"
    say(partner, trade.rfq, note="Marked words of a colleague.")
    with pytest.raises(NotFound):
        say(other, trade.rfq, 1)
    assert other.client.get(path).status_code == 404
    assert other.post(path, {"do": "close"}).status_code == 404
    for person in (trade.buyer, trade.seller, people.curator()):
        assert person.client.get(path).status_code in {403, 404}
    assert "Marked words" in partner.client.get(path).text
    assert trade.rfq.text not in partner.client.get(path).text
    assert len(session.scalars(select(FollowUp)).all()) == 1


def test_by_the_form_with_the_deal_that_was_made_here(people: Cast, session: Session) -> None:
    partner, trade = a_chapters_lead(people)
    a_deal(trade)
    path = f"/partner/leads/{trade.rfq.key}"
    assert f'href="{path}"' in partner.client.get("/partner/leads").text
    page = partner.client.get(path).text
    assert re.search(r'<option selected value="sold"', page)
    assert f'value="{today().isoformat()}"' in page
    entered = {"version": "0", "result": "sold", "sold_on": today().isoformat(), "do": "close", "note": "By telephone."}
    refused = partner.post(path, entered, page=path)
    assert refused.status_code == 422
    assert "By telephone." in refused.text
    early = (today() - timedelta(days=400)).isoformat()
    assert partner.post(path, entered | {"contacted_on": early}, page=path).status_code == 422
    answer = partner.post(path, entered | {"contacted_on": today().isoformat()}, page=path)
    assert answer.status_code == 303
    row = session.scalars(select(FollowUp)).one()
    assert (row.result, row.sold_on, row.closed_at is not None) == ("sold", today(), True)
    assert partner.post(f"{path}/open-again", {"version": row.version}, page=path).status_code == 303


def test_a_chapter_counts_its_own_leads(people: Cast, session: Session) -> None:
    partner, trade = a_chapters_lead(people)
    others = [an_inquiry(trade.buyer, trade.product) for _ in range(3)]
    foreign, theirs = a_chapters_lead(people)
    say(foreign, theirs.rfq, result=Result.SOLD, sold_on=today(), closes=True)
    say(partner, trade.rfq, result=Result.SOLD, sold_on=today(), closes=True)
    say(partner, others[0], result=Result.NO_NEED, closes=True)
    say(partner, others[1])
    found = counts_of(session, partner.chapter_id or 0)
    assert (found.leads, found.not_contacted, found.contacted, found.closed, found.sold) == (4, 1, 1, 2, 1)


def test_what_a_person_stated_is_handed_out_and_leaves_without_them(people: Cast, session: Session) -> None:
    partner, trade = a_chapters_lead(people)
    say(partner, trade.rfq, result=Result.NO_NEED, note="A marked note.", closes=True)
    with transaction() as inside:
        assert export_all(inside, partner.user_id)["followups"]["follow_ups"][0]["note"] == "A marked note."
        erase_all(inside, partner.user_id)
    session.expire_all()
    row = session.scalars(select(FollowUp)).one()
    assert (row.note, row.stated_by_id, row.result) == ("", None, "no_need")
