"""Judgements on samples, deals on their way and outcomes, on plain values."""

from marketplace.orders.rules.outcomes import OutcomeKind, ValueBand, band_of
from marketplace.orders.rules.scoring import Scale, SheetKind, final_score, is_on_scale, scale_for
from marketplace.orders.rules.sharing import BALANCE_AT, THROUGH_BANKS, parts_of
from marketplace.orders.rules.states import (
    MILESTONES,
    ORDER_MOVES,
    ORDER_OVER,
    READY_TO_SHIP,
    SAMPLE_MOVES,
    SAMPLE_OVER,
    TIME_TO_OBJECT,
    OrderState,
    SampleDecline,
    SampleKind,
    SampleState,
    Verdict,
    due_on,
    may_report,
    next_milestone,
    settles_at,
)

__all__ = [
    "BALANCE_AT",
    "MILESTONES",
    "ORDER_MOVES",
    "ORDER_OVER",
    "READY_TO_SHIP",
    "SAMPLE_MOVES",
    "SAMPLE_OVER",
    "THROUGH_BANKS",
    "TIME_TO_OBJECT",
    "OrderState",
    "OutcomeKind",
    "SampleDecline",
    "SampleKind",
    "SampleState",
    "Scale",
    "SheetKind",
    "ValueBand",
    "Verdict",
    "band_of",
    "due_on",
    "final_score",
    "is_on_scale",
    "may_report",
    "next_milestone",
    "parts_of",
    "scale_for",
    "settles_at",
]
