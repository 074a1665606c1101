"""Contact details in what is no message: notes of quotes and samples, refusals, goods, names of papers, meetings."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import update

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import VerificationLevel
from marketplace.kernel.uow import transaction
from marketplace.leads.services import decline_lead
from marketplace.orders.models import Sample
from marketplace.quotes.models import QuoteLine, QuoteVersion
from marketplace.rfqs.models import RfqLine
from marketplace.rfqs.rules import DeclineReason
from tests.support.flows import a_request, recipient_of
from tests.support.meetings import a_hall
from tests.support.ordering import Trade, a_sample, a_trade
from tests.support.people import Cast, Person
from tests.support.quoting import a_sent_quote

pytestmark = pytest.mark.usefixtures("app")
NOTE = "Quicker by 0812 3456 7890."


def set_level(person: Person, level: VerificationLevel) -> None:
    with transaction() as session:
        session.get_one(Organisation, person.organisation_id).verification_level = level


def read(person: Person, path: str) -> str:
    answer = person.client.get(f"/en{path}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def a_quoted_trade(people: Cast) -> Trade:
    """A quote with a way round the marketplace in each free text."""
    trade = a_trade(people)
    a_sent_quote(trade.seller, trade.rfq)
    with transaction() as session:
        words = {"note": NOTE, "packing": f"Bags. {NOTE}", "payment_note": NOTE, "sample_note": NOTE}
        session.execute(update(QuoteVersion).values(payment="tt_deposit", **words))
        session.execute(update(QuoteLine).values(reason=NOTE, answer="alternative"))
    return trade


def test_a_quote_and_the_comparison_show_no_way_round(people: Cast) -> None:
    trade = a_quoted_trade(people)
    pages = [f"/requests/{trade.rfq.key}/with/{trade.lead}/quote", f"/requests/{trade.rfq.key}/quotes"]
    for level, is_hidden in ((VerificationLevel.NONE, True), (VerificationLevel.REVIEWED, False)):
        set_level(trade.buyer, level)  # a comparison that was kept is made anew
        for page in pages:
            text = read(trade.buyer, page)
            assert ("3456 7890" in text) is not is_hidden
            assert ("•••" in text) is is_hidden
        assert "3456 7890" in read(trade.seller, f"/leads/{trade.lead}/quote/1")  # one's own words


def test_a_sample_shows_no_way_round(people: Cast) -> None:
    trade = a_trade(people)
    key = a_sample(trade)
    with transaction() as session:
        session.execute(update(Sample).values(wish=NOTE))
    set_level(trade.buyer, VerificationLevel.NONE)
    assert "3456 7890" not in read(trade.seller, f"/samples/{key}")
    assert "3456 7890" in read(trade.buyer, f"/samples/{key}")


def test_goods_and_refusals_show_no_way_round(people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = a_request(buyer, [seller])
    lead = recipient_of(rfq, seller).key
    with transaction() as session:
        session.execute(update(RfqLine).values(commodity="", product_id=None, description=f"Sugar. {NOTE}"))
    set_level(buyer, VerificationLevel.NONE)
    for page in (f"/leads/{lead}", "/leads", f"/leads/{lead}/decline"):
        text = read(seller, page)
        assert "3456 7890" not in text
    with transaction() as session:
        decline_lead(session, seller.actor, lead, DeclineReason.CAPACITY, NOTE)
    assert "3456 7890" not in read(buyer, f"/requests/{rfq.key}/with/{lead}")
    set_level(buyer, VerificationLevel.REVIEWED)
    assert "3456 7890" in read(buyer, f"/requests/{rfq.key}/with/{lead}")


def test_a_meeting_shows_no_way_round_while_its_buyer_is_unchecked(people: Cast) -> None:
    hall = a_hall(people)
    buyer, seller = people.buyer(), people.seller()
    hall.joined(buyer, about=f"Bakery. {NOTE}")
    key = hall.asked(buyer, seller, f"Sugar for bakeries. {NOTE}")
    pages = (f"/meetings/{key}", f"/meetings/fairs/{hall.fair_id}")
    set_level(buyer, VerificationLevel.NONE)
    for page in pages:
        assert "3456 7890" not in read(seller, page)
        assert "Sugar for bakeries" in read(seller, page)
    assert "3456 7890" in read(buyer, pages[0])
    set_level(buyer, VerificationLevel.REVIEWED)
    assert "3456 7890" in read(seller, pages[0])
