"""One try of one delivery: what is sent is fixed before it leaves, what came back is written down after.

A worker that dies between the two leaves the delivery waiting: whoever takes over its task sends the same id again.
Endpoints are locked before their deliveries. Their rows are written past the version that forms carry: what a server
answers is no change of an owner's.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import now
from marketplace.kernel.events import record
from marketplace.kernel.outlet import Answer, NoAnswer, Unreachable
from marketplace.kernel.states import advance
from marketplace.webhooks.events import EndpointSwitchedOff
from marketplace.webhooks.models import WebhookDelivery, WebhookEndpoint
from marketplace.webhooks.rules import (
    DELIVERY_MOVES,
    KEPT,
    DeliveryState,
    OffWhy,
    is_to_be_switched_off,
    rest_after,
    wait_after,
)
from marketplace.webhooks.services.queueing import queue_try
from marketplace.webhooks.services.sealed import secrets_of
from marketplace.webhooks.signing import headers

SHOWN = 200  # letters of an answer
GONE = 410
OFF, NO_SECRET = "off", "no_secret"  # faults beside those of `kernel.outlet`
_SCATTERED = timedelta(seconds=30)
_chance = random.Random()


@dataclass(frozen=True)
class Try:
    """All that leaves the house."""

    delivery_id: int
    endpoint_id: int
    url: str
    body: bytes
    headers: dict[str, str]


def begin_try(session: Session, delivery_id: int) -> Try | None:
    """Count a try and say what to send; None where there is nothing to send, or not yet."""
    found = _locked(session, delivery_id)
    if found is None:
        return None
    endpoint, delivery = found
    if delivery.state != DeliveryState.WAITING:
        return None
    moment = now()
    suspended = select(Organisation.suspended_at).where(Organisation.id == endpoint.organisation_id)
    if endpoint.off_at is not None or session.scalar(suspended) is not None:
        _give_up(delivery, OFF)
        return None
    if endpoint.rests_until is not None and endpoint.rests_until > moment:
        queue_try(session, delivery.id, endpoint.rests_until - moment + _chance.random() * _SCATTERED)
        return None
    among = secrets_of(endpoint)
    if not among:
        _give_up(delivery, NO_SECRET)
        return None
    delivery.tries, delivery.tried_at = delivery.tries + 1, moment
    body = delivery.body.encode()
    return Try(delivery.id, endpoint.id, endpoint.url, body, headers(delivery.key, moment, body, among))


def finish_try(session: Session, tried: Try, outcome: Answer | NoAnswer) -> None:
    """Write down what came back; a failure is tried again later, or ends the delivery, or its endpoint."""
    found = _locked(session, tried.delivery_id)
    if found is None:
        return
    endpoint, delivery = found
    if isinstance(outcome, Answer):
        delivery.status, delivery.fault, delivery.answer = outcome.status, "", _shown(outcome.start)
        delivery.milliseconds = outcome.milliseconds
    else:
        delivery.status, delivery.fault, delivery.answer, delivery.milliseconds = None, outcome.why, "", None
    if delivery.state != DeliveryState.WAITING:
        return  # another worker has come to an end with it
    if isinstance(outcome, Answer) and outcome.is_good:
        _finish(delivery, DeliveryState.DELIVERED)
        _note(session, endpoint, failing_since=None, silences=0, rests_until=None)
        return
    since, moment = endpoint.failing_since or now(), now()
    silences = endpoint.silences + 1 if isinstance(outcome, NoAnswer) else 0
    rests = moment + rest_after(silences) if silences else None
    _note(session, endpoint, failing_since=since, silences=silences, rests_until=rests)
    if endpoint.off_at is None and isinstance(outcome, Answer) and outcome.status == GONE:
        _give_up(delivery, "")
        _switch_off(session, endpoint, OffWhy.GONE)
        return
    wait = wait_after(delivery.tries, _chance)
    if wait is None:
        _give_up(delivery, delivery.fault)
    else:
        queue_try(session, delivery.id, wait)
    if endpoint.off_at is None and is_to_be_switched_off(since, moment):
        _switch_off(session, endpoint, OffWhy.FAILED)


def tidy_up(session: Session) -> None:
    """Forget deliveries of last month, and secrets that sign no more."""
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.created_at < now() - KEPT))
    over = WebhookEndpoint.former_until < now()
    session.execute(update(WebhookEndpoint).where(over).values(former_secret="", former_until=None))


def _locked(session: Session, delivery_id: int) -> tuple[WebhookEndpoint, WebhookDelivery] | None:
    endpoint_id = session.scalar(select(WebhookDelivery.endpoint_id).where(WebhookDelivery.id == delivery_id))
    if endpoint_id is None:
        return None
    fresh: dict[str, Any] = {"with_for_update": True, "populate_existing": True}
    endpoint = session.get(WebhookEndpoint, endpoint_id, **fresh)
    delivery = session.get(WebhookDelivery, delivery_id, **fresh)
    return None if endpoint is None or delivery is None else (endpoint, delivery)


def _finish(delivery: WebhookDelivery, state: DeliveryState) -> None:
    delivery.state = advance(DeliveryState(delivery.state), state, DELIVERY_MOVES)
    delivery.finished_at = now()


def _give_up(delivery: WebhookDelivery, fault: Unreachable | str) -> None:
    _finish(delivery, DeliveryState.GIVEN_UP)
    delivery.fault = fault


def _note(session: Session, endpoint: WebhookEndpoint, **values: Any) -> None:
    statement = update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint.id).values(**values)
    session.execute(statement, execution_options={"synchronize_session": False})


def _switch_off(session: Session, endpoint: WebhookEndpoint, why: OffWhy) -> None:
    _note(session, endpoint, off_at=now(), off_why=why)
    record(session, EndpointSwitchedOff(endpoint_id=endpoint.id))


def _shown(start: bytes) -> str:
    """The beginning of an answer as it can be kept and read; other signs than letters of a line become spaces."""
    text = start.decode("utf-8", "replace")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:SHOWN]
