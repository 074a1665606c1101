"""SQLite gives the key of a deleted row to the next one: nothing old may fit what came after it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.services.links import forget_links
from marketplace.accounts.services.organisations import suspend_organisation
from marketplace.accounts.services.password import ask_for_reset
from marketplace.accounts.services.people import suspend_user
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.saved.drafts import SearchDraft
from marketplace.saved.models import SavedSearch, Shortlist
from marketplace.saved.rules import Frequency
from marketplace.saved.services import lists
from marketplace.saved.services.searches import delete_search, save_search
from marketplace.saved.services.telling import tell_due
from tests.app.test_saved_alerts import told
from tests.support.factories import a_listed_product
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app")


def shared_link(person: Person, key: int) -> str:
    page = f"/shortlists/{key}"
    person.post(f"{page}/share", {"shows_notes": "y"}, page=page)
    html = person.client.get(page).get_data(as_text=True)
    return str(re.findall(r'href="[^"]*(/shortlists/shared/[^"]+)"', html)[0])


def make(person: Person, name: str, key: int) -> int:
    """A list under the key of one that is gone, as SQLite gives it (PostgreSQL never does by itself)."""
    with transaction() as session:
        row = lists.make_list(session, person.actor, name)
        if row.id != key:
            row.id = key
        return key


def test_the_link_of_a_deleted_list_does_not_open_the_next_one(client: FlaskClient, people: Cast) -> None:
    one, other = people.buyer(), people.buyer()
    with transaction() as session:
        key = lists.make_list(session, one.actor, "Of one person").id
    old = shared_link(one, key)
    assert client.get(old).status_code == 200
    one.post(f"/shortlists/{key}/delete", page=f"/shortlists/{key}")
    assert client.get(old).status_code == 404
    with frozen(now() + timedelta(seconds=1)):
        make(other, "Of somebody else", key)
        new = shared_link(other, key)
        assert "Of somebody else" in client.get(new).get_data(as_text=True)
        assert new != old
        assert client.get(old).status_code == 404


def test_the_stop_link_of_a_deleted_search_does_not_stop_the_next_one(client: FlaskClient, people: Cast) -> None:
    from marketplace.kernel.outside import settings
    from marketplace.saved.links import stop_path

    buyer = people.buyer()
    draft = SearchDraft("Coffee", "q=coffee", "en", Frequency.INSTANT)
    with transaction() as session:
        search = save_search(session, buyer.actor, draft)
        key, old = search.id, stop_path(settings().web.secret_key, search.id, search.user_id, search.created_at)
    assert client.get(old).status_code == 200
    with transaction() as session:
        delete_search(session, buyer.actor, key)
    with frozen(now() + timedelta(seconds=1)), transaction() as session:
        assert save_search(session, buyer.actor, draft).id != key, "numbers are given once"
    assert client.get(old).status_code == 404


def test_a_search_under_an_old_key_tells_anew_what_the_old_one_told(session: Session, people: Cast) -> None:
    from marketplace.kernel.clock import now as moment
    from marketplace.saved.models import SavedSearchMatch

    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller, title="Arabica")
    for second in (0, 1):
        with frozen(now() + timedelta(seconds=second)):
            with transaction() as writing:
                search = save_search(writing, buyer.actor, SearchDraft("Coffee", "q=coffee", "en", Frequency.INSTANT))
                key = search.id
                match = SavedSearchMatch(saved_search_id=key, product_id=product.id, is_new=True, found_at=moment())
                writing.add(match)
            assert tell_due() == 1
            assert len(told(session, buyer)) == second + 1
            with transaction() as writing:
                delete_search(writing, buyer.actor, key)


def test_every_link_that_is_asked_for_is_sent(session: Session, people: Cast) -> None:
    """Asking again makes the first link worthless, and on SQLite the second one has its key."""
    buyer = people.buyer()
    email = session.get_one(User, buyer.user_id).email or ""
    for count in (1, 2, 3):
        with transaction() as writing:
            ask_for_reset(writing, email, "127.0.0.1")
        if count == 2:
            with frozen(now() + timedelta(days=3)), transaction() as writing:
                forget_links(writing)
        query = select(Notice).where(Notice.user_id == buyer.user_id, Notice.kind == "reset_password")
        rows = session.scalars(query.execution_options(populate_existing=True)).all()
        assert len({row.context["token"] for row in rows}) == count


@pytest.mark.parametrize("whom", ["person", "organisation"])
def test_what_a_suspended_person_shared_is_closed(client: FlaskClient, people: Cast, whom: str) -> None:
    buyer, operator = people.buyer(), people.operator()
    with transaction() as session:
        key = lists.make_list(session, buyer.actor, "Write to me instead").id
    link = shared_link(buyer, key)
    assert client.get(link).status_code == 200
    with transaction() as session:
        if whom == "person":
            suspend_user(session, operator.actor, buyer.user_id)
        else:
            suspend_organisation(session, operator.actor, buyer.organisation_id)
    assert client.get(link).status_code == 404
    with transaction() as session:
        assert session.get_one(Shortlist, key).shared_at is not None  # it opens again with the account
        assert session.scalar(select(SavedSearch.id)) is None
