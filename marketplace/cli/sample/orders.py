"""Samples and deals of the sample marketplace in every state, made through the site's services."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.cli.sample.people import SampleSeller
from marketplace.cli.sample.trade import Transaction, actor_of
from marketplace.kernel.clock import frozen, now, today
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.orders import services as orders
from marketplace.orders.drafts import Judgement, SampleTerms, SampleWish
from marketplace.orders.models import Sample
from marketplace.orders.rules import MILESTONES, OrderState, SampleDecline, SampleKind, Verdict
from marketplace.orders.sheets import sheet_of
from marketplace.payments.models import Payment
from marketplace.payments.services import confirm_bank_transfer
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Recipient, Rfq, RfqLine

SAMPLE_ENDS = ("asked", "free", "due", "declined", "paid", "shipped", "delivered", "feedback", "closed", "cancelled")
DEAL_ENDS = ("deposit", "disputed", "papers", "settled", "cancelled", "shipped", "production", "arrived")
_DEAL_STEPS = {"papers": 2, "shipped": 3, "arrived": 4, "settled": 5}
ADDRESS = "Goods inwards, Example Street 1 (Example)"


class OrderMaker:
    """Lets buyers ask for samples and deals go their way."""

    def __init__(self, transaction: Transaction, sellers: list[SampleSeller]) -> None:
        self.transaction = transaction
        self.by_seller = {seller.seller_id: seller for seller in sellers}

    def samples(self) -> int:
        """One sample for each of the newest answered leads, in every state in turn; gives how many were made."""
        with self.transaction() as session:
            rows = session.execute(
                select(
                    Recipient.key, Recipient.seller_id, Rfq.buyer_id, Rfq.created_by_id, RfqLine.id,
                    Recipient.committed_at,
                )
                .join(Rfq, Rfq.id == Recipient.rfq_id)
                .join(RfqLine, (RfqLine.rfq_id == Rfq.id) & (RfqLine.position == 0))
                .where(Recipient.committed_at.is_not(None))
                .order_by(Recipient.id)
                .limit(2 * len(SAMPLE_ENDS))
            ).all()  # fmt: skip
        for number, (lead, seller_id, buyer_id, user_id, line_id, committed_at) in enumerate(rows):
            seller, buyer = self._sides(seller_id, buyer_id, user_id)
            self._sample(SAMPLE_ENDS[number % len(SAMPLE_ENDS)], seller, buyer, lead, line_id, committed_at)
        return len(rows)

    def deals(self) -> int:
        """Every agreement goes a part of its way; gives how many."""
        with self.transaction() as session:
            rows = session.execute(
                select(Deal.key, Deal.seller_id, Deal.buyer_id, Rfq.created_by_id)
                .join(Rfq, Rfq.id == Deal.rfq_id)
                .order_by(Deal.id)
            ).all()
        for number, (key, seller_id, buyer_id, user_id) in enumerate(rows):
            seller, buyer = self._sides(seller_id, buyer_id, user_id)
            self._deal(DEAL_ENDS[number % len(DEAL_ENDS)], seller, buyer, key)
        return len(rows)

    def _sample(
        self, end: str, seller: Actor, buyer: Actor, lead: str, line_id: int, committed_at: datetime | None
    ) -> None:
        wish = SampleWish(SampleKind.OFFER, line_id, ADDRESS, Decimal("0.5"), "kg")
        with frozen(min(now(), (committed_at or now()) + timedelta(hours=3))):
            with self.transaction() as session:
                key = orders.ask_sample(session, buyer, lead, wish).key
            if end == "asked":
                return
            if end == "declined":
                with self.transaction() as session:
                    orders.decline_sample(session, seller, key, SampleDecline.NOT_IN_SEASON, "Panen berikutnya Mei.")
                return
            is_free = end == "free"
            terms = SampleTerms("USD", 0 if is_free else 1_500, 0 if is_free else 4_500, not is_free, today())
            with self.transaction() as session:
                orders.approve_sample(session, seller, key, terms)
            if end in {"free", "due"}:
                return
            if end == "cancelled":
                with self.transaction() as session:
                    version = session.scalars(select(Sample.version).where(Sample.key == key)).one()
                    orders.cancel_sample(session, buyer, key, version)
                return
            self._paid(seller, f"sample:{key}")
            if end == "paid":
                return
            with self.transaction() as session:
                orders.ship_sample(session, seller, key, "Example Express", "EXAMPLE-0001")
            if end == "shipped":
                return
            with self.transaction() as session:
                orders.confirm_delivery(session, buyer, key)
            if end == "delivered":
                return
            self._judged(buyer, key)
            if end == "closed":
                with self.transaction() as session:
                    orders.close_sample(session, seller, key)

    def _judged(self, buyer: Actor, key: str) -> None:
        with self.transaction() as session:
            scale = sheet_of(session.scalars(select(Sample.commodity).where(Sample.key == key)).one())
            middle = scale.least + scale.step * int((scale.most - scale.least) / scale.step / 2)
            points = dict.fromkeys(scale.attributes, middle)
            words = "Even and clean; we would take this lot. (Example)"
            orders.judge_sample(session, buyer, key, Judgement(Verdict.SUITS, points, words=words))

    def _deal(self, end: str, seller: Actor, buyer: Actor, key: str) -> None:
        if end == "deposit":
            return
        if end == "cancelled":
            with self.transaction() as session:
                orders.ask_cancellation(session, buyer, key, "Our customer withdrew the order. (Example)")
            with self.transaction() as session:
                orders.answer_cancellation(session, seller, key, is_agreed=True)
            return
        self._paid(seller, f"deposit:{key}")
        for place, milestone in enumerate(MILESTONES[1 : _DEAL_STEPS.get(end, 1)]):
            if milestone is OrderState.SETTLED:
                self._paid(seller, f"balance:{key}")
            with self.transaction() as session:
                orders.report_step(session, seller, key, OrderState(milestone))
            if place % 2 == 0:
                with self.transaction() as session:
                    orders.countersign(session, buyer, key, OrderState(milestone))
        if end == "disputed":
            with self.transaction() as session:
                orders.open_dispute(session, buyer, key, "The certificate names another lot. (Example)")

    def _paid(self, seller: Actor, about: str) -> None:
        with self.transaction() as session:
            payment = session.scalar(select(Payment).where(Payment.about == about))
            if payment is not None:
                confirm_bank_transfer(session, seller, payment)

    def _sides(self, seller_id: int, buyer_id: int, user_id: int | None) -> tuple[Actor, Actor]:
        one = self.by_seller[seller_id]
        with self.transaction() as session:
            country = session.get_one(Organisation, buyer_id).country
        return (
            actor_of(one.user_id, one.organisation_id, OrganisationKind.SELLER, "id"),
            actor_of(user_id or 0, buyer_id, OrganisationKind.BUYER, "de" if country == "DE" else "en"),
        )
