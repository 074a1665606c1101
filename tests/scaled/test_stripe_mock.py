"""Every call we make to Stripe, checked against Stripe's own description of its interface."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.payments.doors import use_gateway
from marketplace.payments.gateway import CheckoutWish, RefundWish, Refused
from marketplace.payments.models import CheckoutAttempt, Payment, SettlementAccount
from marketplace.payments.rules import AccountState
from marketplace.payments.stripe_gateway import StripeGateway
from tests.support.members import a_plan
from tests.support.people import Cast

pytestmark = pytest.mark.scaled


@pytest.fixture
def gateway() -> StripeGateway:
    return StripeGateway("sk_test_" + "m" * 24, "whsec_" + "m" * 32, os.environ["SOUQ_TEST_STRIPE_MOCK"])


def a_wish(**more: object) -> CheckoutWish:
    values = {
        "idempotency_key": "checkout-test-1", "account": "acct_1032D82eZvKYlo2C", "reference": "k7m2p9x4ta",
        "amount": Money(12_345, "USD"), "description": "Sample of green coffee",
        "success_url": "https://souq.example/payments/k7m2p9x4ta", "cancel_url": "https://souq.example/payments/k7m2p9x4ta",
        "language": "zh_Hant", "expires_at": now() + timedelta(hours=23),
    }  # fmt: skip
    return CheckoutWish(**{**values, **more})  # type: ignore[arg-type]  # values of several types


@pytest.mark.parametrize("language", ["en", "id", "de", "zh_Hans", "zh_Hant"])
def test_a_card_page_in_every_language(gateway: StripeGateway, language: str) -> None:
    assert gateway.open_checkout(a_wish(language=language)).session_id.startswith("cs_")


@pytest.mark.parametrize(
    "amount", [Money(50, "USD"), Money(1_000, "JPY"), Money(99_999_900, "IDR"), Money(1_234, "HKD")]
)
def test_amounts_in_the_currencies_of_our_partners(gateway: StripeGateway, amount: Money) -> None:
    assert gateway.open_checkout(a_wish(amount=amount)).session_id.startswith("cs_")


def test_a_page_is_looked_for(gateway: StripeGateway) -> None:
    assert gateway.find("acct_1032D82eZvKYlo2C", "nobody", now() - timedelta(days=1), now()) is None


def test_a_refund(gateway: StripeGateway) -> None:
    wish = RefundWish(
        "refund-test-1", "acct_1032D82eZvKYlo2C", "pi_1DmB6k2eZvKYlo2C", Money(100, "USD"), "refund-test-1"
    )
    assert gateway.refund(wish).refund_id.startswith("re_")
    assert gateway.find_refund(wish) is None, "the mock's own refunds carry no reference of ours"


def test_an_account_is_opened_and_read(gateway: StripeGateway) -> None:
    made = gateway.open_account("account-test-1", "DE", "office@chapter.example")
    assert made.account.startswith("acct_")
    assert gateway.read_account(made.account).account.startswith("acct_")
    assert gateway.find_account("account-test-1", now()) is None, "the mock's own accounts carry no key of ours"
    assert gateway.onboarding_link(made.account, "https://souq.example/a", "https://souq.example/b").startswith(
        "https://"
    )


def test_a_wrong_call_is_refused(gateway: StripeGateway) -> None:
    with pytest.raises(Refused):
        StripeGateway("", "whsec_" + "m" * 32, os.environ["SOUQ_TEST_STRIPE_MOCK"]).open_checkout(a_wish())


def test_a_membership_is_a_direct_charge_on_the_chapters_account(
    app: Flask, people: Cast, session: Session, gateway: StripeGateway
) -> None:
    use_gateway(gateway)
    partner, member = people.partner(country="DE"), people.seller()
    settlement = "/partner/settlement"
    assert partner.post(settlement, {"country": "DE"}, page=settlement).status_code in {200, 303}
    with transaction() as inside:
        account = inside.scalars(select(SettlementAccount)).one()
        assert (account.stripe_account or "").startswith("acct_")
        account.state = AccountState.ACTIVE  # the mock knows no owner who proves who they are
    plan = a_plan(partner, price=Money(24_000, "EUR"))
    due = member.post(f"/memberships/plans/{plan.key}/order", {"version": "1"}, page="/memberships").location
    assert member.post(f"{due}/card", page=due).status_code == 303
    attempt = session.scalars(select(CheckoutAttempt).execution_options(populate_existing=True)).one()
    assert (attempt.session_id or "").startswith("cs_")
    payment = session.scalars(select(Payment)).one()
    assert (payment.purpose, payment.minor, payment.currency) == ("membership", 24_000, "EUR")
    assert (
        payment.payee_id
        == partner.organisation_id
        == session.get_one(SettlementAccount, payment.settlement_account_id).organisation_id
    )
