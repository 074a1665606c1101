"""Offers and closed days of the sample marketplace: every state is there, and the private one is for one buyer."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.cli.sample.offers import OfferMaker
from marketplace.cli.sample.people import SampleBuyer, SampleSeller
from marketplace.closures.models import SellerClosure
from marketplace.closures.rules import state_at
from marketplace.kernel.clock import now
from marketplace.kernel.uow import transaction
from marketplace.offers.models import SpotOffer
from marketplace.proceeds.models import ProductCost
from marketplace.rfqs.models import RfqLine
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_each_state_is_there(people: Cast, session: Session) -> None:
    sellers, buyers = [people.seller() for _number in range(6)], [people.buyer(), people.buyer()]
    for seller in (*sellers, sellers[0]):
        a_listed_product(seller)
    maker = OfferMaker(
        transaction,
        [
            SampleSeller(place, one.seller_id or 0, one.producer_id or 0, one.organisation_id, one.user_id, "")
            for place, one in enumerate(sellers)
        ],
    )
    made = maker.offers(
        [SampleBuyer(one.organisation_id, one.user_id, "DE", "Kiel", "de", "roaster") for one in buyers]
    )
    maker.closures()
    session.rollback()
    rows = session.scalars(select(SpotOffer).order_by(SpotOffer.id)).all()
    assert made == len(rows) == 6
    states = [one.state(now()) for one in rows]
    assert states == ["current", "current", "upcoming", "past", "withdrawn", "current"]
    assert all("(contoh)" in one.lot for one in rows)
    assert session.scalars(select(RfqLine.offer_id).where(RfqLine.offer_id.is_not(None))).all() == [rows[5].id]
    assert len(session.scalars(select(ProductCost)).all()) == 2
    assert {state_at(now(), one.span) for one in session.scalars(select(SellerClosure))} == {"ahead", "running"}
    assert rows[1].key in buyers[0].client.get("/offers").get_data(as_text=True)
    assert rows[1].key not in buyers[1].client.get("/offers").get_data(as_text=True)
