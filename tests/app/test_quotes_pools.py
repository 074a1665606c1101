"""Pools: several sellers, one coordinator, one quote; shares are agreed, frozen, promised once and owed in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.orders.rules import BALANCE_AT, MILESTONES
from marketplace.orders.services import answer_cancellation, ask_cancellation, report_step
from marketplace.payments.models import LedgerEntry, Payment, PaymentShare, Posting
from marketplace.payments.rules import PaymentState
from marketplace.payments.services import ask_refund, confirm_bank_transfer
from marketplace.quotes.models import Deal, QuotePool, QuotePromise, QuoteShare, QuoteVersion
from marketplace.quotes.rules import SHARE_MOVES, PaymentTerms, ShareState
from marketplace.quotes.services import (
    PoolDraft,
    accept_counter,
    answer_share,
    leave_pool,
    offer_share,
    start_pool,
    take_back_share,
)
from marketplace.rfqs.models import Rfq, RfqLine
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person, guards
from tests.support.quoting import a_counter, a_sent_quote, an_acceptance

pytestmark = pytest.mark.usefixtures("app", "moment")
GOODS = "coffee-arabica-green"


@dataclass
class Pooled:
    """A lead for 2 t of which the coordinator makes half a tonne, with two sellers beside."""

    buyer: Person
    coordinator: Person
    members: Sequence[Person]
    goods: Sequence[Product]
    rfq: Rfq

    @property
    def lead(self) -> str:
        return recipient_of(self.rfq, self.coordinator).key


def pooled(people: Cast, capacity: Decimal | None = None) -> Pooled:
    buyer, coordinator = people.buyer(), people.seller()
    own = a_listed_product(coordinator, GOODS, capacity_per_month=None)
    members = [people.seller(), people.seller()]
    goods = [own, *(a_listed_product(one, GOODS, capacity_per_month=capacity) for one in members)]
    rfq = an_inquiry(buyer, own)
    an_answer(coordinator, rfq)
    found = Pooled(buyer, coordinator, members, goods, rfq)
    with transaction() as session:
        line = session.scalars(select(RfqLine).where(RfqLine.rfq_id == rfq.id)).one()
        assert (line.quantity, line.unit) == (Decimal(2), "mt"), "what the tests below reckon with"
        draft = PoolDraft(line.id, "Grade 1, moisture at most 12.5 %.", "USD", Decimal("0.5"))
        start_pool(session, coordinator.actor, found.lead, draft)
    return found


def offered(pool: Pooled, member: int, quantity: str, price: str = "5000") -> str:
    with transaction() as session:
        product = pool.goods[member + 1].id
        return offer_share(session, pool.coordinator.actor, pool.lead, product, Decimal(quantity), Decimal(price)).key


def share_now(key: str) -> QuoteShare:
    with transaction() as session:
        return session.scalars(
            select(QuoteShare).where(QuoteShare.key == key).execution_options(populate_existing=True)
        ).one()


def agreed(pool: Pooled, member: int, quantity: str, price: str = "5000", *, is_named: bool = True) -> str:
    key = offered(pool, member, quantity, price)
    with transaction() as session:
        actor = pool.members[member].actor
        answer_share(session, actor, key, share_now(key).version, agrees=True, is_named=is_named)
    return key


def test_moves_of_a_share_are_those_of_the_table() -> None:
    assert set(SHARE_MOVES) == set(ShareState)
    assert SHARE_MOVES[ShareState.AGREED] == {ShareState.LEFT}


def test_one_quote_of_three_sellers_from_the_pool_to_the_ledger(people: Cast, session: Session) -> None:
    pool = pooled(people)
    agreed(pool, 0, "1")
    agreed(pool, 1, "0.5", "4800", is_named=False)
    row = a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    shares = row.shares or []
    assert [one["amount_minor"] for one in shares] == [500_000, 240_000]
    assert all("amount_minor" not in one and "unit_price" not in one for one in row.content()["shares"])
    page = pool.buyer.client.get(f"/requests/{pool.rfq.key}/with/{pool.lead}/quote").text
    names = [one.actor.organisation_name for one in pool.members]
    assert "Made together" in page
    assert names[0] in page
    assert names[1] not in page, "who wants to stay unnamed does"
    assert "a further seller" in page
    assert "5,000" not in page
    assert "4,800" not in page
    deal = an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    assert deal.total_minor == 1_240_000
    payment = session.scalars(select(Payment).where(Payment.about == f"deposit:{deal.key}")).one()
    owed = dict(session.execute(select(PaymentShare.organisation_id, PaymentShare.minor)).all())
    first, second = (one.organisation_id for one in pool.members)
    assert owed == {first: 150_000, second: 72_000}, "30 percent of each share"
    with transaction() as inside:
        confirm_bank_transfer(inside, pool.coordinator.actor, inside.get_one(Payment, payment.id))
    assert balances(session) == {
        ("held", pool.coordinator.organisation_id): 372_000,
        ("owed", pool.coordinator.organisation_id): -150_000,
        ("owed", first): -150_000,
        ("owed", second): -72_000,
    }
    statement = pool.coordinator.client.get("/payments/statement").text
    assert names[0] in statement
    paid = {"receiver": str(first), "currency": "USD", "amount": "1500", "note": "Transfer 7"}
    assert pool.coordinator.post("/payments/paid-out", paid, page="/payments/statement").status_code == 303
    assert balances(session)["owed", first] == 0
    assert "1,500.00" in pool.members[0].client.get("/payments/statement").text
    mine = pool.members[0].client.get(f"/pools/{share_key(session, first)}").text
    assert pool.buyer.actor.organisation_name in mine, "after the deal the member knows the buyer"


def share_key(session: Session, organisation_id: int | None) -> str:
    query = select(QuoteShare.key).join(QuoteShare.seller).where(Seller.organisation_id == organisation_id)
    return session.scalars(query).one()


def balances(session: Session) -> dict[tuple[str, int], int]:
    session.rollback()
    query = select(Posting.account, Posting.organisation_id, func.sum(Posting.minor))
    rows = session.execute(query.group_by(Posting.account, Posting.organisation_id))
    return {(account, key): int(minor) for account, key, minor in rows}


def test_refunds_take_shares_back_to_the_last_coin(people: Cast, session: Session) -> None:
    pool = pooled(people)
    agreed(pool, 0, "1", "4999.99")
    agreed(pool, 1, "0.5", "4800.01")
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    deal = an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    payment = session.scalars(select(Payment).where(Payment.about == f"deposit:{deal.key}")).one()
    with transaction() as inside:
        confirm_bank_transfer(inside, pool.coordinator.actor, inside.get_one(Payment, payment.id))
    left = payment.minor
    for part in (1, 33_333, 7, left - 33_341):
        with transaction() as inside:
            held = inside.get_one(Payment, payment.id)
            ask_refund(inside, pool.coordinator.actor, held, Money(part, "USD"), "Agreed.")
        entries = session.execute(
            select(LedgerEntry.id, func.sum(Posting.minor)).join(Posting).group_by(LedgerEntry.id)
        ).all()
        assert all(total == 0 for _key, total in entries)
    assert set(balances(session).values()) == {0}


def test_members_know_their_share_and_nothing_more(people: Cast, session: Session) -> None:
    pool = pooled(people)
    one, two = offered(pool, 0, "1"), offered(pool, 1, "0.5", "4800")
    first, second = pool.members
    buyer, names = pool.buyer.actor.organisation_name, [each.actor.organisation_name for each in pool.members]
    for page in (first.client.get("/pools").text, first.client.get(f"/pools/{one}").text):
        assert buyer not in page
        assert pool.rfq.key not in page
        assert names[1] not in page
        assert "4,800" not in page
    assert "moisture at most" in first.client.get(f"/pools/{one}").text
    for path in (f"/pools/{one}", f"/leads/{pool.lead}/pool", f"/leads/{pool.lead}"):
        assert second.client.get(path).status_code == 404
        assert people.seller().client.get(path).status_code == 404
    assert pool.buyer.client.get(f"/pools/{one}").status_code in {403, 404}
    with pytest.raises(NotFound), transaction() as inside:
        answer_share(inside, second.actor, one, 1, agrees=True)
    for member, key in ((first, one), (second, two)):
        page = f"/pools/{key}"
        data = {"version": str(share_now(key).version), "answer": "yes", "is_named": "1"}
        stale = data | {"version": "99"}
        assert member.post(f"{page}/answer", stale, page=page).status_code == 409
        assert member.post(f"{page}/answer", data, page=page).status_code == 303
    page = first.client.get(f"/pools/{one}").text
    assert names[1] in page, "who agreed sees the agreed shares"
    assert "4,800" not in page
    assert buyer not in page
    told = session.scalars(select(Notice.kind).where(Notice.user_id == first.user_id)).all()
    assert "pool_asked" in told
    context = str(session.scalars(select(Notice.context).where(Notice.kind == "pool_asked")).all())
    assert buyer not in context


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
            offer_share(session, pool.coordinator.actor, pool.lead, product, Decimal(quantity), Decimal(price))
    other = a_listed_product(people.seller(), "coconut-desiccated")
    with pytest.raises(DomainError), transaction() as session:
        offer_share(session, pool.coordinator.actor, pool.lead, other.id, Decimal("0.1"), Decimal(1))
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
        leave_pool(session, pool.members[0].actor, key)
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
        leave_pool(session, pool.members[0].actor, key)
    with pytest.raises(Conflict), transaction() as session:
        take_back_share(session, pool.coordinator.actor, pool.lead, key)


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
            take_back_share(session, pool.coordinator.actor, pool.lead, key)
    return offered(pool, 0, quantity, "1")


def test_the_pages_lead_from_the_quote_to_the_pool(people: Cast, session: Session) -> None:
    buyer, coordinator, member = people.buyer(), people.seller(), people.seller()
    own, theirs = (a_listed_product(one, GOODS, capacity_per_month=None) for one in (coordinator, member))
    rfq = an_inquiry(buyer, own)
    an_answer(coordinator, rfq)
    page = f"/leads/{recipient_of(rfq, coordinator).key}/pool"
    assert page in coordinator.client.get(page.replace("/pool", "/quote/edit")).text
    line = session.scalars(select(RfqLine.id).where(RfqLine.rfq_id == rfq.id)).one()
    assert coordinator.post(page, {"line": str(line), "currency": "USD"}, page=page).status_code == 422
    begun = {"line": str(line), "currency": "USD", "specification": "Grade 1", "own": "0.5"}
    assert coordinator.post(page, begun, page=page).status_code == 303
    shown = coordinator.client.get(page).text
    assert member.actor.organisation_name in shown
    assert "Nobody makes yet" in shown
    wrong = {"product": str(own.id), "quantity": "1", "unit_price": "5000"}
    assert coordinator.post(f"{page}/shares", wrong, page=page).status_code == 422
    too_much = wrong | {"product": str(theirs.id), "quantity": "9"}
    assert coordinator.post(f"{page}/shares", too_much, page=page).status_code == 422
    right = wrong | {"product": str(theirs.id)}
    assert coordinator.post(f"{page}/shares", right, page=page).status_code == 303
    assert session.scalar(select(func.count(QuoteShare.id))) == 1
    key = session.scalars(select(QuoteShare.key)).one()
    assert member.client.get("/pools").text.count(f"/pools/{key}") == 1
    assert coordinator.post(f"{page}/shares/{key}/drop", {}, page=page).status_code == 303
    assert "Left" in coordinator.client.get(page).text
    assert people.seller().post(f"{page}/shares/{key}/drop", {}).status_code == 404
    for language in ("/id", "/de", "/zh-hans"):
        assert coordinator.client.get(f"{language}{page}").status_code == 200
        assert member.client.get(f"{language}/pools/{key}").status_code == 200


def test_two_clicks_ask_for_one_share(people: Cast, session: Session) -> None:
    """The first click takes the seller off the list of whom to ask; the second is led to the same place all the same."""
    pool = pooled(people)
    page, client = f"/leads/{pool.lead}/pool", pool.coordinator.client
    wish = {**guards(client, page), "product": str(pool.goods[1].id), "quantity": "1", "unit_price": "5000"}
    answers = [client.post(f"{page}/shares", data=wish) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, page)] * 2
    assert session.scalar(select(func.count(QuoteShare.id))) == 1
    for odd in ("", "abc", "99999999", str(pool.goods[0].id)):
        assert (
            pool.coordinator.post(f"{page}/shares", wish | guards(client, page) | {"product": odd}).status_code == 422
        )


@pytest.mark.parametrize(
    ("payment", "deposit", "milestones"),
    [
        ("deposit_before_shipment", 30, 2),
        ("deposit_against_documents", 33, 3),
        ("letter_of_credit", None, 3),
        ("open_account", None, 4),
    ],
)
def test_deposit_and_balance_together_are_what_members_were_promised(
    people: Cast, session: Session, payment: str, deposit: int | None, milestones: int
) -> None:
    """The balance is due at the step of its terms, once; the ledger owes each member its share to the last coin."""
    pool = pooled(people)
    agreed(pool, 0, "1", "4999.99")
    agreed(pool, 1, "0.5", "4800.01")
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id, payment=payment, deposit_percent=deposit)
    deal = an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    abouts = [f"deposit:{deal.key}"] if deposit else []
    for number, milestone in enumerate(MILESTONES[:4], 1):
        if not (number == 1 and not deposit):
            with transaction() as inside:
                report_step(inside, pool.coordinator.actor, deal.key, milestone)
        is_due = session.scalar(select(Payment.id).where(Payment.about == f"balance:{deal.key}")) is not None
        session.rollback()
        assert is_due is (number >= milestones)
    abouts.append(f"balance:{deal.key}")
    payments = session.scalars(select(Payment).where(Payment.about.in_(abouts))).all()
    assert sum(one.minor for one in payments) == deal.total_minor
    for one in payments:
        with transaction() as inside:
            confirm_bank_transfer(inside, pool.coordinator.actor, inside.get_one(Payment, one.id))
    owed = balances(session)
    first, second = (one.organisation_id for one in pool.members)
    assert (owed["owed", first], owed["owed", second]) == (-499_999, -240_001)
    assert owed["held", pool.coordinator.organisation_id] == deal.total_minor
    assert sum(owed.values()) == 0


def test_what_is_paid_in_advance_leaves_no_balance_and_a_cancelled_deal_asks_for_none(
    people: Cast, session: Session
) -> None:
    pool = pooled(people)
    agreed(pool, 0, "1")
    a_sent_quote(pool.coordinator, pool.rfq, pool.goods[0].id)
    deal = an_acceptance(pool.buyer, pool.coordinator, pool.rfq, 1)
    for milestone in MILESTONES[:2]:
        with transaction() as inside:
            report_step(inside, pool.coordinator.actor, deal.key, milestone)
    page = pool.buyer.client.get(f"/deals/{deal.key}/progress").text
    assert "Pay the balance" in page
    with transaction() as inside:
        ask_cancellation(inside, pool.buyer.actor, deal.key, "Agreed by telephone.")
    with transaction() as inside:
        answer_cancellation(inside, pool.coordinator.actor, deal.key, is_agreed=True)
    session.rollback()
    assert set(session.scalars(select(Payment.state))) == {PaymentState.CANCELLED}
    assert "Pay the balance" not in pool.buyer.client.get(f"/deals/{deal.key}/progress").text
    assert PaymentTerms.IN_ADVANCE not in BALANCE_AT
