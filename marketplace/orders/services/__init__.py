"""Writes on samples and on deals on their way."""

from marketplace.orders.services.clockwork import begin_missing, cancel_stale, close_silent, record_inquiries
from marketplace.orders.services.deals import (
    begin_order,
    countersign,
    deposit_arrived,
    plan_step,
    report_step,
    require_seen,
    settle_unopposed,
)
from marketplace.orders.services.outcomes import forget_order, record_order, record_sample
from marketplace.orders.services.samples import (
    approve_sample,
    ask_sample,
    cancel_sample,
    close_sample,
    confirm_delivery,
    decline_sample,
    judge_sample,
    sample_paid,
    ship_sample,
)
from marketplace.orders.services.stops import answer_cancellation, ask_cancellation, open_dispute, withdraw_dispute

__all__ = [
    "answer_cancellation",
    "approve_sample",
    "ask_cancellation",
    "ask_sample",
    "begin_missing",
    "begin_order",
    "cancel_sample",
    "cancel_stale",
    "close_sample",
    "close_silent",
    "confirm_delivery",
    "countersign",
    "decline_sample",
    "deposit_arrived",
    "forget_order",
    "judge_sample",
    "open_dispute",
    "plan_step",
    "record_inquiries",
    "record_order",
    "record_sample",
    "report_step",
    "require_seen",
    "sample_paid",
    "settle_unopposed",
    "ship_sample",
    "withdraw_dispute",
]
