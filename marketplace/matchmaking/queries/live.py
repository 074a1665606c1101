"""Requests that still wait for sellers."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.rules import LIVE


def requests_to_fit(session: Session) -> list[int]:
    """Keys of live requests, the newest first."""
    return list(
        session.scalars(select(Rfq.id).where(Rfq.state.in_(LIVE), Rfq.closes_at > now()).order_by(Rfq.id.desc()))
    )
