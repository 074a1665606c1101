"""What was shown and what came of it, for weighing and refitting a ranking: keys and codes, nobody's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.matchmaking.models import Impression, Suggestion
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import RfqState


def outcome_lines(session: Session, since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """One mapping for each showing of a request that went out, in the order they were first shown."""
    query = (
        select(
            Impression,
            Recipient.state,
            Recipient.invited_at,
            Recipient.committed_at,
            Recipient.decline_reason,
            Suggestion.buyer_verdict,
            Suggestion.seller_verdict,
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
    for shown, state, invited_at, committed_at, decline_reason, by_buyer, by_seller in session.execute(
        query.execution_options(yield_per=1000)
    ):
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
            "is_asked": invited_at is not None,
            "is_answered": committed_at is not None,
            "state": state or "",
            "decline_reason": decline_reason or "",
            "verdicts": [each for each in (by_buyer, by_seller) if each],
        }
