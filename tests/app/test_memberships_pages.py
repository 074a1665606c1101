"""Pages of memberships: who sees and does what, a click acts once, and nothing on the market depends on one."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.jobs import run_due
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.services import matches_for_text
from marketplace.memberships.jobs import clock
from marketplace.memberships.models import MembershipPlan, PaidMembership
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.payments.models import Payment
from marketplace.payments.services import ask_refund
from marketplace.sellers.models import Seller
from marketplace.wiring import cache
from tests.app.test_fairs import HOSTILE
from tests.app.test_matchmaking import sugar
from tests.support.indexing import change
from tests.support.members import a_plan, an_order, as_it_is, paid_by_bank, takes_cards
from tests.support.people import Cast, Person, guards

pytestmark = pytest.mark.usefixtures("app", "moment")
PROMISE = "It changes no place in lists, no badge and no check."
SHEET = {
    "name": "Photos and translation", "services": "Ten product photos.\nTheir texts in German.", "language": "en",
    "price": "240.00", "currency": "USD", "months": "12",
}  # fmt: skip
PLANS, OWN = "/partner/memberships", "/memberships"


def page(person: Person, path: str) -> str:
    answer = person.client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def _plain(answer: Any, key: str) -> str:
    """The page without what differs from showing to showing."""
    return re.sub(r'value="[\w.-]{20,}"|<code>\w+</code>', "", answer.get_data(as_text=True)).replace(key, "")


def plans(session: Session) -> list[MembershipPlan]:
    session.rollback()
    return list(
        session.scalars(select(MembershipPlan).order_by(MembershipPlan.id).execution_options(populate_existing=True))
    )


def ordered(session: Session) -> list[PaidMembership]:
    session.rollback()
    return list(
        session.scalars(select(PaidMembership).order_by(PaidMembership.id).execution_options(populate_existing=True))
    )


def notices(session: Session, kind: Kind) -> list[Notice]:
    session.rollback()
    return list(session.scalars(select(Notice).where(Notice.kind == kind)))


def test_the_whole_way(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.seller(locale="en")
    assert "No memberships yet" in page(partner, PLANS)
    assert "No chapter offers a membership at the moment" in page(member, OWN)
    assert partner.post(f"{PLANS}/new", SHEET, page=f"{PLANS}/new").location == PLANS
    (plan,) = plans(session)
    assert (plan.minor, plan.currency, plan.months, plan.services) == (24_000, "USD", 12, SHEET["services"])
    offered = page(member, OWN)
    for part in ("Photos and translation", "$240.00", "12 months", partner.actor.organisation_name, 'lang="en"'):
        assert part in offered
    answer = member.post(f"{OWN}/plans/{plan.key}/order", {"version": "1"}, page=OWN)
    (membership,) = ordered(session)
    payment = session.scalars(select(Payment)).one()
    assert (answer.status_code, answer.location) == (303, f"/payments/{payment.key}")
    assert "To be paid" in page(member, OWN)
    assert f"/payments/{payment.key}" in page(member, OWN)
    bill = page(member, answer.location)
    for part in (PROMISE, "$240.00", "The chapter has no confirmed bank details yet."):
        assert part in bill
    assert "The seller" not in bill
    assert member.actor.organisation_name in page(partner, PLANS)
    assert partner.post(f"{answer.location}/received", page=answer.location).status_code == 303
    shown = page(member, OWN)
    assert "Running" in shown
    assert "From 22 Nov 2026 to 21 Nov 2027" in shown
    sold = page(partner, PLANS)
    assert "Running" in sold
    assert "21 Nov 2027" in sold
    statement = page(partner, "/payments/statement")
    assert "Own income" in statement
    assert "You owe" not in statement
    assert "The whole amount has arrived." in page(partner, answer.location)
    (begun,), (told,) = notices(session, Kind.MEMBERSHIP_BEGUN), notices(session, Kind.MEMBERSHIP_SOLD)
    assert (begun.user_id, told.user_id) == (member.user_id, partner.user_id)
    assert "It runs from 22 Nov 2026 to 21 Nov 2027." in page(member, "/notices")
    for other in (Kind.PAYMENT_PAID, Kind.PAYMENT_RECEIPT, Kind.CARD_PAID):
        assert notices(session, other) == []


def test_the_promise_stands_on_every_page(people: Cast) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    for person, path in (
        (partner, PLANS),
        (partner, f"{PLANS}/new"),
        (partner, f"{PLANS}/{plan.key}/edit"),
        (member, OWN),
    ):
        assert PROMISE in page(person, path)


def test_a_card_page_is_offered_where_the_chapter_takes_cards(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    takes_cards(partner)
    an_order(member, plan)
    payment = session.scalars(select(Payment)).one()
    assert payment.settlement_account_id is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "x" * 81}, {"services": ""}, {"services": "x" * 501}, {"services": "\u200b"},
        {"language": "xx"}, {"price": "0"}, {"price": "-5"}, {"price": "free"}, {"price": "EUR 5"}, {"price": "1e309"},
        {"price": "99999999999"}, {"currency": "XXX"}, {"months": "0"}, {"months": "37"}, {"months": "a year"},
        {"months": ""}, {"price": "0.001"},
    ],
)  # fmt: skip
def test_a_wrong_sheet_is_refused_and_keeps_what_was_typed(
    people: Cast, session: Session, wrong: dict[str, Any]
) -> None:
    partner = people.partner()
    answer = partner.post(f"{PLANS}/new", {**SHEET, "name": "Kept words", **wrong}, page=f"{PLANS}/new")
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'role="alert"' in html or "has-error" in html
    assert "name" in wrong or 'value="Kept words"' in html
    assert plans(session) == []


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_words_are_words(people: Cast, session: Session, typed: str) -> None:
    partner, member = people.partner(), people.buyer()
    partner.post(f"{PLANS}/new", {**SHEET, "name": typed[:80], "services": typed[:500]}, page=f"{PLANS}/new")
    for plan in plans(session):
        an_order(member, plan)
        for person, path in (
            (member, OWN),
            (partner, PLANS),
            (partner, f"{PLANS}/{plan.key}/edit"),
            (member, "/payments"),
        ):
            assert "<script>alert" not in page(person, path)
    for wild in (typed, typed * 3):
        assert member.post(f"{OWN}/plans/{wild[:60].replace('/', '')}/order", {"version": wild}).status_code in {
            404,
            405,
        }
        assert member.client.get(OWN, query_string={"page": wild}).status_code in {200, 404}


def test_a_price_in_rupiah_has_its_many_digits(people: Cast, session: Session) -> None:
    partner = people.partner()
    sheet = {**SHEET, "price": "4.500.000", "currency": "IDR"}
    assert partner.post(f"{PLANS}/new", sheet, page=f"{PLANS}/new").status_code == 303
    (plan,) = plans(session)
    assert (plan.minor, plan.currency) == (450_000_000, "IDR")
    edit = f"{PLANS}/{plan.key}/edit"
    assert 'value="4500000.00"' in page(partner, edit), "and is read back as it stands there"
    sheet = {**sheet, "price": "4500000.00", "version": "1", "name": "Photos only"}
    assert partner.post(edit, sheet, page=edit).status_code == 303
    assert [(one.minor, one.name) for one in plans(session)] == [(450_000_000, "Photos only")]


def test_two_clicks_and_two_colleagues_order_one(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    data = {**guards(member.client, OWN), "version": "1"}
    address = f"{OWN}/plans/{plan.key}/order"
    first, again = (member.client.post(address, data=data) for _click in range(2))
    colleague = member.post(address, {"version": "1"}, page=OWN)
    assert {first.location, again.location, colleague.location} == {first.location}
    assert len(ordered(session)) == 1


def test_a_stale_page_orders_changes_and_cancels_nothing(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    edit = f"{PLANS}/{plan.key}/edit"
    assert partner.post(edit, {**SHEET, "price": "99", "version": "1"}, page=edit).status_code == 303
    stale = partner.post(edit, {**SHEET, "name": "Mine", "version": "1"}, page=edit)
    assert stale.status_code == 409
    html = stale.get_data(as_text=True)
    assert "Mine" in html, "what was typed stays"
    assert "What it says now" in html
    assert "$99.00" in html
    assert re.search(r'name="version"[^>]*value="(\d+)"', html).group(1) == "2"  # type: ignore[union-attr]
    assert partner.post(f"{PLANS}/{plan.key}/withdraw", {"version": "1"}, page=edit).status_code == 409
    for version in ("1", "", "x", "-2", "9" * 30):
        assert member.post(f"{OWN}/plans/{plan.key}/order", {"version": version}, page=OWN).status_code == 409
    assert ordered(session) == []
    membership = an_order(member, plan, version=2)
    cancel = f"{OWN}/{membership.key}/cancel"
    assert member.post(cancel, {"version": "7"}, page=OWN).status_code == 409
    paid_by_bank(session, partner, membership)
    assert member.post(cancel, {"version": "1"}, page=OWN).status_code == 409
    assert as_it_is(session, membership).cancelled_at is None


def test_an_order_is_cancelled(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    membership = an_order(member, plan)
    assert member.post(f"{OWN}/{membership.key}/cancel", {"version": "1"}, page=OWN).location == OWN
    assert "Cancelled" in page(member, OWN)
    assert "Cancelled" in page(partner, PLANS)
    payment = session.scalars(select(Payment).execution_options(populate_existing=True)).one()
    assert payment.state == "cancelled"
    assert partner.post(f"/payments/{payment.key}/received", page="/account/sessions").status_code == 409
    assert an_order(member, plan).id != membership.id


def test_a_stale_form_is_saved_when_it_was_read_again(people: Cast, session: Session) -> None:
    partner = people.partner()
    plan = a_plan(partner)
    edit = f"{PLANS}/{plan.key}/edit"
    partner.post(edit, {**SHEET, "price": "99", "version": "1"}, page=edit)
    stale = partner.post(edit, {**SHEET, "name": "Mine", "version": "1"}, page=edit).get_data(as_text=True)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', stale.partition("withdraw")[0]))
    shown = re.search(r'name="version"[^>]*value="(\d+)"', stale).group(1)  # type: ignore[union-attr]
    again = partner.client.post(edit, data={**SHEET, **fields, "name": "Mine", "version": shown})
    assert again.status_code == 303
    assert [one.name for one in plans(session)] == ["Mine"]


def test_the_chapter_takes_an_order_back_on_its_page(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    membership = an_order(member, a_plan(partner))
    path = f"{OWN}/{membership.key}/cancel"
    assert path in page(partner, PLANS)
    assert people.partner().post(path, {"version": "1"}, page=f"{PLANS}/new").status_code == 404
    assert partner.post(path, {"version": "9"}, page=PLANS).status_code == 409
    assert partner.post(path, {"version": "1"}, page=PLANS).location == PLANS
    assert ordered(session)[0].cancelled_at is not None
    assert path not in page(partner, PLANS)


def test_others_know_nothing_of_it(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.seller()
    plan = a_plan(partner)
    membership = an_order(member, plan)
    payment = session.scalars(select(Payment)).one()
    other, rival = people.partner(), people.seller()
    missing, hidden = (other.client.get(f"{PLANS}/{key}/edit") for key in ("nosuchplan", plan.key))
    assert (hidden.status_code, _plain(hidden, plan.key)) == (404, _plain(missing, "nosuchplan"))
    for verb in ("edit", "withdraw"):
        assert other.post(f"{PLANS}/{plan.key}/{verb}", {**SHEET, "version": "1"}).status_code == 404
    assert member.actor.organisation_name not in page(other, PLANS)
    assert rival.post(f"{OWN}/{membership.key}/cancel", {"version": "1"}).status_code == 404
    assert rival.client.get(f"/payments/{payment.key}").status_code == 404
    assert payment.key not in page(rival, OWN)
    for person, path in ((partner, OWN), (member, PLANS), (people.buyer(), PLANS), (people.curator(), OWN)):
        assert person.client.get(path).status_code in {403, 404}
    assert partner.post(f"{OWN}/plans/{plan.key}/order", {"version": "1"}).status_code in {403, 404}
    assert len(ordered(session)) == 1
    assert [one.withdrawn_at for one in plans(session)] == [None]


def test_a_withdrawn_plan_leaves_the_list(people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    membership = paid_by_bank(session, partner, an_order(member, plan))
    edit = f"{PLANS}/{plan.key}/edit"
    assert partner.post(f"{PLANS}/{plan.key}/withdraw", {"version": "1"}, page=edit).location == PLANS
    assert member.post(f"{OWN}/plans/{plan.key}/order", {"version": "2"}, page=OWN).status_code == 404
    assert partner.post(edit, {**SHEET, "version": "2"}, page=PLANS + "/new").status_code == 409
    shown = page(member, OWN)
    assert "No chapter offers a membership at the moment" in shown
    assert membership.name in shown, "who has it keeps it"


def test_members_are_told_once_before_the_end(people: Cast, session: Session, moment: datetime) -> None:
    partner, member, early = people.partner(), people.buyer(), people.buyer()
    plan = a_plan(partner, months=1)
    for person in (member, early):
        paid_by_bank(session, partner, an_order(person, plan))
    paid_by_bank(session, partner, an_order(early, plan))  # the next one is paid already
    ends = date(2026, 12, 21)
    for day, count in ((14, 0), (15, 1), (16, 1), (29, 1), (30, 1)):
        with frozen(moment + timedelta(days=day)):
            clock()
            clock()
        assert len(notices(session, Kind.MEMBERSHIP_ENDING)) == count, day
    (told,) = notices(session, Kind.MEMBERSHIP_ENDING)
    assert (told.user_id, told.context["date"]) == (member.user_id, str(ends))


def test_who_gets_the_next_one_back_is_told_then(people: Cast, session: Session, moment: datetime) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner, months=1)
    first, second = (paid_by_bank(session, partner, an_order(member, plan)) for _number in range(2))
    with frozen(moment + timedelta(days=20)):
        clock()
        assert notices(session, Kind.MEMBERSHIP_ENDING) == []
        with transaction() as inside:
            row = inside.scalars(select(Payment).where(Payment.about == second.about)).one()
            ask_refund(inside, partner.actor, row, Money(plan.minor, "USD"), "moved away", left=plan.minor)
        clock()
        clock()
    assert [one.context["date"] for one in notices(session, Kind.MEMBERSHIP_ENDING)] == [str(first.ends_on)]


def test_nobody_is_told_of_what_was_given_back(people: Cast, session: Session, moment: datetime) -> None:
    partner, member = people.partner(), people.buyer()
    membership = paid_by_bank(session, partner, an_order(member, a_plan(partner, months=1)))
    with transaction() as inside:
        inside.get_one(PaidMembership, membership.id).ended_at = now()
    with frozen(moment + timedelta(days=20)):
        clock()
    assert notices(session, Kind.MEMBERSHIP_ENDING) == []


def test_nothing_on_the_market_depends_on_one(app: Flask, people: Cast, session: Session) -> None:
    """Lists, matches and pages are the same bytes before, while and after a seller and a buyer have one."""
    partner, buyer, sellers = people.partner(), people.buyer(), [people.seller() for _number in range(3)]
    goods = [sugar(one) for one in sellers]
    run_due()
    slug = session.get_one(Seller, sellers[-1].seller_id).slug
    address = session.get_one(Product, goods[-1]).slug
    paths = (
        "/", "/products", "/products?q=coconut+sugar", "/products?q=gula+kelapa&sort=newest", "/sellers",
        f"/sellers/{slug}", f"/products/{address}",
    )  # fmt: skip

    def seen() -> list[tuple[object, ...]]:
        session.rollback()
        shown: list[tuple[object, ...]] = []
        for path in paths:
            app.extensions["cache"][cache].clear()
            answer = app.test_client().get(path)
            shown.append((path, answer.status_code, answer.data))
        profile, found = matches_for_text(session, "2 t organic coconut sugar to Hamburg", "en", today())
        return [*shown, ("match", repr(profile), repr(found))]

    before = seen()
    assert all(status == 200 for _path, status, _data in before[:-1])
    assert slug.encode() in before[-3][2], "the page names the seller"  # type: ignore[operator]  # bytes of a page
    plan = a_plan(partner)
    ordered_ones = [an_order(member, plan) for member in (sellers[-1], buyer)]
    assert seen() == before
    for one in ordered_ones:
        paid_by_bank(session, partner, one)
    run_due()
    assert seen() == before
    with transaction() as inside:
        for one in ordered_ones:
            inside.get_one(PaidMembership, one.id).ended_at = now()
    assert seen() == before
    change(session.get_one(Product, goods[-1]), lead_time_days=77)
    run_due()
    assert seen() != before, "what a buyer has to know does change the pages"
