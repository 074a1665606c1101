"""Memberships: who may offer and order them, what plans may say, who sees them, and how they are copied and erased."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.memberships.models import MembershipPlan, PaidMembership
from marketplace.memberships.personal_data import erase, export
from marketplace.memberships.queries import members_of_chapter, memberships_of, plans_for, state_of
from marketplace.memberships.rules import MOST_PLANS, MembershipState
from marketplace.memberships.services import cancel_membership, change_plan, offer_plan, order_membership, withdraw_plan
from marketplace.partners.models import Attribution
from marketplace.payments.rules import PaymentState
from tests.support.members import (
    DRAFT,
    YEAR_ON,
    a_plan,
    an_order,
    as_it_is,
    paid_by_bank,
    payment_of,
)
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment", "double")


def test_a_chapter_offers_so_many_plans(people: Cast, session: Session) -> None:
    partner, other = people.partner(), people.partner()
    made = [a_plan(partner, name=f"Plan {number}") for number in range(MOST_PLANS)]
    with pytest.raises(DomainError, match="20"), transaction() as inside:
        offer_plan(inside, partner.actor, DRAFT)
    a_plan(other)
    with transaction() as inside:
        withdraw_plan(inside, partner.actor, made[0].key, 1)
    a_plan(partner)
    assert session.scalar(select(func.count(MembershipPlan.id))) == MOST_PLANS + 2


@pytest.mark.parametrize(("currency", "least"), [("USD", 50), ("GBP", 30), ("JPY", 50), ("IDR", 1_000_000)])
def test_a_price_is_one_that_a_card_can_pay(people: Cast, currency: str, least: int) -> None:
    partner = people.partner()
    with pytest.raises(DomainError, match="too small"), transaction() as inside:
        offer_plan(inside, partner.actor, replace(DRAFT, price=Money(least - 1, currency)))
    assert a_plan(partner, price=Money(least, currency)).minor == least


def test_a_paid_membership_is_not_cancelled(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    membership = paid_by_bank(session, partner, an_order(member, a_plan(partner)))
    for version in (1, membership.version):
        with pytest.raises(Conflict), transaction() as inside:
            cancel_membership(inside, member.actor, membership.key, version)
    assert state_of(as_it_is(session, membership)) is MembershipState.RUNNING


@pytest.mark.parametrize("who", ["partner", "curator", "operator"])
def test_only_sellers_and_buyers_order(people: Cast, session: Session, who: str) -> None:
    plan = a_plan(people.partner())
    with pytest.raises(NotFound), transaction() as inside:
        order_membership(inside, getattr(people, who)().actor, plan.key, 1)
    assert session.scalar(select(func.count(PaidMembership.id))) == 0


@pytest.mark.parametrize("who", ["buyer", "seller", "curator"])
def test_only_chapters_offer(people: Cast, session: Session, who: str) -> None:
    with pytest.raises(NotFound), transaction() as inside:
        offer_plan(inside, getattr(people, who)().actor, DRAFT)
    assert session.scalar(select(func.count(MembershipPlan.id))) == 0


def test_nothing_is_ordered_by_or_of_a_suspended_organisation(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    with pytest.raises(NotFound), transaction() as inside:
        order_membership(inside, replace(member.actor, is_suspended=True), plan.key, 1)
    with pytest.raises(NotFound), transaction() as inside:
        offer_plan(inside, replace(partner.actor, is_suspended=True), DRAFT)
    with transaction() as inside:
        inside.get_one(Organisation, partner.organisation_id).suspended_at = now()
    assert plans_for(session, member.actor) == []
    with pytest.raises(NotFound), transaction() as inside:
        order_membership(inside, member.actor, plan.key, 1)


def test_a_withdrawn_plan_is_no_longer_ordered(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    with transaction() as inside:
        withdraw_plan(inside, partner.actor, plan.key, 1)
    with pytest.raises(NotFound), transaction() as inside:
        order_membership(inside, member.actor, plan.key, 2)
    for step in (
        lambda inside: withdraw_plan(inside, partner.actor, plan.key, 2),
        lambda inside: change_plan(inside, partner.actor, plan.key, 2, DRAFT),
    ):
        with pytest.raises(Conflict), transaction() as inside:
            step(inside)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "}, {"services": "\u200b"}, {"price": Money(0, "USD")}, {"price": Money(-1, "USD")},
        {"price": Money(10**15, "USD")}, {"months": 0}, {"months": 37}, {"months": -1},
    ],
)  # fmt: skip
def test_a_wrong_plan_is_refused(people: Cast, session: Session, wrong: dict[str, Any]) -> None:
    with pytest.raises(DomainError), transaction() as inside:
        offer_plan(inside, people.partner().actor, replace(DRAFT, **wrong))
    assert session.scalar(select(func.count(MembershipPlan.id))) == 0


@pytest.mark.parametrize("wrong", [{"minor": 0}, {"months": 0}, {"months": 37}, {"minor": -5}])
def test_the_database_keeps_the_bounds(people: Cast, wrong: dict[str, int]) -> None:
    plan = a_plan(people.partner())
    with pytest.raises(IntegrityError), transaction() as inside:
        row = inside.get_one(MembershipPlan, plan.id)
        for name, value in wrong.items():
            setattr(row, name, value)
        inside.flush()


def test_own_chapter_first(people: Cast, session: Session) -> None:
    member = people.seller()
    near, far = people.partner(), people.partner()
    a_plan(near, name="Of another chapter")
    a_plan(far, name="Of our chapter")
    with transaction() as inside:
        inside.add(Attribution(organisation_id=member.organisation_id, chapter_id=far.chapter_id, since=now()))
    assert [row.plan.name for row in plans_for(session, member.actor)] == ["Of our chapter", "Of another chapter"]


def test_each_side_sees_its_own(people: Cast, session: Session) -> None:
    partner, other, member, rival = people.partner(), people.partner(), people.seller(), people.seller()
    membership = an_order(member, a_plan(partner))
    (own,) = memberships_of(session, member.actor, 1).items
    (sold,) = members_of_chapter(session, partner.actor, 1).items
    assert (own.membership.id, sold.membership.id) == (membership.id, membership.id)
    assert own.payment == sold.payment == payment_of(session, membership).key
    assert (own.other, sold.other) == (partner.actor.organisation_name, member.actor.organisation_name)
    for stranger in (rival, other, partner):
        assert memberships_of(session, stranger.actor, 1).items == []
    for stranger in (rival, other, member):
        assert members_of_chapter(session, stranger.actor, 1).items == []


@pytest.mark.parametrize("side", ["chapter", "member"])
def test_an_open_order_closes_with_either_side(people: Cast, session: Session, side: str) -> None:
    partner, member = people.partner(), people.buyer()
    membership, other = an_order(member, a_plan(partner)), an_order(member, a_plan(people.partner()))
    with transaction() as inside:
        erase(inside, (partner if side == "chapter" else member).user_id)
    closed = [membership] if side == "chapter" else [membership, other]
    for one in (membership, other):
        is_closed = one in closed
        assert (as_it_is(session, one).cancelled_at is not None) is is_closed
        assert (payment_of(session, one).state == PaymentState.CANCELLED) is is_closed


def test_a_copy_and_an_erasure(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.seller()
    plan = a_plan(partner)
    membership = paid_by_bank(session, partner, an_order(member, plan))
    unpaid = an_order(member, plan)
    assert export(session, partner.user_id)["plans"][0]["services"] == DRAFT.services
    (first, second) = export(session, member.user_id)["memberships"]
    assert (first["name"], first["price"], first["until"], second["until"]) == (DRAFT.name, "240.00", str(YEAR_ON), "")
    with transaction() as inside:
        erase(inside, member.user_id)
        erase(inside, member.user_id)
    assert export(session, member.user_id) == {"plans": [], "memberships": []}
    assert as_it_is(session, membership).ordered_by_id is None
    with transaction() as inside:
        erase(inside, partner.user_id)
    closed = session.get_one(MembershipPlan, plan.id, populate_existing=True)
    assert (closed.created_by_id, closed.services, closed.withdrawn_at is not None) == (None, "", True)
    assert as_it_is(session, unpaid).services == ""
    assert state_of(as_it_is(session, unpaid)) is MembershipState.CANCELLED
    assert payment_of(session, unpaid).state == PaymentState.CANCELLED
    assert payment_of(session, membership).state == PaymentState.PAID
    assert as_it_is(session, membership).services == DRAFT.services, "what was paid for stays with both sides"
