"""A payment between a buyer and a seller over a partner's settlement account, and events about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.jobs import run_due
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.payments.models import CheckoutAttempt, Payment, Posting, SettlementAccount
from marketplace.payments.rules import AccountState, CommissionKind, CommissionTerms, Purpose
from marketplace.payments.services import ask_card_page, demand, open_card_page
from tests.support.people import Cast, Person
from tests.support.stripe_double import StripeDouble

ACCOUNT = "acct_partner"
ADDRESS = "http://localhost/payments/x"


@dataclass
class Scene:
    """Who pays whom; everything by keys, since rows are read anew."""

    buyer: Person
    seller: Person
    partner: Person
    payment_id: int
    key: str


def a_payment(people: Cast, minor: int = 10_000, currency: str = "USD", percent: str = "7.5", about: str = "") -> Scene:
    """An amount due, with a commission for the partner whose account takes it."""
    buyer, seller, partner = people.buyer(), people.seller(), people.partner()
    with transaction() as session:
        account = session.scalar(select(SettlementAccount).where(SettlementAccount.stripe_account == ACCOUNT))
        if account is None:
            account = SettlementAccount(
                organisation_id=partner.organisation_id,
                country="US",
                stripe_account=ACCOUNT,
                idempotency_key=f"account-{partner.organisation_id}",
                state=AccountState.ACTIVE,
                created_at=now(),
            )
            session.add(account)
            session.flush()
        from decimal import Decimal

        made = demand(
            session,
            about or f"sample:{buyer.organisation_id}",
            Purpose.SAMPLE,
            "Sample of green coffee",
            Money(minor, currency),
            payer_id=buyer.organisation_id,
            payee_id=seller.organisation_id,
            settlement_account_id=account.id,
            commission=CommissionTerms(1, CommissionKind.PERCENT, Decimal(percent)),
            commission_to_id=account.organisation_id,
        )
        return Scene(buyer, seller, partner, made.id, made.key)


def a_card_page(session: Session, scene: Scene, gateway: Any) -> CheckoutAttempt:
    """Ask for a card page and have it opened."""
    with transaction() as inside:
        attempt_id = ask_card_page(inside, inside.get_one(Payment, scene.payment_id), "en", ADDRESS).id
    open_card_page(gateway, attempt_id, ADDRESS)
    return session.get_one(CheckoutAttempt, attempt_id, populate_existing=True)


def session_object(scene: Scene, session_id: str, minor: int, currency: str = "usd", **more: Any) -> dict[str, Any]:
    """A Checkout Session as events tell of it."""
    return {
        "id": session_id, "object": "checkout.session", "client_reference_id": scene.key, "amount_total": minor,
        "currency": currency, "payment_status": "paid", "status": "complete", "payment_intent": f"pi_of_{scene.key}",
        "metadata": {"payment": scene.key}, **more,
    }  # fmt: skip


def refund_object(scene: Scene, refund_id: str, minor: int, status: str = "succeeded", **more: Any) -> dict[str, Any]:
    """A refund as events tell of it."""
    return {
        "id": refund_id, "object": "refund", "amount": minor, "currency": "usd", "status": status,
        "payment_intent": f"pi_of_{scene.key}", "metadata": {}, **more,
    }  # fmt: skip


def dispute_object(scene: Scene, dispute_id: str, minor: int, status: str) -> dict[str, Any]:
    """A dispute as events tell of it."""
    return {
        "id": dispute_id, "object": "dispute", "amount": minor, "currency": "usd", "status": status,
        "payment_intent": f"pi_of_{scene.key}", "charge": "ch_1",
    }  # fmt: skip


def deliver(
    client: FlaskClient,
    double: StripeDouble,
    kind: str,
    content: dict[str, Any],
    *,
    account: str = ACCOUNT,
    event_id: str = "",
    **more: Any,
) -> int:
    """Send one signed event; gives the status of the answer."""
    body, signature = double.signed(kind, content, account, at=more.pop("at", now()), event_id=event_id, **more)
    return client.post(
        "/payments/stripe-events",
        data=body,
        headers={"Stripe-Signature": signature, "Content-Type": "application/json"},
    ).status_code


def work() -> None:
    """Let the worker do what is queued."""
    run_due()


def state(session: Session, scene: Scene) -> str:
    """The payment's state as the database has it."""
    return session.get_one(Payment, scene.payment_id, populate_existing=True).state


def sums(session: Session) -> dict[tuple[str, int], int]:
    """The ledger: balance by account and organisation; what is at zero is left out."""
    query = select(Posting.account, Posting.organisation_id, func.sum(Posting.minor)).group_by(
        Posting.account, Posting.organisation_id
    )
    return {(account, key): int(minor) for account, key, minor in session.execute(query) if minor}
