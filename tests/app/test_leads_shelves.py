"""The inbox is kept by what its rows say: it shows every change at once, and finds the same leads as the plain query."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import ProductText
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.database import db
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.uow import transaction
from marketplace.leads.queries import Shelf, lead_keys, leads_of
from marketplace.leads.services import ask_information
from marketplace.leads.shelves import MOST, SIZE, shelf_counts
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import RecipientState, RfqState
from marketplace.rfqs.services import write_to_seller
from tests.app.test_rfqs_pages import text_of
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")


def many_leads(buyer: Person, seller: Person, count: int) -> None:
    """Leads of every kind: open, seen, unanswered, answered, over, and one whose request never opened."""
    base = {"source": "request", "buyer_id": buyer.organisation_id, "created_by_id": buyer.user_id, "language": "en"}
    kinds = (
        (RfqState.OPEN, RecipientState.INVITED),
        (RfqState.NEEDS_INFO, RecipientState.SEEN),
        (RfqState.OPEN, RecipientState.NO_ANSWER),
        (RfqState.EXPIRED, RecipientState.NO_ANSWER),
        (RfqState.OPEN, RecipientState.WILL_QUOTE),
        (RfqState.CLOSED_NO_AWARD, RecipientState.CLOSED),
        (RfqState.IN_REVIEW, RecipientState.INVITED),
    )
    moment = now()
    with transaction() as session:
        for number in range(count):
            state, lead = kinds[number % len(kinds)]
            opened = None if state is RfqState.IN_REVIEW else moment
            rfq = session.scalar(
                insert(Rfq)
                .values(
                    **base, key=new_public_key(), state=state, subject=f"Subject {number}", text="Words",
                    certificates=[], reading={}, closes_at=moment + timedelta(days=9), opened_at=opened,
                    created_at=moment,
                )
                .returning(Rfq.id)
            )  # fmt: skip
            session.execute(
                insert(Recipient).values(
                    key=new_public_key(), rfq_id=rfq, seller_id=seller.seller_id, state=lead, reasons={},
                    invited_at=moment, deadline_at=moment + timedelta(hours=(number * 7) % 90),
                    info_asked_at=moment if number % 11 == 1 else None,
                )
            )  # fmt: skip


def shown(seller: Person, path: str) -> list[str]:
    html = text_of(seller, path)
    return [part.split('"')[0] for part in html.split('href="/en/leads/')[1:]]


@pytest.mark.parametrize("count", [7, 60, 150])
def test_every_page_shows_the_leads_of_the_plain_query(people: Cast, session: Session, count: int) -> None:
    buyer, seller, other = people.buyer(), people.seller(), people.seller()
    many_leads(buyer, seller, count)
    many_leads(buyer, other, 30)
    for shelf in Shelf:
        for number in (1, 2, 3):
            page = lead_keys(session, seller.actor, shelf, number, SIZE)
            rows = leads_of(session, seller.actor, [key for key, _deadline in page.items])
            keys = [row.recipient.key for row in rows]
            assert shown(seller, f"/en/leads?show={shelf}&page={number}") == keys
            assert (f"page={number + 1}" in text_of(seller, f"/en/leads?show={shelf}&page={number}")) is page.has_next


def test_tabs_count_no_further_than_anybody_reads(people: Cast, session: Session) -> None:
    seller = people.seller()
    many_leads(people.buyer(), seller, 140)
    counts = shelf_counts(session, seller.actor)
    assert counts == {Shelf.OPEN: 60, Shelf.ANSWERED: 20, Shelf.ALL: MOST + 1}
    html = text_of(seller, "/en/leads")
    assert '<span class="tab-count">60</span>' in html
    assert '<span class="tab-count">99+</span>' in html


def test_the_page_shows_every_change_at_once(people: Cast, moment: datetime) -> None:
    buyer, seller = people.buyer(country="DE"), people.seller()
    product = a_listed_product(seller, title="Argopuro Lot 7")
    rfq = an_inquiry(buyer, product)
    path = "/en/leads"
    assert "New:" in text_of(seller, path)
    assert "72 hours left" in text_of(seller, path)
    with frozen(moment + timedelta(hours=1, seconds=1)):
        assert "70 hours left" in text_of(seller, path)
    with frozen(moment + timedelta(hours=2, seconds=1)):
        assert "69 hours left" in text_of(seller, path)
        write_in = recipient_of(rfq, seller).key
        with transaction() as session:
            write_to_seller(session, buyer.actor, rfq.key, write_in, "One more question", language="en")
        assert "1 unread message" in text_of(seller, path)
        with transaction() as session:
            ask_information(session, seller.actor, write_in, "Which grade?", language="id")
        assert "Waits for the buyer" in text_of(seller, path)
        with transaction() as session:
            session.execute(update(ProductText).where(ProductText.product_id == product.id).values(title="Renamed lot"))
        assert "Renamed lot" in text_of(seller, path)
        an_answer(seller, rfq)
        assert "No open leads" in text_of(seller, path)
        assert buyer.actor.organisation_name in text_of(seller, "/en/leads?show=answered")


def test_other_languages_zones_and_sellers_have_their_own(people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    an_inquiry(buyer, a_listed_product(seller))
    english, german = text_of(seller, "/en/leads"), text_of(seller, "/de/leads")
    assert 'href="/en/leads/' in english
    assert 'href="/de/leads/' in german
    assert "/en/leads/" not in german.split("<main")[1].split("</main")[0]
    assert "No open leads" in text_of(people.seller(), "/en/leads")


def test_a_known_page_reads_rows_and_renders_nothing(people: Cast) -> None:
    seller = people.seller()
    many_leads(people.buyer(), seller, 150)
    text_of(seller, "/en/leads")
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _k, text, *_more: said.append(text))
    text_of(seller, "/en/leads")
    assert len([text for text in said if "FROM session " not in text]) == 5  # the last asks for closed days


def test_keys_of_leads_are_unique_on_a_page(people: Cast, session: Session) -> None:
    seller = people.seller()
    many_leads(people.buyer(), seller, 200)
    seen = [key for number in (1, 2, 3, 4, 5) for key in shown(seller, f"/en/leads?page={number}")]
    assert len(seen) == len(set(seen)) == shelf_counts(session, seller.actor)[Shelf.OPEN]
    assert session.scalar(select(Recipient.id).where(Recipient.key == seen[0])) is not None


@pytest.mark.parametrize("prefix", ["/en", "/id", "/de"])
def test_the_kept_frame_shows_what_the_template_does(people: Cast, app: Flask, prefix: str) -> None:
    seller, other = people.seller(), people.seller()
    with transaction() as session:
        house = session.get(Organisation, seller.organisation_id)
        assert house is not None
        house.name = "Al-Hikmah <b>& \ue005 Sons</b>"
    paths = [f"{prefix}/leads", f"{prefix}/leads?show=all&page=1"]
    text_of(other, paths[0])  # the frame is made for somebody else of the same kind
    framed = [read(seller, path) for path in paths]
    app.jinja_env.auto_reload = True
    try:
        drawn = [read(seller, path) for path in paths]
    finally:
        app.jinja_env.auto_reload = False
    assert framed == drawn
    for html in framed:
        assert f'<li><a href="{prefix}/leads" aria-current="page">' in html
        assert '<p class="work-organisation">Al-Hikmah &lt;b&gt;&amp; \ue005 Sons&lt;/b&gt;</p>' in html
        assert other.actor.organisation_name not in html


def read(person: Person, path: str) -> str:
    """The page without the guards of its forms, which are others each time."""
    return re.sub(r'name="(csrf_token|_once)" value="[^"]*"', "", text_of(person, path))
