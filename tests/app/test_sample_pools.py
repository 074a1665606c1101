"""Pools of the sample marketplace: added beside what is there, the same each time."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.cli.sample.people import SampleBuyer, SampleSeller
from marketplace.cli.sample.pools import PoolMaker
from marketplace.kernel.clock import now
from marketplace.kernel.uow import transaction
from marketplace.partners.models import Attribution
from marketplace.payments.models import Payment, PaymentShare
from marketplace.payments.rules import PaymentState
from marketplace.quotes.models import Deal, QuotePool, QuoteShare
from marketplace.rfqs.models import Rfq
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_one_pool_is_sold_and_one_looks_for_a_member(people: Cast, session: Session) -> None:
    sellers = [people.seller() for _ in range(5)]
    for commodity in ("coffee-arabica-green", "coconut-sugar"):
        for number, seller in enumerate(sellers):
            # the third one's calendar has no room, so that the coordinator goes on without it
            a_listed_product(seller, commodity, capacity_per_month=Decimal("0.001") if number == 2 else None)
    unchecked, buyer = people.buyer(verification_level="none"), people.buyer()
    before = an_inquiry(buyer, a_listed_product(people.seller()))
    sample = [SampleSeller(number, one.seller_id or 0, 0, one.organisation_id, one.user_id, "")
              for number, one in enumerate(sellers)]  # fmt: skip
    chapter = people.partner()
    with transaction() as inside:  # the chapter brought the buyer, so it may coordinate
        inside.add(Attribution(organisation_id=unchecked.organisation_id, chapter_id=chapter.chapter_id, since=now()))
    buyers = [SampleBuyer(one.organisation_id, one.user_id, "DE", "", "en", "") for one in (buyer, unchecked)]
    assert PoolMaker(transaction, sample, people.curator().actor).pools(buyers) == 2
    session.rollback()
    shares = session.execute(select(QuoteShare.pool_id, QuoteShare.state).order_by(QuoteShare.id)).all()
    first, second = (
        sorted(state for pool, state in shares if pool == key) for key in sorted({one for one, _ in shares})
    )
    assert first == ["agreed", "agreed", "left"]
    assert second == ["agreed", "invited"]
    pools = session.scalars(select(QuotePool).order_by(QuotePool.id)).all()
    assert [one.coordinator_id for one in pools] == [None, chapter.organisation_id]
    assert pools[1].coordinator_agreed_at is not None
    assert "/partner/pools/" in chapter.client.get("/partner/pools").get_data(as_text=True).split("<main")[1]
    deal = session.scalars(select(Deal)).one()
    assert (
        session.scalars(select(Payment.state).where(Payment.about == f"deposit:{deal.key}")).one() == PaymentState.PAID
    )
    assert len(session.scalars(select(PaymentShare.minor)).all()) == 2
    assert all("(Example)" in text for text in session.scalars(select(Rfq.text).where(Rfq.id != before.id)))
    kept = session.get_one(Rfq, before.id)
    assert (kept.state, kept.version) == (before.state, before.version)
