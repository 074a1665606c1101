"""Steps of the timeline that both sides see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.inserting import made, write, write_values
from marketplace.kernel.text import cleaned
from marketplace.rfqs.models import RfqMoment
from marketplace.rfqs.rules import MomentCode, Side


class Step(NamedTuple):
    """A step without words; with ``recipient_id`` it belongs to that seller's conversation only."""

    code: MomentCode
    side: Side
    recipient_id: int | None = None


def note_moments(session: Session, rfq_id: int, steps: Iterable[Step]) -> None:
    """Write steps that happen at once, in their order."""
    moment = now()
    rows = [
        {"rfq_id": rfq_id, "at": moment, "code": step.code, "side": step.side, "recipient_id": step.recipient_id}
        for step in steps
    ]
    if rows:
        write_values(session, RfqMoment, rows)


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
