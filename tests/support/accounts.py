"""Passwords, links and filled-in registrations for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.accounts.events import LinkIssued
from marketplace.accounts.passwords import hash_password
from marketplace.kernel import events
from tests.support.people import guards

PASSWORD = "harvest moon over bromo"
HASH = hash_password(PASSWORD)
CONSENTS = {"terms": "y", "privacy": "y", "transfer": "y"}


@contextmanager
def caught_links() -> Iterator[list[LinkIssued]]:
    """Every link issued inside the block, with its token."""
    found: list[LinkIssued] = []

    def catch(_session: Session, event: LinkIssued) -> None:
        if "souq_beside" not in current_app.extensions:  # not what is tried on a copy (see `extra_names`)
            found.append(event)

    events.on(LinkIssued)(catch)
    try:
        yield found
    finally:
        events._handlers[LinkIssued].remove(catch)


def fill(client: FlaskClient, path: str, page: str | None = None, **data: Any) -> Any:
    """Post a form as the page shows it."""
    return client.post(path, data={**guards(client, page or path), **data})


def buyer_answers(**more: Any) -> dict[str, Any]:
    """A filled-in registration of a buying company."""
    return {
        "name": "Greta Beispiel",
        "email": "greta@beispiel.example",
        "phone": "+49 40 1234567",
        "company": "Beispiel Rösterei GmbH",
        "country": "DE",
        "trade": "roaster",
        "website": "www.beispiel.example",
        "registration_number": "HRB 00000",
        "password": PASSWORD,
        **CONSENTS,
        **more,
    }


def seller_answers(**more: Any) -> dict[str, Any]:
    """A filled-in registration of a pesantren."""
    return {
        "name": "Siti Contoh",
        "phone": "0812 0000 1234",
        "pesantren": "PP Contoh Makmur",
        "unit": "Kopontren Contoh Makmur",
        "regency": "Kabupaten Malang",
        "nib": "1234567890123",
        **CONSENTS,
        **more,
    }
