"""Visitors who ask without an account."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

from marketplace.kernel.jobs import run_due
from tests.journeys.test_whole_deal import link_in_mail
from tests.support.accounts import CONSENTS
from tests.support.people import guards

MAIL = "gast@beispiel.example"
WORDS = "Wir suchen 2 t dieser Partie. KENNWORT-7f3a"
GUEST = {"name": "Gast Beispiel", "email": MAIL, "company": "", "country": "AT", "trade": "roaster", **CONSENTS}
TYPED = {
    "text": WORDS, "quantity": "2", "unit": "mt", "language": "de", "currency": "USD", "price_unit": "kg",
    "destination": "AT", "incoterm": "", "place": "",
}  # fmt: skip


def ask(client: FlaskClient, slug: str, **more: Any) -> Any:
    path = f"/products/{slug}/inquiry"
    return client.post(path, data={**guards(client, path), **TYPED, **GUEST, "way": "guest", **more})


def link_for(mail: str = MAIL, pattern: str = r"/guest-requests/") -> str:
    run_due()
    return re.sub(r"^https?://[^/]+/en/", "/", link_in_mail(mail, pattern))


def confirmed(client: FlaskClient, link: str) -> Any:
    return client.post(link, data=guards(client, link))
