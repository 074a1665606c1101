"""Papers to a known destination carry its customs code and count packages by the product's packing."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from marketplace.catalogue.models import Product, ProductTariffCode
from marketplace.documents.facts import TradeFacts
from marketplace.documents.gathering import facts_of_deal
from marketplace.documents.papers.packing_list import packing_list
from marketplace.documents.papers.quotation import quotation
from marketplace.kernel.clock import today
from marketplace.kernel.measures import Quantity
from marketplace.kernel.uow import transaction
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Rfq
from tests.support.ordering import Trade, a_deal, a_trade
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
CODES = (("eu", "09011100"), ("us", "0901110025"))


def facts_for(session: Session, trade: Trade, destination: str) -> TradeFacts:
    """The papers of a deal whose goods go there; the product states its codes and 60 kg bags."""
    with transaction() as inside:
        inside.execute(update(Rfq).where(Rfq.id == trade.rfq.id).values(destination=destination))
        inside.execute(
            update(Product).where(Product.id == trade.product.id).values(pack_unit="bag", pack_net_kg=Decimal(60))
        )
        for market, code in CODES:
            inside.add(
                ProductTariffCode(
                    product_id=trade.product.id, market=market, code=code, source="x", is_by_staff=False,
                    stated_on=today(),
                )
            )  # fmt: skip
    deal = a_deal(trade)
    session.expire_all()
    row = session.scalars(select(Deal).where(Deal.id == deal.id).options(selectinload(Deal.lines))).one()
    return facts_of_deal(session, row).facts


@pytest.mark.parametrize(
    ("destination", "codes"), [("DE", ("CN 0901 11 00",)), ("US", ("HTS 0901.11.00.25",)), ("JP", ()), ("", ())]
)
def test_the_destinations_code_stands_on_its_papers(
    people: Cast, session: Session, destination: str, codes: tuple[str, ...]
) -> None:
    facts = facts_for(session, a_trade(people), destination)
    assert [line.national_codes for line in facts.lines] == [codes]
    text = quotation(facts).data()
    assert all(code in text for code in codes)
    assert ("HTS 0901" in text) == (destination == "US")


def test_packages_are_counted_by_the_products_packing(people: Cast, session: Session) -> None:
    facts = facts_for(session, a_trade(people), "DE")
    line = facts.lines[0]
    assert line.net is not None
    bags = (line.net.amount / 60).to_integral_value(ROUND_CEILING)
    assert line.packages == Quantity(bags, "bag"), "the last bag may be part full"
    assert "bag" in packing_list(facts).data()
    assert "(IDSUB)" in quotation(facts).data()
