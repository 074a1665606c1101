"""Contact details in messages: hidden before a buyer is checked and while a serious report waits, never for good."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import VerificationLevel
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.uow import transaction
from marketplace.leads.services import answer_lead
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportReason, ReportTarget
from marketplace.moderation.services import make_report
from marketplace.rfqs.models import ContactFreeze, Message, Rfq
from marketplace.rfqs.queries.contacts import why_hidden
from marketplace.rfqs.queries.conversation import messages_of
from marketplace.rfqs.rules import RfqState, Side
from marketplace.rfqs.services import write_to_seller
from marketplace.sellers.models import Seller
from tests.app.test_moderation import decide
from tests.support.factories import a_listed_product
from tests.support.flows import a_request, an_answer, an_inquiry, recipient_of
from tests.support.ordering import Trade, a_deal, a_trade
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app")
BUYERS, SELLERS = "Write to anna@example.com or +49 40 1234567.", "Our site is www.example.co.id, 18 t are ready."


def a_talk(people: Cast) -> Trade:
    """Each side has written how to reach it."""
    trade = a_trade(people)
    with transaction() as session:
        write_to_seller(session, trade.buyer.actor, trade.rfq.key, trade.lead, BUYERS, language="en")
    with transaction() as session:
        answer_lead(session, trade.seller.actor, trade.lead, SELLERS, language="en")
    return trade


def set_level(trade: Trade, level: VerificationLevel) -> None:
    with transaction() as session:
        session.get_one(Organisation, trade.buyer.organisation_id).verification_level = level


def pages(trade: Trade) -> tuple[str, str]:
    """What the seller and the buyer read."""
    lead = trade.seller.client.get(f"/en/leads/{trade.lead}").text
    talk = trade.buyer.client.get(f"/en/requests/{trade.rfq.key}/with/{trade.lead}").text
    return html.unescape(lead), html.unescape(talk)


def test_before_the_check_each_side_reads_the_other_without_contact_details(people: Cast, session: Session) -> None:
    trade = a_talk(people)
    set_level(trade, VerificationLevel.NONE)
    lead, talk = pages(trade)
    assert "anna@example.com" not in lead
    assert "1234567" not in lead
    assert "Write to ••• or •••." in lead
    assert "are hidden until the programme has checked the buyer" in lead
    assert "www.example.co.id" in lead  # one's own words stay as written
    assert "anna@example.com" in talk
    assert "example.co.id" not in talk
    assert "Our site is •••" in talk
    assert "The other side does not see the contact details" in talk
    kept = session.scalars(select(Message.text).order_by(Message.id)).all()
    assert {BUYERS, SELLERS} <= set(kept)  # for moderation, and for later
    staff = messages_of(session, recipient_of(trade.rfq, trade.seller).id)
    assert BUYERS in {one.text for one in staff}


def test_once_the_buyer_is_checked_everything_is_there(people: Cast) -> None:
    trade = a_talk(people)
    set_level(trade, VerificationLevel.NONE)
    set_level(trade, VerificationLevel.REVIEWED)
    lead, talk = pages(trade)
    assert "anna@example.com" in lead
    assert "example.co.id" in talk
    assert "•••" not in lead + talk


def test_after_an_accepted_quote_nothing_is_hidden(people: Cast, session: Session) -> None:
    trade = a_talk(people)
    a_deal(trade)
    set_level(trade, VerificationLevel.NONE)
    assert session.scalars(select(Rfq.state).where(Rfq.id == trade.rfq.id)).one() == RfqState.AWARDED
    lead, talk = pages(trade)
    assert "anna@example.com" in lead
    assert "example.co.id" in talk


def test_an_agreement_with_another_seller_opens_nothing(people: Cast) -> None:
    trade, other = a_trade(people), people.seller()
    rfq = a_request(trade.buyer, [trade.seller, other], text=BUYERS)
    left_over = recipient_of(rfq, other).key
    chosen = replace(trade, rfq=rfq)
    an_answer(trade.seller, rfq)
    a_deal(chosen)
    set_level(trade, VerificationLevel.NONE)
    lead = html.unescape(other.client.get(f"/en/leads/{left_over}").text)
    assert "anna@example.com" not in lead
    assert "anna@example.com" in html.unescape(trade.seller.client.get(f"/en/leads/{chosen.lead}").text)


def test_a_form_to_report_quotes_no_more_than_its_reader_sees(people: Cast, session: Session) -> None:
    trade = a_talk(people)
    (message,) = session.scalars(select(Message.id).where(Message.text == BUYERS)).all()
    asked = an_inquiry(trade.buyer, a_listed_product(trade.seller), text="How much? anna@example.com")
    set_level(trade, VerificationLevel.NONE)
    forms = {f"message&id={message}", f"rfq&id={recipient_of(asked, trade.seller).key}"}
    for form in forms:
        page = html.unescape(trade.seller.client.get(f"/en/reports/new?target={form}").text)
        assert "•••" in page
        assert "anna@example.com" not in page


def test_own_words_beside_sentences_of_the_bank_are_guarded_too(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    with transaction() as inside:
        parts = [{"words": "Reach us under +49 40 1234567."}]
        write_to_seller(inside, trade.buyer.actor, trade.rfq.key, trade.lead, "", language="en", parts=parts)
    set_level(trade, VerificationLevel.NONE)
    key = recipient_of(trade.rfq, trade.seller).id
    (said,) = [one for one in messages_of(session, key, reader=Side.SELLER) if one.side is Side.BUYER]
    assert said.text == "Reach us under •••."
    assert said.parts == ()


def serious(trade: Trade, by: object = None, reason: ReportReason = ReportReason.FRAUD) -> Report:
    person = by or trade.buyer
    with transaction() as session:
        slug = session.scalars(select(Seller.slug).where(Seller.id == trade.seller.seller_id)).one()
        draft = ReportDraft(ReportTarget.SELLER, slug, reason, "They ask for money before anything is agreed.")
        return make_report(session, person.actor, draft)  # type: ignore[attr-defined]  # a person


@pytest.mark.parametrize("is_upheld", [True, False])
def test_a_serious_report_freezes_contacts_until_it_is_decided(people: Cast, session: Session, is_upheld: bool) -> None:
    trade, curator = a_talk(people), people.curator()
    other = an_inquiry(people.buyer(), a_listed_product(trade.seller))
    report = serious(trade)
    lead, talk = pages(trade)
    assert "anna@example.com" not in lead
    assert "while the programme looks into a report" in talk
    assert why_hidden(session, recipient_of(other, trade.seller).id) is not None  # every conversation of that side
    assert "contacts.frozen" in session.scalars(select(AuditEntry.action)).all()
    desk = curator.client.get(f"/en/console/reports/{report.key}").text
    assert "are hidden until you decide" in desk
    decide(curator, report, is_upheld=is_upheld)
    session.rollback()
    assert session.scalars(select(ContactFreeze)).all() == []
    assert "anna@example.com" in pages(trade)[0]


def test_a_strangers_report_and_a_light_one_freeze_nothing(people: Cast, session: Session) -> None:
    trade = a_talk(people)
    serious(trade, people.buyer())  # has never dealt with this seller
    serious(trade, reason=ReportReason.SPAM)
    assert session.scalars(select(ContactFreeze)).all() == []


def test_a_freeze_does_not_reach_behind_an_agreement(people: Cast) -> None:
    trade = a_talk(people)
    a_deal(trade)
    serious(trade)
    assert "anna@example.com" in pages(trade)[0]
