"""T22: whatever day it is, nothing ends early or late by more than a second, and deadlines are shown in both zones.

The server's clock stands a day back, a day on, ten years on, in the hour that summer time skips or repeats, and on 29
February; what was made then is looked at a second before and a second after its end.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import SessionRow, User
from marketplace.accounts.queries import actor_of_token
from marketplace.accounts.rules import HALF_SESSION_LIFE, LINK_LIFE, SESSION_IDLE, SESSION_LIFE, Purpose
from marketplace.accounts.services.links import make_link, open_link, use_link
from marketplace.accounts.services.sessions import open_session, touch
from marketplace.kernel import jobs
from marketplace.kernel.clock import frozen
from marketplace.kernel.errors import NotFound
from marketplace.kernel.uow import transaction
from marketplace.payments.models import WebhookEvent
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import ANSWER_TIME, RecipientState, RfqState
from tests.conftest import NOON
from tests.support.factories import a_listed_product
from tests.support.flows import a_request, an_inquiry, recipient_of
from tests.support.people import Cast
from tests.support.stripe_double import StripeDouble

SECOND = timedelta(seconds=1)
TOLERANCE = timedelta(seconds=300)
DAYS = {
    "a day back": NOON - timedelta(days=1),
    "a day on": NOON + timedelta(days=1),
    "ten years on": NOON.replace(year=NOON.year + 10),
    "the hour that Berlin skips": datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC),
    "the hour that Berlin repeats": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    "29 February": datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    "the last second of a year": datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC),
}


@pytest.fixture(params=list(DAYS), ids=list(DAYS))
def day(request: pytest.FixtureRequest, app: Flask) -> datetime:
    return DAYS[request.param]


def test_t22_sessions_end_on_the_second(people: Cast, session: Session, day: datetime) -> None:
    with frozen(day):
        person = people.buyer()
        with transaction() as inside:
            token = open_session(inside, inside.get_one(User, person.user_id), "a telephone")
    key = session.scalars(select(SessionRow.id).order_by(SessionRow.id.desc())).first()
    assert key is not None

    def is_alive(at: datetime) -> bool:
        session.rollback()
        with frozen(at):
            return actor_of_token(session, token) is not None

    assert is_alive(day + SESSION_IDLE - SECOND)
    assert not is_alive(day + SESSION_IDLE + SECOND)
    # somebody who comes every day stays in until the whole time is over
    for number in range(1, SESSION_LIFE.days):
        with frozen(day + timedelta(days=number)), transaction() as inside:
            touch(inside, key)
    assert is_alive(day + SESSION_LIFE - SECOND)
    assert not is_alive(day + SESSION_LIFE + SECOND)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_t22_links_end_on_the_second(people: Cast, session: Session, day: datetime, purpose: Purpose) -> None:
    if day != DAYS["29 February"] and purpose is not Purpose.RESET_PASSWORD:
        pytest.skip("of each kind on one day, of one kind on every day")
    with frozen(day):
        person = people.buyer()
        with transaction() as inside:
            _link, token = make_link(inside, purpose, person.user_id)
    life = LINK_LIFE[purpose]
    with frozen(day + life - SECOND), transaction() as inside:
        assert open_link(inside, purpose, token).user_id == person.user_id
    with frozen(day + life + SECOND), transaction() as inside, pytest.raises(NotFound):
        open_link(inside, purpose, token)
    with frozen(day + life - SECOND), transaction() as inside:
        use_link(inside, purpose, token)


def test_t22_the_time_to_answer_ends_on_the_second(people: Cast, session: Session, day: datetime) -> None:
    with frozen(day):
        buyer, seller = people.buyer(), people.seller()
        rfq = an_inquiry(buyer, a_listed_product(seller))
        recipient = recipient_of(rfq, seller)
    assert recipient.deadline_at == day + ANSWER_TIME

    def state_at(at: datetime) -> str:
        with frozen(at):
            jobs._jobs["rfqs.expire"]()
        session.rollback()
        return session.scalars(select(Recipient.state).where(Recipient.id == recipient.id)).one()

    assert state_at(day + ANSWER_TIME - SECOND) != RecipientState.NO_ANSWER
    assert state_at(day + ANSWER_TIME + SECOND) == RecipientState.NO_ANSWER


def test_t22_requests_close_on_the_second(people: Cast, session: Session, day: datetime) -> None:
    with frozen(day):
        rfq = a_request(people.buyer(), [people.seller()])
    assert rfq.closes_at > day

    def state_at(at: datetime) -> str:
        with frozen(at):
            jobs._jobs["rfqs.expire"]()
        session.rollback()
        return session.scalars(select(Rfq.state).where(Rfq.id == rfq.id)).one()

    assert state_at(rfq.closes_at - SECOND) == RfqState.OPEN
    assert state_at(rfq.closes_at + SECOND) != RfqState.OPEN


def test_t22_signed_events_are_of_their_time(
    client: FlaskClient, session: Session, double: StripeDouble, day: datetime
) -> None:
    def sent(made: datetime, comes: datetime, name: str) -> int:
        body, signature = double.signed("charge.updated", {"object": "charge"}, "acct_x", at=made, event_id=name)
        with frozen(comes):
            return client.post(
                "/payments/stripe-events", data=body, headers={"Stripe-Signature": signature}
            ).status_code

    # the card company's library asks the machine's clock for what is too old, and ours is asked as well
    real = datetime.now(UTC)
    made = max(day, real)
    assert sent(made, made, "evt_now") == 204
    assert sent(made, made + TOLERANCE - 2 * SECOND, "evt_late") == 204
    assert sent(made, made + TOLERANCE + 2 * SECOND, "evt_too_late") == 400
    assert sent(made, made - TOLERANCE - 2 * SECOND, "evt_too_early") == 400
    assert sent(real, day, "evt_of_another_day") == 400
    if day < real:
        assert sent(day, day, "evt_of_a_day_that_is_over") == 400
    session.rollback()
    assert session.scalar(select(func.count(WebhookEvent.id))) == 2


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Europe/Berlin", ["CEST", "CET"]), ("Asia/Jakarta", ["WIB"]), ("Asia/Hong_Kong", ["HKT"])],
)
def test_t22_a_deadline_over_the_change_to_winter_time_is_shown_in_the_readers_zone(
    people: Cast, session: Session, zone: str, shown: list[str]
) -> None:
    day = DAYS["the hour that Berlin repeats"] - timedelta(days=1)
    with frozen(day):
        buyer, seller = people.buyer(), people.seller()
        with transaction() as inside:
            inside.get_one(User, seller.user_id).time_zone = zone
        rfq = an_inquiry(buyer, a_listed_product(seller))
        deadline = recipient_of(rfq, seller).deadline_at
        text = seller.client.get(f"/leads/{recipient_of(rfq, seller).key}").get_data(as_text=True)
    assert deadline.isoformat() in text
    assert deadline - day == ANSWER_TIME
    assert any(name in text for name in shown)


def test_t22_half_a_sign_in_ends_after_ten_minutes(people: Cast, session: Session, day: datetime) -> None:
    with frozen(day):
        person = people.buyer()
        with transaction() as inside:
            user = inside.get_one(User, person.user_id)
            user.totp_enabled_at = day
            open_session(inside, user, "a telephone", with_second_factor=False)
    row = session.scalars(select(SessionRow).order_by(SessionRow.id.desc())).first()
    assert row is not None
    assert row.expires_at == day + HALF_SESSION_LIFE
