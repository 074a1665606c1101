"""Samples that nobody goes on with are cancelled after 75 days, with what was to be paid; paid ones stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen, now
from marketplace.orders.jobs import clock
from marketplace.orders.rules import SampleState
from marketplace.orders.services.clockwork import NOBODY_GOES_ON
from marketplace.payments.models import Payment
from marketplace.rfqs.models import RfqMoment
from tests.support.ordering import a_sample, a_trade, an_approved_sample, paid_by_bank, sample_now
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_what_nobody_goes_on_with_is_cancelled_once(people: Cast, session: Session) -> None:
    asked, free = a_sample(a_trade(people)), an_approved_sample(a_trade(people), 0, 0)
    due = an_approved_sample(a_trade(people))
    trade = a_trade(people)
    paid = an_approved_sample(trade)
    paid_by_bank(trade, f"sample:{paid}")
    before = {key: sample_now(key).state for key in (asked, free, due, paid)}
    assert before == {
        asked: SampleState.REQUESTED, free: SampleState.FREE, due: SampleState.PAYMENT_DUE, paid: SampleState.PAID,
    }  # fmt: skip
    with frozen(now() + NOBODY_GOES_ON):
        clock()
        assert {key: sample_now(key).state for key in before} == before
    with frozen(now() + NOBODY_GOES_ON + timedelta(minutes=1)):
        clock()
        clock()
        assert [sample_now(key).state for key in (asked, free, due)] == [SampleState.CANCELLED] * 3
        assert sample_now(paid).state == SampleState.PAID
    session.rollback()
    payment = session.scalars(select(Payment).where(Payment.about == f"sample:{due}")).one()
    assert payment.cancelled_at is not None
    steps = session.scalars(select(RfqMoment.side).where(RfqMoment.code == "sample_lapsed")).all()
    assert steps == ["programme"] * 3
