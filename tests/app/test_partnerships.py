"""Partnerships: grade and days, territories nobody else can hold, reviews reminded of, introductions that keep to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.partners.jobs import remind_reviews
from marketplace.partners.models import Chapter, Partnership, Territory
from marketplace.partners.rules import PartnershipFault, is_exclusive, partnership_fault
from marketplace.partners.services import grant_territory
from tests.app.test_introductions import a_distributor, proposed
from tests.app.test_matchmaking import sugar, text_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")
DAY = date(2026, 11, 24)
WEEK = timedelta(days=7)


def a_chapter(people: Cast, *countries: str) -> Person:
    """A partner whose chapter represents these countries."""
    partner = people.partner()
    with transaction() as session:
        session.get_one(Chapter, partner.chapter_id).countries = list(countries)
    return partner


def granted(
    partner: Person, key: int, until: date | None, country: str = "DE", commodity: str = "coconut-sugar"
) -> Territory:
    with transaction() as session:
        return grant_territory(session, partner.actor, key, country, commodity, until)


def grant(partner: Person, key: int, until: date | None) -> Any:
    page = f"/partner/distributors/{key}/partnership"
    data = {"country": "DE", "commodity": "coconut-sugar", "exclusive_until": until.isoformat() if until else ""}
    return partner.post(f"{page}/territories", data, page=page)


@pytest.mark.parametrize(
    ("since", "reviewed", "following", "fault"),
    [
        (DAY, None, None, None),
        (DAY - WEEK, DAY, DAY + WEEK, None),
        (DAY + WEEK, None, None, PartnershipFault.SINCE_IN_FUTURE),
        (DAY, DAY - WEEK, None, PartnershipFault.REVIEWED_OUT_OF_RANGE),
        (DAY - WEEK, DAY + WEEK, None, PartnershipFault.REVIEWED_OUT_OF_RANGE),
        (DAY - WEEK, None, DAY, PartnershipFault.NEXT_NOT_AHEAD),
    ],
)
def test_the_days_of_a_partnership(
    since: date, reviewed: date | None, following: date | None, fault: PartnershipFault | None
) -> None:
    assert partnership_fault(since, reviewed, following, DAY) is fault


def test_a_territory_is_exclusive_until_its_last_day() -> None:
    assert is_exclusive(DAY, DAY)
    assert not is_exclusive(DAY - timedelta(days=1), DAY)
    assert not is_exclusive(None, DAY)


def test_a_chapter_states_grade_and_days(people: Cast, session: Session) -> None:
    partner, buyer = a_chapter(people, "DE"), people.buyer()
    key = a_distributor(partner, buyer)
    page = f"/partner/distributors/{key}/partnership"
    assert "No grade yet" in text_of(partner.client, page)
    data = {"grade": "key", "since": "2026-01-15", "reviewed_on": "", "next_review_on": "2030-01-01", "version": "0"}
    assert partner.post(page, data, page=page).status_code == 303
    row = session.scalars(select(Partnership)).one()
    assert (row.grade, row.since, row.next_review_on) == ("key", date(2026, 1, 15), date(2030, 1, 1))
    act = session.scalars(select(AuditEntry).where(AuditEntry.action == "partnership.stated")).one()
    assert act.details == {"before": "", "grade": "key"}
    assert partner.post(page, data, page=page).status_code == 409, "the form was of an older state"
    assert partner.post(page, data | {"version": "1", "since": "2099-01-01"}, page=page).status_code == 422
    assert partner.post(page, data | {"version": "1", "grade": "golden"}, page=page).status_code == 422
    session.rollback()
    assert session.scalars(select(Partnership)).one().version == 1
    assert "Key partner" in text_of(buyer.client, "/distributor/application")
    assert "Key partner" in text_of(partner.client, "/partner/distributors")


def test_a_second_exclusive_territory_is_refused_and_changes_nothing(people: Cast, session: Session) -> None:
    partner = a_chapter(people, "DE", "AT")
    one, other = a_distributor(partner, first := people.buyer()), a_distributor(partner, people.buyer())
    until = today() + timedelta(days=90)
    assert grant(partner, one, until).status_code == 303
    for wish in (until, None):
        refused = grant(partner, other, wish)
        assert refused.status_code == 409
        said = refused.get_data(as_text=True)
        assert (
            f"Example Foods {first.organisation_id} has Coconut sugar (granulated or block) in Germany exclusively until"
            in said
        )
    session.rollback()
    assert session.scalars(select(Territory.application_id)).all() == [one]
    page = text_of(partner.client, "/partner/territories")
    assert "Coconut sugar" in page
    assert "Germany" in page


def test_a_distributor_of_another_chapter_is_not_named(people: Cast, session: Session) -> None:
    ours, theirs = a_chapter(people, "DE"), a_chapter(people, "DE")
    until = today() + WEEK
    granted(theirs, a_distributor(theirs, foreign := people.buyer()), until)
    key = a_distributor(ours, people.buyer())
    with pytest.raises(Conflict) as refused:
        granted(ours, key, until)
    assert "A distributor of" in str(refused.value.sentence)
    assert f"Example Foods {foreign.organisation_id}" not in str(refused.value.sentence)
    with frozen(now() + 2 * WEEK):  # it ran out
        assert granted(ours, key, None).exclusive_until is None
        with pytest.raises(Conflict, match="too, so it cannot become exclusive"):
            granted(ours, key, today() + WEEK)


def test_an_exclusive_that_ended_frees_its_claim(people: Cast, session: Session) -> None:
    partner = a_chapter(people, "DE")
    one = a_distributor(partner, people.buyer())
    row = granted(partner, one, today() + WEEK)
    assert row.claim == "DE:coconut-sugar"
    assert granted(partner, one, None).claim is None, "what is granted again is changed"
    again = granted(partner, one, today() + WEEK)
    page = f"/partner/distributors/{one}/partnership"
    assert partner.post(f"/partner/territories/{again.id}/end", page=page).status_code == 303
    session.rollback()
    assert session.scalar(select(func.count(Territory.id))) == 0
    other = a_distributor(partner, people.buyer())
    assert granted(partner, other, today() + WEEK).claim == "DE:coconut-sugar"


def test_what_a_chapter_cannot_grant(people: Cast, session: Session) -> None:
    partner, stranger = a_chapter(people, "DE"), a_chapter(people, "DE")
    key = a_distributor(partner, people.buyer())
    for country, goods, until in (
        ("US", "coconut-sugar", None), ("DE", "moon-dust", None), ("DE", "coconut-sugar", today()),
        ("DE", "coconut-sugar", today() + timedelta(days=3000)),
    ):  # fmt: skip
        with pytest.raises(DomainError):
            granted(partner, key, until, country, goods)
    with pytest.raises(NotFound):
        granted(stranger, key, None)
    row = granted(partner, key, None)
    page = f"/partner/distributors/{key}/partnership"
    assert stranger.client.get(page).status_code == 404
    assert stranger.post(f"/partner/territories/{row.id}/end").status_code == 404
    session.rollback()
    assert session.scalar(select(func.count(Territory.id))) == 1


def test_a_chapter_is_reminded_of_a_review_once(people: Cast, session: Session) -> None:
    partner = a_chapter(people, "DE")
    key = a_distributor(partner, people.buyer())
    with transaction() as inside:
        inside.add(
            Partnership(
                application_id=key, grade="trial", since=today(), next_review_on=today() + timedelta(days=15),
                stated_at=now(),
            )
        )  # fmt: skip

    def told() -> int:
        session.rollback()
        return session.scalar(select(func.count()).where(Notice.kind == "partnership_review")) or 0

    remind_reviews()
    assert told() == 0
    with frozen(now() + timedelta(days=1)):
        remind_reviews()
        remind_reviews()
        assert told() == 1


def test_introductions_keep_to_what_others_hold(people: Cast, session: Session) -> None:
    partner, seller = a_chapter(people, "DE", "AT"), people.seller()
    product = sugar(seller)
    one, other = a_distributor(partner, people.buyer()), a_distributor(partner, people.buyer())
    path = f"/partner/distributors/{other}/sellers"
    assert f'value="{product}"' in text_of(partner.client, path)
    granted(partner, one, today() + WEEK, "DE")
    page = text_of(partner.client, path)
    assert "Coconut sugar (granulated or block) in Germany until" in page
    assert f'value="{product}"' in page, "Austria is still free"
    granted(partner, one, today() + WEEK, "AT")
    assert f'value="{product}"' not in text_of(partner.client, path)
    assert partner.post(path, {"product": str(product)}, page="/partner/introductions").status_code in (409, 422)
    mine = f"/partner/distributors/{one}/sellers"
    assert f'value="{product}"' in text_of(partner.client, mine)
    proposed(partner, one, product)
    assert "Sells alone for the chapter" in text_of(seller.client, "/selling/introductions")
