"""What a seller's standing is counted from: leads answered in time, samples that suited, goods that left on time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.models import Organisation, User
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.orders.models import Order, OrderStep, Sample
from marketplace.orders.rules import OrderState, Verdict, due_on
from marketplace.quotes.models import Deal
from marketplace.reviews.models import Review
from marketplace.reviews.rules import ReviewState, ReviewTarget
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import RfqState
from marketplace.sellers.models import Seller, SellerStanding
from marketplace.sellers.policies import looked_after_by
from marketplace.sellers.rules import Counted, Measure, Standing

ANSWERS_COUNTED = timedelta(days=180)
TRADE_COUNTED = timedelta(days=365)
# a shipment is often reported when the bill of lading arrives, some days after the goods have left
REPORTED_WITHIN = timedelta(days=3)
POOR = 2  # points of a review up to which a sample did not suit

Counts = Mapping[Measure, Counted]


def counts_by_seller(session: Session) -> dict[int, dict[Measure, Counted]]:
    """What is on record of every seller with at least one case."""
    found: dict[int, dict[Measure, Counted]] = defaultdict(dict)
    for measure, rows in (
        (Measure.ANSWERS, _answers(session)),
        (Measure.SAMPLES, _samples(session)),
        (Measure.DELIVERIES, _deliveries(session)),
    ):
        for seller_id, cases, bad in rows:
            found[seller_id][measure] = Counted(cases, bad)
    return found


def _answers(session: Session) -> Iterable[tuple[int, int, int]]:
    """Leads whose time ran out in the past half year: too late, or never. One that its buyer closed before counts only
    if it was answered; where the seller waits for information, the clock stands."""
    moment = now()
    is_late = or_(Recipient.answered_at.is_(None), Recipient.answered_at > Recipient.deadline_at)
    query = (
        select(Recipient.seller_id, func.count(), func.sum(case((is_late, 1), else_=0)))
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .where(
            Rfq.opened_at.is_not(None),
            Rfq.state != RfqState.REJECTED_SPAM,
            Recipient.invited_at >= moment - ANSWERS_COUNTED,
            or_(
                Recipient.answered_at.is_not(None),
                and_(
                    Recipient.deadline_at <= moment,
                    Recipient.info_asked_at.is_(None),
                    or_(Rfq.closed_at.is_(None), Rfq.closed_at > Recipient.deadline_at),
                ),
            ),
        )
        .group_by(Recipient.seller_id)
    )
    return ((row[0], int(row[1]), int(row[2])) for row in session.execute(query))


def _samples(session: Session) -> Iterable[tuple[int, int, int]]:
    """Samples that somebody has judged, each once: by its score sheet, or else by a published review of its goods."""
    is_poor = case((Sample.verdict != "", Sample.verdict == Verdict.DOES_NOT_SUIT), else_=Review.rating <= POOR)
    query = (
        select(Sample.seller_id, func.count(), func.sum(case((is_poor, 1), else_=0)))
        .outerjoin(
            Review,
            and_(
                Review.about == literal("sample:") + cast(Sample.id, String),
                Review.target == ReviewTarget.PRODUCT,
                Review.state == ReviewState.PUBLISHED,
            ),
        )
        .where(
            Sample.delivered_at >= now() - TRADE_COUNTED,
            or_(Sample.verdict != "", Review.id.is_not(None)),
        )
        .group_by(Sample.seller_id)
    )
    return ((row[0], int(row[1]), int(row[2])) for row in session.execute(query))


def _deliveries(session: Session) -> Iterable[tuple[int, int, int]]:
    """Deals with a day for the shipment. Not counted: what was called off, what is disputed before it left, and where
    the deposit came after the day itself."""
    day, counted = today(), defaultdict[int, list[int]](lambda: [0, 0])
    rows = session.execute(
        select(
            Deal.seller_id, Order.state, Order.deposit_paid_at, OrderStep.due_on, OrderStep.due_days,
            OrderStep.reported_at,
        )
        .join(Order, Order.id == OrderStep.order_id)
        .join(Deal, Deal.id == Order.deal_id)
        .where(
            OrderStep.milestone == OrderState.SHIPPED,
            Order.state != OrderState.CANCELLED,
            Order.begun_at >= now() - TRADE_COUNTED,
        )
    )  # fmt: skip
    for seller_id, state, paid_at, fixed, days, reported_at in rows:
        due = due_on(fixed, days, paid_at)
        if due is None:
            continue
        if reported_at is None:
            waits_for_buyer = state in {OrderState.DEPOSIT_DUE, OrderState.DISPUTED}
            if waits_for_buyer or day <= due + REPORTED_WITHIN:
                continue
        if paid_at is not None and paid_at.date() > due:
            continue
        counted[seller_id][0] += 1
        counted[seller_id][1] += reported_at is None or reported_at.date() > due + REPORTED_WITHIN
    return ((seller_id, cases, bad) for seller_id, (cases, bad) in counted.items())


def standing_row(session: Session, seller_id: int) -> SellerStanding | None:
    """What is kept of a seller's standing; None where nothing was counted yet."""
    return session.get(SellerStanding, seller_id)


def figures_of(row: SellerStanding | None) -> dict[Measure, Counted]:
    """The figures as they were last counted."""
    kept = row.figures if row is not None else {}
    return {measure: Counted(*kept.get(measure.value, (0, 0))) for measure in Measure}


def staff_seller(session: Session, slug: str) -> Seller:
    """A seller with organisation as staff see it; `NotFound` where there is none."""
    found = session.scalar(select(Seller).where(Seller.slug == slug).options(joinedload(Seller.organisation)))
    if found is None:
        raise NotFound
    return found


def eased_by(session: Session, row: SellerStanding | None) -> str:
    """The name of who let a better standing hold; empty where nobody did or the person is gone."""
    key = row.eased_by_id if row is not None and row.eased_to else None
    return session.scalar(select(User.name).where(User.id == key)) or "" if key is not None else ""


def sellers_to_help(session: Session, actor: Actor, number: int) -> Page[SellerStanding]:
    """Sellers with a warning or a stop: one's own charges first, then the worst, with their organisation."""
    query = (
        select(SellerStanding)
        .join(Seller, Seller.id == SellerStanding.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(SellerStanding.level != Standing.GOOD)
        .order_by(
            case((looked_after_by(actor) & (Seller.mentor_id == actor.user_id), 0), else_=1),
            case((SellerStanding.level == Standing.STOP, 0), else_=1),
            Organisation.name,
            Seller.id,
        )
        .options(joinedload(SellerStanding.seller).joinedload(Seller.organisation))
    )
    return page_of(session, query, number)
