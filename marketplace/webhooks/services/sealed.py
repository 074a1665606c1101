"""How an endpoint keeps its secrets."""

from __future__ import annotations

import logging

from marketplace.kernel.clock import now
from marketplace.kernel.outside import settings
from marketplace.kernel.sealing import Unreadable, seal, unseal
from marketplace.webhooks.models import WebhookEndpoint

PURPOSE = "webhook"
log = logging.getLogger(__name__)


def sealed(secret: str) -> str:
    """A secret as it is kept."""
    return seal(secret, settings().web.secret_key, PURPOSE)


def secrets_of(endpoint: WebhookEndpoint) -> list[str]:
    """The secrets that sign now, the present one first; none where SECRET_KEY is not the one they were kept under."""
    kept = [endpoint.secret]
    if endpoint.former_secret and endpoint.former_until is not None and endpoint.former_until > now():
        kept.append(endpoint.former_secret)
    found = []
    for one in kept:
        try:
            found.append(unseal(one, settings().web.secret_key, PURPOSE))
        except Unreadable:
            log.warning("webhooks.secret_unreadable", extra={"endpoint_id": endpoint.id})
    return found
