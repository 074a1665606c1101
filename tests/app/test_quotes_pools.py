"""Pools: several sellers, one coordinator, one quote; shares are agreed, frozen, promised once and owed in the ledger."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.errors import NotFound
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.orders.rules import BALANCE_AT, MILESTONES
from marketplace.orders.services import answer_cancellation, ask_cancellation, report_step
from marketplace.payments.models import LedgerEntry, Payment, PaymentShare, Posting
from marketplace.payments.rules import PaymentState
from marketplace.payments.services import ask_refund, confirm_bank_transfer
from marketplace.quotes.models import QuoteShare
from marketplace.quotes.rules import SHARE_MOVES, PaymentTerms, ShareState
from marketplace.quotes.services import (
    answer_share,
)
from marketplace.rfqs.models import RfqLine
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, guards
from tests.support.pooling import GOODS, agreed, offered, pooled, share_now
from tests.support.quoting import a_sent_quote, an_acceptance

pytestmark = pytest.mark.usefixtures("app", "moment")


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
    wrong = {"product": str(own.id), "quantity": "1", "unit_price": "5000", "version": "1"}
    assert coordinator.post(f"{page}/shares", wrong, page=page).status_code == 422
    too_much = wrong | {"product": str(theirs.id), "quantity": "9"}
    assert coordinator.post(f"{page}/shares", too_much, page=page).status_code == 422
    right = wrong | {"product": str(theirs.id), "version": "1"}
    assert coordinator.post(f"{page}/shares", right, page=page).status_code == 303
    assert session.scalar(select(func.count(QuoteShare.id))) == 1
    key = session.scalars(select(QuoteShare.key)).one()
    assert member.client.get("/pools").text.count(f"/pools/{key}") == 1
    assert coordinator.post(f"{page}/shares/{key}/drop", {"version": "1"}, page=page).status_code == 303
    assert "Left" in coordinator.client.get(page).text
    assert people.seller().post(f"{page}/shares/{key}/drop", {}).status_code == 404
    for language in ("/id", "/de", "/zh-hans"):
        assert coordinator.client.get(f"{language}{page}").status_code == 200
        assert member.client.get(f"{language}/pools/{key}").status_code == 200


def test_two_clicks_ask_for_one_share(people: Cast, session: Session) -> None:
    """The first click takes the seller off the list of whom to ask; the second is led to the same place all the same."""
    pool = pooled(people)
    page, client = f"/leads/{pool.lead}/pool", pool.coordinator.client
    wish = {
        **guards(client, page),
        "version": "1",
        "product": str(pool.goods[1].id),
        "quantity": "1",
        "unit_price": "5000",
    }
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
