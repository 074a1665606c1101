"""Money that goes back: made once, told of once with its amount, and never more than was paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.money import Money
from marketplace.kernel.uow import transaction
from marketplace.notifications.composing import spoken
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.payments.doors import use_gateway
from marketplace.payments.gateway import Uncertain
from marketplace.payments.models import Payment, Refund
from marketplace.payments.rules import PaymentState, commission_back
from marketplace.payments.services import (
    ask_refund,
    send_refund,
)
from marketplace.payments.stripe_gateway import StripeGateway
from tests.support.payments import (
    Scene,
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
from tests.support.stripe_double import SECRET_KEY, WEBHOOK_SECRET, StripeDouble, stripe_double

COMPLETED = "checkout.session.completed"


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


def test_refunds_never_exceed_what_was_paid(
    client: FlaskClient, session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble
) -> None:
    deliver(client, double, COMPLETED, session_object(scene, "cs_1", 10_000))
    work()
    double.faults.append("lost")
    with transaction() as inside:
        refund = ask_refund(
            inside, scene.partner.actor, inside.get_one(Payment, scene.payment_id), Money(6_000, "USD"), "x"
        )
        refund_id = refund.id
    with pytest.raises(Uncertain):
        send_refund(gateway, refund_id)
    send_refund(gateway, refund_id)
    send_refund(gateway, refund_id)
    assert len(double.refunds) == 1, "the same key, the same refund"
    with pytest.raises(Conflict), transaction() as inside:
        ask_refund(inside, scene.partner.actor, inside.get_one(Payment, scene.payment_id), Money(4_001, "USD"), "y")
    assert session.scalar(select(func.count(Refund.id))) == 1


def test_the_payer_is_told_of_each_refund_with_its_amount_once(
    client: FlaskClient, session: Session, scene: Scene, double: StripeDouble
) -> None:
    parts = {"re_1": 2_000, "re_2": 3_050, "re_3": 4_950}
    told = [("refund.updated", refund_object(scene, "re_2", 3_050), "evt_2b")]  # before the money and its own creation
    told.append((COMPLETED, session_object(scene, "cs_1", 10_000), "evt_paid"))
    for refund_id, part in parts.items():
        told.append(("refund.created", refund_object(scene, refund_id, part, "pending"), f"evt_{refund_id}_a"))
        told.append(("refund.updated", refund_object(scene, refund_id, part), f"evt_{refund_id}_b"))
    told.append(("refund.updated", refund_object(scene, "re_1", 2_000), "evt_again"))
    for kind, content, event_id in [*told, *reversed(told)]:
        deliver(client, double, kind, content, event_id=event_id)
        work()
    assert state(session, scene) == PaymentState.REFUNDED
    notices = session.scalars(select(Notice).where(Notice.kind == Kind.PAYMENT_REFUNDED)).all()
    assert [one.user_id for one in notices] == [scene.buyer.user_id] * 3
    with speaking("de"):
        lines = [spoken(one, "de").line for one in notices]
    for amount in ("20,00", "30,50", "49,50"):
        assert sum(amount in line for line in lines) == 1, (amount, lines)


def test_a_refund_that_fails_is_told_to_whom_it_concerns(
    client: FlaskClient, session: Session, scene: Scene, double: StripeDouble
) -> None:
    deliver(client, double, COMPLETED, session_object(scene, "cs_1", 10_000))
    deliver(client, double, "refund.failed", refund_object(scene, "re_never", 500, "failed"))
    for _again in range(2):
        for kind, status in (("refund.updated", "succeeded"), ("refund.failed", "failed")):
            deliver(client, double, kind, refund_object(scene, "re_1", 2_000, status))
            work()

    def told(kind: Kind) -> list[tuple[int | None, str]]:
        rows = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id))
        return [(one.user_id, one.context["amount"]) for one in rows]

    gives = sorted((scene.seller.user_id, scene.partner.user_id))
    assert sorted(told(Kind.REFUND_FAILED)) == sorted(
        (person, amount) for person in gives for amount in ("2000 USD", "500 USD")
    )
    assert told(Kind.PAYMENT_REFUNDED) == told(Kind.REFUND_TAKEN_BACK) == [(scene.buyer.user_id, "2000 USD")]
    assert state(session, scene) == PaymentState.PAID


def test_a_refund_while_the_bank_decides_is_told(
    client: FlaskClient, session: Session, scene: Scene, double: StripeDouble
) -> None:
    deliver(client, double, COMPLETED, session_object(scene, "cs_1", 10_000))
    deliver(client, double, "charge.dispute.created", dispute_object(scene, "dp_1", 5_000, "needs_response"))
    deliver(client, double, "refund.created", refund_object(scene, "re_1", 1_000))
    work()
    assert state(session, scene) == PaymentState.DISPUTED
    (told,) = session.scalars(select(Notice).where(Notice.kind == Kind.PAYMENT_REFUNDED)).all()
    assert told.context["amount"] == "1000 USD"


@pytest.mark.parametrize("is_made", [True, False])
def test_after_twenty_hours_a_refund_is_looked_up_first(
    client: FlaskClient, session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble, is_made: bool
) -> None:
    began = now()
    deliver(client, double, COMPLETED, session_object(scene, "cs_1", 10_000))
    work()
    double.faults.append("lost" if is_made else "cut")
    with transaction() as inside:
        payment = inside.get_one(Payment, scene.payment_id)
        refund_id = ask_refund(inside, scene.partner.actor, payment, Money(6_000, "USD"), "x").id
    with pytest.raises(Uncertain):
        send_refund(gateway, refund_id)
    double.answered.clear()  # Stripe forgets keys after a day
    with frozen(began + timedelta(hours=21)):
        send_refund(gateway, refund_id)
    (made,) = double.refunds
    kept = session.get_one(Refund, refund_id, populate_existing=True)
    assert (kept.refund_id, kept.state) == (made, "pending"), "made once, and known as ours"


def test_a_look_that_is_refused_ends_nothing(
    client: FlaskClient, session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble
) -> None:
    began = now()
    deliver(client, double, COMPLETED, session_object(scene, "cs_1", 10_000))
    work()
    double.faults.append("lost")
    with transaction() as inside:
        payment = inside.get_one(Payment, scene.payment_id)
        refund_id = ask_refund(inside, scene.partner.actor, payment, Money(6_000, "USD"), "x").id
    with pytest.raises(Uncertain):
        send_refund(gateway, refund_id)
    double.faults.append("401")  # our key was changed at the card company, and here not yet
    with frozen(began + timedelta(hours=21)), pytest.raises(Uncertain):
        send_refund(gateway, refund_id)
    kept = session.get_one(Refund, refund_id, populate_existing=True)
    assert kept.state == "asked", "it was made: whoever read of a failure would give the money back once more"
    with frozen(began + timedelta(hours=22)):
        send_refund(gateway, refund_id)
    assert len(double.refunds) == 1


def test_a_refund_that_was_made_before_it_was_refused_counts(
    client: FlaskClient, session: Session, scene: Scene, gateway: StripeGateway, double: StripeDouble
) -> None:
    deliver(client, double, COMPLETED, session_object(scene, "cs_1", 10_000))
    work()
    double.faults.extend(["lost", "401"])
    with transaction() as inside:
        payment = inside.get_one(Payment, scene.payment_id)
        refund_id = ask_refund(inside, scene.partner.actor, payment, Money(6_000, "USD"), "x").id
    with pytest.raises(Uncertain):
        send_refund(gateway, refund_id)
    send_refund(gateway, refund_id)
    (made,) = double.refunds.values()
    for kind, status in (("refund.created", "pending"), ("refund.updated", "succeeded"), ("refund.created", "pending")):
        content = refund_object(scene, made["id"], 6_000, status, metadata=made["metadata"])
        deliver(client, double, kind, content, event_id=f"evt_{kind}_{status}")
        work()
    assert state(session, scene) == PaymentState.PARTLY_REFUNDED
    assert sums(session)["held", scene.partner.organisation_id] == 4_000
    told = session.scalars(select(Notice.user_id).where(Notice.kind == Kind.PAYMENT_REFUNDED)).all()
    assert told == [scene.buyer.user_id]


def test_a_refund_that_fails_after_another_leaves_what_the_other_alone_would(
    client: FlaskClient, session: Session, people: Cast, gateway: StripeGateway, double: StripeDouble
) -> None:
    scene = a_payment(people, minor=1_000, percent="7.5")
    deliver(client, double, COMPLETED, session_object(scene, "cs_1", 1_000))
    for refund_id, part, status in (("re_1", 10, "succeeded"), ("re_2", 87, "succeeded"), ("re_1", 10, "failed")):
        kind = "refund.failed" if status == "failed" else "refund.updated"
        deliver(client, double, kind, refund_object(scene, refund_id, part, status))
        work()
    assert commission_back(Money(75, "USD"), Money(1_000, "USD"), Money(87, "USD")) == Money(7, "USD")
    assert sums(session) == {
        ("held", scene.partner.organisation_id): 913,
        ("commission", scene.partner.organisation_id): -68,
        ("owed", scene.seller.organisation_id): -845,
    }
