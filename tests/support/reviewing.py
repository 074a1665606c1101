"""Reviews for tests: after a sample that arrived or a deal that is settled, through the site's own services."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.kernel.uow import transaction
from marketplace.orders.models import Order
from marketplace.orders.rules import MILESTONES, MoneyWord, OrderState
from marketplace.orders.services import confirm_delivery, countersign, report_step, ship_sample
from marketplace.reviews.models import Review
from marketplace.reviews.rules import Occasion
from marketplace.reviews.services import ReviewDraft, publish_review, write_review
from tests.support.ordering import Trade, a_deal, an_approved_sample
from tests.support.people import Person


def a_delivered_sample(trade: Trade) -> str:
    """The key of a free sample in the buyer's hands."""
    key = an_approved_sample(trade, 0, 0)
    with transaction() as session:
        ship_sample(session, trade.seller.actor, key, "DHL", "1234567890")
    with transaction() as session:
        confirm_delivery(session, trade.buyer.actor, key)
    return key


def a_settled_deal(trade: Trade) -> str:
    """The key of a deal without a deposit that both sides call settled."""
    deal = a_deal(trade, payment="open_account", deposit_percent=None)
    with transaction() as session:
        state = OrderState(session.scalars(select(Order.state).where(Order.deal_id == deal.id)).one())
    for milestone in MILESTONES[MILESTONES.index(state) + 1 :]:
        with transaction() as session:
            word = MoneyWord.ELSEWHERE if milestone is OrderState.SETTLED else None
            report_step(session, trade.seller.actor, deal.key, milestone, word=word)
        with transaction() as session:
            countersign(session, trade.buyer.actor, deal.key, milestone)
    return deal.key


def a_review(
    trade: Trade, key: str, rating: int = 4, text: str = "Clean cup, as described.", *, of: str = "product",
    kind: Occasion = Occasion.SAMPLE, version: int = 0, language: str = "en",
) -> Review:  # fmt: skip
    """A review that waits for a curator; ``of`` says whether of the goods or the seller."""
    subject = f"product:{trade.product.id}" if of == "product" else f"seller:{trade.seller.seller_id}"
    with transaction() as session:
        draft = ReviewDraft(subject, rating, text, language, version)
        return write_review(session, trade.buyer.actor, kind, key, draft)


def a_published_review(trade: Trade, curator: Person, rating: int = 4, **more: str) -> Review:
    """A review after a sample that everybody reads."""
    row = a_review(trade, a_delivered_sample(trade), rating, **more)  # type: ignore[arg-type]  # texts only
    with transaction() as session:
        return publish_review(session, curator.actor, row.key, row.version)


def review_now(row: Review) -> Review:
    """The review as the database has it."""
    with transaction() as session:
        return session.get_one(Review, row.id, populate_existing=True)
