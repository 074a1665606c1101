"""Many hands on one membership: it is ordered once, and cancelled or paid, never both."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.uow import transaction
from marketplace.memberships.models import PaidMembership
from marketplace.memberships.services import order_membership
from marketplace.payments.models import Payment, Posting
from marketplace.payments.rules import PaymentState
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
