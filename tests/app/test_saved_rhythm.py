"""Saved searches by day and by week, paused, changed, and what is sent of them."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.jobs import run_due
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.saved.drafts import SearchDraft
from marketplace.saved.jobs import alert
from marketplace.saved.models import (
    SavedSearch,
    SavedSearchMatch,
    SavedSearchTerm,
)
from marketplace.saved.rules import MOST_SEARCHES, Frequency
from marketplace.saved.services.searches import (
    change_search,
    delete_search,
    pause_search,
    resume_search,
)
from tests.support.alerting import Later, saved, told
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app")


def test_daily_and_weekly_gather_what_came(session: Session, people: Cast, later: Later) -> None:
    buyer, weekly, seller = people.buyer(), people.buyer(), people.seller()
    saved(buyer, "q=coffee", Frequency.DAILY)
    saved(weekly, "q=coffee", Frequency.WEEKLY)
    for hours, title in ((1, "First"), (2, "Second"), (3, "Third"), (4, "Fourth")):
        with later(hours=hours):
            a_listed_product(seller, title=title)
            alert()
    assert told(session, buyer) == told(session, weekly) == []
    with later(hours=25):
        alert()
        alert()
        assert told(session, buyer) == ["First, Second, Third and 1 more"]
        assert told(session, weekly) == []
        a_listed_product(seller, title="Fifth")
        alert()
        assert len(told(session, buyer)) == 1
    with later(days=7, minutes=1):
        alert()
        assert told(session, buyer)[1:] == ["Fifth"]
        assert told(session, weekly) == ["First, Second, Third and 2 more"]


def test_a_paused_search_rests_and_does_not_make_up_for_it(session: Session, people: Cast, later: Later) -> None:
    buyer, seller = people.buyer(), people.seller()
    key = saved(buyer, "q=coffee")
    with transaction() as writing:
        pause_search(writing, key)
    a_listed_product(seller, title="During the rest")
    alert()
    assert told(session, buyer) == []
    with later(minutes=1), transaction() as writing:
        resume_search(writing, key)
    with later(minutes=2):
        alert()
        a_listed_product(seller, title="Afterwards")
        alert()
    assert told(session, buyer) == ["Afterwards"]
    assert session.get_one(SavedSearch, key).match_count == 2


def test_changed_rhythm_deleted_search_and_stale_form(session: Session, people: Cast) -> None:
    buyer, seller, stranger = people.buyer(), people.seller(), people.buyer()
    key = saved(buyer, "q=coffee", Frequency.WEEKLY)
    with pytest.raises(NotFound), transaction() as writing:
        change_search(writing, stranger.actor, key, SearchDraft("Mine now", "q=coffee", "en", Frequency.DAILY), 1)
    with transaction() as writing:
        change_search(writing, buyer.actor, key, SearchDraft("Coffee", "q=coffee", "en", Frequency.INSTANT), 1)
    with pytest.raises(Conflict), transaction() as writing:
        change_search(writing, buyer.actor, key, SearchDraft("Coffee again", "q=coffee", "en", Frequency.DAILY), 1)
    a_listed_product(seller, title="Told at once")
    alert()
    assert told(session, buyer) == ["Told at once"]
    with pytest.raises(NotFound), transaction() as writing:
        delete_search(writing, stranger.actor, key)
    with transaction() as writing:
        delete_search(writing, buyer.actor, key)
    a_listed_product(seller, title="Nobody waits for it")
    alert()
    assert told(session, buyer) == ["Told at once"]
    for kept in (SavedSearch, SavedSearchMatch, SavedSearchTerm):
        assert session.scalar(select(func.count()).select_from(kept)) == 0


def test_the_mail_speaks_the_persons_language_and_stops_this_search_alone(session: Session, people: Cast) -> None:
    buyer, seller = people.buyer(locale="de"), people.seller()
    key = saved(buyer, "q=kaffee", locale="de")
    saved(buyer, "q=robusta", locale="de")
    a_listed_product(seller, title="Arabica coffee", texts={"de": "Arabica-Kaffee"})
    alert()
    run_due()
    folder = Path(settings().mail.url.removeprefix("file://"))
    (path,) = folder.glob("*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert "Arabica-Kaffee" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # None fails the test
    assert message["Content-Language"] == "de"
    link = message["List-Unsubscribe"].strip("<>")
    stop = "/de" + link.partition("/de")[2]
    assert stop.startswith("/de/saved-searches/stop/")
    assert session.get_one(SavedSearch, key).paused_at is None
    assert buyer.post(stop, page=stop).status_code == 200
    session.expire_all()
    rows = {row.id: row.paused_at for row in session.scalars(select(SavedSearch))}
    assert rows.pop(key) is not None
    assert list(rows.values()) == [None]


def test_limits_and_empty_searches(session: Session, people: Cast) -> None:
    buyer = people.buyer()
    for address in ("", "sort=price", "foo=bar"):
        with pytest.raises(DomainError):
            saved(buyer, address)
    for number in range(MOST_SEARCHES):
        saved(buyer, f"q=coffee+{number}kg")
    with pytest.raises(Conflict):
        saved(buyer, "q=coffee")
    assert session.scalar(select(func.count()).select_from(SavedSearch)) == MOST_SEARCHES
