"""A way on which Stripe is called: a card page is opened, it is paid, a part goes back. Stripe remembers every call, while
the site dies before, between and after them: it is asked again, and has one page and one refund at the end.
"""

from __future__ import annotations

import json
import urllib.request

from flask.testing import FlaskClient

from marketplace.kernel.clock import now
from marketplace.kernel.uow import transaction
from marketplace.payments.doors import use_gateway
from marketplace.payments.gateway import SignedEvent
from marketplace.payments.services import keep_event
from marketplace.payments.stripe_gateway import StripeGateway
from tests.crash.site import rows
from tests.crash.stories import Story, World, worker
from tests.support.payments import ACCOUNT, a_payment
from tests.support.people import Cast
from tests.support.stripe_double import SECRET_KEY, WEBHOOK_SECRET, stripe_double

_CLIENTS: dict[str, dict[str, FlaskClient]] = {}


def _before(world: World, people: Cast) -> None:
    double = world.outside.enter_context(stripe_double())
    use_gateway(StripeGateway(SECRET_KEY, WEBHOOK_SECRET, double.url))
    scene = a_payment(people)
    world.known |= {"payment": scene.key, "stripe": double.url}
    _CLIENTS[scene.key] = {"payer": scene.buyer.client, "holder": scene.partner.client}


def _asks_for_a_page(world: World) -> None:
    key = world.known["payment"]
    page = f"/payments/{key}"
    world.send("card", _CLIENTS[key]["payer"], page, f"{page}/card")


def _pays(world: World) -> None:
    ((session_id,),) = rows(world.home, "SELECT session_id FROM checkout_attempt")
    _told(world, "evt_paid", "checkout.session.completed", {
        "id": session_id, "object": "checkout.session", "amount_total": 10_000, "payment_status": "paid",
        "status": "complete",
    })  # fmt: skip


def _gives_back(world: World) -> None:
    key = world.known["payment"]
    page = f"/payments/{key}"
    words = {"amount": "40", "reason": "Late.", "left": "10000"}
    world.send("refund", _CLIENTS[key]["holder"], page, f"{page}/refund", **words)


def _hears_of_it(world: World) -> None:
    ((refund_id,),) = rows(world.home, "SELECT refund_id FROM refund")
    _told(world, "evt_back", "refund.updated", {
        "id": refund_id, "object": "refund", "amount": 4_000, "status": "succeeded",
    })  # fmt: skip


def _told(world: World, name: str, kind: str, content: dict[str, object]) -> None:
    key = world.known["payment"]
    ours = {"payment_intent": f"pi_of_{key}", "currency": "usd", "metadata": {"payment": key}}
    event = SignedEvent(name, kind, ACCOUNT, now(), is_live=False, content={**ours, **content})

    def keep() -> None:
        with transaction() as session:
            keep_event(session, event)

    world.act(keep)


def _stripe_was_asked_once(world: World) -> None:
    """At Stripe, which no kill reached: one page and one refund, however often the site died and asked again."""
    for path in ("checkout/sessions", f"refunds?payment_intent=pi_of_{world.known['payment']}"):
        asked = urllib.request.Request(f"{world.known['stripe']}/v1/{path}", headers={"Stripe-Account": ACCOUNT})
        with urllib.request.urlopen(asked) as answer:
            assert len(json.load(answer)["data"]) == 1, path


CALLS = Story(
    "calls",
    _before,
    (
        ("a page is asked for", _asks_for_a_page),
        ("it is opened, if it was not", worker),
        ("is paid", _pays),
        ("is booked", worker),
        ("a part is to go back", _gives_back),
        ("Stripe is asked", worker),
        ("it went back", _hears_of_it),
        ("is booked, too", worker),
        ("nothing was asked twice", _stripe_was_asked_once),
    ),
    {
        "SELECT COUNT(*) FROM checkout_attempt": 1,
        "SELECT COUNT(*) FROM webhook_event WHERE outcome = 'applied'": 2,
        "SELECT COUNT(*) FROM payment WHERE state = 'partly_refunded'": 1,
        "SELECT COUNT(*) FROM refund WHERE minor = 4000": 1,
        "SELECT COUNT(*) FROM refund WHERE state = 'succeeded'": 1,
        "SELECT COUNT(*) FROM ledger_entry": 2,
        "SELECT COALESCE(SUM(minor), 0) FROM ledger_posting": 0,
        "SELECT SUM(minor) FROM ledger_posting WHERE account = 'held'": 6_000,
        "SELECT COUNT(*) FROM notice WHERE kind IN ('card_paid', 'card_receipt')": 2,
        "SELECT COUNT(*) FROM notice WHERE kind = 'payment_refunded'": 1,
    },
)
