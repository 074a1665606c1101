"""What a pool refuses: shares beyond the line, members who left, offers below what was promised."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.uow import transaction
from marketplace.quotes.models import Deal, QuotePool, QuotePromise, QuoteShare, QuoteVersion
from marketplace.quotes.services import (
    PoolDraft,
    accept_counter,
    answer_share,
    leave_pool,
    offer_share,
    start_pool,
    take_back_share,
)
from marketplace.rfqs.models import RfqLine
from tests.support.factories import a_listed_product
from tests.support.people import Cast
from tests.support.pooling import Pooled, agreed, offered, pooled, share_now
from tests.support.quoting import a_counter, a_sent_quote, an_acceptance

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_shares_fit_into_the_line_and_one_lead_has_one_pool(people: Cast) -> None:
    pool = pooled(people)
    with transaction() as session:
        line = session.scalars(select(RfqLine.id).where(RfqLine.rfq_id == pool.rfq.id)).one()
    again = PoolDraft(line, "Another.", "USD")
    with pytest.raises(Conflict), transaction() as session:
        start_pool(session, pool.coordinator.actor, pool.lead, again)
    with pytest.raises(NotFound), transaction() as session:
        start_pool(session, pool.members[0].actor, pool.lead, again)
    offered(pool, 0, "1")
    with pytest.raises(DomainError, match="more than the buyer asks"):
        offered(pool, 1, "0.51")
    for goods, quantity, price in ((0, "0.1", "1"), (2, "0", "1"), (2, "0.1", "-1")):
        with pytest.raises(DomainError), transaction() as session:
            product = pool.goods[goods].id
            offer_share(session, pool.coordinator.actor, pool.lead, product, Decimal(quantity), Decimal(price), 1)
    other = a_listed_product(people.seller(), "coconut-desiccated")
    with pytest.raises(DomainError), transaction() as session:
        offer_share(session, pool.coordinator.actor, pool.lead, other.id, Decimal("0.1"), Decimal(1), 1)
    with transaction() as session:
        assert session.scalar(select(func.count(QuotePool.id))) == 1


def test_a_quote_below_its_shares_is_not_sent(people: Cast) -> None:
    pool = pooled(people)
    agreed(pool, 0, "1", "7000")
    with pytest.raises(DomainError, match="more than this quote offers"):
        a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id, quantity=Decimal(1), price="6.20")
    with pytest.raises(DomainError, match="USD"):
        a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id, currency="EUR")


def test_who_leaves_stops_the_acceptance_until_a_new_version(people: Cast) -> None:
    pool = pooled(people)
    key = agreed(pool, 0, "1")
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    with transaction() as session:
        leave_pool(session, pool.members[0].actor, key, share_now(key).version)
    with pytest.raises(Conflict, match="has left"):
        an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    again = offered(pool, 0, "0.8")
    assert again == key, "the same member, asked again"
    with pytest.raises(Conflict, match="has left"):
        an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    with transaction() as session:
        answer_share(session, pool.members[0].actor, key, share_now(key).version, agrees=True)
    with pytest.raises(Conflict, match="has left"):
        an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id, "6.10")
    an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 2)
    with pytest.raises(Conflict, match="accepted"), transaction() as session:
        leave_pool(session, pool.members[0].actor, key, share_now(key).version)
    with pytest.raises(Conflict), transaction() as session:
        take_back_share(session, pool.coordinator.actor, pool.lead, key, share_now(key).version)


def test_a_suspended_member_stops_the_acceptance(people: Cast) -> None:
    pool = pooled(people)
    agreed(pool, 0, "1")
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    with transaction() as session:
        session.get_one(Organisation, pool.members[0].organisation_id).suspended_at = now()
    with pytest.raises(Conflict, match="has left"):
        an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    with transaction() as session:
        assert session.scalar(select(func.count(Deal.id))) == 0


def test_a_counter_offer_below_the_shares_is_not_accepted(people: Cast) -> None:
    pool = pooled(people)
    agreed(pool, 0, "1")
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    low = a_counter(pool.buyer, pool.coordinator, pool.rfq, "6.00", Decimal("0.9"))
    assert low.shares
    with pytest.raises(Conflict, match="promised more"), transaction() as session:
        accept_counter(session, pool.coordinator.actor, pool.lead, 2)
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    a_counter(pool.buyer, pool.coordinator, pool.rfq, "6.00")
    with transaction() as session:
        deal = accept_counter(session, pool.coordinator.actor, pool.lead, 4)
        version = session.get_one(QuoteVersion, deal.version_id)
        assert [one["amount_minor"] for one in version.shares or []] == [500_000]


def test_capacity_is_looked_at_when_agreeing_and_promised_once_at_acceptance(people: Cast, session: Session) -> None:
    pool = pooled(people, capacity=Decimal(300))  # kilograms a month: four months until the day the buyer needs it
    with pytest.raises(Conflict, match="calendar"):
        agreed(pool, 0, "1.5", "1")
    key = offered_again(pool, "0.5")
    with transaction() as inside:
        answer_share(inside, pool.members[0].actor, key, share_now(key).version, agrees=True)
    row = a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    assert session.scalars(select(QuotePromise.product_id)).all() == [], "nothing of the member's is held yet"
    an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    held = session.execute(
        select(QuotePromise.version_id, QuotePromise.product_id, func.sum(QuotePromise.quantity)).group_by(
            QuotePromise.version_id, QuotePromise.product_id
        )
    ).all()
    assert [(version, product, Decimal(quantity)) for version, product, quantity in held] == [
        (row.id, pool.goods[1].id, Decimal(500))
    ]


def offered_again(pool: Pooled, quantity: str) -> str:
    with transaction() as session:
        keys = session.scalars(select(QuoteShare.key)).all()
        for key in keys:
            take_back_share(session, pool.coordinator.actor, pool.lead, key, share_now(key).version)
    return offered(pool, 0, quantity, "1")
