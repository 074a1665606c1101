"""Reports, decisions and appeals."""

from __future__ import annotations

from enum import StrEnum


class ReportState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    APPEALED = "appealed"
    REVERSED = "reversed"
    FINAL = "final"


REPORT_MOVES = {
    ReportState.OPEN: frozenset({ReportState.UPHELD, ReportState.DISMISSED}),
    ReportState.UPHELD: frozenset({ReportState.APPEALED}),
    ReportState.DISMISSED: frozenset({ReportState.APPEALED}),
    ReportState.APPEALED: frozenset({ReportState.REVERSED, ReportState.FINAL}),
    ReportState.REVERSED: frozenset(),
    ReportState.FINAL: frozenset(),
}


class ReportTarget(StrEnum):
    PRODUCT = "product"
    SELLER = "seller"
    MESSAGE = "message"
    RFQ = "rfq"
    REVIEW = "review"
    ANSWER = "answer"  # a seller's, below a review


class ReportReason(StrEnum):
    FALSE_CLAIM = "false_claim"
    PROHIBITED = "prohibited"
    COUNTERFEIT = "counterfeit"
    SPAM = "spam"
    ABUSE = "abuse"
    STOLEN_CONTENT = "stolen_content"
    FRAUD = "fraud"
    IMPERSONATION = "impersonation"
    OTHER = "other"


WAITING = frozenset({ReportState.OPEN, ReportState.APPEALED})
# while such a report waits, the conversations of the reported side show no ways round the marketplace
SERIOUS = frozenset({ReportReason.FRAUD, ReportReason.IMPERSONATION})
WORKDAYS_TO_ANSWER = 2
MOST_EVIDENCE = 5
EVIDENCE_LENGTH = 500
REPORTS_A_DAY = 20
TEXT_LENGTH = 4000


def stands_after(was_upheld: bool, decision: ReportState) -> bool:
    """Whether the report counts as upheld once an appeal was reversed or made final."""
    return not was_upheld if decision is ReportState.REVERSED else was_upheld
