"""Signatures as Standard Webhooks describes them: an HMAC over id, moment and body, told in three headers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """A secret in the form that libraries for Standard Webhooks take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signature(secret: str, message_id: str, at: int, body: bytes) -> str:
    """One signature; ``at`` is in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(message_id: str, moment: datetime, body: bytes, among: Iterable[str]) -> dict[str, str]:
    """The headers of one try; a receiver accepts the message if any of the signatures is its own."""
    at = int(moment.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "PesantrenSouq-Events/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(secret, message_id, at, body) for secret in among),
    }
