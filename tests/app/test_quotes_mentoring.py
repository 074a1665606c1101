"""The first three quotes of a mentored seller pass the mentor; who is told of what; what a person may take or erase."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import frozen
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.jobs import enqueue_periodic, run_due
from marketplace.kernel.personal_data import erase_all, export_all
from marketplace.kernel.uow import transaction
from marketplace.notifications.composing import spoken
from marketplace.notifications.models import Notice
from marketplace.quotes.models import QuoteVersion
from marketplace.quotes.rules import QuoteDecline, QuoteState, fingerprint
from marketplace.quotes.services import (
    accept_counter,
    approve_quote,
    decline_quote,
    return_quote,
    send_quote,
    withdraw_quote,
)
from marketplace.rfqs.models import Rfq
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.flows import a_request, an_inquiry, recipient_of
from tests.support.people import Cast, Person
from tests.support.quoting import (
    a_counter,
    a_saved_quote,
    a_sent_quote,
    an_acceptance,
    in_days,
    standing,
    the_version,
    unsent_version,
)

pytestmark = pytest.mark.usefixtures("app", "moment")


def mentored(people: Cast) -> tuple[Person, Person]:
    """A seller and the curator who mentors it."""
    seller, mentor = people.seller(), people.curator()
    with transaction() as session:
        session.get_one(Seller, seller.seller_id).mentor_id = mentor.user_id
    return seller, mentor


def an_ask(people: Cast, seller: Person) -> tuple[Person, Rfq]:
    buyer = people.buyer()
    return buyer, an_inquiry(buyer, a_listed_product(seller, capacity_per_month=None))


def told(session: Session, person: Person) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Notice.kind).where(Notice.user_id == person.user_id).order_by(Notice.id)))


def test_the_first_three_quotes_pass_the_mentor(people: Cast, session: Session) -> None:
    seller, mentor = mentored(people)
    for number in range(4):
        buyer, rfq = an_ask(people, seller)
        row = a_sent_quote(seller, rfq)
        if number == 3:
            assert row.state == QuoteState.SENT
            break
        assert (row.state, row.number) == (QuoteState.MENTOR_REVIEW, None)
        assert "quote_new" not in told(session, buyer)
        with transaction() as inside:
            approve_quote(inside, mentor.actor, row.id, the_version(row.id).version)
        assert standing(seller, rfq).state == QuoteState.SENT
        assert "quote_new" in told(session, buyer)
        # a new version of what was sent once goes out at once
        assert a_sent_quote(seller, rfq, price="6.00").state == QuoteState.SENT
    assert told(session, mentor).count("queue_quote") == 3
    assert told(session, seller).count("quote_approved") == 3


def test_the_mentor_gives_a_quote_back_with_a_note(people: Cast) -> None:
    seller, mentor = mentored(people)
    _buyer, rfq = an_ask(people, seller)
    row = a_sent_quote(seller, rfq)
    with pytest.raises(Conflict):
        a_saved_quote(seller, rfq)  # not while the mentor reads it
    with pytest.raises(DomainError), transaction() as session:
        return_quote(session, mentor.actor, row.id, the_version(row.id).version, "  ")
    with transaction() as session:
        return_quote(session, mentor.actor, row.id, the_version(row.id).version, "Name the shipping date.")
    lead = f"/leads/{recipient_of(rfq, seller).key}"
    assert "Name the shipping date." in seller.client.get(f"{lead}/quote/edit").get_data(as_text=True)
    with pytest.raises(Conflict), transaction() as session:
        approve_quote(session, mentor.actor, row.id, the_version(row.id).version)
    again = a_sent_quote(seller, rfq, price="6.10")
    assert (again.id, again.state) == (row.id, QuoteState.MENTOR_REVIEW)


def test_only_the_seller_s_own_mentor_reads_it(people: Cast) -> None:
    seller, mentor = mentored(people)
    _buyer, rfq = an_ask(people, seller)
    row = a_sent_quote(seller, rfq, note="Only for my mentor")
    other, operator = people.curator(), people.operator()
    for person in (other, people.seller(), people.buyer(), people.partner()):
        assert person.client.get(f"/console/quotes/{row.id}").status_code == 404
        with pytest.raises(NotFound), transaction() as session:
            approve_quote(session, person.actor, row.id, the_version(row.id).version)
    assert "Only for my mentor" not in other.client.get("/console/quotes").get_data(as_text=True)
    for person in (mentor, operator):
        assert "Only for my mentor" in person.client.get(f"/console/quotes/{row.id}").get_data(as_text=True)
    page = f"/console/quotes/{row.id}"
    assert mentor.post(page, {"decision": "return", "note": ""}, page=page).status_code == 422
    approved = {"decision": "approve", "version": str(the_version(row.id).version)}
    assert mentor.post(page, approved, page=page).status_code == 303
    assert the_version(row.id).state == QuoteState.SENT
    assert mentor.client.get(page).status_code == 404


def test_everybody_is_told_what_concerns_them(people: Cast, session: Session) -> None:
    buyer, seller, rival = people.buyer(), people.seller(), people.seller()
    rfq = a_request(buyer, [seller, rival])
    key = recipient_of(rfq, seller).key
    a_sent_quote(seller, rfq)
    a_sent_quote(seller, rfq, price="6.00")
    with transaction() as inside:
        decline_quote(inside, buyer.actor, rfq.key, key, 2, QuoteDecline.PRICE)
    a_sent_quote(seller, rfq, price="5.90")
    with transaction() as inside:
        withdraw_quote(inside, seller.actor, key, 3)
    a_sent_quote(seller, rfq, price="5.80")
    a_counter(buyer, seller, rfq, "5.70")
    with transaction() as inside:
        accept_counter(inside, seller.actor, key, 5)
    assert told(session, buyer) == [
        "quote_new", "quote_revised", "quote_revised", "quote_withdrawn", "quote_revised", "counter_accepted",
    ]  # fmt: skip
    assert told(session, seller) == ["lead_new", "quote_declined", "quote_countered"]
    assert told(session, rival) == ["lead_new", "lead_closed"]
    for notice in session.scalars(select(Notice)):
        said = spoken(notice, "en")
        assert "…" not in f"{said.subject}{said.line}{said.action}", notice.kind


def test_who_is_accepted_and_who_is_left_over_are_told(people: Cast, session: Session) -> None:
    buyer, sellers = people.buyer(), [people.seller() for _ in range(3)]
    rfq = a_request(buyer, sellers)
    with transaction() as inside:
        inside.get_one(Rfq, rfq.id).quote_cap = 2
    for seller in sellers[:2]:
        a_sent_quote(seller, rfq)
    full = session.scalars(select(Notice).where(Notice.kind == "lead_full")).one()
    assert full.user_id == sellers[2].user_id
    assert "the 2 quotes they asked for" in spoken(full, "en").line
    an_acceptance(buyer, sellers[0], rfq, 1)
    assert told(session, sellers[0])[-1] == "quote_accepted"
    assert told(session, sellers[1])[-1] == "lead_closed"
    assert told(session, sellers[2])[-1] == "lead_full"


def test_both_sides_are_told_once_three_days_before_the_end(people: Cast, session: Session, moment: datetime) -> None:
    seller = people.seller()
    buyer, rfq = an_ask(people, seller)
    a_sent_quote(seller, rfq, valid_until=in_days(10))
    for days in (1, 7, 8, 9):
        with frozen(moment + timedelta(days=days)):
            enqueue_periodic()
            run_due()
    assert told(session, buyer).count("quote_ending") == told(session, seller).count("quote_ending_seller") == 1


def test_a_person_takes_their_words_along_and_leaves_the_terms(people: Cast, session: Session) -> None:
    seller = people.seller()
    buyer, rfq = an_ask(people, seller)
    row = a_sent_quote(seller, rfq, note="Qzxwv greets you")
    deal = an_acceptance(buyer, seller, rfq, 1)
    other, unsent = an_ask(people, seller)
    a_saved_quote(seller, unsent, note="Qzxwv thinks about it")
    with transaction() as inside:
        data = export_all(inside, seller.user_id)["quotes"]
        assert [one["note"] for one in data["quotes"]] == ["Qzxwv greets you", "Qzxwv thinks about it"]
        assert export_all(inside, buyer.user_id)["quotes"]["agreements"][0]["key"] == deal.key
    for _twice in range(2):
        with transaction() as inside:
            erase_all(inside, seller.user_id)
    kept = the_version(row.id)
    assert (kept.note, kept.author_id, kept.state) == ("—", None, QuoteState.ACCEPTED)
    assert kept.content_sha256 == fingerprint(kept.content())  # the terms stay provable
    assert (unsent_version(seller, unsent), other.user_id > 0) == (0, True)
    assert session.scalar(select(QuoteVersion.id).where(QuoteVersion.note.contains("Qzxwv"))) is None


def test_a_mentor_who_is_late_does_not_send_what_has_run_out(people: Cast, moment: datetime) -> None:
    seller, mentor = mentored(people)
    _buyer, rfq = an_ask(people, seller)
    row = a_sent_quote(seller, rfq, valid_until=in_days(2))
    with frozen(moment + timedelta(days=4)), pytest.raises(DomainError), transaction() as session:
        approve_quote(session, mentor.actor, row.id, the_version(row.id).version)
    version = the_version(row.id).version
    with pytest.raises(Conflict), transaction() as session:
        send_quote(session, seller.actor, recipient_of(rfq, seller).key, version)
    assert row.total_minor == 1_240_000
    assert row.lines[0].quantity == Decimal(2)
