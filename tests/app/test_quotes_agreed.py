"""Quotes accepted: once, in time, by whom they were made for; the tonnes they promise are promised once."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block
from marketplace.catalogue.models import MonthPlan, PriceRung, Product
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, Forbidden
from marketplace.kernel.jobs import enqueue_periodic, run_due
from marketplace.kernel.uow import transaction
from marketplace.quotes.models import Deal, DealLine, FrozenVersion, QuotePromise
from marketplace.quotes.rules import QuoteDecline, QuoteState
from marketplace.quotes.services import (
    accept_counter,
    send_quote,
)
from marketplace.rfqs.models import Rfq, RfqMoment
from marketplace.rfqs.rules import MomentCode, RecipientState, RfqState
from marketplace.rfqs.services import extend_request
from tests.support import ordering
from tests.support.factories import a_listed_product
from tests.support.flows import a_request, an_inquiry, fresh, recipient_of
from tests.support.people import Cast, guards
from tests.support.quoted_trade import a_trade, refused
from tests.support.quoting import (
    a_counter,
    a_saved_quote,
    a_sent_quote,
    an_acceptance,
    in_days,
    standing,
    the_version,
)

pytestmark = pytest.mark.usefixtures("app", "moment")


def test_acceptance_ends_the_request_for_everybody(people: Cast, session: Session) -> None:
    buyer, sellers = people.buyer(), [people.seller() for _ in range(4)]
    rfq = a_request(buyer, sellers)
    for seller in sellers[:2]:
        a_sent_quote(seller, rfq, price="2.10", unit_price=Decimal("2.10"))
    waiting = a_saved_quote(sellers[2], rfq)
    assert len(an_acceptance(buyer, sellers[0], rfq, 1).lines) == 1
    assert fresh(rfq).state == RfqState.AWARDED
    states = [recipient_of(rfq, seller).state for seller in sellers]
    assert states == [RecipientState.QUOTED, *[RecipientState.CLOSED] * 3]
    other = standing(sellers[1], rfq)
    assert (other.state, other.decline_reason) == (QuoteState.DECLINED, QuoteDecline.AGREED_WITH_ANOTHER)
    assert standing(sellers[0], rfq).state == QuoteState.ACCEPTED
    with pytest.raises(Conflict, match="already agreed"):
        an_acceptance(buyer, sellers[1], rfq, 1)
    with pytest.raises(Conflict, match="already agreed"):
        an_acceptance(buyer, sellers[0], rfq, 1)
    with pytest.raises(Conflict), transaction() as inside:
        send_quote(inside, sellers[2].actor, recipient_of(rfq, sellers[2]).key, waiting)
    assert session.scalar(select(func.count(Deal.id))) == 1
    codes = session.scalars(select(RfqMoment.code).where(RfqMoment.rfq_id == rfq.id)).all()
    assert (codes.count(MomentCode.AGREED), codes.count(MomentCode.AWARDED)) == (1, 1)


def test_expiry_is_checked_when_accepting_not_by_the_job(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    row = a_sent_quote(seller, rfq, product.id, valid_until=in_days(5))
    assert row.valid_until is not None
    with frozen(row.valid_until + timedelta(seconds=1)):
        assert "has passed" in refused(buyer, seller, rfq, 1)
        assert the_version(row.id).state == QuoteState.SENT
        enqueue_periodic()
        run_due()
        assert the_version(row.id).state == QuoteState.EXPIRED
        assert "has passed" in refused(buyer, seller, rfq, 1)
        renewed = a_sent_quote(seller, rfq, product.id, valid_until=in_days(5))
        assert renewed.supersedes_id == row.id


def test_the_last_second_counts(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    row = a_sent_quote(seller, rfq, product.id, valid_until=in_days(5))
    assert row.valid_until is not None
    with frozen(row.valid_until):
        assert an_acceptance(buyer, seller, rfq, 1).version_id == row.id


def test_a_request_whose_date_has_passed_takes_no_acceptance_until_it_is_moved(people: Cast, moment: datetime) -> None:
    buyer, seller, product, rfq = a_trade(people)
    a_sent_quote(seller, rfq, product.id, valid_until=in_days(60))
    with frozen(moment + timedelta(days=30)):
        assert "not open" in refused(buyer, seller, rfq, 1)  # before the job
        enqueue_periodic()
        run_due()
        assert fresh(rfq).state == RfqState.EXPIRED
        assert "not open" in refused(buyer, seller, rfq, 1)
        with transaction() as session:
            extend_request(session, buyer.actor, rfq.key, in_days(10), fresh(rfq).version)
        assert an_acceptance(buyer, seller, rfq, 1).total_minor == 1_240_000


def test_blocked_parties_do_not_agree(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    a_sent_quote(seller, rfq, product.id)
    a_counter(buyer, seller, rfq, "5.50")
    with transaction() as session:
        session.add(Block(organisation_id=seller.organisation_id, blocked_id=buyer.organisation_id, created_at=now()))
    key = recipient_of(rfq, seller).key
    with pytest.raises(Forbidden), transaction() as session:
        accept_counter(session, seller.actor, key, 2)
    with transaction() as session:
        session.execute(update(Block).values(organisation_id=buyer.organisation_id, blocked_id=seller.organisation_id))
    with pytest.raises(Forbidden), transaction() as session:
        accept_counter(session, seller.actor, key, 2)
    with transaction() as session:
        session.execute(delete(Block))
    a_sent_quote(seller, rfq, product.id, "5.60")
    with transaction() as session:
        session.add(Block(organisation_id=seller.organisation_id, blocked_id=buyer.organisation_id, created_at=now()))
    with pytest.raises(Forbidden):
        an_acceptance(buyer, seller, rfq, 3)
    with transaction() as session:
        assert session.scalar(select(func.count(Deal.id))) == 0


def test_a_day_ends_where_the_seller_is(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people)
    row = a_sent_quote(seller, rfq, product.id, valid_until=in_days(14))
    assert row.valid_until is not None
    assert row.valid_until.isoformat() == "2026-12-06T16:59:59+00:00"
    key = recipient_of(rfq, seller).key
    page = buyer.client.get(f"/requests/{rfq.key}/with/{key}/quote").text
    assert "WIB" in page
    counter = a_counter(buyer, seller, rfq, "5.50")
    assert counter.valid_until is not None
    assert counter.valid_until.hour == 16


def test_the_cap_closes_whoever_is_left_over(people: Cast, session: Session) -> None:
    buyer, sellers = people.buyer(), [people.seller() for _ in range(4)]
    rfq = a_request(buyer, sellers)
    with transaction() as inside:
        inside.get_one(Rfq, rfq.id).quote_cap = 2
    late = a_saved_quote(sellers[3], rfq)
    for seller in sellers[:2]:
        a_sent_quote(seller, rfq)
    states = [recipient_of(rfq, seller).state for seller in sellers]
    assert states == ["quoted", "quoted", "closed", "closed"]
    assert session.scalar(select(func.count()).where(RfqMoment.code == MomentCode.ENOUGH_QUOTES)) == 2
    with pytest.raises(Conflict), transaction() as inside:
        send_quote(inside, sellers[3].actor, recipient_of(rfq, sellers[3]).key, late)
    a_sent_quote(sellers[0], rfq, price="1.90")  # who has quoted may revise
    assert standing(sellers[0], rfq).number == 2


def test_after_the_agreement_the_catalogue_may_change_as_it_likes(people: Cast, session: Session) -> None:
    buyer, seller, product, rfq = a_trade(people, moq=Decimal(5000))  # the quote is below the minimum order
    a_sent_quote(seller, rfq, product.id)
    deal = an_acceptance(buyer, seller, rfq, 1)
    with transaction() as inside:
        row = inside.get_one(Product, product.id)
        row.moq, row.unit, row.card_titles = Decimal(9000), "mt", {"en": "Other goods"}
        inside.execute(update(PriceRung).where(PriceRung.product_id == product.id).values(unit_price=Decimal(99)))
    with transaction() as inside:
        again = inside.get_one(Deal, deal.id, populate_existing=True)
        line = inside.scalars(select(DealLine).where(DealLine.deal_id == deal.id)).one()
        assert (again.total_minor, line.unit_price, line.unit) == (1_240_000, Decimal("6.2"), "mt")
        assert "Other goods" not in line.description
        assert again.terms["incoterm"] == "FOB"
        assert again.content_sha256 == standing(seller, rfq).content_sha256
    with pytest.raises(FrozenVersion), transaction() as inside:
        inside.scalars(select(DealLine)).one().unit_price = Decimal(1)
    assert session


def test_two_quotes_never_promise_the_same_tonnes(people: Cast, session: Session) -> None:
    seller = people.seller()
    product = a_listed_product(seller, capacity_per_month=Decimal(1500))
    first, second = an_inquiry(people.buyer(), product), an_inquiry(people.buyer(), product)
    row = a_sent_quote(seller, first, product.id)  # 2,000 kg until 22 December
    assert {(one.month.month, one.quantity) for one in row.promises} == {(12, Decimal(1500)), (11, Decimal(500))}
    version = a_saved_quote(seller, second, product.id)
    key = recipient_of(second, seller).key
    with pytest.raises(Conflict) as fault, transaction() as inside:
        send_quote(inside, seller.actor, key, version)
    assert "1,000" in str(fault.value.sentence)
    warned, shown = "As it stands, this quote cannot be sent", f"/leads/{key}/quote/preview"
    page = seller.client.get(f"/en{shown}").get_data(as_text=True)
    assert warned in page
    assert str(fault.value.sentence) in unescape(page), "the preview says before sending what sending says"
    assert session.execute(select(func.sum(QuotePromise.quantity))).scalar() == 2000, "looking at it holds nothing"
    refusal = seller.post(shown, {"version": str(version)}, page=shown)
    assert refusal.status_code == 409
    assert warned not in refusal.get_data(as_text=True), "the same is not said twice"
    a_saved_quote(seller, second, product.id, quantity=Decimal(1), unit="mt")
    assert warned not in seller.client.get(f"/en{shown}").get_data(as_text=True)
    assert recipient_of(second, seller).state == RecipientState.INVITED
    # less, or later, fits; a revision of the first frees what it held
    a_sent_quote(seller, second, product.id, quantity=Decimal(1), unit="mt")
    a_sent_quote(seller, first, product.id, lead_time_days=60)
    held = session.execute(select(func.sum(QuotePromise.quantity))).scalar()
    assert held is not None


def test_a_quote_that_ended_gives_its_capacity_back(people: Cast, moment: datetime) -> None:
    seller = people.seller()
    product = a_listed_product(seller, capacity_per_month=Decimal(1000))
    first, second = an_inquiry(people.buyer(), product), an_inquiry(people.buyer(), product)
    a_sent_quote(seller, first, product.id, valid_until=in_days(3))
    with pytest.raises(Conflict):
        a_sent_quote(seller, second, product.id)
    with frozen(moment + timedelta(days=4)):  # ran out, though no job has said so yet
        assert a_sent_quote(seller, second, product.id).number == 1


def test_a_calendar_that_shrank_is_noticed_when_accepting(people: Cast) -> None:
    buyer, seller, product, rfq = a_trade(people, capacity_per_month=Decimal(2000))
    a_sent_quote(seller, rfq, product.id)
    with transaction() as session:
        for month in (11, 12):
            session.add(
                MonthPlan(product_id=product.id, month=now().date().replace(month=month, day=1), kind="free",
                          quantity=Decimal(100))
            )  # fmt: skip
    sentence = refused(buyer, seller, rfq, 1)
    assert "no room" in sentence
    assert "200" not in sentence


def test_an_acceptance_asks_and_writes_no_more_than_it_needs(people: Cast) -> None:
    """Its time goes into statements: one more is noticed here before it is felt."""
    trade = ordering.a_trade(people)
    a_sent_quote(trade.seller, trade.rfq, trade.product.id)
    page = f"/requests/{trade.rfq.key}/with/{trade.lead}/quote"
    form = {**guards(trade.buyer.client, page), "number": "1"}
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        answer = trade.buyer.client.post(f"{page}/accept", data=form)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert answer.status_code == 303
    assert len(seen) <= 38, "\n".join(seen)
