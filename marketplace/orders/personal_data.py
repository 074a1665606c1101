"""What this domain keeps about a person: samples they asked for or judged, steps of deals they reported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.orders.models import Order, OrderStep, Sample


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Samples with addresses and words the person wrote, and the steps of deals they reported or countersigned."""
    samples = session.scalars(
        select(Sample)
        .where(or_(Sample.asked_by_id == user_id, Sample.decided_by_id == user_id, Sample.judged_by_id == user_id))
        .order_by(Sample.id)
    )
    steps = session.scalars(
        select(OrderStep)
        .where(or_(OrderStep.reported_by_id == user_id, OrderStep.countersigned_by_id == user_id))
        .order_by(OrderStep.id)
    )
    stops = session.scalars(
        select(Order).where(or_(Order.disputed_by_id == user_id, Order.cancel_by_id == user_id)).order_by(Order.id)
    )
    return {
        "samples": [
            {
                "key": one.key,
                "asked_at": one.asked_at.isoformat(),
                "address": one.address if one.asked_by_id == user_id else "",
                "wish": one.wish if one.asked_by_id == user_id else "",
                "reply": one.reply if one.decided_by_id == user_id else "",
                "feedback": one.feedback if one.judged_by_id == user_id else "",
            }
            for one in samples
        ],
        "deal_steps": [
            {"milestone": one.milestone, "note": one.note if one.reported_by_id == user_id else ""} for one in steps
        ],
        "deal_stops": [
            {
                "dispute": one.dispute_note if one.disputed_by_id == user_id else "",
                "cancellation": one.cancel_note if one.cancel_by_id == user_id else "",
            }
            for one in stops
        ],
    }


def erase(session: Session, user_id: int) -> None:
    """Addresses, words and names go; that a sample was sent and a step confirmed stays with both companies."""
    for column, cleared in (
        (Sample.asked_by_id, {"address": ERASED_NAME, "wish": ""}),
        (Sample.decided_by_id, {"reply": ""}),
        (Sample.judged_by_id, {"feedback": ""}),
        (OrderStep.reported_by_id, {"note": ""}),
        (OrderStep.countersigned_by_id, {}),
        (Order.disputed_by_id, {"dispute_note": ERASED_NAME}),
        (Order.cancel_by_id, {"cancel_note": ERASED_NAME}),
    ):
        table: Any = column.class_
        session.execute(
            update(table).where(column == user_id).values({column.key: None, **cleared}),
            execution_options={"synchronize_session": False},
        )
    session.expire_all()


register(PersonalData("orders", export=export, erase=erase))
