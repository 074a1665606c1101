"""A deal is settled when its money is there, or when the seller says what became of it: in timeline, payment, ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from marketplace.orders.rules import MILESTONES, MoneyWord, OrderState
from marketplace.orders.services import countersign, report_step, settle_unopposed
from marketplace.payments.events import DisputeClosed
from marketplace.payments.models import Payment, PaymentShare, Posting
from marketplace.payments.rules import Method, PaymentState
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import RfqMoment
from marketplace.rfqs.rules import MomentCode
from tests.app.test_access_matrix import fingerprint
from tests.app.test_quotes_pools import balances
from tests.support.ordering import Trade, a_deal, a_trade, order_now, paid_by_bank
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
SETTLED = OrderState.SETTLED


def arrived(people: Cast) -> tuple[Trade, Deal]:
    """A deal whose deposit is paid, whose goods have arrived, and whose balance is due."""
    trade = a_trade(people)
    deal = a_deal(trade)
    paid_by_bank(trade, f"deposit:{deal.key}")
    for milestone in MILESTONES[1:-1]:
        with transaction() as inside:
            report_step(inside, trade.seller.actor, deal.key, milestone)
    return trade, deal


def balance(session: Session, deal: Deal) -> Payment:
    session.rollback()
    return session.scalars(select(Payment).where(Payment.about == f"balance:{deal.key}")).one()


def words(session: Session) -> list[str]:
    codes = (MomentCode.PAID_ELSEWHERE, MomentCode.MONEY_WAIVED)
    return list(session.scalars(select(RfqMoment.code).where(RfqMoment.code.in_(codes))))


def test_nobody_settles_over_money_that_is_due_without_a_word(people: Cast, session: Session) -> None:
    trade, deal = arrived(people)
    before = fingerprint(session)
    with pytest.raises(DomainError, match="what became of the money"), transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED)
    for word in (None, *MoneyWord):
        with pytest.raises(Conflict, match="The seller notes it"), transaction() as inside:
            report_step(inside, trade.buyer.actor, deal.key, SETTLED, word=word)
    session.rollback()
    assert fingerprint(session) == before
    page, theirs = (one.client.get(f"/deals/{deal.key}/progress").text for one in (trade.seller, trade.buyer))
    assert "say here what became of it" in page
    assert 'name="word"' in page
    assert "The seller notes it, and then the deal can be settled." in theirs
    assert "/report" not in theirs


@pytest.mark.parametrize(
    ("word", "state", "method", "said"),
    [
        (MoneyWord.ELSEWHERE, PaymentState.PAID, Method.ELSEWHERE, "was paid another way"),
        (MoneyWord.WAIVED, PaymentState.CANCELLED, None, "is waived"),
    ],
)
def test_the_sellers_word_stands_in_timeline_payment_and_ledger(
    people: Cast, session: Session, word: MoneyWord, state: PaymentState, method: Method | None, said: str
) -> None:
    trade, deal = arrived(people)
    booked, due = len(session.scalars(select(Posting.id)).all()), balance(session, deal)
    page = f"/deals/{deal.key}/progress"
    form = {"milestone": "settled", "version": str(order_now(deal).version)}
    untold = trade.seller.post(f"/deals/{deal.key}/report", form | {"note": "Thank you all."}, page=page)
    assert untold.status_code == 422
    assert "Thank you all." in untold.text
    assert trade.seller.post(f"/deals/{deal.key}/report", form | {"word": word}, page=page).status_code == 303
    row = balance(session, deal)
    assert (row.state, row.method) == (state, method)
    assert words(session) == [{"elsewhere": "paid_elsewhere", "waived": "money_waived"}[word]]
    name = {"elsewhere": "payment.received_elsewhere", "waived": "payment.waived"}[word]
    assert session.scalars(select(AuditEntry.user_id).where(AuditEntry.action == name)).all() == [trade.seller.user_id]
    held = balances(session)["held", trade.seller.organisation_id]
    deposit = deal.total.share(Decimal(30)).minor
    assert held == deposit + (due.minor if word is MoneyWord.ELSEWHERE else 0)
    assert sum(balances(session).values()) == 0
    assert (len(session.scalars(select(Posting.id)).all()) > booked) is (word is MoneyWord.ELSEWHERE)
    for person in (trade.buyer, trade.seller):
        assert said in person.client.get(page).text
    assert said in trade.buyer.client.get(f"/requests/{trade.rfq.key}/with/{trade.lead}").text
    with transaction() as inside:
        countersign(inside, trade.buyer.actor, deal.key, SETTLED)
    assert order_now(deal).state == SETTLED


@pytest.mark.parametrize("state", [PaymentState.PROCESSING, PaymentState.DISPUTED])
def test_what_the_banks_have_not_decided_waits(
    people: Cast, session: Session, moment: datetime, state: PaymentState
) -> None:
    trade, deal = arrived(people)
    paid_by_bank(trade, f"balance:{deal.key}")
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED)
    with transaction() as inside:
        inside.execute(update(Payment).where(Payment.about == f"balance:{deal.key}").values(state=state))
    with pytest.raises(Conflict, match="with the banks"), transaction() as inside:
        countersign(inside, trade.buyer.actor, deal.key, SETTLED)
    with frozen(moment + timedelta(days=30)), transaction() as inside:
        assert settle_unopposed(inside) == 0
    assert order_now(deal).state == OrderState.ARRIVED
    assert words(session) == []
    with transaction() as inside:
        inside.execute(update(Payment).where(Payment.about == f"balance:{deal.key}").values(state=PaymentState.PAID))
    with frozen(moment + timedelta(days=30)), transaction() as inside:
        assert settle_unopposed(inside) == 1


def test_money_that_the_bank_took_back_needs_a_word_and_stays_taken_back(people: Cast, session: Session) -> None:
    trade, deal = arrived(people)
    paid_by_bank(trade, f"balance:{deal.key}")
    with transaction() as inside:
        inside.execute(
            update(Payment).where(Payment.about == f"balance:{deal.key}").values(state=PaymentState.CHARGED_BACK)
        )
    with pytest.raises(DomainError, match="what became"), transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED)
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED, word=MoneyWord.ELSEWHERE)
    assert balance(session, deal).state == PaymentState.CHARGED_BACK
    assert words(session) == [MomentCode.PAID_ELSEWHERE]
    with transaction() as inside:
        countersign(inside, trade.buyer.actor, deal.key, SETTLED)
    assert order_now(deal).state == SETTLED


@pytest.mark.parametrize("word", [None, MoneyWord.WAIVED])
def test_money_taken_back_after_the_report_needs_a_word_of_its_own(
    people: Cast, session: Session, moment: datetime, word: MoneyWord | None
) -> None:
    trade, deal = arrived(people)
    if word is None:
        paid_by_bank(trade, f"balance:{deal.key}")
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED, word=word)
    with transaction() as inside:  # the deposit, of which nobody has said anything
        deposit = inside.scalars(select(Payment).where(Payment.about == f"deposit:{deal.key}")).one()
        deposit.state = PaymentState.CHARGED_BACK
        record(inside, DisputeClosed(payment_id=deposit.id))
    with pytest.raises(Conflict), transaction() as inside:
        countersign(inside, trade.buyer.actor, deal.key, SETTLED)
    with frozen(moment + timedelta(days=30)), transaction() as inside:
        assert settle_unopposed(inside) == 0
    assert "took" in trade.seller.client.get(f"/deals/{deal.key}/progress").text
    with pytest.raises(DomainError, match="what became"), transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED)
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED, word=MoneyWord.ELSEWHERE)
    assert "is not noted as paid yet" not in trade.buyer.client.get(f"/deals/{deal.key}/progress").text
    with transaction() as inside:
        countersign(inside, trade.buyer.actor, deal.key, SETTLED)
    assert order_now(deal).state == SETTLED


def test_nobody_waives_the_part_of_others(people: Cast, session: Session) -> None:
    trade, deal = arrived(people)
    member, due = people.seller(), balance(session, deal)
    with transaction() as inside:
        share = PaymentShare(payment_id=due.id, organisation_id=member.organisation_id, minor=due.minor // 2)
        inside.add(share)
    before = fingerprint(session)
    with pytest.raises(Conflict, match="Others have a part"), transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED, word=MoneyWord.WAIVED)
    session.rollback()
    assert fingerprint(session) == before
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED, word=MoneyWord.ELSEWHERE)
    assert balances(session)["owed", member.organisation_id] == -(due.minor // 2)


def test_the_sellers_own_word_countersigns_nothing(people: Cast) -> None:
    trade = a_trade(people)
    deal = a_deal(trade)
    for milestone in MILESTONES[:-1]:
        with transaction() as inside:
            report_step(inside, trade.seller.actor, deal.key, milestone)
    with transaction() as inside:
        report_step(inside, trade.seller.actor, deal.key, SETTLED, word=MoneyWord.ELSEWHERE)
    steps = {step.milestone: step.countersigned_at for step in order_now(deal).steps}
    assert set(steps.values()) == {None}


def test_a_word_changes_nothing_where_the_money_is_there(people: Cast, session: Session) -> None:
    trade, deal = arrived(people)
    paid_by_bank(trade, f"balance:{deal.key}")
    with transaction() as inside:
        report_step(inside, trade.buyer.actor, deal.key, SETTLED, word=MoneyWord.WAIVED)
    assert (balance(session, deal).state, words(session)) == (PaymentState.PAID, [])
