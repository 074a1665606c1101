"""What matchmaking keeps about a person: which news of requests reached them, and how often they want some."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.kernel.personal_data import PersonalData, register
from marketplace.matchmaking.models import RequestAlert, RequestNews


def export(session: Session, user_id: int) -> dict[str, Any]:
    """How often the person hears of requests, and what they were told of."""
    alert = session.get(RequestAlert, user_id)
    news = session.scalars(
        select(RequestNews).where(RequestNews.user_id == user_id, RequestNews.is_new).order_by(RequestNews.id)
    )
    return {
        "request_alerts": alert.frequency if alert else None,
        "request_news": [
            {
                "request": one.rfq_id,
                "product": one.product_id,
                "found": one.found_at.isoformat(),
                "told": one.told_at and one.told_at.isoformat(),
            }
            for one in news
        ],
    }


def erase(session: Session, user_id: int) -> None:
    """Forget both."""
    session.execute(delete(RequestNews).where(RequestNews.user_id == user_id))
    session.execute(delete(RequestAlert).where(RequestAlert.user_id == user_id))


register(PersonalData("matchmaking", export=export, erase=erase))
