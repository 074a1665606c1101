"""Steps of the timeline that both sides see."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.inserting import made, write
from marketplace.kernel.text import cleaned
from marketplace.rfqs.models import RfqMoment
from marketplace.rfqs.rules import MomentCode, Side


def note_moment(
    session: Session,
    rfq_id: int,
    code: MomentCode,
    side: Side,
    *,
    recipient_id: int | None = None,
    note: str = "",
    author_id: int | None = None,
) -> None:
    """Write one step; with ``recipient_id`` it belongs to that seller's conversation only."""
    step = made(
        RfqMoment,
        rfq_id=rfq_id,
        recipient_id=recipient_id,
        at=now(),
        code=code,
        side=side,
        author_id=author_id,
        note=cleaned(note, 2000),
    )
    write(session, step)
