"""Opportunities that distributors with a grade register, and why they refuse introductions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.partners.models import Introduction, Opportunity, Partnership
from marketplace.partners.personal_data import erase, export
from marketplace.partners.rules import OPPORTUNITY_MOVES, Answer, OpportunityState
from marketplace.partners.services import (
    OpportunityDraft,
    answer_introduction,
    close_opportunity,
    register_opportunity,
)
from tests.app.test_introductions import a_distributor, proposed
from tests.app.test_matchmaking import sugar, text_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
LIST = "/distributor/opportunities"
DRAFT = OpportunityDraft("A chain of 40 organic shops", "DE", "coconut-sugar", "2 containers", None, "In spring.")


def graded(partner: Person, buyer: Person, grade: str = "regular") -> int:
    """An approved distributor with a grade; gives the key of its application."""
    key = a_distributor(partner, buyer)
    with transaction() as session:
        session.add(Partnership(application_id=key, grade=grade, since=today(), stated_at=now()))
    return key


def registered(buyer: Person, draft: OpportunityDraft = DRAFT) -> Opportunity:
    with transaction() as session:
        return register_opportunity(session, buyer.actor, draft)


def rows(session: Session) -> list[Opportunity]:
    session.rollback()
    return list(session.scalars(select(Opportunity).execution_options(populate_existing=True)))


def test_a_graded_distributor_registers_and_the_chapter_reads_it(people: Cast, session: Session) -> None:
    partner, buyer, stranger = people.partner(), people.buyer(), people.partner()
    graded(partner, buyer)
    assert "/distributor/opportunities" in text_of(buyer.client, "/distributor/application")
    first_page = text_of(buyer.client, "/requests")
    assert all(f"/distributor/{place}" in first_page for place in ("opportunities", "introductions", "application"))
    assert "/distributor/" not in text_of(people.buyer().client, "/requests")
    data = {
        "customer": DRAFT.customer, "country": "DE", "commodity": "coconut-sugar", "quantity": "2 containers",
        "expected_on": (today() + timedelta(days=60)).isoformat(), "note": "In spring.",
    }  # fmt: skip
    assert buyer.post(f"{LIST}/new", data, page=f"{LIST}/new").status_code == 303
    (row,) = rows(session)
    assert (row.state, row.customer, row.country) == ("open", DRAFT.customer, "DE")
    assert session.scalar(select(Notice.kind).where(Notice.user_id == partner.user_id)) == "opportunity_registered"
    theirs = text_of(partner.client, "/partner/opportunities")
    assert DRAFT.customer in theirs
    assert "/won" not in theirs
    assert DRAFT.customer not in text_of(stranger.client, "/partner/opportunities")
    won = buyer.post(f"{LIST}/{row.key}/won", {"version": "1"}, page=LIST)
    assert won.status_code == 303
    assert rows(session)[0].state == "won"
    assert "Won" in text_of(partner.client, "/partner/opportunities")
    assert buyer.post(f"{LIST}/{row.key}/lost", {"version": "2"}, page=f"{LIST}/new").status_code == 409
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"opportunity:{row.id}")).all()
    assert acts == ["opportunity.registered", "opportunity.closed"]


def test_without_a_grade_nothing_is_registered(people: Cast, session: Session) -> None:
    partner, buyer, outsider = people.partner(), people.buyer(), people.buyer()
    graded(partner, buyer, "")
    assert "Ask your chapter for one" in text_of(buyer.client, f"{LIST}/new")
    for actor, fault in ((buyer, Forbidden), (outsider, NotFound), (people.seller(), NotFound)):
        with pytest.raises(fault):
            registered(actor)
    assert outsider.client.get(LIST).status_code == 404
    assert rows(session) == []


@pytest.mark.parametrize("change", [{"customer": " "}, {"country": "XX"}, {"expected_on": "2001-01-01"}])
def test_a_form_that_cannot_be_is_shown_again(people: Cast, session: Session, change: dict[str, str]) -> None:
    buyer = people.buyer()
    graded(people.partner(), buyer)
    data = {"customer": "Shops", "country": "DE", "commodity": "coconut-sugar"} | change
    assert buyer.post(f"{LIST}/new", data, page=f"{LIST}/new").status_code == 422
    assert rows(session) == []


@pytest.mark.parametrize("current", list(OpportunityState))
@pytest.mark.parametrize("target", list(OpportunityState))
def test_every_pair_of_states(
    people: Cast, session: Session, current: OpportunityState, target: OpportunityState
) -> None:
    buyer = people.buyer()
    graded(people.partner(), buyer)
    row = registered(buyer)
    with transaction() as inside:
        inside.get_one(Opportunity, row.id).state = current
    version = rows(session)[0].version

    def close() -> None:
        with transaction() as inside:
            close_opportunity(inside, buyer.actor, row.key, target, version)

    if target in OPPORTUNITY_MOVES[current]:
        close()
        assert rows(session)[0].state == target
    else:
        with pytest.raises(DomainError):
            close()
        assert rows(session)[0].state == current


def test_others_cannot_close_it_and_an_old_form_neither(people: Cast, session: Session) -> None:
    partner, buyer, other = people.partner(), people.buyer(), people.buyer()
    graded(partner, buyer)
    graded(partner, other)
    row = registered(buyer)
    for actor, version, fault in ((other, 1, NotFound), (partner, 1, NotFound), (buyer, 9, Conflict)):
        with pytest.raises(fault), transaction() as inside:
            close_opportunity(inside, actor.actor, row.key, OpportunityState.WON, version)
    assert rows(session)[0].state == "open"


def test_a_person_who_goes_takes_their_words_along(people: Cast, session: Session) -> None:
    buyer = people.buyer()
    graded(people.partner(), buyer)
    registered(buyer)
    given = export(session, buyer.user_id)["opportunities"][0]
    assert (given["customer"], given["quantity"]) == (DRAFT.customer, DRAFT.quantity)
    with transaction() as inside:
        erase(inside, buyer.user_id)
    (row,) = rows(session)
    assert (row.registered_by_id, row.quantity, row.note) == (None, "", "")
    assert row.customer != DRAFT.customer


def an_introduction(people: Cast, session: Session) -> tuple[Person, Person, Person, Introduction]:
    seller, partner, buyer = people.seller(), people.partner(), people.buyer()
    proposed(partner, a_distributor(partner, buyer), sugar(seller))
    session.rollback()
    return seller, partner, buyer, session.scalars(select(Introduction)).one()


def test_a_distributor_says_why_not_and_only_the_chapter_reads_it(people: Cast, session: Session) -> None:
    seller, partner, buyer, row = an_introduction(people, session)
    page = f"/distributor/introductions/{row.id}/refuse"
    assert page in text_of(buyer.client, "/distributor/introductions")
    complete = {"contacted": "no", "reason": "spam", "note": "We never sold sugar."}
    wrong: list[dict[str, Any]] = [{}, {"reason": "spam"}, {"contacted": "no"}, complete | {"reason": "moon"}]
    for data in wrong:
        assert buyer.post(page, data, page=page).status_code == 422
    with pytest.raises(DomainError), transaction() as inside:
        answer_introduction(inside, buyer.actor, row.id, Answer.REFUSED)
    session.rollback()
    assert session.scalar(select(Introduction.state)) == "proposed"
    assert buyer.post(page, complete, page=page).status_code == 303
    session.rollback()
    made = session.scalars(select(Introduction).execution_options(populate_existing=True)).one()
    assert (made.state, made.refusal_reason, made.distributor_contacted) == ("refused", "spam", False)
    theirs = text_of(partner.client, "/partner/introductions")
    assert "Spam" in theirs
    assert "We never sold sugar." in theirs
    assert "Spam" not in text_of(seller.client, "/selling/introductions")


def test_two_yeses_lead_the_distributor_to_a_first_request(people: Cast, session: Session) -> None:
    seller, _partner, buyer, row = an_introduction(people, session)
    seller.post(f"/selling/introductions/{row.id}/accept", {}, page="/selling/introductions")
    here = f"/distributor/introductions/{row.id}/accept"
    answer = buyer.post(here, {}, page="/distributor/introductions")
    assert answer.status_code == 303
    assert answer.location.endswith("/inquiry")
    assert buyer.client.get(answer.location).status_code == 200
    assert session.scalar(select(func.count(Introduction.id))) == 1
