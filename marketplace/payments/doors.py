"""The card company of the running application, opened when it is first needed."""

from __future__ import annotations

from typing import cast

from flask import current_app

from marketplace.kernel.outside import settings
from marketplace.payments.gateway import Gateway

_PLACE = "souq_gateway"


def takes_cards() -> bool:
    """Whether payment by card is switched on."""
    return _PLACE in current_app.extensions or bool(settings().payment.secret_key)


def gateway() -> Gateway:
    """The gateway; `LookupError` where payment by card is off. Stripe's client (17 MB) is imported here alone."""
    found = current_app.extensions.get(_PLACE)
    if found is None:
        payment = settings().payment
        if not payment.secret_key:
            raise LookupError("payment by card is off")
        from marketplace.payments.stripe_gateway import StripeGateway

        found = StripeGateway(payment.secret_key, payment.webhook_secret, payment.api_base)
        current_app.extensions[_PLACE] = found
    return cast(Gateway, found)


def use_gateway(made: Gateway) -> None:
    """Put another gateway in its place; for tests."""
    current_app.extensions[_PLACE] = made
