"""The desk about money: details are confirmed by somebody else, rules end and are never changed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import today
from marketplace.kernel.money import Money
from marketplace.kernel.personal_data import erase_all
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.payments.models import BankAccount, CommissionRule
from marketplace.payments.queries import commission_terms
from marketplace.payments.rules import chosen_rule, commission_of
from tests.app.test_payments_pages import DETAILS, text_of
from tests.support.members import a_plan, an_order, paid_by_bank
from tests.support.payments import a_payment
from tests.support.people import Cast

PAGE = "/console/payments"
ONE = timedelta(days=1)
RULE = {"percent": "7.5", "chapter": "", "commodity": "", "valid_from": "2026-11-01", "valid_to": ""}


def told(session: Session, user_id: int) -> list[str]:
    return list(session.scalars(select(Notice.kind).where(Notice.user_id == user_id).order_by(Notice.id)))


def test_staff_confirm_bank_details_and_the_company_is_told(people: Cast, session: Session) -> None:
    seller, curator = people.seller(), people.curator()
    seller.post("/account/bank", DETAILS, page="/account/bank")
    row = session.scalars(select(BankAccount)).one()
    assert "queue_bank" in told(session, curator.user_id)
    assert "1234 5678 90" in text_of(curator, PAGE)
    action = f"{PAGE}/bank/{row.id}"
    assert curator.post(action, {"decision": "confirm"}, page=PAGE).status_code == 422, "how was it checked?"
    assert curator.post(action, {"decision": "perhaps", "note": "x"}, page=PAGE).status_code == 422
    assert session.get_one(BankAccount, row.id, populate_existing=True).state == "proposed"
    assert curator.post(action, {"decision": "confirm", "note": "Called the office."}, page=PAGE).status_code == 303
    assert session.get_one(BankAccount, row.id, populate_existing=True).state == "confirmed"
    assert "bank_decided" in told(session, seller.user_id)
    assert "Called the office." in text_of(seller, "/account/bank")
    assert curator.post(action, {"decision": "refuse", "note": "late"}, page=PAGE).status_code == 409


def test_nobody_else_may(people: Cast, session: Session) -> None:
    seller = people.seller()
    seller.post("/account/bank", DETAILS, page="/account/bank")
    row = session.scalars(select(BankAccount)).one()
    for person in (seller, people.buyer(), people.partner()):
        assert person.client.get(PAGE).status_code == 404
        answer = person.post(f"{PAGE}/bank/{row.id}", {"decision": "confirm", "note": "me"}, page="/account/sessions")
        assert answer.status_code == 404
    assert people.curator().post(f"{PAGE}/commission", RULE, page=PAGE).status_code in {403, 404}
    assert session.get_one(BankAccount, row.id, populate_existing=True).state == "proposed"
    assert session.scalar(select(func.count(CommissionRule.id))) == 0


def test_a_rule_begins_and_ends(people: Cast, session: Session) -> None:
    operator = people.operator()
    assert operator.post(f"{PAGE}/commission", RULE, page=PAGE).status_code == 303
    row = session.scalars(select(CommissionRule)).one()
    assert (row.percent, row.chapter_id, row.valid_to) == (Decimal("7.5"), None, None)
    assert chosen_rule(commission_terms(session), 5, "coffee", today()) is not None
    assert operator.post(f"{PAGE}/commission/{row.id}/end", page=PAGE).status_code == 303
    assert session.get_one(CommissionRule, row.id, populate_existing=True).valid_to == today()
    assert operator.post(f"{PAGE}/commission/{row.id}/end", page="/account/sessions").status_code == 409


def test_a_rule_that_is_ended_before_its_first_day_never_holds(people: Cast, session: Session) -> None:
    operator, first = people.operator(), today() + 10 * ONE
    assert operator.post(f"{PAGE}/commission", {**RULE, "valid_from": str(first)}, page=PAGE).status_code == 303
    row = session.scalars(select(CommissionRule)).one()
    assert chosen_rule(commission_terms(session), 5, "coffee", first) is not None
    assert operator.post(f"{PAGE}/commission/{row.id}/end", page=PAGE).status_code == 303
    session.expire_all()
    assert not [day for day in range(30) if chosen_rule(commission_terms(session), 5, "coffee", today() + day * ONE)]
    assert operator.post(f"{PAGE}/commission/{row.id}/end", page="/account/sessions").status_code == 409


def test_a_rule_may_name_a_fixed_amount(people: Cast, session: Session) -> None:
    operator = people.operator()
    fixed = {**RULE, "percent": "", "fixed": "25.50", "currency": "USD"}
    assert operator.post(f"{PAGE}/commission", fixed, page=PAGE).status_code == 303
    (terms,) = commission_terms(session)
    assert commission_of(Money(10_000, "USD"), terms) == Money(2_550, "USD")
    assert commission_of(Money(10_000, "EUR"), terms) == Money(0, "EUR")
    shown = text_of(operator, PAGE)
    assert "US$25.50" in shown or "$25.50" in shown
    for wrong in (
        {"percent": "5"},
        {"currency": ""},
        {"currency": "XXX"},
        {"fixed": "0"},
        {"fixed": "-1"},
        {"fixed": "1 EUR"},
    ):
        assert operator.post(f"{PAGE}/commission", {**fixed, **wrong}, page=PAGE).status_code == 422, wrong
    assert session.scalar(select(func.count(CommissionRule.id))) == 1


@pytest.mark.parametrize(
    "wrong", [{"percent": "51"}, {"percent": "-1"}, {"percent": "1e309"}, {"percent": "NaN"}, {"percent": ""}, {"chapter": "999"},
              {"commodity": "gold"}, {"valid_from": ""}, {"valid_to": "2026-10-31"}, {"percent": "1.23456"}])  # fmt: skip
def test_odd_rules_are_refused(people: Cast, session: Session, wrong: dict[str, str]) -> None:
    operator = people.operator()
    assert operator.post(f"{PAGE}/commission", {**RULE, **wrong}, page=PAGE).status_code == 422
    assert session.scalar(select(func.count(CommissionRule.id))) == 0


def test_staff_read_a_chapters_own_income_as_such(people: Cast, session: Session) -> None:
    partner, operator = people.partner(), people.operator()
    paid_by_bank(session, partner, an_order(people.buyer(), a_plan(partner)))
    shown = text_of(operator, PAGE)
    assert "Own income" in shown
    assert "Owed to the seller" not in shown
    scene = a_payment(people)
    scene.seller.post(f"/payments/{scene.key}/received", page=f"/payments/{scene.key}")
    shown = text_of(operator, PAGE)
    assert "Own income" in shown
    assert "Owed to the seller" in shown


def test_both_sides_learn_of_a_payment(people: Cast, session: Session) -> None:
    scene = a_payment(people)
    scene.seller.post(f"/payments/{scene.key}/received", page=f"/payments/{scene.key}")
    assert "payment_paid" in told(session, scene.seller.user_id)
    assert "payment_receipt" in told(session, scene.buyer.user_id)


def test_details_of_an_erased_person_are_confirmed_by_nobody(people: Cast, session: Session) -> None:
    seller, curator = people.seller(), people.curator()
    seller.post("/account/bank", DETAILS, page="/account/bank")
    row = session.scalars(select(BankAccount)).one()
    with transaction() as inside:
        erase_all(inside, seller.user_id)
    assert session.get_one(BankAccount, row.id, populate_existing=True).state == "replaced"
    answer = curator.post(f"{PAGE}/bank/{row.id}", {"decision": "confirm", "note": "Called."}, page=PAGE)
    assert answer.status_code == 409
    with transaction() as inside:  # as an older release left them
        inside.get_one(BankAccount, row.id).state = "proposed"
    answer = curator.post(f"{PAGE}/bank/{row.id}", {"decision": "confirm", "note": "Called."}, page=PAGE)
    assert answer.status_code == 409
    assert session.get_one(BankAccount, row.id, populate_existing=True).state == "proposed"
