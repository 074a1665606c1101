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


class ReportReason(StrEnum):
    FALSE_CLAIM = "false_claim"
    PROHIBITED = "prohibited"
    COUNTERFEIT = "counterfeit"
    SPAM = "spam"
    ABUSE = "abuse"
    STOLEN_CONTENT = "stolen_content"
    OTHER = "other"
