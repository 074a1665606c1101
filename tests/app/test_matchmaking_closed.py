"""Closed days beside a request: a near miss with its remedy, never a silent loss."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from marketplace.closures.rules import Days
from marketplace.i18n.translations import speaking
from marketplace.matchmaking.closed import closed_reasons, leaves_on
from marketplace.matchmaking.wording import obstacle_sentences
from tests.support.factories import a_listed_product
from tests.support.offering import a_closure
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
FIRST, LAST = date(2027, 2, 8), date(2027, 3, 15)


@pytest.mark.parametrize(
    ("leaves", "is_told"),
    [
        (date(2027, 2, 7), False),
        (date(2027, 2, 8), True),
        (date(2027, 3, 15), True),
        (date(2027, 3, 16), False),  # 78 open days are enough for 21
        (None, False),
    ],
)
def test_goods_that_would_leave_on_closed_days_nearly_fit(
    people: Cast, session: Session, leaves: date | None, is_told: bool
) -> None:
    seller, other = people.seller(), people.seller()
    product, beside = a_listed_product(seller), a_listed_product(other)
    a_closure(seller, seller, FIRST, LAST)
    goods = {product.id: seller.seller_id or 0, beside.id: other.seller_id or 0}
    found = closed_reasons(session, goods, leaves)
    assert set(found) == ({product.id} if is_told else set())
    if is_told:
        with speaking("en"):
            (told,) = obstacle_sentences([found[product.id]], "en")
        assert told["text"] == "Closed from 8 Feb 2027 to 15 Mar 2027, before the goods could leave"
        assert "before or after" in told["remedy"]


def test_closed_days_that_leave_less_than_the_lead_time_are_told(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(seller, lead_time_days=60)
    a_closure(seller, seller, date(2026, 12, 1), date(2027, 1, 9))
    goods = {product.id: seller.seller_id or 0}
    # 22 November to 31 January are 70 days, of which 40 are closed
    assert closed_reasons(session, goods, date(2027, 1, 31))[product.id]["values"] == {
        "first": "2026-12-01", "last": "2027-01-09",
    }  # fmt: skip
    assert closed_reasons(session, goods, date(2027, 4, 1)) == {}
    assert closed_reasons(session, goods, date(2026, 11, 30)) == {}  # the lead time itself is told elsewhere


def test_what_has_to_arrive_leaves_before() -> None:
    needed = date(2027, 3, 20)
    assert leaves_on(needed, "FOB", "DE") == needed
    assert leaves_on(None, "CIF", "DE") is None
    early = leaves_on(needed, "CIF", "DE")
    assert early is not None
    assert early < needed
    assert Days(FIRST, LAST).last > early
