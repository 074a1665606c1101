"""What was shown and what came of it, for weighing and refitting a ranking: keys and codes, nobody's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, exists, select
from sqlalchemy.orm import Session

from marketplace.matchmaking.models import Impression, Suggestion
from marketplace.orders.models import Order, Sample
from marketplace.quotes.models import Deal, Quote
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import RfqState


def outcome_lines(session: Session, since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """One mapping for each showing of a request that went out, in the order they were first shown: how far it came,
    from being asked to an order. Nothing is told of clicks."""
    query = (
        select(
            Impression,
            Recipient.state,
            Recipient.product_id,
            Recipient.invited_at,
            Recipient.committed_at,
            Recipient.decline_reason,
            Suggestion.buyer_verdict,
            Suggestion.seller_verdict,
            exists().where(Quote.recipient_id == Recipient.id, Quote.current_number > 0),
            _last_sample(),
            exists().where(Deal.recipient_id == Recipient.id),
            _order(),
        )
        .join(Rfq, Rfq.id == Impression.rfq_id)
        .outerjoin(Recipient, (Recipient.rfq_id == Impression.rfq_id) & (Recipient.seller_id == Impression.seller_id))
        .outerjoin(
            Suggestion, (Suggestion.rfq_id == Impression.rfq_id) & (Suggestion.product_id == Impression.product_id)
        )
        .where(Rfq.state != RfqState.DRAFT)
        .order_by(Impression.id)
    )
    if since is not None:
        query = query.where(Impression.shown_at >= since)
    for row in session.execute(query.execution_options(yield_per=1000)):
        (
            shown,
            state,
            asked_product,
            invited_at,
            committed_at,
            decline_reason,
            by_buyer,
            by_seller,
            quoted,
            sample,
            agreed,
            order,
        ) = row
        yield {
            "request": shown.rfq_id,
            "product": shown.product_id,
            "seller": shown.seller_id,
            "side": shown.side,
            "position": shown.position,
            "propensity": float(shown.propensity),
            "fits": shown.is_fitting,
            "model": shown.model,
            "times": shown.times,
            "shown_at": shown.shown_at.isoformat(),
            "asked_product": asked_product,
            "is_asked": invited_at is not None,
            "is_answered": committed_at is not None,
            "state": state or "",
            "decline_reason": decline_reason or "",
            "is_quoted": bool(quoted),
            "sample": sample or "",
            "is_agreed": bool(agreed),
            "order": order or "",
            "verdicts": [each for each in (by_buyer, by_seller) if each],
        }


def _last_sample() -> ScalarSelect[str]:
    """Where the newest sample of the conversation stands, nothing where none was asked for."""
    newest = select(Sample.state).where(Sample.recipient_id == Recipient.id).order_by(Sample.id.desc()).limit(1)
    return newest.correlate(Recipient).scalar_subquery()


def _order() -> ScalarSelect[str]:
    """Where the order of what was agreed stands, nothing where there is none."""
    orders = select(Order.state).join(Deal, Deal.id == Order.deal_id).where(Deal.recipient_id == Recipient.id)
    return orders.correlate(Recipient).limit(1).scalar_subquery()
