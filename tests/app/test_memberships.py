"""Memberships: offered by chapters, ordered by sellers and buyers, begun and ended by their money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.memberships.jobs import clock
from marketplace.memberships.models import MembershipPlan, PaidMembership
from marketplace.memberships.personal_data import erase, export
from marketplace.memberships.queries import last_day_of, members_of_chapter, memberships_of, plans_for, state_of
from marketplace.memberships.rules import MOST_PLANS, EndedWhy, MembershipState
from marketplace.memberships.services import cancel_membership, change_plan, offer_plan, order_membership, withdraw_plan
from marketplace.notifications.composing import spoken
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.partners.models import Attribution
from marketplace.payments.doors import use_gateway
from marketplace.payments.gateway import SignedEvent
from marketplace.payments.models import Payment, Refund
from marketplace.payments.queries import creditors
from marketplace.payments.rules import PaymentState
from marketplace.payments.services import ask_refund, keep_event
from marketplace.payments.stripe_gateway import StripeGateway
from tests.support.members import DRAFT, a_plan, an_order, as_it_is, ordered_by_card, paid_by_bank
from tests.support.payments import ACCOUNT, Scene, dispute_object, refund_object, session_object, sums, work
from tests.support.people import Cast
from tests.support.stripe_double import SECRET_KEY, WEBHOOK_SECRET, stripe_double

pytestmark = pytest.mark.usefixtures("app", "moment")
PRICE = DRAFT.price.minor
TODAY = date(2026, 11, 22)
YEAR_ON = date(2027, 11, 21)


@pytest.fixture(autouse=True)
def double(app: Flask) -> Iterator[None]:
    with stripe_double() as made:
        use_gateway(StripeGateway(SECRET_KEY, WEBHOOK_SECRET, made.url))
        yield


def payment_of(session: Session, membership: PaidMembership) -> Payment:
    query = select(Payment).where(Payment.about == membership.about)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def tell(kind: str, content: dict[str, Any], ids: tuple[str, ...] = ("a", "a", "b")) -> None:
    """What the card company says, said again under the same id and another; its signature is checked elsewhere."""
    for letter in ids:
        event = SignedEvent(f"evt_{kind}_{content['id']}_{letter}", kind, ACCOUNT, now(), False, content)
        with transaction() as session:
            keep_event(session, event)
        work()


def is_paid(scene: Scene, ids: tuple[str, ...] = ("a", "a", "b")) -> None:
    tell("checkout.session.completed", session_object(scene, "cs_1", PRICE), ids)


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
