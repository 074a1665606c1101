"""Certificates end by themselves: reminders before, badges gone on the day, nobody told twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from marketplace.catalogue import services
from marketplace.catalogue.events import CertificateExpired, CertificateExpiring, ProductChanged
from marketplace.catalogue.jobs import announce_certificates
from marketplace.catalogue.queries import cards
from marketplace.catalogue.rules.curation import reminder_due
from marketplace.kernel import events
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict
from marketplace.kernel.uow import transaction
from tests.support.factories import a_certificate, a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("moment")


@pytest.fixture
def heard() -> Iterator[list[events.Event]]:
    """Every event about certificates and their products."""
    found: list[events.Event] = []

    def note(_session: Session, event: events.Event) -> None:
        found.append(event)

    kinds = (CertificateExpiring, CertificateExpired, ProductChanged)
    for kind in kinds:
        events.on(kind)(note)
    yield found
    for kind in kinds:
        events._handlers[kind].remove(note)


def test_reminders_come_once_each_and_the_end_once(people: Cast, heard: list[events.Event], session: Session) -> None:
    seller = people.seller()
    held = a_certificate(seller, valid_to=date(2027, 3, 1))
    product = a_listed_product(seller, certificates=[held])
    told: list[tuple[int, events.Event]] = []
    start = now()
    for day in range(110):
        heard.clear()
        with frozen(start + timedelta(days=day)):
            announce_certificates()
            announce_certificates()
            shown = cards(session, [product.id], "en")[0].certificates
        told += [(day, event) for event in heard if not isinstance(event, ProductChanged)]
        assert shown == (("organic-eu",) if day <= 99 else ()), day
        session.rollback()
    assert told == [
        (9, CertificateExpiring(held.id, 90)),
        (69, CertificateExpiring(held.id, 30)),
        (92, CertificateExpiring(held.id, 7)),
        (99, CertificateExpiring(held.id, 0)),
        (100, CertificateExpired(held.id)),
    ]


def test_the_end_marks_the_products_it_covered(people: Cast, heard: list[events.Event]) -> None:
    seller = people.seller()
    held = a_certificate(seller, valid_to=date(2026, 11, 30))
    product = a_listed_product(seller, certificates=[held])
    heard.clear()
    with frozen(now() + timedelta(days=20)):
        announce_certificates()
    assert ProductChanged(product.id) in heard
    assert CertificateExpired(held.id) in heard


def test_a_certificate_that_begins_to_hold_marks_its_products(people: Cast, heard: list[events.Event]) -> None:
    seller = people.seller()
    product = a_listed_product(seller, certificates=[a_certificate(seller, valid_from=date(2026, 12, 1))])
    heard.clear()
    with frozen(now() + timedelta(days=9)):
        announce_certificates()
    assert ProductChanged(product.id) in heard


def test_an_ended_certificate_is_not_verified(people: Cast) -> None:
    seller, curator = people.seller(), people.curator()
    ended = a_certificate(seller, valid_to=date(2026, 11, 21), verified_at=None)
    with pytest.raises(Conflict), transaction() as session:
        services.verify_certificate(session, curator.actor, ended.id, "document")


@pytest.mark.parametrize(
    ("days_left", "reminded", "due"),
    [(91, None, None), (90, None, 90), (31, 90, None), (30, 90, 30), (5, None, 7), (5, 30, 7), (0, 7, 0), (0, 0, None)],
)
def test_the_nearest_reminder_is_due(days_left: int, reminded: int | None, due: int | None) -> None:
    assert reminder_due(days_left, reminded) == due
