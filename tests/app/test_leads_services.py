"""What sellers do with leads: see, answer, ask, decline, hand on; and what the clock does without them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block, Membership, User
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, TooMany
from marketplace.kernel.jobs import enqueue_periodic, run_due
from marketplace.kernel.policy import Role
from marketplace.kernel.states import IllegalMove, advance
from marketplace.kernel.uow import transaction
from marketplace.leads.queries import InboxRow, Shelf, fellow_sellers, lead, lead_keys, leads_of, unread_leads
from marketplace.leads.services import answer_lead, ask_information, assign_lead, decline_lead, hand_on, mark_seen
from marketplace.leads.shelves import shelf_counts
from marketplace.rfqs.models import Message, Recipient, Rfq, RfqMoment
from marketplace.rfqs.queries.conversation import buyer_moments, evidence_of, messages_of, seller_moments
from marketplace.rfqs.queries.requests import requests_page
from marketplace.rfqs.rules import (
    ANSWER_TIME,
    MESSAGES_AN_HOUR,
    RECIPIENT_MOVES,
    RFQ_MOVES,
    CloseReason,
    DeclineReason,
    MomentCode,
    RecipientState,
    RfqState,
    Side,
)
from marketplace.rfqs.services import (
    cancel_request,
    close_request,
    extend_request,
    hide_message,
    mark_read,
    write_to_seller,
)
from marketplace.sellers.models import Seller
from tests.support.factories import a_listed_product
from tests.support.flows import a_request, an_answer, an_inquiry, fresh, recipient_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")


def on_shelf(session: Session, seller: Person, shelf: Shelf) -> list[InboxRow]:
    """The first page of the seller's inbox."""
    page = lead_keys(session, seller.actor, shelf, 1)
    return leads_of(session, seller.actor, [key for key, _deadline in page.items])


def say(buyer: Person, rfq: Rfq, seller: Person, text: str = "Thank you.") -> Message:
    with transaction() as session:
        return write_to_seller(session, buyer.actor, rfq.key, recipient_of(rfq, seller).key, text, language="en")


@pytest.mark.parametrize("moves", [RFQ_MOVES, RECIPIENT_MOVES], ids=["rfq", "recipient"])
def test_steps_that_are_not_listed_are_refused(moves: dict[object, frozenset[object]]) -> None:
    states = list(moves)
    for current in states:
        for target in states:
            if target in moves[current]:
                assert advance(current, target, moves) is target  # type: ignore[type-var, arg-type]
            else:
                with pytest.raises(IllegalMove):
                    advance(current, target, moves)  # type: ignore[type-var, arg-type]


def test_a_lead_is_seen_once(people: Cast, session: Session, moment: datetime) -> None:
    seller = people.seller()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    key = recipient_of(rfq, seller).key
    with transaction() as inside:
        assert mark_seen(inside, seller.actor, key)
    with frozen(moment + timedelta(hours=1)), transaction() as inside:
        assert not mark_seen(inside, seller.actor, key)
    recipient = recipient_of(rfq, seller)
    assert (recipient.state, recipient.seen_at) == (RecipientState.SEEN, moment)
    assert session.scalar(select(func.count()).where(RfqMoment.code == MomentCode.SEEN)) == 1


def test_an_answer_commits_and_names_the_buyer(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    key = recipient_of(rfq, seller).key
    before = evidence_of(session, lead(session, seller.actor, key))
    assert (before.name, before.city, before.website, before.country) == ("", "", "", "DE")
    recipient = an_answer(seller, rfq)
    assert (recipient.state, recipient.answered_at, recipient.committed_at) == (RecipientState.WILL_QUOTE, now(), now())
    assert evidence_of(session, lead(session, seller.actor, key)).name == buyer.actor.organisation_name
    an_answer(seller, rfq, "One more thing.")
    assert [message.text for message in messages_of(session, recipient.id)] == [
        "We can offer this lot.",
        "One more thing.",
    ]


def test_a_question_stops_the_clock_until_the_buyer_answers(people: Cast, session: Session, moment: datetime) -> None:
    buyer, seller, other = people.buyer(), people.seller(), people.seller()
    rfq = a_request(buyer, [seller, other])
    key = recipient_of(rfq, seller).key
    with frozen(moment + timedelta(hours=10)), transaction() as inside:
        ask_information(inside, seller.actor, key, "Which screen size?", language="id")
    assert fresh(rfq).state == RfqState.NEEDS_INFO
    assert recipient_of(rfq, seller).committed_at is None
    with pytest.raises(Conflict), transaction() as inside:
        ask_information(inside, seller.actor, key, "And which grade?", language="id")
    with frozen(moment + timedelta(hours=90)):
        run_periodic()
        assert recipient_of(rfq, seller).state == RecipientState.INVITED  # its clock stands
        assert recipient_of(rfq, other).state == RecipientState.NO_ANSWER  # the other's does not
        say(buyer, rfq, seller, "Screen 18.")
        assert fresh(rfq).state == RfqState.OPEN
    assert recipient_of(rfq, seller).deadline_at == moment + ANSWER_TIME + timedelta(hours=80)


def run_periodic() -> None:
    enqueue_periodic()
    run_due()


def test_time_passes_and_a_late_answer_is_still_an_answer(people: Cast, moment: datetime) -> None:
    seller = people.seller()
    rfq = an_inquiry(people.buyer(), a_listed_product(seller))
    with frozen(moment + ANSWER_TIME - timedelta(seconds=1)):
        run_periodic()
        assert recipient_of(rfq, seller).state == RecipientState.INVITED
    with frozen(moment + ANSWER_TIME):
        run_periodic()
        assert recipient_of(rfq, seller).state == RecipientState.NO_ANSWER
        assert an_answer(seller, rfq).state == RecipientState.WILL_QUOTE
        run_periodic()
        assert recipient_of(rfq, seller).state == RecipientState.WILL_QUOTE


def test_a_request_expires_and_committed_sellers_go_on_talking(people: Cast, moment: datetime) -> None:
    buyer, willing, silent = people.buyer(), people.seller(), people.seller()
    rfq = a_request(buyer, [willing, silent])
    an_answer(willing, rfq)
    with frozen(moment + timedelta(days=22)):
        run_periodic()
        assert fresh(rfq).state == RfqState.EXPIRED
        assert recipient_of(rfq, silent).state == RecipientState.CLOSED
        say(buyer, rfq, willing)
        with pytest.raises(Conflict):
            say(buyer, rfq, silent)


def test_declining_needs_a_reason_and_ends_the_conversation(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    key = recipient_of(rfq, seller).key
    with transaction() as inside:
        decline_lead(inside, seller.actor, key, DeclineReason.SEASON, "Harvest is in May.")
    recipient = recipient_of(rfq, seller)
    assert (recipient.state, recipient.decline_reason, recipient.answered_at) == ("declined", "season", now())
    assert buyer_moments(session, rfq.id)[0].note == "Harvest is in May."
    with pytest.raises(Conflict):
        say(buyer, rfq, seller)
    with pytest.raises(Conflict), transaction() as inside:
        decline_lead(inside, seller.actor, key, DeclineReason.PRICE)


def test_a_lead_is_handed_on_to_a_seller_of_the_same_goods(people: Cast, session: Session) -> None:
    buyer, seller, fellow, stranger = people.buyer(), people.seller(), people.seller(), people.seller()
    product = a_listed_product(seller)
    a_listed_product(fellow)
    a_listed_product(stranger, "coconut-sugar")
    rfq = an_inquiry(buyer, product)
    own = lead(session, seller.actor, recipient_of(rfq, seller).key)
    slugs = [slug for slug, _name in fellow_sellers(session, own)]
    assert slugs == [session.get_one(Seller, fellow.seller_id).slug]
    with pytest.raises(DomainError), transaction() as inside:
        hand_on(inside, seller.actor, own.key, session.get_one(Seller, stranger.seller_id).slug)
    with transaction() as inside:
        hand_on(inside, seller.actor, own.key, slugs[0], "They have more of this harvest.")
    assert recipient_of(rfq, seller).state == RecipientState.CLOSED
    taken = recipient_of(rfq, fellow)
    assert (taken.state, taken.handed_from_id) == (RecipientState.INVITED, seller.seller_id)
    assert MomentCode.HANDED_ON in {one.code for one in buyer_moments(session, rfq.id)}
    assert MomentCode.HANDED_ON not in {one.code for one in seller_moments(session, taken)}
    with pytest.raises(Conflict), transaction() as inside:
        hand_on(inside, seller.actor, own.key, slugs[0])


def test_handing_on_does_not_tell_who_was_asked_too(people: Cast, session: Session) -> None:
    buyer, seller, asked, fresh_one = people.buyer(), people.seller(), people.seller(), people.seller()
    for one in (seller, asked, fresh_one):
        a_listed_product(one, "coconut-sugar")
    rfq = a_request(buyer, [seller, asked])
    own = lead(session, seller.actor, recipient_of(rfq, seller).key)
    assert len(fellow_sellers(session, own)) == 2
    slug = session.get_one(Seller, asked.seller_id).slug
    with transaction() as inside:
        hand_on(inside, seller.actor, own.key, slug)
    assert recipient_of(rfq, seller).state == RecipientState.CLOSED
    assert session.scalar(select(func.count()).select_from(Recipient)) == 2


def test_a_blocked_seller_is_not_offered_for_handing_on(people: Cast, session: Session) -> None:
    buyer, seller, fellow = people.buyer(), people.seller(), people.seller()
    a_listed_product(fellow)
    rfq = an_inquiry(buyer, a_listed_product(seller))
    with transaction() as inside:
        inside.add(Block(organisation_id=fellow.organisation_id, blocked_id=buyer.organisation_id, created_at=now()))
    assert fellow_sellers(session, lead(session, seller.actor, recipient_of(rfq, seller).key)) == []


def test_a_lead_goes_to_a_colleague_and_to_nobody_else(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    key = recipient_of(rfq, seller).key
    with transaction() as inside:
        colleague = User(name="Ustadzah Contoh", email="colleague@example.test", created_at=now())
        inside.add(colleague)
        inside.flush()
        inside.add(
            Membership(user_id=colleague.id, organisation_id=seller.organisation_id, role=Role.MEMBER, created_at=now())
        )
    with pytest.raises(DomainError), transaction() as inside:
        assign_lead(inside, seller.actor, key, buyer.user_id)
    with transaction() as inside:
        assign_lead(inside, seller.actor, key, colleague.id)
    assert recipient_of(rfq, seller).assigned_to_id == colleague.id
    assert MomentCode.ASSIGNED not in {one.code for one in buyer_moments(session, rfq.id)}


def test_blocking_ends_the_writing(people: Cast, session: Session) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    with transaction() as inside:
        inside.add(Block(organisation_id=buyer.organisation_id, blocked_id=seller.organisation_id, created_at=now()))
    with pytest.raises(Forbidden):
        an_answer(seller, rfq)
    assert recipient_of(rfq, seller).state == RecipientState.INVITED


def test_messages_are_limited_by_the_hour(people: Cast, session: Session, moment: datetime) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    for _ in range(MESSAGES_AN_HOUR):
        say(buyer, rfq, seller)
    with pytest.raises(TooMany):
        say(buyer, rfq, seller)
    assert session.scalar(select(func.count()).select_from(Message)) == MESSAGES_AN_HOUR
    with frozen(moment + timedelta(hours=1)):
        say(buyer, rfq, seller)


def test_unread_messages_are_counted_for_each_side(people: Cast, session: Session, moment: datetime) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    recipient = recipient_of(rfq, seller)
    with frozen(moment + timedelta(minutes=5)):
        an_answer(seller, rfq)
        an_answer(seller, rfq, "And a second line.")
        assert requests_page(session, buyer.actor, None, 1).items[0].unread == 2
        with transaction() as inside:
            mark_read(inside, recipient.id, Side.BUYER, now())
        assert requests_page(session, buyer.actor, None, 1).items[0].unread == 0
    with frozen(moment + timedelta(minutes=9)):
        hidden = say(buyer, rfq, seller, "rude")
        say(buyer, rfq, seller)
        with transaction() as inside:
            hide_message(inside, people.curator().actor, hidden.id)
        assert on_shelf(session, seller, Shelf.ALL)[0].unread == 1
        assert [message.text for message in messages_of(session, recipient.id)][2:] == ["", "Thank you."]


def test_the_inbox_is_sorted_by_deadline(people: Cast, session: Session, moment: datetime) -> None:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    later = []
    for hours in (5, 1, 3):
        with frozen(moment + timedelta(hours=hours)):
            later.append(an_inquiry(buyer, product, text=f"after {hours}"))
    with frozen(moment + timedelta(hours=6)):
        with transaction() as inside:
            ask_information(inside, seller.actor, recipient_of(later[1], seller).key, "Which grade?", language="id")
        texts = [row.recipient.rfq.text for row in on_shelf(session, seller, Shelf.OPEN)]
        assert texts == ["after 3", "after 5", "after 1"]  # the one that waits for the buyer stands last
        assert shelf_counts(session, seller.actor) == {Shelf.OPEN: 3, Shelf.ANSWERED: 0, Shelf.ALL: 3}
        an_answer(seller, later[2])
        assert shelf_counts(session, seller.actor) == {Shelf.OPEN: 2, Shelf.ANSWERED: 1, Shelf.ALL: 3}
        assert unread_leads(session, seller.actor) == 2


def test_closing_tells_everyone_left_over(people: Cast, session: Session) -> None:
    buyer, willing, silent, gone = people.buyer(), people.seller(), people.seller(), people.seller()
    rfq = a_request(buyer, [willing, silent, gone])
    an_answer(willing, rfq)
    with transaction() as inside:
        decline_lead(inside, gone.actor, recipient_of(rfq, gone).key, DeclineReason.CAPACITY)
    with pytest.raises(Conflict), transaction() as inside:
        close_request(inside, buyer.actor, rfq.key, CloseReason.PRICE, fresh(rfq).version + 1)
    with transaction() as inside:
        close_request(inside, buyer.actor, rfq.key, CloseReason.PRICE, fresh(rfq).version)
    closed = fresh(rfq)
    assert (closed.state, closed.close_reason, closed.closed_at) == (RfqState.CLOSED_NO_AWARD, "price", now())
    states = [recipient_of(rfq, one).state for one in (willing, silent, gone)]
    assert states == [RecipientState.CLOSED, RecipientState.CLOSED, RecipientState.DECLINED]
    with pytest.raises(Conflict), transaction() as inside:
        cancel_request(inside, buyer.actor, rfq.key, closed.version)
    with pytest.raises(Conflict), transaction() as inside:
        answer_lead(inside, silent.actor, recipient_of(rfq, silent).key, "Too late?", language="id")


def test_the_closing_date_moves_only_ahead(people: Cast, moment: datetime) -> None:
    buyer = people.buyer()
    rfq = a_request(buyer, [people.seller()])
    with pytest.raises(DomainError), transaction() as inside:
        extend_request(inside, buyer.actor, rfq.key, (moment + timedelta(days=5)).date(), rfq.version)
    with transaction() as inside:
        extend_request(inside, buyer.actor, rfq.key, (moment + timedelta(days=40)).date(), rfq.version)
    assert fresh(rfq).closes_at.date() == (moment + timedelta(days=40)).date()


def test_answer_figures_come_from_the_leads(people: Cast, session: Session, moment: datetime) -> None:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    quick, slow, silent, running = (an_inquiry(buyer, product) for _ in range(4))
    with frozen(moment + timedelta(minutes=30)):
        an_answer(seller, quick)
        with transaction() as inside:
            ask_information(inside, seller.actor, recipient_of(slow, seller).key, "Which grade?", language="id")
    with frozen(moment + timedelta(hours=10)):
        say(buyer, slow, seller, "Grade 1.")
    with frozen(moment + timedelta(hours=11)):
        with transaction() as inside:
            decline_lead(inside, seller.actor, recipient_of(slow, seller).key, DeclineReason.PRICE)
        run_periodic()
    row = select(Seller.lead_count, Seller.answered_count, Seller.answer_minutes, Seller.version).where(
        Seller.id == seller.seller_id
    )
    # the clock of the second stood from 0:30 to 10:00, so it took an hour and a half
    assert tuple(session.execute(row).one()) == (2, 2, 30 + 90, 1)
    with frozen(moment + ANSWER_TIME + timedelta(hours=1)):
        run_periodic()
        session.rollback()
        assert tuple(session.execute(row).one())[:2] == (4, 2)
    assert {recipient_of(one, seller).state for one in (silent, running)} == {RecipientState.NO_ANSWER}
