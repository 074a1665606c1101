"""A look that matters is written down once an hour: for each person and each object, whoever loads the page again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now
from tests.app.test_partners import applied
from tests.support.flows import a_request
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("moment")


def looks(session: Session, action: str) -> list[tuple[int | None, str]]:
    """(person, object) of every look that was written down."""
    session.rollback()
    rows = session.execute(select(AuditEntry.user_id, AuditEntry.subject).where(AuditEntry.action == action))
    return [(row.user_id, row.subject) for row in rows]


def test_a_page_that_is_loaded_again_tells_nothing_new(people: Cast, session: Session) -> None:
    one, other = people.curator(), people.curator()
    buyer = people.buyer()
    requests = [a_request(buyer), a_request(buyer)]
    for curator in (one, other):
        for rfq in requests:
            for _again in range(3):
                assert curator.client.get(f"/console/requests/{rfq.key}").status_code == 200
    expected = {(who.user_id, f"rfq:{rfq.id}") for who in (one, other) for rfq in requests}
    found = looks(session, "request.seen")
    assert set(found) == expected
    assert len(found) == 4
    with frozen(now() + timedelta(minutes=59)):
        one.client.get(f"/console/requests/{requests[0].key}")
    assert len(looks(session, "request.seen")) == 4
    with frozen(now() + timedelta(minutes=61)):
        one.client.get(f"/console/requests/{requests[0].key}")
    assert len(looks(session, "request.seen")) == 5


def test_a_partner_who_reloads_an_application_has_seen_it_once(people: Cast, session: Session) -> None:
    partner = people.partner()
    key = applied(partner, people.buyer(country="US"), session).id
    for _again in range(3):
        assert partner.client.get(f"/partner/distributors/{key}").status_code == 200
    assert looks(session, "application.seen") == [(partner.user_id, f"application:{key}")]
