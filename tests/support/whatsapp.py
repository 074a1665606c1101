"""A small WhatsApp on loopback: what it was handed, what it answers, and signed calls as it makes them."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import WhatsApp
from marketplace.kernel.clock import now
from marketplace.kernel.jobs import run_due
from marketplace.whatsapp.models import WhatsappContact
from tests.support.event_servers import EventServer, answers, event_server
from tests.support.people import Person

PHONE_ID, NUMBER, SECRET = "111222333", "6281100000000", "s" * 32
_numbers = itertools.count(1)


def taken(request: BaseHTTPRequestHandler) -> None:
    """The answer to a message that is taken, under a name of its own."""
    body = json.dumps({"messages": [{"id": f"wamid.out{next(_numbers)}"}]}).encode()
    answers(200, body)(request)


@contextmanager
def whatsapp(app: Flask) -> Iterator[EventServer]:
    """The application with an account at a WhatsApp on loopback."""
    before = app.extensions["souq_settings"]
    with event_server() as server:
        server.always = taken
        account = WhatsApp("token-t", PHONE_ID, NUMBER, SECRET, "verify-v", server.url)
        app.extensions["souq_settings"] = replace(before, whatsapp=account)
        try:
            yield server
        finally:
            app.extensions["souq_settings"] = before


def a_message(
    phone: str, text: str, *, answers_to: str = "", wamid: str = "", at: datetime | None = None
) -> dict[str, Any]:
    """One message as WhatsApp tells it."""
    said: dict[str, Any] = {
        "id": wamid or f"wamid.in{next(_numbers)}",
        "from": phone.lstrip("+"),
        "timestamp": str(int((at or now()).timestamp())),
        "type": "text",
        "text": {"body": text},
    }
    if answers_to:
        said["context"] = {"from": NUMBER, "id": answers_to}
    return said


def envelope(*messages: dict[str, Any], phone_id: str = PHONE_ID, statuses: tuple[dict[str, Any], ...] = ()) -> bytes:
    """The body of a call."""
    value = {"metadata": {"phone_number_id": phone_id}, "messages": list(messages), "statuses": list(statuses)}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}).encode()


def call(app: Flask, body: bytes, *, secret: str = SECRET, signature: str | None = None) -> int:
    """WhatsApp calls; gives the answer's status."""
    made = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": made if signature is None else signature, "Content-Type": "application/json"}
    return app.test_client().post("/whatsapp/events", data=body, headers=headers).status_code


def says(app: Flask, phone: str, text: str, **more: Any) -> None:
    """Somebody writes, and everything that follows is done."""
    assert call(app, envelope(a_message(phone, text, **more))) == 204
    run_due()


def agreed(app: Flask, session: Session, person: Person, phone: str) -> WhatsappContact:
    """The person agreed on their page and from their telephone."""
    page = "/notices/whatsapp"
    assert person.post(f"{page}/begin", page=page).status_code == 303
    session.rollback()
    contact = session.scalars(select(WhatsappContact).where(WhatsappContact.user_id == person.user_id)).one()
    says(app, phone, f"START {contact.code}")
    session.rollback()
    return contact
