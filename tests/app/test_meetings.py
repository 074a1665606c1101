"""Meetings at fairs through their services: who may ask whom, places, caps, life cycle, what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import product

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.models import Block, Organisation
from marketplace.fairs.models import Fair
from marketplace.fairs.services import withdraw_fair
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.states import IllegalMove, advance
from marketplace.kernel.uow import transaction
from marketplace.meetings import services
from marketplace.meetings.drafts import FollowUp, GuestDraft
from marketplace.meetings.jobs import clock
from marketplace.meetings.models import Meeting, MeetingGuest, MeetingSeat, MeetingSession
from marketplace.meetings.personal_data import erase, export
from marketplace.meetings.queries import guests_of
from marketplace.meetings.rules import MEETING_MOVES, MeetingState
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.rfqs.models import Rfq
from marketplace.sellers.rules import CurationState
from tests.support.factories import a_listed_product
from tests.support.meetings import DAY, MORNING, REASON, TEN, TERMS, a_hall, as_it_is, free, version_of
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")


def told(session: Session, person: Person) -> list[str]:
    """Kinds of notices about meetings that a person has, oldest first."""
    session.rollback()
    kinds = session.scalars(select(Notice.kind).where(Notice.user_id == person.user_id).order_by(Notice.id))
    return [kind for kind in kinds if kind.startswith("meeting_")]


@pytest.mark.parametrize(("one", "other"), list(product(MeetingState, MeetingState)))
def test_a_meeting_moves_only_as_its_table_says(one: MeetingState, other: MeetingState) -> None:
    if other in MEETING_MOVES[one]:
        assert advance(one, other, MEETING_MOVES) is other
    else:
        with pytest.raises(IllegalMove):
            advance(one, other, MEETING_MOVES)


def test_who_is_asked_chooses_a_slot_and_both_know(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    key = hall.asked(buyer, seller)
    assert told(session, seller) == [Kind.MEETING_ASKED]
    assert free(session, seller, key) == [hall.slot(0), hall.slot(1), hall.slot(2)]
    with pytest.raises(NotFound), transaction() as inside:  # not by whoever asked
        services.accept(inside, buyer.actor, key, 1, hall.slot())
    with transaction() as inside:
        services.accept(inside, seller.actor, key, 1, hall.slot(1))
    row = as_it_is(session, key)
    assert (row.state, row.slot, row.table_number) == (MeetingState.ACCEPTED, 1, 1)
    assert session.scalar(select(func.count(MeetingSeat.id))) == 2
    assert told(session, buyer) == [Kind.MEETING_SET]
    context = session.scalars(select(Notice.context).where(Notice.kind == Kind.MEETING_SET)).one()
    assert (context["date"], context["time"]) == ("2026-12-05", "10:20"), "by the clock of the fair"
    assert REASON not in str(context)


def test_nobody_sits_twice_and_no_table_is_given_twice(people: Cast, session: Session) -> None:
    hall, seller = a_hall(people), people.seller()
    hall.is_set(people.buyer(), seller)
    key = hall.asked(people.buyer(), seller)
    assert hall.slot(0) not in free(session, seller, key)
    with pytest.raises(Conflict), transaction() as inside:
        services.accept(inside, seller.actor, key, version_of(inside, key), hall.slot(0))
    others = [hall.is_set(people.buyer(), people.seller())]
    assert as_it_is(session, others[0]).table_number == 2
    late, shy = people.buyer(), people.seller()
    third = hall.asked(late, shy)
    assert hall.slot(0) not in free(session, shy, third), "both tables are taken"
    with pytest.raises(Conflict), transaction() as inside:
        services.accept(inside, shy.actor, third, version_of(inside, third), hall.slot(0))


def test_the_database_itself_refuses_two_places(people: Cast, session: Session) -> None:
    hall, seller = a_hall(people), people.seller()
    first = as_it_is(session, hall.is_set(people.buyer(), seller))
    second = as_it_is(session, hall.is_set(people.buyer(), seller, 1))
    with pytest.raises(IntegrityError), transaction() as inside:
        inside.get_one(Meeting, second.id).slot = first.slot
    with pytest.raises(IntegrityError), transaction() as inside:
        for seat in inside.scalars(select(MeetingSeat).where(MeetingSeat.meeting_id == second.id)):
            seat.slot = 0
    with pytest.raises(IntegrityError), transaction() as inside:
        inside.get_one(Meeting, second.id).state = MeetingState.REQUESTED  # a place without being set


def test_caps_hold_for_sessions_and_for_each_kind(people: Cast, session: Session) -> None:
    hall = a_hall(people, terms=replace(TERMS, most_a_session=1, most_buyer=2))
    buyer, sellers = people.buyer(), [people.seller() for _number in range(3)]
    hall.is_set(buyer, sellers[0])
    key = hall.asked(buyer, sellers[1])
    assert free(session, sellers[1], key) == [], "one meeting in a session"
    with pytest.raises(Conflict), transaction() as inside:
        services.accept(inside, sellers[1].actor, key, version_of(inside, key), hall.slot(1))
    hall.joined(sellers[2])
    with pytest.raises(Conflict), transaction() as inside:  # one set and one open are two
        services.ask(inside, buyer.actor, hall.fair_id, hall.guests[sellers[2].user_id], REASON)
    with transaction() as inside:
        services.cancel(inside, buyer.actor, key, version_of(inside, key), "")
    hall.asked(buyer, sellers[2])


def test_a_cancelled_place_is_free_at_once_and_a_moved_one_too(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    key = hall.is_set(buyer, seller)
    with transaction() as inside:
        services.move(inside, buyer.actor, key, version_of(inside, key), hall.slot(2))
    assert (as_it_is(session, key).slot, told(session, seller)[-1]) == (2, Kind.MEETING_SET)
    other = hall.is_set(people.buyer(), seller, 0)
    with transaction() as inside:
        services.cancel(inside, seller.actor, other, version_of(inside, other), "We are ill")
    row = as_it_is(session, other)
    assert (row.state, row.answer, row.table_number) == (MeetingState.CANCELLED, "We are ill", None)
    assert session.scalar(select(func.count(MeetingSeat.id))) == 2
    hall.is_set(people.buyer(), seller, 0)


def test_a_request_is_declined_with_a_reason(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    key = hall.asked(seller, buyer)  # sellers ask, too
    with pytest.raises(DomainError), transaction() as inside:
        services.decline(inside, buyer.actor, key, 1, " \u200b")
    with transaction() as inside:
        services.decline(inside, buyer.actor, key, 1, "We buy from somebody else.")
    assert told(session, seller) == [Kind.MEETING_DECLINED]
    with pytest.raises(Conflict), transaction() as inside:
        services.accept(inside, buyer.actor, key, version_of(inside, key), hall.slot())
    hall.asked(buyer, seller)  # nothing is open between them


def test_nobody_is_asked_again_and_again(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    for _turn in range(3):
        key = hall.asked(buyer, seller)
        with transaction() as inside:
            services.decline(inside, seller.actor, key, version_of(inside, key), "No sugar left.")
    with pytest.raises(Conflict):
        hall.asked(buyer, seller)
    assert told(session, seller) == [Kind.MEETING_ASKED] * 3
    assert hall.asked(seller, buyer)  # who was asked may still ask


@pytest.mark.parametrize("is_declined", [True, False])
def test_of_a_meeting_that_was_never_set_no_inquiry_counts(people: Cast, session: Session, is_declined: bool) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    product, key = a_listed_product(seller), hall.asked(buyer, seller)
    if is_declined:
        with transaction() as inside:
            services.decline(inside, seller.actor, key, version_of(inside, key), "No sugar left.")
    with pytest.raises(Conflict), transaction() as inside:
        services.send_what_was_agreed(
            inside, buyer.actor, key, version_of(inside, key), slug=product.slug, text="As agreed.", language="en"
        )
    assert as_it_is(session, key).rfq_id is None


def test_whom_one_cannot_ask(people: Cast) -> None:
    hall, other_hall = a_hall(people), a_hall(people)
    buyer, seller, stranger, blocked = people.buyer(), people.seller(), people.seller(), people.seller()
    for one in (buyer, seller, blocked):
        hall.joined(one)
    other_hall.joined(stranger)
    rival = people.buyer()
    hall.joined(rival)
    with transaction() as inside:
        inside.add(Block(organisation_id=blocked.organisation_id, blocked_id=buyer.organisation_id, created_at=now()))
    wrong: list[tuple[type[DomainError], int]] = [
        (NotFound, other_hall.guests[stranger.user_id]), (NotFound, hall.guests[blocked.user_id]), (NotFound, 999_999),
        (DomainError, hall.guests[rival.user_id]),
    ]  # fmt: skip
    for fault, guest in wrong:
        with pytest.raises(fault), transaction() as inside:
            services.ask(inside, buyer.actor, hall.fair_id, guest, REASON)
    with pytest.raises(DomainError), transaction() as inside:
        services.ask(inside, buyer.actor, hall.fair_id, hall.guests[seller.user_id], "  ")
    hall.asked(buyer, seller)
    for asker, other in ((buyer, seller), (seller, buyer)):
        with pytest.raises(Conflict), transaction() as inside:
            services.ask(inside, asker.actor, hall.fair_id, hall.guests[other.user_id], REASON)
    with transaction() as inside:
        inside.get_one(Organisation, rival.organisation_id).suspended_at = now()
    with pytest.raises(NotFound), transaction() as inside:
        services.ask(inside, seller.actor, hall.fair_id, hall.guests[rival.user_id], REASON)


def test_who_was_blocked_or_suspended_meanwhile_gets_no_place(people: Cast) -> None:
    hall, seller, gone, blocked = a_hall(people), people.seller(), people.buyer(), people.buyer()
    keys = [hall.asked(one, seller) for one in (gone, blocked)]
    with transaction() as inside:
        inside.get_one(Organisation, gone.organisation_id).suspended_at = now()
        inside.add(Block(organisation_id=seller.organisation_id, blocked_id=blocked.organisation_id, created_at=now()))
    for key in keys:
        with pytest.raises(Conflict), transaction() as inside:
            services.accept(inside, seller.actor, key, 1, hall.slot())
        with pytest.raises(Conflict), transaction() as inside:
            services.schedule(inside, hall.owner.actor, hall.fair_id, key, 1, hall.slot())
        with transaction() as inside:
            services.decline(inside, seller.actor, key, 1, "Not now.")


def test_who_may_take_part(people: Cast, session: Session) -> None:
    hall = a_hall(people)
    draft = GuestDraft("Siti", "", ("coconut-sugar", "moon-dust"))
    for person in (people.partner(), people.curator()):
        with pytest.raises(NotFound), transaction() as inside:
            services.take_part(inside, person.actor, hall.fair_id, draft)
    with pytest.raises(Forbidden), transaction() as inside:
        services.take_part(inside, people.seller(curation=CurationState.APPLIED).actor, hall.fair_id, draft)
    buyer = people.buyer()
    for name in ("Siti", "Budi"):
        hall.joined(buyer, comes=name)
    session.rollback()
    (guest,) = guests_of(session, hall.plan_id)
    assert (guest.person, guest.kind, guest.commodities) == ("Budi", "buyer", ["coconut-sugar"])
    with frozen(now() + timedelta(days=60)), pytest.raises(Conflict), transaction() as inside:
        services.take_part(inside, buyer.actor, hall.fair_id, draft)


def test_who_leaves_drops_what_is_open(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    set_one, asked = hall.is_set(buyer, seller), hall.asked(people.buyer(), seller)
    with transaction() as inside:
        services.leave(inside, seller.actor, hall.fair_id)
    assert {as_it_is(session, key).state for key in (set_one, asked)} == {MeetingState.CANCELLED}
    assert told(session, buyer)[-1] == Kind.MEETING_CANCELLED
    assert session.scalar(select(func.count(MeetingSeat.id))) == 0
    assert hall.guests[seller.user_id] not in {one.id for one in guests_of(session, hall.plan_id)}


def test_the_organiser_sets_moves_and_cancels(people: Cast, session: Session) -> None:
    hall, buyer, seller, rival = a_hall(people), people.buyer(), people.seller(), people.partner()
    key = hall.asked(buyer, seller)
    for stranger in (rival, buyer):
        with pytest.raises(NotFound), transaction() as inside:
            services.schedule(inside, stranger.actor, hall.fair_id, key, 1, hall.slot())
    with transaction() as inside:
        services.schedule(inside, hall.owner.actor, hall.fair_id, key, 1, hall.slot())
    assert told(session, buyer) == [Kind.MEETING_SET]
    assert told(session, seller) == [Kind.MEETING_ASKED, Kind.MEETING_SET]
    with pytest.raises(Conflict), transaction() as inside:  # an older form
        services.schedule(inside, hall.owner.actor, hall.fair_id, key, 1, hall.slot(1))
    staff = people.curator()
    with transaction() as inside:
        services.cancel_kept(inside, staff.actor, hall.fair_id, key, version_of(inside, key), "Hall closed")
    assert as_it_is(session, key).state == MeetingState.CANCELLED
    assert told(session, buyer)[-1] == told(session, seller)[-1] == Kind.MEETING_CANCELLED


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": DAY - timedelta(days=1)}, {"closes": time(10)}, {"closes": time(10, 19)}, {"minutes": 25},
        {"tables": 0}, {"tables": 201}, {"opens": time(10, 30)}, {"opens": time(0), "closes": time(13)},
    ],
)  # fmt: skip
def test_wrong_sessions_are_refused(people: Cast, session: Session, wrong: dict[str, object]) -> None:
    hall = a_hall(people)
    with pytest.raises(DomainError), transaction() as inside:
        services.add_session(inside, hall.owner.actor, hall.fair_id, replace(MORNING, **wrong))  # type: ignore[arg-type]
    session.rollback()
    assert session.scalar(select(func.count(MeetingSession.id))) == 1


def test_a_session_in_use_keeps_its_times_and_tables(people: Cast, session: Session) -> None:
    hall = a_hall(people)
    hall.is_set(people.buyer(), people.seller())
    hall.is_set(people.buyer(), people.seller())

    def change(**more: object) -> Callable[[Session], object]:
        draft = replace(MORNING, **more)  # type: ignore[arg-type]
        return lambda inside: services.change_session(inside, hall.owner.actor, hall.fair_id, hall.session_id, 1, draft)

    refused = [
        change(closes=time(12)), change(tables=1),
        lambda inside: services.remove_session(inside, hall.owner.actor, hall.fair_id, hall.session_id, 1),
    ]  # fmt: skip
    for one in refused:
        with pytest.raises(Conflict), transaction() as inside:
            one(inside)
    with transaction() as inside:
        change(tables=5, place="Hall 7")(inside)
    session.rollback()
    row = session.get_one(MeetingSession, hall.session_id, populate_existing=True)
    assert (row.tables, row.place) == (5, "Hall 7")


def test_after_the_meeting_an_inquiry_counts_for_the_fair(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    goods, foreign = a_listed_product(seller, "coconut-sugar"), a_listed_product(people.seller(), "coconut-sugar")
    key = hall.is_set(buyer, seller)
    words = {"text": "As we said: 500 kg.", "language": "en"}
    with pytest.raises(Conflict), transaction() as inside:  # not before
        services.send_what_was_agreed(inside, buyer.actor, key, version_of(inside, key), slug=goods.slug, **words)
    with frozen(TEN + timedelta(hours=3)):
        clock()
        assert told(session, buyer)[-1] == told(session, seller)[-1] == Kind.MEETING_OVER
        clock()
        assert told(session, buyer).count(Kind.MEETING_OVER) == 1
        with transaction() as inside:
            said = FollowUp("", "sample", "A kilo first")
            services.note_outcome(inside, seller.actor, key, version_of(inside, key), said)
        assert told(session, buyer)[-1] == Kind.MEETING_WISHED
        for person, slug in ((seller, goods.slug), (buyer, foreign.slug)):
            with pytest.raises(NotFound), transaction() as inside:
                services.send_what_was_agreed(inside, person.actor, key, version_of(inside, key), slug=slug, **words)
        with transaction() as inside:
            version = version_of(inside, key)
            services.send_what_was_agreed(
                inside, buyer.actor, key, version, slug=goods.slug, sample_is_wanted=True, **words
            )
        with pytest.raises(Conflict), transaction() as inside:
            services.send_what_was_agreed(inside, buyer.actor, key, version_of(inside, key), slug=goods.slug, **words)
    row = as_it_is(session, key)
    rfq = session.scalars(select(Rfq)).one()
    assert (row.state, row.outcome, row.rfq_id) == (MeetingState.HELD, "sample", rfq.id)
    assert (rfq.fair_id, rfq.buyer_id) == (hall.fair_id, buyer.organisation_id)


def test_who_did_not_come_is_noted_and_can_be_put_right(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    key = hall.is_set(buyer, seller)
    with pytest.raises(Conflict), transaction() as inside:
        services.note_outcome(inside, buyer.actor, key, version_of(inside, key), FollowUp())
    with frozen(TEN + timedelta(minutes=30)):
        with transaction() as inside:
            services.note_kept(inside, hall.owner.actor, hall.fair_id, key, version_of(inside, key), FollowUp("asker"))
        assert (as_it_is(session, key).state, as_it_is(session, key).missing) == (MeetingState.NO_SHOW, "asker")
        with transaction() as inside:
            services.note_outcome(inside, buyer.actor, key, version_of(inside, key), FollowUp("", "later", "In March"))
    row = as_it_is(session, key)
    assert (row.state, row.missing, row.outcome, row.outcome_note) == (MeetingState.HELD, "", "later", "In March")


def test_the_clock_reminds_every_two_days_and_ends_what_nobody_answered(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    key, begun = hall.asked(buyer, seller), now()
    for hours, count in ((24, 0), (49, 1), (50, 1), (98, 2)):
        with frozen(begun + timedelta(hours=hours)):
            clock()
            assert told(session, seller).count(Kind.MEETING_WAITS) == count, hours
    with frozen(datetime.fromisoformat("2026-12-10T06:00:00+00:00")):
        clock()
    assert as_it_is(session, key).state == MeetingState.CANCELLED
    assert told(session, buyer)[-1] == Kind.MEETING_CANCELLED


def test_a_withdrawn_fair_ends_its_meetings(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    key = hall.is_set(buyer, seller)
    with transaction() as inside:
        fair = inside.get_one(Fair, hall.fair_id)
        assert withdraw_fair(inside, hall.owner.actor, fair.id, fair.version) is False, "it keeps its meetings"
    with pytest.raises(NotFound), transaction() as inside:
        services.move(inside, buyer.actor, key, version_of(inside, key), hall.slot(1))
    clock()
    assert as_it_is(session, key).state == MeetingState.CANCELLED


def test_what_is_kept_of_a_person_goes_with_them(people: Cast, session: Session) -> None:
    hall, buyer, seller = a_hall(people), people.buyer(), people.seller()
    key = hall.is_set(buyer, seller)
    said = export(session, buyer.user_id)
    assert said["taking_part"][0]["person"] == "Siti"
    assert said["meetings"][0]["reason"] == REASON
    assert export(session, seller.user_id)["meetings"][0]["reason"] == "", "another's words"
    with transaction() as inside:
        erase(inside, buyer.user_id)
    row = as_it_is(session, key)
    guest = session.get_one(MeetingGuest, hall.guests[buyer.user_id], populate_existing=True)
    assert (row.asked_by_id, row.reason, guest.person, guest.about) == (None, "—", "—", "")
    assert (row.state, guest.left_at is None) == (MeetingState.CANCELLED, False), "nobody is left of the company"
