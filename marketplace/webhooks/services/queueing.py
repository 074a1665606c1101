"""A delivery and its task, written in the transaction of what it tells."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.inserting import made, write
from marketplace.kernel.outbox import enqueue
from marketplace.webhooks.models import WebhookDelivery
from marketplace.webhooks.rules import PAYLOAD_VERSION

JOB = "webhooks.deliver"


def queue(session: Session, endpoint_id: int, kind: str, data: Mapping[str, Any]) -> str:
    """Keep the words of one event for one endpoint and queue their delivery; gives their id, which never changes."""
    moment, key = now(), f"msg_{secrets.token_hex(12)}"
    said = {"id": key, "type": kind, "version": PAYLOAD_VERSION, "timestamp": f"{moment.isoformat()}", "data": data}
    delivery = made(
        WebhookDelivery,
        key=key,
        endpoint_id=endpoint_id,
        kind=kind,
        body=json.dumps(said, ensure_ascii=False, separators=(",", ":")),
        created_at=moment,
    )
    write(session, delivery)
    queue_try(session, delivery.id)
    return key


def queue_try(session: Session, delivery_id: int, delay: timedelta = timedelta(0)) -> None:
    """Queue one try of a delivery."""
    enqueue(session, JOB, delay=delay, delivery_id=delivery_id)
