"""What waits, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import LinkToken, Organisation, User
from marketplace.accounts.rules import Purpose, VerificationLevel
from marketplace.catalogue.models import ListingReview, Product
from marketplace.catalogue.rules import ListingState, ReviewState
from marketplace.discovery.models import StaleDocument
from marketplace.kernel.clock import now, today
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.policy import OrganisationKind
from marketplace.moderation.models import Report
from marketplace.moderation.rules import WAITING
from marketplace.notifications.models import Notice
from marketplace.notifications.queries import PASSED_ON_KINDS
from marketplace.notifications.rules import Channel
from marketplace.reviews.models import Review
from marketplace.reviews.rules import ReviewState as BuyerReviewState
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import TO_CHECK, RecipientState
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState

DUE_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Counts:
    """How much waits in every queue of the desk, and how the market stands."""

    listings: int
    requests: int
    verifications: int
    sellers: int
    applications: int
    reports: int
    reviews: int
    to_pass_on: int
    overdue_leads: int
    dead_jobs: int
    stale_documents: int
    listed_products: int
    approved_sellers: int
    buyers: int
    open_requests: int


def counts(session: Session) -> Counts:
    """Everything in one statement."""
    programme = OrganisationKind.PROGRAMME
    queries = {
        "listings": _count(ListingReview.id).where(ListingReview.state == ReviewState.WAITING),
        "requests": _count(Rfq.id).where(Rfq.state.in_(TO_CHECK)),
        "verifications": _count(Organisation.id).where(
            Organisation.kind != programme,
            Organisation.suspended_at.is_(None),
            (Organisation.verification_level == VerificationLevel.NONE)
            | (Organisation.verified_until < today() + DUE_SOON),
        ),
        "sellers": _count(Seller.id).where(Seller.curation == CurationState.APPLIED),
        "applications": _count(LinkToken.id).where(
            LinkToken.purpose == Purpose.SELLER_APPLY, LinkToken.expires_at > now()
        ),
        "reports": _count(Report.id).where(Report.state.in_(WAITING)),
        "reviews": _count(Review.id).where(Review.state == BuyerReviewState.PENDING),
        "to_pass_on": _count(Notice.id)
        .join(User, User.id == Notice.user_id)
        .where(
            Notice.channel == Channel.PAGE,
            Notice.kind.in_(PASSED_ON_KINDS),
            Notice.read_at.is_(None),
            Notice.sent_at.is_(None),
            User.email.is_(None),
            User.phone.is_not(None),
        ),
        "overdue_leads": _count(Recipient.id).where(Recipient.state == RecipientState.NO_ANSWER),
        "dead_jobs": _count(Task.id).where(Task.state == TaskState.DEAD),
        "stale_documents": select(func.count()).select_from(StaleDocument),
        "listed_products": _count(Product.id).where(Product.state == ListingState.LISTED),
        "approved_sellers": _count(Seller.id).where(Seller.curation == CurationState.APPROVED),
        "buyers": _count(Organisation.id).where(Organisation.kind == OrganisationKind.BUYER),
        "open_requests": _count(Rfq.id).where(Rfq.closed_at.is_(None), Rfq.opened_at.is_not(None)),
    }
    scalars: list[ScalarSelect[int]] = [query.scalar_subquery() for query in queries.values()]
    row = session.execute(select(*scalars)).one()
    return Counts(**dict(zip(queries, row, strict=True)))


def _count(column: object):  # type: ignore[no-untyped-def]  # a Select whose type grows with every join
    return select(func.count(column))  # type: ignore[arg-type]
