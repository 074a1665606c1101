"""The door for signed events."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from marketplace.kernel.uow import transaction
from marketplace.payments.doors import gateway, takes_cards
from marketplace.payments.gateway import BadSignature
from marketplace.payments.services import keep_event
from marketplace.payments.stripe_limits import LARGEST_EVENT
from marketplace.payments.views.blueprint import bp


@bp.post("/payments/stripe-events")
def stripe_events() -> ResponseReturnValue:
    """Keep a signed event and answer at once; a job applies it. Everything else is a 400."""
    if not takes_cards():
        abort(404)
    body = request.stream.read(LARGEST_EVENT + 1)
    try:
        event = gateway().read_event(body, request.headers.get("Stripe-Signature", ""))
    except BadSignature:
        return "", 400
    with transaction() as session:
        keep_event(session, event)
    return "", 204
