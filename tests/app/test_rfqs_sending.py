"""Sending requests: who may, what is kept, what is flagged, and who waits for a curator."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block, Organisation
from marketplace.accounts.rules import VerificationLevel
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound, TooMany
from marketplace.kernel.uow import transaction
from marketplace.partners.models import Attribution
from marketplace.rfqs.drafts import ChosenRecipient, InquiryDraft, LineDraft, RequestDraft, TermsDraft
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from marketplace.rfqs.rules import ANSWER_TIME, MAX_RECIPIENTS, REQUESTS_A_DAY, RfqState
from marketplace.rfqs.services import (
    approve_request,
    invite_more,
    reinstate_request,
    reject_request,
    send_inquiry,
    send_request,
    update_draft,
)
from marketplace.sellers.rules import CurationState
from tests.support.factories import a_draft, a_listed_product
from tests.support.flows import a_request, a_request_draft, an_inquiry, fresh, recipient_of
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app", "moment")


def requests(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Rfq)) or 0


def test_a_checked_buyers_inquiry_opens_at_once(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    rfq = an_inquiry(buyer, product)
    assert (rfq.state, rfq.opened_at) == (RfqState.OPEN, now())
    recipient = recipient_of(rfq, seller)
    assert (recipient.product_id, recipient.deadline_at) == (product.id, now() + ANSWER_TIME)
    line = session.scalars(select(RfqLine)).one()
    assert (line.product_id, line.commodity, line.is_below_moq) == (product.id, product.commodity, False)


def test_an_inquiry_can_be_worked_on_in_the_action_that_sends_it(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    with transaction() as inside:
        rfq = send_inquiry(inside, buyer.actor, product.id, InquiryDraft("How much is it?", "en"))
        (recipient,), (line,) = rfq.recipients, rfq.lines
        assert recipient.rfq is rfq
        assert inside.get(Rfq, rfq.id) is rfq
        assert (rfq.version, recipient.version, line.rfq_id, recipient.rfq_id) == (1, 1, rfq.id, rfq.id)
        rfq.subject, recipient.reasons, line.description = "Changed", {"word": ["new"]}, "Said anew"
        rfq.lines.append(RfqLine(position=1, description="One more"))
    stored = fresh(rfq)
    assert (stored.subject, stored.version, recipient_of(stored, seller).reasons) == (
        "Changed", 2, {"word": ["new"]},
    )  # fmt: skip
    assert session.scalars(select(RfqLine.description).order_by(RfqLine.position)).all() == ["Said anew", "One more"]


def test_below_the_moq_is_sent_and_flagged(people: Cast, session: Session) -> None:
    product = a_listed_product(people.seller(), unit="kg", moq=Decimal(500))
    buyer = people.buyer()
    an_inquiry(buyer, product, quantity=Decimal("0.4"), unit="mt")
    an_inquiry(buyer, product, quantity=Decimal("0.5"), unit="mt")
    an_inquiry(buyer, product, quantity=Decimal(3), unit="jar")  # nobody knows what a jar of it weighs
    flags = session.scalars(select(RfqLine.is_below_moq).order_by(RfqLine.id)).all()
    assert flags == [True, False, False]


@pytest.mark.parametrize("level", [VerificationLevel.NONE, VerificationLevel.LISTED])
def test_an_unchecked_buyers_request_waits_for_a_curator(people: Cast, level: VerificationLevel) -> None:
    buyer, seller = people.buyer(verification_level=level), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    assert (rfq.state, rfq.opened_at) == (RfqState.IN_REVIEW, None)
    with frozen(now() + timedelta(hours=20)), transaction() as session:
        approve_request(session, people.curator().actor, rfq.key)
        opened = now()
    assert fresh(rfq).state == RfqState.OPEN
    assert recipient_of(rfq, seller).deadline_at == opened + ANSWER_TIME  # the check does not cost sellers their time


def test_a_check_that_ran_out_counts_no_more(people: Cast) -> None:
    buyer = people.buyer(verified_until=date(2026, 11, 21))
    assert an_inquiry(buyer, a_listed_product(people.seller())).state == RfqState.IN_REVIEW


def test_only_staff_approve_and_reject(people: Cast) -> None:
    buyer, seller = people.buyer(verification_level=VerificationLevel.NONE), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    for outsider in (buyer, seller, people.partner(), people.buyer()):
        for act in (approve_request, reinstate_request):
            with pytest.raises(NotFound), transaction() as session:
                act(session, outsider.actor, rfq.key)
        with pytest.raises(NotFound), transaction() as session:
            reject_request(session, outsider.actor, rfq.key, "No")
    assert fresh(rfq).state == RfqState.IN_REVIEW


def test_a_rejection_has_a_reason_and_can_be_put_right(people: Cast) -> None:
    curator, seller = people.curator(), people.seller()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    with pytest.raises(DomainError), transaction() as session:
        reject_request(session, curator.actor, rfq.key, "  ")
    with frozen(now() + timedelta(hours=2)), transaction() as session:
        reject_request(session, curator.actor, rfq.key, "The same text went to forty sellers.")
    assert fresh(rfq).state == RfqState.REJECTED_SPAM
    before = recipient_of(rfq, seller).deadline_at
    with frozen(now() + timedelta(hours=12)), transaction() as session:
        reinstate_request(session, curator.actor, rfq.key)
    assert fresh(rfq).state == RfqState.OPEN
    assert recipient_of(rfq, seller).deadline_at == before + timedelta(hours=10)


def test_what_is_not_offered_cannot_be_asked(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    paused, suspended = people.seller(curation=CurationState.PAUSED), people.seller()
    hidden = a_listed_product(seller)
    with transaction() as inside:
        inside.get_one(Product, hidden.id).state = ListingState.HIDDEN
        inside.get_one(Organisation, suspended.organisation_id).suspended_at = now()
    for product in (a_draft(seller), hidden, a_listed_product(paused), a_listed_product(suspended)):
        with pytest.raises(NotFound):
            an_inquiry(buyer, product)
    assert requests(session) == 0


def test_sellers_and_partners_do_not_ask(people: Cast, session: Session) -> None:
    product = a_listed_product(people.seller())
    for person in (people.seller(), people.partner(), people.curator()):
        with pytest.raises(Forbidden):
            an_inquiry(person, product)
    assert requests(session) == 0


@pytest.mark.parametrize("who_blocks", ["buyer", "seller"])
def test_blocked_parties_do_not_meet(people: Cast, session: Session, who_blocks: str) -> None:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    one, other = (buyer, seller) if who_blocks == "buyer" else (seller, buyer)
    with transaction() as inside:
        inside.add(Block(organisation_id=one.organisation_id, blocked_id=other.organisation_id, created_at=now()))
    with pytest.raises(Forbidden, match="blocked"):
        an_inquiry(buyer, product)
    with pytest.raises(Forbidden, match="blocked"):
        a_request(buyer, [people.seller(), seller])
    assert session.scalar(select(func.count()).select_from(Recipient)) == 0


def test_a_distributors_request_counts_for_its_chapter(people: Cast) -> None:
    buyer, partner = people.buyer(), people.partner()
    with transaction() as session:
        session.add(Attribution(organisation_id=buyer.organisation_id, chapter_id=partner.chapter_id, since=now()))
    assert an_inquiry(buyer, a_listed_product(people.seller())).chapter_id == partner.chapter_id


def test_a_company_sends_so_many_requests_a_day(people: Cast, session: Session) -> None:
    buyer, product = people.buyer(), a_listed_product(people.seller())
    for _ in range(REQUESTS_A_DAY):
        an_inquiry(buyer, product)
    with pytest.raises(TooMany) as refused:
        an_inquiry(buyer, product)
    assert 0 < refused.value.retry_after <= 86400
    assert requests(session) == REQUESTS_A_DAY
    an_inquiry(people.buyer(), product)  # another company's day is its own
    with frozen(now() + timedelta(days=1)):
        an_inquiry(buyer, product)


def test_a_draft_tells_nobody_and_is_edited_with_its_version(people: Cast, session: Session) -> None:
    buyer = people.buyer()
    rfq = a_request_draft(buyer, "Coconut sugar\nfor my shops")
    assert (rfq.state, rfq.subject) == (RfqState.DRAFT, "Coconut sugar")
    fields = RequestDraft(
        subject="Coconut sugar in bags",
        lines=(LineDraft(description="Sugar", quantity=Decimal(18), unit="mt"),),
        terms=TermsDraft(destination="HK", certificates=("organic-eu", "no-such-thing", "organic-eu")),
    )
    with transaction() as inside:
        changed = update_draft(inside, buyer.actor, rfq.key, fields, rfq.version)
    assert (changed.subject, changed.destination, changed.certificates) == (
        "Coconut sugar in bags",
        "HK",
        ["organic-eu"],
    )
    with pytest.raises(Conflict), transaction() as inside:
        update_draft(inside, buyer.actor, rfq.key, fields, 1)
    with pytest.raises(NotFound), transaction() as inside:
        update_draft(inside, people.buyer().actor, rfq.key, fields, changed.version)
    assert session.scalars(select(RfqLine.quantity)).all() == [Decimal(18)]


@pytest.mark.parametrize(
    "fields",
    [
        RequestDraft(terms=TermsDraft(destination="XX")),
        RequestDraft(terms=TermsDraft(incoterm="FOO")),
        RequestDraft(terms=TermsDraft(needed_by=date(2026, 11, 21))),
        RequestDraft(terms=TermsDraft(closes_on=date(2026, 11, 22))),
        RequestDraft(terms=TermsDraft(closes_on=date(2027, 11, 22))),
        RequestDraft(lines=(LineDraft(quantity=Decimal(0), unit="kg"),)),
        RequestDraft(lines=(LineDraft(quantity=Decimal(-5), unit="kg"),)),
        RequestDraft(lines=(LineDraft(quantity=Decimal("0.0000001"), unit="kg"),)),
        RequestDraft(lines=(LineDraft(quantity=Decimal("1e309"), unit="kg"),)),
        RequestDraft(lines=(LineDraft(quantity=Decimal("NaN"), unit="kg"),)),
        RequestDraft(lines=(LineDraft(quantity=Decimal(1), unit="furlong"),)),
        RequestDraft(lines=(LineDraft(target_price=Decimal(1), currency="XXQ", price_unit="kg"),)),
        RequestDraft(lines=(LineDraft(target_price=Decimal(1), currency="USD"),)),
        RequestDraft(lines=(LineDraft(commodity="no-such-commodity"),)),
        RequestDraft(lines=(LineDraft(),) * 13),
    ],
)
def test_nonsense_is_refused_and_leaves_the_draft_as_it_was(people: Cast, fields: RequestDraft) -> None:
    buyer = people.buyer()
    rfq = a_request_draft(buyer)
    with pytest.raises(DomainError), transaction() as session:
        update_draft(session, buyer.actor, rfq.key, fields, rfq.version)
    assert (fresh(rfq).destination, fresh(rfq).version) == ("DE", rfq.version)


def test_a_request_goes_to_at_most_twelve(people: Cast) -> None:
    buyer = people.buyer()
    sellers = [people.seller() for _ in range(MAX_RECIPIENTS + 1)]
    with pytest.raises(DomainError, match="at most"):
        a_request(buyer, sellers)
    rfq = a_request(buyer, sellers[:MAX_RECIPIENTS])
    with pytest.raises(DomainError, match="at most"), transaction() as session:
        invite_more(session, buyer.actor, rfq.key, [ChosenRecipient(sellers[-1].seller_id or 0)])


def test_a_sellers_second_mention_is_one_lead(people: Cast, session: Session) -> None:
    seller = people.seller()
    a_request(people.buyer(), [seller, seller])
    assert session.scalar(select(func.count()).select_from(Recipient)) == 1


def test_chosen_products_must_be_their_sellers(people: Cast, session: Session) -> None:
    buyer, one, other = people.buyer(), people.seller(), people.seller()
    foreign, draft = a_listed_product(other), a_draft(one)
    rfq = a_request_draft(buyer)
    for product in (foreign, draft):
        with pytest.raises(NotFound), transaction() as inside:
            send_request(inside, buyer.actor, rfq, [ChosenRecipient(one.seller_id or 0, product.id)])
    with pytest.raises(NotFound), transaction() as inside:
        send_request(inside, buyer.actor, rfq, [ChosenRecipient(99999)])
    with pytest.raises(NotFound), transaction() as inside:
        send_request(inside, people.buyer().actor, rfq, [ChosenRecipient(one.seller_id or 0)])
    assert fresh(rfq).state == RfqState.DRAFT


def test_a_request_is_sent_once(people: Cast) -> None:
    buyer = people.buyer()
    rfq = a_request(buyer, [people.seller()])
    with pytest.raises(Conflict), transaction() as session:
        send_request(session, buyer.actor, rfq, [])


def test_further_sellers_can_be_asked_later(people: Cast, moment: datetime) -> None:
    buyer, first, second = people.buyer(), people.seller(), people.seller()
    rfq = a_request(buyer, [])
    assert rfq.state == RfqState.OPEN
    chosen = [ChosenRecipient(person.seller_id or 0) for person in (first, second)]
    with transaction() as session:
        invite_more(session, buyer.actor, rfq.key, chosen[:1])
    with frozen(moment + timedelta(hours=5)), transaction() as session:
        invite_more(session, buyer.actor, rfq.key, chosen)
    assert recipient_of(rfq, first).deadline_at == moment + ANSWER_TIME
    assert recipient_of(rfq, second).deadline_at == moment + timedelta(hours=5) + ANSWER_TIME
