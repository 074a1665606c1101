"""Memberships: offered by chapters, ordered by sellers and buyers, begun and ended by their money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import frozen
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.memberships.jobs import clock
from marketplace.memberships.models import MembershipPlan, PaidMembership
from marketplace.memberships.queries import last_day_of, members_of_chapter, memberships_of, state_of
from marketplace.memberships.rules import EndedWhy, MembershipState
from marketplace.memberships.services import cancel_membership, change_plan, order_membership, withdraw_plan
from marketplace.notifications.composing import spoken
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.payments.models import Payment, Refund
from marketplace.payments.queries import creditors
from marketplace.payments.rules import PaymentState
from marketplace.payments.services import ask_refund
from tests.support.members import (
    DRAFT,
    PRICE,
    TODAY,
    YEAR_ON,
    a_plan,
    an_order,
    as_it_is,
    is_paid,
    ordered_by_card,
    paid_by_bank,
    payment_of,
    tell,
)
from tests.support.payments import dispute_object, refund_object, sums
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment", "double")


def test_what_was_ordered_keeps_its_words_and_price(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.seller()
    plan = a_plan(partner)
    membership = an_order(member, plan)
    with transaction() as inside:
        new = replace(DRAFT, name="Photos only", services="Five photos.", price=Money(9_900, "EUR"), months=6)
        change_plan(inside, partner.actor, plan.key, 1, new)
    with transaction() as inside:
        withdraw_plan(inside, partner.actor, plan.key, 2)
    kept = as_it_is(session, membership)
    assert (kept.name, kept.services, kept.minor, kept.currency, kept.months) == (
        DRAFT.name, DRAFT.services, PRICE, "USD", 12,
    )  # fmt: skip
    payment = payment_of(session, kept)
    assert (payment.minor, payment.currency, payment.description) == (PRICE, "USD", DRAFT.name)
    assert (payment.payer_id, payment.payee_id) == (member.organisation_id, partner.organisation_id)
    assert state_of(paid_by_bank(session, partner, membership)) is MembershipState.RUNNING


def test_two_orders_of_one_plan_are_one_until_it_is_paid(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    first = an_order(member, plan)
    with transaction() as inside:
        change_plan(inside, partner.actor, plan.key, 1, replace(DRAFT, price=Money(100, "USD")))
    assert an_order(member, plan, version=1).id == first.id
    assert an_order(member, plan, version=2).id == first.id
    assert an_order(people.buyer(), plan, version=2).id != first.id
    paid_by_bank(session, partner, first)
    assert an_order(member, plan, version=2).id != first.id
    assert session.scalar(select(func.count(Payment.id))) == 3


def test_who_orders_orders_what_they_read(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    with transaction() as inside:
        change_plan(inside, partner.actor, plan.key, 1, replace(DRAFT, price=Money(99_000, "USD")))
    for version in (1, 0, -1, 3):
        with pytest.raises(Conflict), transaction() as inside:
            order_membership(inside, member.actor, plan.key, version)
    assert session.scalar(select(func.count(PaidMembership.id))) == 0
    assert an_order(member, plan, version=2).minor == 99_000


def test_a_membership_that_follows_begins_the_day_after(people: Cast, session: Session, moment: datetime) -> None:
    partner, member, other = people.partner(), people.seller(), people.seller()
    plan, elsewhere = a_plan(partner), a_plan(partner, name="Fair package")
    first = paid_by_bank(session, partner, an_order(member, plan))
    second = paid_by_bank(session, partner, an_order(member, plan))
    third = paid_by_bank(session, partner, an_order(member, plan))
    assert (first.begins_on, first.ends_on) == (TODAY, YEAR_ON)
    assert (second.begins_on, second.ends_on) == (date(2027, 11, 22), date(2028, 11, 21))
    assert third.begins_on == date(2028, 11, 22)
    assert [state_of(one) for one in (first, second)] == [MembershipState.RUNNING, MembershipState.AHEAD]
    for one in (paid_by_bank(session, partner, an_order(member, elsewhere)), an_order(other, plan)):
        assert as_it_is(session, one).begins_on in {None, TODAY}
    assert paid_by_bank(session, partner, an_order(other, elsewhere)).begins_on == TODAY
    with frozen(moment + timedelta(days=365)):
        assert [state_of(one) for one in (first, second)] == [MembershipState.OVER, MembershipState.RUNNING]


def test_a_gap_is_not_paid_for(people: Cast, session: Session, moment: datetime) -> None:
    partner, member = people.partner(), people.seller()
    plan = a_plan(partner, months=1)
    paid_by_bank(session, partner, an_order(member, plan))
    with frozen(moment + timedelta(days=60)):
        late = paid_by_bank(session, partner, an_order(member, plan))
        assert late.begins_on == TODAY + timedelta(days=60)


def test_a_card_pays_it_once(people: Cast, session: Session) -> None:
    scene, membership = ordered_by_card(people, session)
    is_paid(scene)
    begun = as_it_is(session, membership)
    assert (begun.begins_on, begun.ends_on, begun.version) == (TODAY, YEAR_ON, 2)
    assert sums(session) == {
        ("held", scene.partner.organisation_id): PRICE,
        ("owed", scene.partner.organisation_id): -PRICE,
    }
    assert creditors(session, scene.partner.organisation_id) == [], "a chapter owes its own income to nobody"


def test_a_bank_transfer_books_the_same(people: Cast, session: Session) -> None:
    partner = people.partner()
    paid_by_bank(session, partner, an_order(people.buyer(), a_plan(partner)))
    assert sums(session) == {("held", partner.organisation_id): PRICE, ("owed", partner.organisation_id): -PRICE}
    assert creditors(session, partner.organisation_id) == []


def test_it_ends_when_the_whole_price_goes_back(people: Cast, session: Session, moment: datetime) -> None:
    scene, membership = ordered_by_card(people, session)
    is_paid(scene)
    with frozen(moment + timedelta(days=30)):
        tell("refund.created", refund_object(scene, "re_1", PRICE - 1))
        assert state_of(as_it_is(session, membership)) is MembershipState.RUNNING, "a part changes nothing"
        tell("refund.created", refund_object(scene, "re_2", 1))
        ended = as_it_is(session, membership)
        assert (state_of(ended), ended.ended_why) == (MembershipState.GIVEN_BACK, EndedWhy.GIVEN_BACK)
        assert last_day_of(ended) == TODAY + timedelta(days=30)
    assert sums(session) == {}
    with frozen(moment + timedelta(days=31)):
        tell("refund.updated", refund_object(scene, "re_2", 1))
        assert last_day_of(as_it_is(session, membership)) == TODAY + timedelta(days=30)
        next_one = paid_by_bank(
            session, scene.partner, an_order(scene.buyer, session.scalars(select(MembershipPlan)).one())
        )
        assert next_one.begins_on == TODAY + timedelta(days=31), "what was given back holds nothing up"


@pytest.mark.parametrize(("word", "state"), [("lost", MembershipState.GIVEN_BACK), ("won", MembershipState.RUNNING)])
def test_a_dispute_ends_it_when_it_is_lost(people: Cast, session: Session, word: str, state: MembershipState) -> None:
    scene, membership = ordered_by_card(people, session)
    is_paid(scene)
    tell("charge.dispute.created", dispute_object(scene, "dp_1", PRICE, "needs_response"))
    assert state_of(as_it_is(session, membership)) is MembershipState.RUNNING, "it runs on while the bank looks"
    tell("charge.dispute.closed", dispute_object(scene, "dp_1", PRICE, word))
    ended = as_it_is(session, membership)
    assert state_of(ended) is state
    assert ended.ended_why == (EndedWhy.TAKEN_BACK if word == "lost" else "")


def test_the_end_is_the_same_in_every_order(people: Cast, session: Session) -> None:
    """A bank that decides for the chapter gives back nothing that the chapter itself gave back while it looked."""
    scene, membership = ordered_by_card(people, session)
    is_paid(scene)
    tell("charge.dispute.created", dispute_object(scene, "dp_1", PRICE, "needs_response"))
    tell("refund.created", refund_object(scene, "re_1", PRICE))
    assert state_of(as_it_is(session, membership)) is MembershipState.RUNNING, "the bank has not decided"
    tell("charge.dispute.closed", dispute_object(scene, "dp_1", PRICE, "won"))
    assert payment_of(session, membership).state == PaymentState.REFUNDED
    ended = as_it_is(session, membership)
    assert (state_of(ended), ended.ended_why) == (MembershipState.GIVEN_BACK, EndedWhy.GIVEN_BACK)


@pytest.mark.parametrize(("given_back", "is_over"), [(0, False), (PRICE - 101, False), (PRICE - 100, True)])
def test_a_part_that_the_bank_took_ends_it_with_the_rest(
    people: Cast, session: Session, given_back: int, is_over: bool
) -> None:
    scene, membership = ordered_by_card(people, session)
    is_paid(scene)
    if given_back:
        tell("refund.created", refund_object(scene, "re_1", given_back))
    tell("charge.dispute.created", dispute_object(scene, "dp_1", 100, "needs_response"))
    tell("charge.dispute.closed", dispute_object(scene, "dp_1", 100, "lost"))
    assert payment_of(session, membership).state == PaymentState.CHARGED_BACK
    assert (as_it_is(session, membership).ended_why == EndedWhy.TAKEN_BACK) is is_over
    if not is_over:  # and the rest in a second step
        left = PRICE - 100 - given_back
        tell("refund.created", refund_object(scene, "re_2", left))
        assert as_it_is(session, membership).ended_why == EndedWhy.TAKEN_BACK


def test_what_is_behind_a_gap_holds_nothing_up(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.seller()
    plan = a_plan(partner)
    first, second = (paid_by_bank(session, partner, an_order(member, plan)) for _number in range(2))
    with transaction() as inside:
        ask_refund(inside, partner.actor, payment_of(inside, first), Money(PRICE, "USD"), "other photos", left=PRICE)
    third = paid_by_bank(session, partner, an_order(member, plan))
    assert (third.begins_on, third.ends_on) == (TODAY, YEAR_ON)
    assert as_it_is(session, second).begins_on == date(2027, 11, 22), "days that were told stay"
    assert paid_by_bank(session, partner, an_order(member, plan)).begins_on == date(2028, 11, 22)


def test_what_lies_ahead_or_is_over(people: Cast, session: Session, moment: datetime) -> None:
    scene, first = ordered_by_card(people, session)
    is_paid(scene)
    plan = session.scalars(select(MembershipPlan)).one()
    ahead = paid_by_bank(session, scene.partner, an_order(scene.buyer, plan))
    with transaction() as inside:
        row = inside.scalars(select(Payment).where(Payment.about == ahead.about)).one()
        ask_refund(inside, scene.partner.actor, row, Money(PRICE, "USD"), "moved away", left=PRICE)
    assert state_of(as_it_is(session, ahead)) is MembershipState.GIVEN_BACK
    assert last_day_of(as_it_is(session, ahead)) == TODAY, "it never began"
    with frozen(moment + timedelta(days=400)):
        tell("refund.created", refund_object(scene, "re_1", PRICE))
        late = as_it_is(session, first)
        assert (state_of(late), late.ended_at) == (MembershipState.OVER, None), "what is over stays over"


def test_an_order_is_cancelled_until_it_is_paid(people: Cast, session: Session) -> None:
    scene, membership = ordered_by_card(people, session)
    other = people.buyer()
    strangers = ((person, 1, NotFound) for person in (other, people.partner(), people.curator()))
    for person, version, fault in (*strangers, (scene.buyer, 2, Conflict), (scene.partner, 2, Conflict)):
        with pytest.raises(fault), transaction() as inside:
            cancel_membership(inside, person.actor, membership.key, version)
    with transaction() as inside:
        cancel_membership(inside, scene.buyer.actor, membership.key, 1)
    assert state_of(as_it_is(session, membership)) is MembershipState.CANCELLED
    assert payment_of(session, membership).state == PaymentState.CANCELLED
    with pytest.raises(Conflict), transaction() as inside:
        cancel_membership(inside, scene.buyer.actor, membership.key, 2)
    is_paid(scene, ("a", "a"))  # on a card page that was open still
    assert state_of(as_it_is(session, membership)) is MembershipState.CANCELLED, "what was cancelled never begins"
    assert [one.minor for one in session.scalars(select(Refund))] == [PRICE], "it goes back by itself"
    taken_back = select(Notice.id).where(Notice.kind == Kind.MEMBERSHIP_TAKEN_BACK)
    assert session.scalar(taken_back) is None, "who cancels it themselves knows"
    told = session.scalars(select(Notice).where(Notice.kind == Kind.MEMBERSHIP_PAID_LATE)).all()
    assert sorted(one.user_id for one in told) == sorted((scene.buyer.user_id, scene.partner.user_id))


def test_the_chapter_takes_an_unpaid_order_back(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    membership = an_order(member, plan)
    with transaction() as inside:
        cancel_membership(inside, partner.actor, membership.key, 1)
    assert state_of(as_it_is(session, membership)) is MembershipState.CANCELLED
    assert payment_of(session, membership).state == PaymentState.CANCELLED
    (told,) = session.scalars(select(Notice).where(Notice.kind == Kind.MEMBERSHIP_TAKEN_BACK)).all()
    assert (told.user_id, told.href, told.channel) == (member.user_id, "/memberships", "mail")
    with speaking("en"):
        said = spoken(told, "en")
    assert said.subject == f"Your order was taken back: {membership.name}"
    assert session.get_one(Organisation, partner.organisation_id).name in said.line
    assert "Nothing is to be paid" in said.line
    paid = paid_by_bank(session, partner, an_order(member, plan))
    with pytest.raises(Conflict), transaction() as inside:
        cancel_membership(inside, partner.actor, paid.key, paid.version)


def test_an_outdated_order_does_not_wait_for_ever(people: Cast, session: Session, moment: datetime) -> None:
    partner, member = people.partner(), people.buyer()
    withdrawn, dearer, renamed, same = (a_plan(partner, name=f"Plan {number}") for number in range(4))
    orders = [an_order(member, plan) for plan in (withdrawn, dearer, renamed, same)]
    paid = paid_by_bank(session, partner, an_order(people.seller(), withdrawn))
    with transaction() as inside:
        withdraw_plan(inside, partner.actor, withdrawn.key, 1)
        change_plan(inside, partner.actor, dearer.key, 1, replace(DRAFT, price=Money(PRICE + 1, "USD")))
        change_plan(inside, partner.actor, renamed.key, 1, replace(DRAFT, name="Other words"))
    for days, gone in ((30, 0), (31, 2), (400, 2)):
        with frozen(moment + timedelta(days=days)):
            clock()
            clock()
        states = [state_of(as_it_is(session, one)) for one in orders]
        assert states == [MembershipState.CANCELLED] * gone + [MembershipState.ORDERED] * (4 - gone), days
    assert [payment_of(session, one).state for one in orders] == ["cancelled", "cancelled", "due", "due"]
    assert as_it_is(session, paid).cancelled_at is None
    told = session.scalars(select(Notice).where(Notice.kind == Kind.MEMBERSHIP_OUTDATED)).all()
    assert [one.user_id for one in told] == [member.user_id] * 2
    assert {one.context["product"] for one in told} == {"Plan 0", "Plan 1"}


def test_both_sides_see_that_a_refund_failed(people: Cast, session: Session) -> None:
    scene, membership = ordered_by_card(people, session)
    is_paid(scene)
    tell("refund.created", refund_object(scene, "re_1", PRICE))
    sides = ((memberships_of, scene.buyer, "/memberships"), (members_of_chapter, scene.partner, "/partner/memberships"))
    for is_failed in (False, True):
        if is_failed:
            tell("refund.failed", refund_object(scene, "re_1", PRICE, "failed"))
        session.rollback()
        for rows, person, path in sides:
            assert [one.is_unsettled for one in rows(session, person.actor, 1).items] == [is_failed]
            assert ("The bank could not credit" in person.client.get(path).text) is is_failed
    assert state_of(as_it_is(session, membership)) is MembershipState.GIVEN_BACK
