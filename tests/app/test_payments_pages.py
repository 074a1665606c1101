"""Pages of money: each side sees its part, nobody else sees anything, and a click acts once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.payments.banking import account_number, bank_code
from marketplace.payments.models import BankAccount, CheckoutAttempt, LedgerEntry, Payment, Refund, SettlementAccount
from marketplace.payments.queries import creditors
from marketplace.payments.rules import BankState, Method, PaymentState
from marketplace.payments.services import decide_bank_account, mark_paid_out, note_paid_elsewhere
from marketplace.payments.services.facts import settle
from marketplace.payments.services.holding import locked
from tests.support.payments import Scene, a_payment, deliver, session_object, state, sums, work
from tests.support.people import Cast, Person
from tests.support.stripe_double import StripeDouble

DETAILS = {
    "holder": "Koperasi Contoh",
    "bank": "Bank Contoh",
    "account": "1234 5678 90",
    "swift": "exmpidja",
    "currency": "USD",
}


@pytest.fixture
def scene(people: Cast) -> Scene:
    return a_payment(people)


def text_of(person: Person, path: str) -> str:
    answer = person.client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def _plain(answer: Any, key: str) -> str:
    """The page without what differs from showing to showing."""
    return re.sub(r'value="[\w.-]{20,}"', "", answer.get_data(as_text=True)).replace(key, "")


def test_a_buyer_pays_by_card(scene: Scene, session: Session, client: FlaskClient, double: StripeDouble) -> None:
    page = f"/payments/{scene.key}"
    assert "Pay by card" in text_of(scene.buyer, page)
    first = scene.buyer.post(f"{page}/card", page=page)
    assert (first.status_code, first.location) == (303, page)
    shown = text_of(scene.buyer, page)
    (made,) = double.sessions.values()
    assert made["url"] in shown
    deliver(client, double, "checkout.session.completed", session_object(scene, made["id"], 10_000))
    assert "The amount is to be paid." in text_of(scene.buyer, page), "coming back marks nothing; the job does"
    work()
    assert "The whole amount has arrived at " in text_of(scene.buyer, page)
    assert "$100.00" in text_of(scene.seller, "/payments")
    assert "$92.50" in text_of(scene.seller, "/payments/statement")
    assert "You owe" in text_of(scene.partner, "/payments/statement")


def test_a_double_click_asks_once(scene: Scene, session: Session, double: StripeDouble) -> None:
    page = f"/payments/{scene.key}"
    scene.buyer.post(f"{page}/card", page=page)
    text_of(scene.buyer, page)
    scene.buyer.post(f"{page}/card", page="/account/sessions")
    assert session.scalar(select(func.count(CheckoutAttempt.id))) == 1
    assert len(double.sessions) == 1


def test_a_gateway_that_does_not_answer_is_said_kindly(scene: Scene, double: StripeDouble) -> None:
    page = f"/payments/{scene.key}"
    double.faults.append("500")
    scene.buyer.post(f"{page}/card", page=page)
    assert "The card page is being prepared." in text_of(scene.buyer, page)


@pytest.mark.parametrize("who", ["seller", "partner"])
def test_nothing_is_paid_to_the_suspended(
    scene: Scene, session: Session, client: FlaskClient, double: StripeDouble, who: str
) -> None:
    page = f"/payments/{scene.key}"
    with transaction() as inside:
        inside.get_one(Organisation, getattr(scene, who).organisation_id).suspended_at = now()
    shown = text_of(scene.buyer, page)
    assert "Who would receive this money is suspended." in shown
    assert "Pay by card" not in shown
    assert "By bank transfer" not in shown
    answer = scene.buyer.post(f"{page}/card", page="/account/sessions")
    assert answer.status_code == 409
    assert "Who would receive this money is suspended." in answer.text
    session.rollback()
    assert session.scalar(select(func.count(CheckoutAttempt.id))) == 0
    # what was paid meanwhile on a page that was open still counts
    deliver(client, double, "checkout.session.completed", session_object(scene, "cs_1", 10_000))
    work()
    assert state(session, scene) == PaymentState.PAID


def test_without_stripe_it_says_so(scene: Scene) -> None:
    page = f"/payments/{scene.key}"
    shown = text_of(scene.buyer, page)
    assert "Payment by card is not available here. Please pay by bank transfer." in shown
    assert scene.buyer.post(f"{page}/card", page="/account/sessions").status_code == 404
    assert "Payment by card is switched off" in text_of(scene.partner, "/partner/settlement")
    assert scene.partner.post("/partner/settlement", {"country": "DE"}, page="/account/sessions").status_code == 404


@pytest.mark.parametrize("verb", ["", "/card", "/received", "/refund"])
def test_t2_others_see_nothing_and_change_nothing(people: Cast, scene: Scene, session: Session, verb: str) -> None:
    for person in (people.buyer(), people.seller(), people.partner()):
        path = f"/payments/{scene.key}{verb}"
        missing = f"/payments/zzzzzzzzzz{verb}"
        if verb:
            answer = person.post(path, {"amount": "1", "reason": "x"}, page="/account/sessions")
            other = person.post(missing, {"amount": "1", "reason": "x"}, page="/account/sessions")
        else:
            answer, other = person.client.get(path), person.client.get(missing)
        assert answer.status_code == other.status_code == 404
        assert _plain(answer, scene.key) == _plain(other, "z" * 10)
    assert state(session, scene) == "due"
    assert session.scalar(select(func.count(LedgerEntry.id))) == 0


def test_each_side_has_its_own_steps(scene: Scene, session: Session) -> None:
    page = f"/payments/{scene.key}"
    assert scene.buyer.post(f"{page}/received", page=page).status_code == 404, "a payer cannot say that it arrived"
    assert scene.seller.post(f"{page}/card", page=page).status_code == 404
    assert state(session, scene) == "due"
    assert scene.seller.post(f"{page}/received", page=page).status_code == 303
    assert state(session, scene) == "paid"
    assert scene.seller.post(f"{page}/received", page="/account/sessions").status_code == 409
    assert scene.buyer.post(f"{page}/refund", {"amount": "5", "reason": "x"}, page=page).status_code == 404
    assert session.scalar(select(func.count(Refund.id))) == 0


@pytest.mark.parametrize("amount", ["0", "-5", "1e309", "NaN", "100.01", "5.001", "EUR 5", "", "ten"])
def test_odd_refunds_are_refused(scene: Scene, session: Session, amount: str) -> None:
    page = f"/payments/{scene.key}"
    scene.seller.post(f"{page}/received", page=page)
    answer = scene.seller.post(f"{page}/refund", {"amount": amount, "reason": "because", "left": "10000"}, page=page)
    assert answer.status_code in {409, 422}
    assert session.scalar(select(func.count(Refund.id))) == 0


def test_a_refund_of_a_transfer_is_booked(scene: Scene, session: Session) -> None:
    page = f"/payments/{scene.key}"
    scene.seller.post(f"{page}/received", page=page)
    words = {"amount": "40.00", "reason": "one bag was wet", "left": "10000"}
    assert 'name="left" value="10000"' in scene.seller.client.get(page).get_data(as_text=True)
    answer = scene.seller.post(f"{page}/refund", words, page=page)
    assert answer.status_code == 303
    for left in ("10000", "", "x", "9" * 30):  # a colleague read the page before that refund
        late = scene.seller.post(f"{page}/refund", words | {"left": left}, page=page)
        assert late.status_code == 409, left
    assert session.scalar(select(func.count(Refund.id))) == 1
    assert state(session, scene) == "partly_refunded"
    assert "one bag was wet" in text_of(scene.buyer, page)
    assert sums(session)["held", scene.seller.organisation_id] == 6_000


def test_bank_details_appear_after_somebody_confirmed_them(people: Cast, scene: Scene, session: Session) -> None:
    assert scene.seller.post("/account/bank", DETAILS, page="/account/bank").status_code == 303
    page = f"/payments/{scene.key}"
    assert "1234 5678 90" not in text_of(scene.buyer, page)
    row = session.scalars(select(BankAccount)).one()
    operator = people.operator()
    with transaction() as inside:
        decide_bank_account(inside, operator.actor, inside.get_one(BankAccount, row.id), True, "")
    shown = text_of(scene.buyer, page)
    assert "1234 5678 90" in shown
    assert "EXMPIDJA" in shown
    assert "These bank details changed" not in shown, "the first ones are no change"
    scene.seller.post("/account/bank", {**DETAILS, "account": "DE89 3704 0044 0532 0130 00"}, page="/account/bank")
    assert "1234 5678 90" in text_of(scene.buyer, page), "the old ones stand until the new ones are confirmed"
    newer = session.scalars(select(BankAccount).order_by(BankAccount.id.desc())).first()
    assert newer is not None
    with transaction() as inside:
        decide_bank_account(inside, operator.actor, inside.get_one(BankAccount, newer.id), True, "")
    shown = text_of(scene.buyer, page)
    assert "These bank details changed" in shown
    assert "DE89 3704 0044 0532 0130 00" in shown
    assert "1234 5678 90" not in shown


@pytest.mark.parametrize(
    "wrong", [{"account": "DE89 3704 0044 0532 0130 01"}, {"account": "12"}, {"account": "<b>"}, {"swift": "X"}, {"holder": ""},
              {"currency": "XXX"}, {"currency": ""}, {"account": "1" * 61}])  # fmt: skip
def test_wrong_bank_details_are_refused_and_kept_typed(people: Cast, session: Session, wrong: dict[str, str]) -> None:
    seller = people.seller()
    answer = seller.post(
        "/account/bank", {**DETAILS, **wrong, "state": "confirmed", "is_change": "1"}, page="/account/bank"
    )
    assert answer.status_code == 422
    assert "Bank Contoh" in answer.get_data(as_text=True)
    assert session.scalar(select(func.count(BankAccount.id))) == 0


def test_an_account_whose_answer_was_lost_is_found_a_day_later(
    people: Cast, session: Session, double: StripeDouble, moment: datetime
) -> None:
    partner, other = people.partner(country="DE"), people.partner(country="FR")
    other.post("/partner/settlement", {"country": "FR"}, page="/partner/settlement")
    partner.post("/partner/settlement", {"country": "DE"}, page="/partner/settlement")
    mine = select(SettlementAccount).where(SettlementAccount.organisation_id == partner.organisation_id)
    first = session.scalars(mine).one()
    opened, first.stripe_account = first.stripe_account, None
    session.commit()
    double.answered.clear()  # Stripe forgets a key after a day
    with frozen(moment + timedelta(hours=21)):
        partner.post("/partner/settlement", {"country": "DE"}, page="/account/sessions")
    session.expire_all()
    assert session.scalars(mine).one().stripe_account == opened
    assert len(double.accounts) == 2


def test_extra_names_confirm_nothing(people: Cast, session: Session) -> None:
    seller = people.seller()
    extra = {"state": "confirmed", "decided_by_id": "1", "organisation_id": "1", "verified": "1"}
    assert seller.post("/account/bank", {**DETAILS, **extra}, page="/account/bank").status_code == 303
    row = session.scalars(select(BankAccount)).one()
    assert (row.state, row.organisation_id, row.decided_by_id) == (BankState.PROPOSED, seller.organisation_id, None)


def test_a_chapter_connects_its_account_once(people: Cast, session: Session, double: StripeDouble) -> None:
    partner = people.partner(country="DE")
    first = partner.post("/partner/settlement", {"country": "DE"}, page="/partner/settlement")
    assert first.status_code == 200
    assert "https://cards.example/join/acct_" in first.get_data(as_text=True)
    partner.post("/partner/settlement", {"country": "DE"}, page="/partner/settlement")
    assert len(double.accounts) == 1
    assert partner.post("/partner/settlement", {"country": "ID"}, page="/account/sessions").status_code == 422
    row = session.scalars(
        select(SettlementAccount).where(SettlementAccount.organisation_id == partner.organisation_id)
    ).one()
    assert row.state == "pending"
    client = partner.client
    deliver(client, double, "account.updated", {"id": row.stripe_account, "object": "account", "charges_enabled": True},
            account=row.stripe_account or "", at=now())  # fmt: skip
    work()
    assert session.get_one(SettlementAccount, row.id, populate_existing=True).state == "active"


def test_paid_out_once_and_never_more_than_owed(
    scene: Scene, session: Session, client: FlaskClient, double: StripeDouble
) -> None:
    deliver(client, double, "checkout.session.completed", session_object(scene, "cs_1", 10_000))
    work()
    data = {"receiver": str(scene.seller.organisation_id), "currency": "USD"}
    page = "/payments/statement"
    assert scene.partner.post("/payments/paid-out", {**data, "amount": "92.51"}, page=page).status_code == 409
    assert scene.partner.post("/payments/paid-out", {**data, "amount": "-1"}, page=page).status_code == 422
    other = {**data, "receiver": str(scene.buyer.organisation_id), "amount": "1"}
    assert scene.partner.post("/payments/paid-out", other, page=page).status_code == 404
    from tests.support.people import guards

    hidden = guards(scene.partner.client, page)
    for _ in range(2):
        answer = scene.partner.client.post("/payments/paid-out", data={**hidden, **data, "amount": "50"})
        assert answer.status_code == 303
    assert sums(session)["owed", scene.seller.organisation_id] == -4_250
    assert sums(session)["held", scene.partner.organisation_id] == 5_000


@pytest.mark.parametrize(
    ("text", "plain"),
    [("de89370400440532013000", "DE89 3704 0044 0532 0130 00"), ("GB29 NWBK 6016 1331 9268 19", "GB29 NWBK 6016 1331 9268 19"),
     ("GB28NWBK60161331926819", None), ("0123-456-789", "0123-456-789"), ("abc", None), ("", None), ("1234", None)])  # fmt: skip
def test_account_numbers(text: str, plain: str | None) -> None:
    assert account_number(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"), [("bmri idja", "BMRIIDJA"), ("BMRIIDJAXXX", "BMRIIDJAXXX"), ("BMRI", None), ("12345678", None)]
)
def test_bank_codes(text: str, plain: str | None) -> None:
    assert bank_code(text) == plain


def test_a_partner_owes_nothing_of_money_that_came_another_way(people: Cast, session: Session) -> None:
    """The seller has it; what is paid out of it would be another seller's."""
    first, second = a_payment(people, about="deposit:aaaaaaaaaa"), a_payment(people, about="deposit:bbbbbbbbbb")
    with transaction() as inside:
        note_paid_elsewhere(inside, first.seller.actor, inside.get_one(Payment, first.payment_id))
    with transaction() as inside:
        held = locked(inside, second.payment_id)
        held.method, held.paid_at = Method.CARD, now()
        settle(inside, held)
    partner = first.partner
    owed = {one.organisation_id: one.amount.minor for one in creditors(session, partner.organisation_id)}
    assert owed == {second.seller.organisation_id: 9_250}
    before = sums(session)
    with pytest.raises(Conflict), transaction() as inside:
        holder, seller = (inside.get_one(Organisation, one.organisation_id) for one in (partner, first.seller))
        mark_paid_out(inside, partner.actor, holder, seller, Money(9_250, "USD"), "k1")
    assert sums(session) == before
    with transaction() as inside:
        holder, seller = (inside.get_one(Organisation, one.organisation_id) for one in (partner, second.seller))
        assert mark_paid_out(inside, partner.actor, holder, seller, Money(9_250, "USD"), "k2")
