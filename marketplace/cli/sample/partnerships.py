"""Grades, territories and opportunities of the sample marketplace's distributors, and the standing of its sellers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.cli.sample.people import SampleChapter
from marketplace.cli.sample.trade import Transaction, actor_of
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.policy import OrganisationKind
from marketplace.partners import services as partners
from marketplace.partners.models import Application
from marketplace.partners.rules import Answer, ApplicationState, Grade, OpportunityState, RefusalReason
from marketplace.sellers.models import Seller
from marketplace.sellers.policies import stopped_sellers
from marketplace.standing.services import measure_standings

SUGAR, COFFEE = "coconut-sugar", "coffee-arabica-green"
REASONS = {"for": [{"code": "same_goods", "stance": "for", "values": {"goods": COFFEE}}], "against": []}


class PartnershipMaker:
    """Lets chapters grade their distributors, and distributors tell what they found."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def partnerships(self, chapters: Sequence[SampleChapter]) -> int:
        """The first approved distributor of each chapter is a regular partner with sugar for itself, the second is on
        trial; gives how many were graded."""
        made = 0
        for chapter in chapters:
            partner = actor_of(chapter.user_id, chapter.organisation_id, OrganisationKind.CHAPTER, "en")
            with self.transaction() as session:
                country = session.get_one(Organisation, chapter.organisation_id).country
                rows = session.execute(
                    select(Application.id, Application.applicant_id, Application.organisation_id)
                    .where(Application.chapter_id == chapter.chapter_id, Application.state == ApplicationState.APPROVED)
                    .order_by(Application.id)
                ).all()
            for place, (key, user_id, organisation_id) in enumerate(rows):
                is_first = place == 0
                draft = partners.PartnershipDraft(
                    grade=Grade.REGULAR if is_first else Grade.TRIAL,
                    since=today() - timedelta(days=400 if is_first else 10),
                    reviewed_on=today() - timedelta(days=170) if is_first else None,
                    next_review_on=today() + timedelta(days=10 if is_first else 80),
                )
                with frozen(now() - timedelta(days=5)), self.transaction() as session:
                    partners.state_partnership(session, partner, key, draft, 0)
                    if is_first:
                        until = today() + timedelta(days=300)
                        partners.grant_territory(session, partner, key, country, SUGAR, until)
                    partners.grant_territory(session, partner, key, country, COFFEE, None)
                made += 1
                if is_first and user_id is not None and organisation_id is not None:
                    self._opportunities(user_id, organisation_id, country)
        return made

    def _opportunities(self, user_id: int, organisation_id: int, country: str) -> None:
        who = actor_of(user_id, organisation_id, OrganisationKind.BUYER, "en")
        open_one = partners.OpportunityDraft(
            "A chain of 40 organic shops (example)", country, SUGAR, "2 containers", today() + timedelta(days=90),
            "They want a first delivery before summer. (Example)",
        )  # fmt: skip
        won_one = partners.OpportunityDraft("A hotel group (example)", country, COFFEE, "600 kg")
        with frozen(now() - timedelta(days=4)), self.transaction() as session:
            partners.register_opportunity(session, who, open_one)
            won = partners.register_opportunity(session, who, won_one)
            session.flush()  # it is closed by its key and version
            partners.close_opportunity(session, who, won.key, OpportunityState.WON, won.version)

    def introductions(self, chapters: Sequence[SampleChapter]) -> int:
        """Two introductions of each chapter: one waits for both, one the distributor refused; gives how many."""
        with self.transaction() as session:
            goods = session.execute(
                select(Product.id, Product.seller_id)
                .join(Seller, Seller.id == Product.seller_id)
                .where(Product.commodity == COFFEE, Product.state == ListingState.LISTED)
                .where(Product.seller_id.not_in(stopped_sellers()))
                .order_by(Product.id)
            ).all()
        one_each = list({seller: product for product, seller in goods}.items())
        made = 0
        for number, chapter in enumerate(chapters):
            partner = actor_of(chapter.user_id, chapter.organisation_id, OrganisationKind.CHAPTER, "en")
            for step, (seller, product) in enumerate((one_each * 2)[number : number + 2]):
                found = partners.Found(seller, product, Decimal("0.8"), REASONS, "sample")
                with frozen(now() - timedelta(days=3 - step)), self.transaction() as session:
                    application = session.scalars(
                        select(Application)
                        .where(
                            Application.chapter_id == chapter.chapter_id,
                            Application.state == ApplicationState.APPROVED,
                        )
                        .order_by(Application.id)
                    ).first()
                    if application is None or application.applicant_id is None:
                        continue
                    row = partners.introduce(
                        session, partner, application, found, "You both like plain words. (Example)"
                    )
                    who = actor_of(
                        application.applicant_id, application.organisation_id or 0, OrganisationKind.BUYER, "en"
                    )
                    key = row.id
                if step:
                    refusal = partners.Refusal(
                        RefusalReason.HAS_SUPPLIER, was_contacted=False, note="Next year. (Example)"
                    )
                    with frozen(now() - timedelta(days=1)), self.transaction() as session:
                        partners.answer_introduction(session, who, key, Answer.REFUSED, refusal)
                made += 1
        return made

    def standings(self) -> int:
        """Count every seller's standing from what the sample holds; gives how many have something to mend."""
        with self.transaction() as session:
            return measure_standings(session)
