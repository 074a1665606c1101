"""Memberships of the sample marketplace: two plans, and one member each that runs, waits for its money and is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

from marketplace.accounts.models import Organisation
from marketplace.cli.sample.bank import BANK
from marketplace.cli.sample.people import SampleBuyer, SampleChapter, SampleSeller
from marketplace.cli.sample.trade import Transaction, actor_of
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.money import Money
from marketplace.kernel.policy import Actor, OrganisationKind
from marketplace.memberships.services import PlanDraft, offer_plan, order_membership
from marketplace.payments.services import confirm_bank_transfer, decide_bank_account, propose_bank_account


@dataclass(frozen=True)
class SamplePlan:
    """A made-up plan of the chapter with this short name; an order is by whom, how many days ago, and whether paid."""

    chapter: str
    draft: PlanDraft
    orders: tuple[tuple[str, int, bool], ...]


PLANS = (
    SamplePlan(
        "de",
        PlanDraft(
            "Fotos und Texte (Beispiel)",
            "Zehn Produktfotos im Jahr und deutsche Texte für bis zu fünf Produkte. (Beispiel)",
            "de",
            Money(24_000, "EUR"),
            12,
        ),
        (("seller", 40, True), ("buyer", 3, False)),
    ),
    SamplePlan(
        "us",
        PlanDraft(
            "Shelf at our fairs (Example)",
            "A shelf with your samples and a printed sheet at two fairs. (Example)",
            "en",
            Money(18_000, "USD"),
            6,
        ),
        (("seller", 300, True),),
    ),
)
OFFERED = 320  # days ago


class MembershipMaker:
    """Lets chapters offer memberships, and a seller and a buyer order them."""

    def __init__(self, transaction: Transaction, curator: Actor) -> None:
        self.transaction = transaction
        self.curator = curator
        self.today = now().astimezone(UTC)

    def memberships(
        self, chapters: Sequence[SampleChapter], sellers: Sequence[SampleSeller], buyers: Sequence[SampleBuyer]
    ) -> int:
        """All of them; gives how many were ordered."""
        by_slug = {chapter.slug: chapter for chapter in chapters}
        seller, buyer = sellers[0], buyers[0]
        who = {
            "seller": actor_of(seller.user_id, seller.organisation_id, OrganisationKind.SELLER, "id"),
            "buyer": actor_of(buyer.user_id, buyer.organisation_id, OrganisationKind.BUYER, buyer.language),
        }
        count = 0
        for number, plan in enumerate(PLANS):
            chapter = by_slug[plan.chapter]
            partner = actor_of(chapter.user_id, chapter.organisation_id, OrganisationKind.CHAPTER, "en")
            self._bank(partner, chapter, number, plan.draft.price.currency)
            with frozen(self.today - timedelta(days=OFFERED)), self.transaction() as session:
                key = offer_plan(session, partner, plan.draft).key
            for name, days, is_paid in plan.orders:
                with frozen(self.today - timedelta(days=days)), self.transaction() as session:
                    _membership, payment = order_membership(session, who[name], key, 1)
                    if is_paid:
                        confirm_bank_transfer(session, partner, payment)
                count += 1
        return count

    def _bank(self, partner: Actor, chapter: SampleChapter, number: int, currency: str) -> None:
        with self.transaction() as session:
            name = session.get_one(Organisation, chapter.organisation_id).name
            row = propose_bank_account(
                session,
                partner,
                holder=f"{name} (Example)"[:200],
                bank=BANK,
                account=f"000-01-{number + 1:05d}-0",
                swift="",  # any eight letters might be a bank's
                currency=currency,
            )
            decide_bank_account(session, self.curator, row, is_confirmed=True, note="")
