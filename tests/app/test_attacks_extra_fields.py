"""T4: a form takes its own fields and no others; names that a row has but the form does not show change nothing.

Each form is sent three times from the same state of the database: twice as shown, which tells the columns that are
never alike (keys, tokens), and once with thirty more names. The third must do what the first did, to the column.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.app.test_console_desk import a_waiting_listing
from tests.app.test_fuzz import seeded
from tests.app.test_partners import applied
from tests.journeys.visitor import ShownForm, shown_forms
from tests.support.people import Cast, Person
from tests.support.snapshots import Rows, differing, put_back, rows_now

pytestmark = pytest.mark.usefixtures("moment")
WHO = {
    "visitor": 1,
    "buyer": 7,
    "seller": 10,
    "partner": 4,
    "curator": 2,
    "operator": 4,
}  # forms that must do something
ENDS_THE_VISIT = ("/sign-out", "/erase", "/sessions", "/language")
# what a person would type into a field that stands empty
TYPED = {
    "text": "We ask for a written answer.", "name": "Contoh Trading", "title": "Contoh goods", "quantity": "2",
    "unit": "mt", "email": "asking@example.test", "password": "a long enough phrase", "reason": "Not what we sell.",
    "note": "For the spring", "about": "We roast coffee in small lots.", "phone": "+6281200007777",
    "website": "https://contoh.example", "country": "DE", "company": "Contoh Trading", "body": "Thank you.",
    "description": "Goods of one harvest, packed for export.", "answer": "We can offer this lot.",
    "pack_net_kg": "25",
}  # fmt: skip


def extras(stranger: Person) -> dict[str, str]:
    """Names of columns and of habits elsewhere, each with what somebody would like it to be."""
    return {
        "role": "operator", "roles": "operator", "kind": "programme", "is_admin": "1", "admin": "true", "is_staff": "1",
        "verified": "1", "is_verified": "true", "verification_level": "verified", "verified_at": "2026-01-01",
        "email_verified_at": "2026-01-01", "totp_secret": "", "totp_enabled_at": "", "password_hash": "x",
        "seller_id": str(stranger.seller_id), "organisation_id": str(stranger.organisation_id),
        "buyer_id": str(stranger.organisation_id), "user_id": str(stranger.user_id), "owner_id": str(stranger.user_id),
        "producer_id": str(stranger.producer_id), "chapter_id": "1", "id": "1", "slug": "taken-over", "key": "taken-over",
        "state": "listed", "status": "won", "curation": "approved", "score": "1", "weight": "99", "price": "0",
        "unit_price": "0.000001", "card_price": "0", "price_per_kg_usd": "0", "total": "0", "amount": "0", "fee": "0",
        "deposit": "0", "discount": "100", "paid_at": "2026-01-01", "created_at": "2020-01-01",
        "changed_at": "2020-01-01", "listed_at": "2020-01-01", "expires_at": "2099-01-01", "deleted_at": "2026-01-01",
    }  # fmt: skip


def filled(form: ShownForm) -> dict[str, Any]:
    """What the form would send: as shown, and where it is empty, something sensible."""
    data: dict[str, Any] = {name: list(values) for name, values in form.fields.items()}
    for name in form.names:
        if not any(data.get(name, [])):
            options = [option for option in form.options.get(name, []) if option]
            if name in TYPED and not options:
                data[name] = TYPED[name]
            elif options:
                data[name] = options[0]
    for name, value, _to in form.buttons[:1]:
        if name:
            data[name] = value
    return data


def sent(person: Person, path: str, data: dict[str, Any], before: Rows) -> tuple[int, Rows]:
    """The status and the rows after a form was sent from the state ``before``."""
    put_back(before)
    answer = person.client.post(path, data=data)
    answer.close()
    return answer.status_code, rows_now()


def pages_of(people: Cast, who: str, session: Session) -> tuple[Person, list[str]]:
    """A person of this kind, and pages with forms of theirs."""
    if who == "visitor":
        person = people.buyer()
        person.client = people.app.test_client()
        return person, ["/sign-in", "/register/buyer", "/register/seller", "/forgotten-password"]
    person = getattr(people, who)()
    pages = seeded(people, person, who)
    if who == "partner":
        application = applied(person, people.buyer(country="US"), session)
        pages.append(f"/partner/distributors/{application.id}")
    elif who == "curator":
        pages.append(f"/console/curation/{a_waiting_listing(people.seller())[1]}")
    elif who == "seller":
        listing = next(page for page in pages if page.startswith("/products/")).rsplit("/", 1)[1]
        edit = f"/selling/products/{listing}/edit"
        pages += [f"{edit}/{section}" for section in ("texts", "trade", "prices", "calendar", "markets", "origin")]
        pages += ["/selling/profile", "/selling/certificates"]
    session.rollback()
    return person, pages


@pytest.mark.parametrize("who", WHO)
def test_t4_names_that_a_form_does_not_show_change_nothing(
    app: Flask, people: Cast, session: Session, who: str
) -> None:
    stranger = people.seller()
    person, pages = pages_of(people, who, session)
    before = rows_now()
    seen: set[tuple[str, frozenset[str]]] = set()
    changed: list[tuple[str, str, object]] = []
    effective = 0
    for page in pages:
        put_back(before)
        shown = person.client.get(page, follow_redirects=True)
        for form in shown_forms(shown.get_data(as_text=True)):
            path = urljoin(shown.request.path, form.action) if form.action else shown.request.path
            if form.method != "post" or path.endswith(ENDS_THE_VISIT) or (path, frozenset(form.names)) in seen:
                continue
            seen.add((path, frozenset(form.names)))
            data = filled(form)
            more = {name: value for name, value in extras(stranger).items() if name not in form.names | set(data)}
            assert len(more) >= 30
            status, plain = sent(person, path, data, before)
            _again, twin = sent(person, path, data, before)
            odd_status, odd = sent(person, path, {**data, **more}, before)
            never_alike = differing(plain, twin)
            effective += status == 303 and bool(differing(before, plain))
            if odd_status != status:
                changed.append((page, path, (status, odd_status)))
            changed += [(page, path, column) for column in sorted(differing(plain, odd) - never_alike)]
    assert changed == []
    assert effective >= WHO[who], f"only {effective} of {len(seen)} forms did something"
