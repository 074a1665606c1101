"""Money through the card company: webhooks decide, in any order; calls are made once, whatever happens on the way."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.payments.doors import use_gateway
from marketplace.payments.gateway import Uncertain
from marketplace.payments.models import CheckoutAttempt, LedgerEntry, Payment, Posting, WebhookEvent
from marketplace.payments.rules import AttemptState, PaymentState, commission_back
from marketplace.payments.services import (
    ask_card_page,
    cancel_payment,
    confirm_bank_transfer,
    open_card_page,
)
from marketplace.payments.stripe_gateway import StripeGateway
from tests.support.payments import (
    ADDRESS,
    Scene,
    a_card_page,
    a_payment,
    deliver,
    dispute_object,
    refund_object,
    session_object,
    state,
    sums,
    work,
)
from tests.support.people import Cast
from tests.support.stripe_double import SECRET_KEY, WEBHOOK_SECRET, StripeDouble, signature_of, stripe_double

COMPLETED = "checkout.session.completed"
STORM = int(os.environ.get("SOUQ_WEBHOOKS", "60"))  # deliveries; make webhooks asks for ten thousand


@pytest.fixture
def double() -> Iterator[StripeDouble]:
    with stripe_double() as made:
        yield made


@pytest.fixture
def gateway(app: Flask, double: StripeDouble) -> StripeGateway:
    made = StripeGateway(SECRET_KEY, WEBHOOK_SECRET, double.url)
    use_gateway(made)
    return made


@pytest.fixture
def scene(people: Cast, gateway: StripeGateway) -> Scene:
    return a_payment(people)


def test_a_card_payment_from_page_to_ledger(
    client: FlaskClient, session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble
) -> None:
    attempt = a_card_page(session, scene, gateway)
    assert attempt.url is not None
    assert attempt.url.startswith("https://cards.example/")
    made = double.sessions[attempt.session_id or ""]
    assert (made["amount_total"], made["currency"], made["account"]) == (10_000, "usd", "acct_partner")
    assert state(session, scene) == PaymentState.DUE, "an open page is no payment"
    assert deliver(client, double, COMPLETED, session_object(scene, attempt.session_id or "", 10_000)) == 204
    work()
    assert state(session, scene) == PaymentState.PAID
    held, owed, fee = 10_000, -9_250, -750
    assert sums(session) == {
        ("held", scene.partner.organisation_id): held,
        ("owed", scene.seller.organisation_id): owed,
        ("commission", scene.partner.organisation_id): fee,
    }
    with pytest.raises(Conflict), transaction() as inside:
        ask_card_page(inside, inside.get_one(Payment, scene.payment_id), "en", ADDRESS)


def test_asking_twice_gives_one_page(
    session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble
) -> None:
    first = a_card_page(session, scene, gateway)
    second = a_card_page(session, scene, gateway)
    assert first.id == second.id
    assert len(double.sessions) == 1


@pytest.mark.parametrize("fault", ["cut", "lost", "409", "429", "500"])
def test_t12_a_fault_on_the_way_never_opens_two_pages(
    session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble, fault: str
) -> None:
    double.faults.append(fault)
    with transaction() as inside:
        attempt = ask_card_page(inside, inside.get_one(Payment, scene.payment_id), "de", ADDRESS)
        attempt_id, key = attempt.id, attempt.idempotency_key
    with pytest.raises(Uncertain):
        open_card_page(gateway, attempt_id, ADDRESS)
    kept = session.get_one(CheckoutAttempt, attempt_id, populate_existing=True)
    assert (kept.state, kept.idempotency_key) == (AttemptState.ASKED, key), "the key was kept before the call"
    with frozen(now() + timedelta(minutes=2)):
        work()  # the job that was queued with the attempt
    assert session.get_one(CheckoutAttempt, attempt_id, populate_existing=True).state == AttemptState.OPEN
    assert len(double.sessions) == 1


def test_after_twenty_hours_the_page_is_looked_up_first(
    session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble
) -> None:
    began = now()
    double.clock = began.timestamp
    double.faults.append("lost")
    with transaction() as inside:
        attempt_id = ask_card_page(inside, inside.get_one(Payment, scene.payment_id), "en", ADDRESS).id
    with pytest.raises(Uncertain):
        open_card_page(gateway, attempt_id, ADDRESS)
    double.answered.clear()  # Stripe forgets keys after a day
    with frozen(began + timedelta(hours=21)):
        open_card_page(gateway, attempt_id, ADDRESS)
    assert len(double.sessions) == 1
    kept = session.get_one(CheckoutAttempt, attempt_id, populate_existing=True)
    assert kept.session_id in double.sessions


def test_a_page_that_was_refused_leaves_the_amount_due(
    session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble
) -> None:
    double.faults.append("400")
    attempt = a_card_page(session, scene, gateway)
    assert attempt.state == AttemptState.FAILED
    assert state(session, scene) == PaymentState.DUE
    assert a_card_page(session, scene, gateway).id != attempt.id


WRONG = {
    "amount": lambda scene: session_object(scene, "cs_x", 9_999),
    "currency": lambda scene: session_object(scene, "cs_x", 10_000, "eur"),
    "no amount": lambda scene: {**session_object(scene, "cs_x", 10_000), "amount_total": None},
    "amount as text": lambda scene: {**session_object(scene, "cs_x", 10_000), "amount_total": "10000"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_disagrees_with_our_row_marks_nothing(
    client: FlaskClient, session: Session, scene: Scene, double: StripeDouble, wrong: str
) -> None:
    assert deliver(client, double, COMPLETED, WRONG[wrong](scene)) == 204
    work()
    assert state(session, scene) == PaymentState.DUE
    assert sums(session) == {}
    assert session.scalars(select(WebhookEvent.outcome)).all() == ["mismatch"]


def test_another_account_marks_nothing(
    client: FlaskClient, session: Session, scene: Scene, double: StripeDouble
) -> None:
    content = session_object(scene, "cs_x", 10_000)
    assert deliver(client, double, COMPLETED, content, account="acct_elsewhere") == 204
    work()
    assert state(session, scene) == PaymentState.DUE


def test_unknown_things_change_nothing(
    client: FlaskClient, session: Session, scene: Scene, double: StripeDouble
) -> None:
    strange = [
        (COMPLETED, {**session_object(scene, "cs_x", 10_000), "client_reference_id": "nobody", "metadata": {}}),
        (COMPLETED, {}),
        ("refund.created", refund_object(scene, "re_x", 5)),
        ("charge.dispute.created", dispute_object(scene, "dp_x", 5, "needs_response")),
        ("account.updated", {"id": "acct_nobody", "charges_enabled": True}),
        ("customer.created", {"id": "cus_1"}),
        ("refund.updated", {"id": None, "amount": -5, "payment_intent": 17, "metadata": [1, 2]}),
    ]
    for kind, content in strange:
        assert deliver(client, double, kind, content) == 204
    work()
    assert state(session, scene) == PaymentState.DUE
    assert sums(session) == {}


def test_a_second_payment_of_the_same_amount_is_told_not_booked(
    client: FlaskClient, session: Session, scene: Scene, double: StripeDouble
) -> None:
    deliver(client, double, COMPLETED, session_object(scene, "cs_1", 10_000))
    deliver(client, double, COMPLETED, session_object(scene, "cs_2", 10_000, payment_intent="pi_other"))
    work()
    assert sorted(session.scalars(select(WebhookEvent.outcome))) == ["applied", "mismatch"]
    assert sums(session)["held", scene.partner.organisation_id] == 10_000


def test_paid_after_it_was_cancelled_is_given_back(
    client: FlaskClient, session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble
) -> None:
    attempt = a_card_page(session, scene, gateway)
    with transaction() as inside:
        cancel_payment(inside, inside.get_one(Payment, scene.payment_id))
    assert state(session, scene) == PaymentState.CANCELLED
    for kind in (COMPLETED, "checkout.session.async_payment_succeeded"):  # two words of one payment: one refund
        deliver(client, double, kind, session_object(scene, attempt.session_id or "", 10_000))
    work()
    work()
    assert list(session.scalars(select(WebhookEvent.outcome))) == ["applied", "applied"]
    (refund,) = double.refunds.values()
    assert refund["amount"] == 10_000
    deliver(
        client, double, "refund.updated", {**refund_object(scene, refund["id"], 10_000), "metadata": refund["metadata"]}
    )
    work()
    assert state(session, scene) == PaymentState.REFUNDED
    assert sums(session) == {}


def test_bank_transfer_is_confirmed_once_and_not_beside_an_open_card_page(
    session: Session, people: Cast, scene: Scene, gateway: StripeGateway
) -> None:
    a_card_page(session, scene, gateway)
    with pytest.raises(Conflict), transaction() as inside:
        confirm_bank_transfer(inside, scene.seller.actor, inside.get_one(Payment, scene.payment_id))
    other = a_payment(people, about="deposit:other")
    with transaction() as inside:
        confirm_bank_transfer(inside, other.seller.actor, inside.get_one(Payment, other.payment_id))
    with pytest.raises(Conflict), transaction() as inside:
        confirm_bank_transfer(inside, other.seller.actor, inside.get_one(Payment, other.payment_id))
    assert state(session, other) == PaymentState.PAID
    assert sums(session)["held", other.seller.organisation_id] == 10_000


def test_a_lost_dispute_takes_from_both_shares_and_a_won_one_from_none(
    client: FlaskClient, session: Session, people: Cast, scene: Scene, double: StripeDouble
) -> None:
    other = a_payment(people, about="sample:other")
    for each in (scene, other):
        deliver(client, double, COMPLETED, session_object(each, f"cs_{each.key}", 10_000))
    deliver(client, double, "charge.dispute.created", dispute_object(scene, "dp_1", 10_000, "needs_response"))
    deliver(client, double, "charge.dispute.created", dispute_object(other, "dp_2", 10_000, "needs_response"))
    work()
    assert state(session, scene) == state(session, other) == PaymentState.DISPUTED
    deliver(client, double, "charge.dispute.closed", dispute_object(scene, "dp_1", 10_000, "lost"))
    deliver(client, double, "charge.dispute.closed", dispute_object(other, "dp_2", 10_000, "won"))
    work()
    assert state(session, scene) == PaymentState.CHARGED_BACK
    assert state(session, other) == PaymentState.PAID
    assert sums(session)["owed", other.seller.organisation_id] == -9_250
    assert ("owed", scene.seller.organisation_id) not in sums(session)


@pytest.mark.parametrize("seed", range(6 if STORM < 1000 else 1))
def test_t11_any_order_any_repeats_and_forgeries_give_the_exact_ledger(
    client: FlaskClient, session: Session, people: Cast, gateway: StripeGateway, double: StripeDouble, seed: int
) -> None:
    dice = random.Random(seed)
    scenes, deliveries, storm = [], [], []
    expected: dict[str, tuple[int, int]] = {}  # key -> paid, gone
    while len(storm) < STORM:
        minor, gone = dice.randint(50, 99_999), 0
        scene = a_payment(people, minor=minor, percent="7.5", about=f"deposit:{len(scenes)}")
        told = [(COMPLETED, session_object(scene, f"cs_{scene.key}", minor), f"evt_{scene.key}_paid")]
        for number in range(dice.randint(0, 3)):
            part = dice.randint(1, max(1, (minor - gone) // 2))
            gone += part
            refund_id = f"re_{scene.key}_{number}"
            told.append(("refund.created", refund_object(scene, refund_id, part, "pending"), f"evt_{refund_id}_a"))
            told.append(("refund.updated", refund_object(scene, refund_id, part), f"evt_{refund_id}_b"))
            if dice.random() < 0.3:
                gone -= part
                told.append(("refund.failed", refund_object(scene, refund_id, part, "failed"), f"evt_{refund_id}_c"))
        expected[scene.key] = (minor, gone)
        scenes.append(scene)
        deliveries += told
        storm += [one for one in told for _ in range(dice.randint(1, 3))]
    dice.shuffle(storm)
    for kind, content, event_id in storm:
        assert deliver(client, double, kind, content, event_id=event_id) == 204
        if dice.random() < 0.2:
            forged = deliver(
                client, double, kind, {**content, "amount": 1}, event_id="evt_forged", secret="whsec_wrong"
            )
            assert forged == 400
        if dice.random() < 0.3:
            work()
    work()
    work()
    found = sums(session)
    for scene in scenes:
        minor, gone = expected[scene.key]
        fee = Money(session.get_one(Payment, scene.payment_id).commission_minor, "USD")
        kept = fee - commission_back(fee, Money(minor, "USD"), Money(gone, "USD"))
        assert found.get(("owed", scene.seller.organisation_id), 0) == -(minor - gone - kept.minor)
    held = sum(minor - gone for minor, gone in expected.values())
    assert sum(amount for (account, _), amount in found.items() if account == "held") == held
    per_entry = session.execute(select(func.sum(Posting.minor)).group_by(Posting.entry_id, Posting.currency))
    assert all(total == 0 for (total,) in per_entry)
    assert session.scalar(select(func.count(WebhookEvent.id))) == len(deliveries)
    assert session.scalar(select(func.count(LedgerEntry.id))) == len(set(session.scalars(select(LedgerEntry.cause))))


def test_t11_sixty_odd_deliveries_are_refused(
    client: FlaskClient, session: Session, scene: Scene, double: StripeDouble
) -> None:
    content = session_object(scene, "cs_1", 10_000)
    body, good = double.signed(COMPLETED, content, "acct_partner", at=now())
    stamp, mac = good.split(",v1=")
    bodies = [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"1",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"id":',
        body + b" ",
        body[:-1],
        b"x" * 1_000_001,
    ]
    signatures = ["", "t=1", stamp, "v1=" + mac, good.replace(mac, "0" * 64), good.replace(mac, "ä" * 64), good.replace("t=", "t=9"),
                  "t=abc,v1=" + mac, "t=,v1=", good + "x", ",,,", "=" * 50, "t=-1,v1=" + mac, good.replace("v1", "v0"), good[:-1]]  # fmt: skip
    cases = [(odd, signature_of(odd, now())) for odd in bodies if odd.strip() != body]
    cases += [(odd, good) for odd in bodies] + [(body, signature) for signature in signatures]
    cases += [
        (body, signature_of(body, now() + timedelta(seconds=shift)))
        for shift in (-310, -3600, -86400, 900, 3600, 315_360_000)
    ]
    cases += [(body, signature_of(body, now(), secret)) for secret in ("", "whsec_", "whsec_" + "u" * 32, SECRET_KEY)]
    cases += [(b'{"id": %s, "type": "x", "data": {"object": {}}, "created": 1, "livemode": false}' % odd.encode(),) * 1 + ("",)
              for odd in ("1", "null", "[]", "{}", '""', '"' + "e" * 300 + '"')]  # fmt: skip
    cases += [(odd, signature_of(odd, now())) for odd in (
        b'{"id":"evt_1"}', b'{"id":"evt_1","type":"x"}', b'{"id":"evt_1","type":"x","data":{}}', b'"evt"', b"true",
        b'{"id":"evt_1","type":"x","data":{"object":[]},"created":"no","livemode":false}',
        b'{"id":"evt_1","type":"x","data":{"object":null},"created":1,"livemode":false}',
        b'{"id":"evt_1","type":7,"data":{"object":{}},"created":1,"livemode":false}',
        b'{"id":"evt_1","type":"x","data":{"object":{}},"created":1e400,"livemode":false}')]  # fmt: skip
    assert len(cases) >= 60
    for odd, signature in cases:
        headers = {"Stripe-Signature": signature.encode("utf-8", "replace").decode("latin-1")}
        answer = client.post("/payments/stripe-events", data=odd, headers=headers)
        assert answer.status_code in {400, 413}, (odd[:80], signature)
    assert session.scalar(select(func.count(WebhookEvent.id))) == 0
    assert state(session, scene) == PaymentState.DUE


def test_without_a_key_there_is_no_door(client: FlaskClient) -> None:
    assert client.post("/payments/stripe-events", data=b"{}").status_code == 404
