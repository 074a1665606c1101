"""Times are read in the reader's own zone, which is named beside them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import frozen
from marketplace.kernel.policy import Actor
from marketplace.kernel.uow import transaction
from tests.support.people import Cast

EVENING = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Jakarta", "23 Nov 2026, 01:30 WIB"),
        ("Europe/Berlin", "22 Nov 2026, 19:30 CET"),
        ("UTC", "22 Nov 2026, 18:30 UTC"),
    ],
)
def test_the_audit_trail_is_read_in_ones_own_zone(people: Cast, session: Session, zone: str, said: str) -> None:
    operator = people.operator()
    with transaction() as inside:
        inside.get_one(User, operator.user_id).time_zone = zone
        with frozen(EVENING):
            audit(inside, operator.actor, "listing.published", "product:1")
    assert said in operator.client.get("/console/audit").get_data(as_text=True)


def test_a_day_is_the_readers_day(app: Flask) -> None:
    day = app.jinja_env.filters["date"]
    with app.test_request_context("/"):
        g.actor = Actor(1, "Ibu Contoh", time_zone="Asia/Jakarta")
        assert day(EVENING) == "23 Nov 2026"
        assert day(EVENING.astimezone(ZoneInfo("Asia/Jakarta")).date()) == "23 Nov 2026"
    with app.test_request_context("/"):
        g.actor = None
        assert day(EVENING) == "22 Nov 2026"


def test_a_new_member_reads_times_as_whoever_invited_them(people: Cast, session: Session) -> None:
    seller = people.seller()
    with transaction() as inside:
        inside.get_one(User, seller.user_id).time_zone = "Asia/Makassar"
    answers = {"name": "Ibu Baru", "email": "baru@contoh.example", "role": "member"}
    assert seller.post("/organisation/members", answers, page="/organisation/members").status_code == 303
    invited = session.scalars(select(User).where(User.email == "baru@contoh.example")).one()
    assert invited.time_zone == "Asia/Makassar"
