"""A person's words in requests and conversations: handed out whole, and gone after erasure."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.documents import read_document
from marketplace.accounts.services.files import store_document
from marketplace.kernel.uow import transaction
from marketplace.leads.services import assign_lead, decline_lead
from marketplace.rfqs.drafts import LineDraft, RequestDraft, TermsDraft
from marketplace.rfqs.models import Attachment, Message, Recipient, Rfq, RfqLine, RfqMoment
from marketplace.rfqs.personal_data import erase, export
from marketplace.rfqs.rules import DeclineReason, RecipientState, RfqState
from marketplace.rfqs.services import draft_request, send_request, write_to_seller
from tests.app.test_rfqs_pages import PDF
from tests.support.factories import a_listed_product
from tests.support.flows import a_request_draft, an_answer, an_inquiry, recipient_of
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")
MARKER = "MARKER-7f3a"
PHONE = "+49301234567"


def everything(session: Session) -> str:
    """All texts of this domain's tables, in one string."""
    session.rollback()
    found = []
    for model in (Rfq, RfqLine, Recipient, Message, RfqMoment):
        for row in session.execute(select(*model.__table__.columns)):
            found.append(" ".join(json.dumps(value, default=str) for value in row))
    return "\n".join(found)


def test_a_buyers_words_are_handed_out_and_erased(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    inquiry = an_inquiry(buyer, a_listed_product(seller), text=f"{MARKER} text", contact_phone=PHONE, place=MARKER)
    a_request_draft(buyer, f"{MARKER} draft")
    with transaction() as inside:
        lines = (LineDraft(description=f"{MARKER} line"),)
        fields = RequestDraft(subject=MARKER, lines=lines, terms=TermsDraft(), reading={"words": MARKER})
        rfq = draft_request(inside, buyer.actor, f"{MARKER} request", "en", fields)
        send_request(inside, buyer.actor, rfq, [])
        paper = store_document(inside, buyer.actor, read_document(PDF, f"{MARKER}.pdf"))
        key = recipient_of(inquiry, seller).key
        write_to_seller(inside, buyer.actor, inquiry.key, key, f"{MARKER} message", language="en", files=[paper])
    an_answer(seller, inquiry, "The seller's own words stay.")
    told = json.dumps(export(session, buyer.user_id))
    for words in ("text", "draft", "request", "message"):
        assert f"{MARKER} {words}" in told
    assert PHONE in told
    assert "The seller's own words" not in told
    for _ in range(2):  # safe to run twice
        with transaction() as inside:
            keys = erase(inside, buyer.user_id)
    assert keys == []
    rest = everything(session)
    assert MARKER not in rest
    assert PHONE not in rest
    assert "The seller's own words stay." in rest
    assert export(session, buyer.user_id) == {"requests": [], "messages": [], "notes": [], "said_elsewhere": []}
    states = sorted(session.scalars(select(Rfq.state)))
    assert states == [RfqState.OPEN, RfqState.OPEN]  # the draft is gone, the companies' trade is not
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0


def test_the_papers_of_a_person_are_named_for_deletion(people: Cast) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    with transaction() as inside:
        paper = store_document(inside, buyer.actor, read_document(PDF, "sheet.pdf"))
        stored = paper.key
        key = recipient_of(rfq, seller).key
        write_to_seller(inside, buyer.actor, rfq.key, key, "Our sheet", language="en", files=[paper])
    with transaction() as inside:
        assert erase(inside, buyer.user_id) == [stored]


def test_a_sellers_notes_and_places_are_erased(people: Cast, session: Session) -> None:
    seller = people.seller()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    key = recipient_of(rfq, seller).key
    with transaction() as inside:
        assign_lead(inside, seller.actor, key, seller.user_id)
        decline_lead(inside, seller.actor, key, DeclineReason.SEASON, f"{MARKER} note")
    assert f"{MARKER} note" in json.dumps(export(session, seller.user_id))
    with transaction() as inside:
        erase(inside, seller.user_id)
    assert MARKER not in everything(session)
    recipient = recipient_of(rfq, seller)
    assert (recipient.state, recipient.assigned_to_id) == (RecipientState.DECLINED, None)
