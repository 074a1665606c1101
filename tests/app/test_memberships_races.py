"""Many hands on one membership: it is ordered once, and cancelled or paid, never both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen
from marketplace.kernel.uow import transaction
from marketplace.memberships import services
from marketplace.memberships.jobs import clock
from marketplace.memberships.models import PaidMembership
from marketplace.memberships.queries import held_with
from marketplace.memberships.services import begin_membership, order_membership, withdraw_plan
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.payments.models import Payment, Posting
from marketplace.payments.rules import PaymentState
from marketplace.payments.services import confirm_bank_transfer
from tests.app.test_quotes_races import browser
from tests.support.members import a_plan, an_order
from tests.support.people import Cast, guards
from tests.support.racing import HANDS, ROUNDS, all_at_once, statuses

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_many_hands_order_one(app: Flask, people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    for number in range(1, ROUNDS + 1):
        plan = a_plan(partner, name=f"Plan {number}")
        presses = []
        for _hand in range(HANDS):
            hand = browser(app, member)
            data = {**guards(hand, "/memberships"), "version": "1"}
            presses.append(
                lambda hand=hand, data=data, key=plan.key: hand.post(f"/memberships/plans/{key}/order", data=data)
            )
        session.rollback()
        answers = all_at_once(presses)
        assert set(statuses(answers)) == {303}
        assert len({one.location for one in answers}) == 1
        session.rollback()
        assert session.scalar(select(func.count(PaidMembership.id))) == number
        assert session.scalar(select(func.count(Payment.id))) == number


def test_cancelled_or_paid(app: Flask, people: Cast, session: Session) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    membership = an_order(member, plan)
    due = f"/payments/{session.scalars(select(Payment.key)).one()}"
    presses = []
    for number in range(HANDS):
        person, page, path = (
            (partner, due, f"{due}/received")
            if number % 2
            else (member, "/memberships", f"/memberships/{membership.key}/cancel")
        )
        hand = browser(app, person)
        data = {**guards(hand, page), "version": "1"}
        presses.append(lambda hand=hand, path=path, data=data: hand.post(path, data=data))
    session.rollback()
    found = statuses(all_at_once(presses))
    assert set(found) == {303, 409}, found
    assert found[303] == 1
    session.rollback()
    row, payment = session.scalars(select(PaidMembership)).one(), session.scalars(select(Payment)).one()
    is_paid = payment.state == PaymentState.PAID
    assert (row.begins_on is not None, row.cancelled_at is None) == (is_paid, is_paid)
    assert session.scalar(select(func.coalesce(func.sum(Posting.minor), 0))) == 0
    with transaction() as inside:
        again = order_membership(inside, member.actor, plan.key, 1)[0]
    assert again.id != row.id


def test_an_order_that_is_paid_while_the_clock_looks_is_not_called_outdated(
    people: Cast, session: Session, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, member = people.partner(), people.buyer()
    plan = a_plan(partner)
    order = an_order(member, plan)
    with transaction() as inside:
        withdraw_plan(inside, partner.actor, plan.key, 1)

    def paid_just_before(inside: Session, key: str) -> Sequence[PaidMembership]:
        monkeypatch.setattr(services, "held_with", held_with)
        confirm_bank_transfer(inside, partner.actor, inside.scalars(select(Payment)).one())
        begin_membership(inside, key)
        return held_with(inside, key)

    monkeypatch.setattr(services, "held_with", paid_just_before)
    with frozen(moment + timedelta(days=31)):
        clock()
    session.rollback()
    row = session.get_one(PaidMembership, order.id, populate_existing=True)
    assert (row.begins_on is not None, row.cancelled_at) == (True, None)
    told = set(session.scalars(select(Notice.kind).where(Notice.user_id == member.user_id)))
    assert Kind.MEMBERSHIP_BEGUN in told
    assert Kind.MEMBERSHIP_OUTDATED not in told
