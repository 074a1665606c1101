"""A seller's standing: counted from facts, told, kept from buyers; a stop proposes nobody, a mentor eases it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.errors import Conflict, DomainError, Forbidden
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.models import Suggestion
from marketplace.notifications.models import Notice
from marketplace.orders.models import OrderStep, Sample
from marketplace.orders.rules import OrderState, SampleKind, Verdict
from marketplace.reviews.models import Review
from marketplace.reviews.rules import ReviewState, ReviewTarget
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.sellers.models import Seller, SellerStanding
from marketplace.sellers.rules import Counted, Measure, Standing
from marketplace.standing.jobs import measure
from marketplace.standing.queries import counts_by_seller
from marketplace.standing.services import ease_standing
from tests.app.test_matchmaking import drafted, sugar, text_of, the_rfq
from tests.app.test_matchmaking_selling import posted
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry
from tests.support.ordering import a_deal, a_sample, a_trade, order_now
from tests.support.people import Cast, Person

pytestmark = pytest.mark.usefixtures("app", "moment")


def a_silent_seller(people: Cast, leads: int = 5) -> Person:
    """A seller who let so many leads run out."""
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    for _number in range(leads):
        an_inquiry(buyer, product)
    with transaction() as session:
        session.execute(
            update(Recipient)
            .where(Recipient.seller_id == seller.seller_id)
            .values(deadline_at=now() - timedelta(hours=1))
        )
    return seller


def judged(seller: Person, standing: Standing) -> None:
    """Put a standing down as if it had been counted."""
    with transaction() as session:
        session.add(
            SellerStanding(
                seller_id=seller.seller_id,
                level=standing,
                told=standing,
                figures={"answers": [6, 4]},
                measured_at=now(),
            )
        )


def mentored(seller: Person, mentor: Person) -> None:
    with transaction() as session:
        session.get_one(Seller, seller.seller_id).mentor_id = mentor.user_id


def row_of(session: Session, seller: Person) -> SellerStanding:
    session.rollback()
    return session.get_one(SellerStanding, seller.seller_id, populate_existing=True)


def kinds_of(session: Session, person: Person) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Notice.kind).where(Notice.user_id == person.user_id).order_by(Notice.id)))


def counted(session: Session, seller: Person, what: Measure) -> Counted:
    session.rollback()
    return counts_by_seller(session).get(seller.seller_id or 0, {}).get(what, Counted())


def test_five_leads_without_an_answer_stop_a_seller_and_four_do_not(people: Cast, session: Session) -> None:
    mentor, four, five = people.curator(), a_silent_seller(people, 4), a_silent_seller(people)
    mentored(five, mentor)
    measure()
    assert row_of(session, four).level == Standing.GOOD
    assert row_of(session, five).level == Standing.STOP
    assert "standing_changed" in kinds_of(session, five)
    assert kinds_of(session, mentor) == ["standing_of_charge"]
    assert "standing_changed" not in kinds_of(session, four)
    measure()
    assert kinds_of(session, mentor) == ["standing_of_charge"], "the same standing is told once"
    page = text_of(five.client, "/selling/standing")
    assert "0 of 5" in page


def test_what_is_no_fault_of_the_seller_does_not_count(people: Cast, session: Session) -> None:
    seller = a_silent_seller(people, 3)
    with transaction() as inside:
        leads = inside.scalars(select(Recipient).where(Recipient.seller_id == seller.seller_id)).all()
        leads[0].info_asked_at = now()
        inside.get_one(Rfq, leads[1].rfq_id).closed_at = leads[1].deadline_at - timedelta(hours=5)
    assert counted(session, seller, Measure.ANSWERS) == Counted(1, 1)


def test_a_late_answer_counts_as_late_and_a_timely_one_as_good(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    an_answer(seller, an_inquiry(buyer, product))
    late = an_answer(seller, an_inquiry(buyer, product))
    with transaction() as inside:
        inside.get_one(Recipient, late.id).deadline_at = now() - timedelta(hours=1)
    assert counted(session, seller, Measure.ANSWERS) == Counted(2, 1)
    with frozen(now() + timedelta(days=200)):
        assert counted(session, seller, Measure.ANSWERS) == Counted()


def test_a_sample_counts_once_it_is_judged(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    keys = [a_sample(trade, kind) for kind in list(SampleKind)[:4]]
    assert counted(session, trade.seller, Measure.SAMPLES) == Counted()
    with transaction() as inside:
        rows = inside.scalars(select(Sample).where(Sample.key.in_(keys)).order_by(Sample.id)).all()
        for row, verdict in zip(rows, ("", Verdict.DOES_NOT_SUIT, Verdict.SUITS_WITH_CHANGES, ""), strict=True):
            row.delivered_at, row.verdict, row.score = now(), verdict, Decimal(80)
    assert counted(session, trade.seller, Measure.SAMPLES) == Counted(2, 1)
    for number, state in ((0, ReviewState.PUBLISHED), (1, ReviewState.PUBLISHED), (3, ReviewState.PENDING)):
        with transaction() as inside:  # the second has a sheet, which says more; the last is not published
            inside.add(
                Review(
                    key=f"review-{number}", about=f"sample:{rows[number].id}", subject=f"product:{trade.product.id}",
                    target=ReviewTarget.PRODUCT, product_id=trade.product.id, seller_id=trade.seller.seller_id,
                    buyer_id=trade.buyer.organisation_id, state=state, rating=2, language="en", created_at=now(),
                    changed_at=now(),
                )
            )  # fmt: skip
    assert counted(session, trade.seller, Measure.SAMPLES) == Counted(3, 2)


def test_a_shipment_is_late_after_three_days_and_not_before_the_deposit(people: Cast, session: Session) -> None:
    trade = a_trade(people)
    order = order_now(a_deal(trade))
    step = next(one for one in order.steps if one.milestone == OrderState.SHIPPED)

    def stand(state: str, due: int, reported: int | None = None) -> Counted:
        with transaction() as inside:
            row = inside.get_one(OrderStep, step.id)
            row.due_on, row.due_days = today() + timedelta(days=due), None
            row.reported_at = now() + timedelta(days=reported) if reported is not None else None
            inside.execute(update(type(order)).where(type(order).id == order.id).values(state=state))
        return counted(session, trade.seller, Measure.DELIVERIES)

    assert stand(OrderState.DEPOSIT_DUE, -10) == Counted()
    assert stand(OrderState.IN_PRODUCTION, -3) == Counted()
    assert stand(OrderState.IN_PRODUCTION, -4) == Counted(1, 1)
    assert stand(OrderState.DISPUTED, -4) == Counted()
    assert stand(OrderState.CANCELLED, -4) == Counted()
    assert stand(OrderState.SHIPPED, -6, reported=-3) == Counted(1, 0)
    assert stand(OrderState.SHIPPED, -6, reported=-2) == Counted(1, 1)


@pytest.mark.parametrize(("standing", "is_proposed"), [(Standing.WARN, True), (Standing.STOP, False)])
def test_only_a_stop_keeps_a_seller_from_being_proposed(
    people: Cast, session: Session, standing: Standing, *, is_proposed: bool
) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = sugar(seller)
    judged(seller, standing)
    rfq = the_rfq(session, drafted(buyer))
    found = set(session.scalars(select(Suggestion.seller_id).where(Suggestion.rfq_id == rfq.id)))
    assert (seller.seller_id in found) is is_proposed
    posted(people.buyer(), session)
    page = text_of(seller.client, "/selling/requests")
    assert ("/step-in" in page) is is_proposed
    assert ('/selling/standing">' in page.split("<main")[1]) is not is_proposed
    assert an_inquiry(buyer, session.get_one(Product, product)), "who asks is not refused"


def test_a_stop_after_the_suggestion_takes_it_off_the_page(people: Cast, session: Session) -> None:
    seller, other, buyer = people.seller(), people.seller(), people.buyer()
    product = sugar(seller)
    sugar(other)
    key = drafted(buyer)
    slug = session.get_one(Product, product).slug
    assert f"/products/{slug}" in text_of(buyer.client, f"/requests/{key}/match")
    judged(seller, Standing.STOP)
    assert f"/products/{slug}" not in text_of(buyer.client, f"/requests/{key}/match")


def test_a_mentor_eases_with_a_reason_until_a_day(people: Cast, session: Session) -> None:
    mentor, seller, buyer = people.curator(), people.seller(), people.buyer()
    sugar(seller)
    mentored(seller, mentor)
    judged(seller, Standing.STOP)
    slug = session.get_one(Seller, seller.seller_id).slug
    page = f"/console/sellers/{slug}/standing"
    assert slug in text_of(mentor.client, "/console/standing")
    last = today() + timedelta(days=30)
    data = {"level": "good", "until": last.isoformat(), "reason": "A flood in May.", "version": "1"}
    assert mentor.post(page, data, page=page).status_code == 303
    row = row_of(session, seller)
    assert (row.eased_to, row.eased_until, row.told) == ("good", last, "good")
    act = session.scalars(select(AuditEntry).where(AuditEntry.action == "standing.eased")).one()
    assert act.details == {"counted": "stop", "holds": "good", "until": last.isoformat()}
    assert "A flood in May." in text_of(seller.client, "/selling/standing")
    assert kinds_of(session, seller).count("standing_changed") == 1
    assert "standing_of_charge" not in kinds_of(session, mentor), "nobody is told of their own act"
    rfq = the_rfq(session, drafted(buyer))
    assert session.scalar(select(Suggestion.seller_id).where(Suggestion.rfq_id == rfq.id)) == seller.seller_id
    with frozen(now() + timedelta(days=31)):
        assert "A flood in May." not in seller.client.get("/selling/standing").get_data(as_text=True)
    ended = mentor.post(f"{page}/end", {"version": str(row.version)}, page=page)
    assert ended.status_code == 303
    assert row_of(session, seller).eased_to == ""


@pytest.mark.parametrize(
    "change",
    [{"level": "stop"}, {"until": "2020-01-01"}, {"until": "2099-01-01"}, {"reason": " "}, {"until": "soon"}],
)
def test_a_wrong_word_changes_nothing(people: Cast, session: Session, change: dict[str, str]) -> None:
    mentor, seller = people.operator(), people.seller()
    judged(seller, Standing.STOP)
    page = f"/console/sellers/{session.get_one(Seller, seller.seller_id).slug}/standing"
    data = {"level": "warn", "until": (today() + timedelta(days=9)).isoformat(), "reason": "Because.", "version": "1"}
    assert mentor.post(page, data | change, page=page).status_code == 422
    row = row_of(session, seller)
    assert (row.eased_to, row.version) == ("", 1)


def test_only_the_mentor_or_an_operator_may_and_only_on_what_they_saw(people: Cast, session: Session) -> None:
    stranger, seller = people.curator(), people.seller()
    judged(seller, Standing.WARN)
    last, key = today() + timedelta(days=9), seller.seller_id or 0
    slug = session.get_one(Seller, key).slug
    assert 'name="reason"' not in text_of(stranger.client, f"/console/sellers/{slug}/standing")
    for actor, version, fault in (
        (stranger.actor, 1, Forbidden),
        (seller.actor, 1, DomainError),
        (people.operator().actor, 7, Conflict),
    ):
        with pytest.raises(fault), transaction() as inside:
            ease_standing(inside, actor, key, Standing.GOOD, last, "Because.", version)
    assert row_of(session, seller).eased_to == ""


def test_buyers_read_nothing_of_it(people: Cast, session: Session) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    judged(seller, Standing.STOP)
    slug = session.get_one(Seller, seller.seller_id).slug
    for path in (f"/sellers/{slug}", f"/products/{product.slug}"):
        assert "standing" not in buyer.client.get(path).get_data(as_text=True).lower().split("<main")[1]
