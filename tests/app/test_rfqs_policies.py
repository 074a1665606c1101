"""Who may read which request and lead: the judgement on loaded rows and its twin in SQL agree for everyone."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.rules import VerificationLevel
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.uow import transaction
from marketplace.leads import policies as lead_policies
from marketplace.leads.queries import lead
from marketplace.leads.services import answer_lead, ask_information, assign_lead, decline_lead, hand_on, mark_seen
from marketplace.partners.models import Attribution, Chapter
from marketplace.rfqs import policies
from marketplace.rfqs.models import Message, Recipient, Rfq
from marketplace.rfqs.queries.conversation import conversation_of, readable_message
from marketplace.rfqs.queries.requests import readable_request, request_of, requests_of_chapter, requests_page
from marketplace.rfqs.rules import CloseReason, DeclineReason
from marketplace.rfqs.services import cancel_request, close_request, extend_request, hide_message, write_to_seller
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.flows import a_request_draft, an_answer, an_inquiry, fresh, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")


@pytest.fixture
def everyone(people: Cast) -> dict[str, Person]:
    """A distributor's requests in several states, and everybody who might want to read them."""
    cast = {
        "buyer": people.buyer(),
        "unchecked": people.buyer(verification_level=VerificationLevel.NONE),
        "other buyer": people.buyer(),
        "seller": people.seller(),
        "other seller": people.seller(),
        "partner": people.partner(),
        "other partner": people.partner(country="GB"),
        "curator": people.curator(),
        "operator": people.operator(),
    }
    with transaction() as session:
        chapter = cast["partner"].chapter_id
        session.add(Attribution(organisation_id=cast["buyer"].organisation_id, chapter_id=chapter, since=now()))
    product, other = a_listed_product(cast["seller"]), a_listed_product(cast["other seller"])
    an_answer(cast["seller"], an_inquiry(cast["buyer"], product))
    an_inquiry(cast["unchecked"], product)
    an_inquiry(cast["other buyer"], other)
    a_request_draft(cast["buyer"])
    return cast


def test_both_forms_of_each_rule_agree(everyone: dict[str, Person], session: Session) -> None:
    chapters = dict(session.execute(select(Chapter.id, Chapter.organisation_id)).all())
    all_requests = session.scalars(select(Rfq)).all()
    all_leads = session.scalars(
        select(Recipient).options(
            joinedload(Recipient.rfq, innerjoin=True), joinedload(Recipient.seller, innerjoin=True)
        )
    ).all()
    seen = {}
    for name, person in everyone.items():
        judged = {
            one.key
            for one in all_requests
            if policies.may_read_request(person.actor, one, chapters.get(one.chapter_id or 0))
        }
        assert set(session.scalars(select(Rfq.key).where(policies.readable_by(person.actor)))) == judged, name
        judged_leads = {one.key for one in all_leads if lead_policies.may_read_lead(person.actor, one)}
        query = select(Recipient.key).join(Recipient.rfq).join(Recipient.seller)
        assert set(session.scalars(query.where(lead_policies.readable_by(person.actor)))) == judged_leads, name
        seen[name] = (len(judged), len(judged_leads))
    assert seen == {
        "buyer": (2, 0), "unchecked": (1, 0), "other buyer": (1, 0), "seller": (0, 1), "other seller": (0, 1),
        "partner": (1, 0), "other partner": (0, 0), "curator": (3, 0), "operator": (3, 0),
    }  # fmt: skip


def test_a_lead_before_its_check_does_not_exist_for_the_seller(everyone: dict[str, Person], session: Session) -> None:
    waiting = session.scalars(
        select(Recipient.key).join(Rfq).where(Rfq.buyer_id == everyone["unchecked"].organisation_id)
    ).one()
    with pytest.raises(NotFound):
        lead(session, everyone["seller"].actor, waiting)


def test_nobody_else_acts_on_a_request(everyone: dict[str, Person], session: Session) -> None:
    buyer, seller = everyone["buyer"], everyone["seller"]
    rfq = session.scalars(select(Rfq).where(Rfq.buyer_id == buyer.organisation_id, Rfq.opened_at.is_not(None))).one()
    recipient = recipient_of(rfq, seller)
    message = session.scalars(select(Message)).one()
    slug = session.scalars(select(Seller.slug).where(Seller.id == everyone["other seller"].seller_id)).one()
    before = (rfq.state, rfq.version, recipient.state, recipient.version, message.is_hidden)
    for name, person in everyone.items():
        acts = []
        if name != "buyer":
            acts += [
                lambda s, a: request_of(s, a, rfq.key),
                lambda s, a: conversation_of(s, a, rfq.key, recipient.key),
                lambda s, a: write_to_seller(s, a, rfq.key, recipient.key, "Hello", language="en"),
                lambda s, a: cancel_request(s, a, rfq.key, rfq.version),
                lambda s, a: close_request(s, a, rfq.key, CloseReason.PRICE, rfq.version),
                lambda s, a: extend_request(s, a, rfq.key, now().date(), rfq.version),
            ]
        if name != "seller":
            acts += [
                lambda s, a: lead(s, a, recipient.key),
                lambda s, a: mark_seen(s, a, recipient.key),
                lambda s, a: answer_lead(s, a, recipient.key, "Hello", language="en"),
                lambda s, a: ask_information(s, a, recipient.key, "Hello", language="en"),
                lambda s, a: decline_lead(s, a, recipient.key, DeclineReason.OTHER),
                lambda s, a: assign_lead(s, a, recipient.key, a.user_id),
                lambda s, a: hand_on(s, a, recipient.key, slug),
            ]
        if name not in {"buyer", "seller"}:
            acts.append(lambda s, a: readable_message(s, a, message.id))
        if name not in {"curator", "operator"}:
            acts.append(lambda s, a: hide_message(s, a, message.id))
        if name not in {"buyer", "partner", "curator", "operator"}:
            acts.append(lambda s, a: readable_request(s, a, rfq.key))
        for act in acts:
            with pytest.raises(NotFound), transaction() as inside:
                act(inside, person.actor)
    after = recipient_of(rfq, seller)
    now_hidden = session.get_one(Message, message.id, populate_existing=True).is_hidden
    assert (fresh(rfq).state, fresh(rfq).version, after.state, after.version, now_hidden) == before


def test_a_nested_recipient_of_another_request_is_not_found(everyone: dict[str, Person], session: Session) -> None:
    mine = session.scalars(select(Rfq).where(Rfq.buyer_id == everyone["other buyer"].organisation_id)).one()
    theirs = session.scalars(select(Recipient).where(Recipient.rfq_id != mine.id)).first()
    assert theirs is not None
    with pytest.raises(NotFound), transaction() as inside:
        write_to_seller(inside, everyone["other buyer"].actor, mine.key, theirs.key, "Hello", language="en")


def test_a_partner_reads_its_own_distributors_requests(everyone: dict[str, Person], session: Session) -> None:
    page = requests_of_chapter(session, everyone["partner"].chapter_id or 0, 1)
    assert [(row.company, row.asked, row.committed) for row in page.items] == [
        (everyone["buyer"].actor.organisation_name, 1, 1)
    ]
    assert requests_of_chapter(session, everyone["other partner"].chapter_id or 0, 1).items == []


def test_a_list_holds_only_the_companys_own(everyone: dict[str, Person], session: Session) -> None:
    assert len(requests_page(session, everyone["buyer"].actor, None, 1).items) == 2
    assert requests_page(session, everyone["partner"].actor, None, 1).items == []
