"""The life of a pesantren's place on the market."""

from __future__ import annotations

from enum import StrEnum


class CurationState(StrEnum):
    """Where a seller stands with the programme."""

    APPLIED = "applied"
    IMPROVING = "improving"
    APPROVED = "approved"
    PAUSED = "paused"


CURATION_MOVES = {
    CurationState.APPLIED: frozenset({CurationState.IMPROVING, CurationState.APPROVED, CurationState.PAUSED}),
    CurationState.IMPROVING: frozenset({CurationState.APPROVED, CurationState.PAUSED}),
    CurationState.APPROVED: frozenset({CurationState.IMPROVING, CurationState.PAUSED}),
    CurationState.PAUSED: frozenset({CurationState.IMPROVING, CurationState.APPROVED}),
}


class SellerForm(StrEnum):
    """Who sells: the pesantren's own business unit, a cooperative or an exporter."""

    BUSINESS_UNIT = "business_unit"
    COOPERATIVE = "cooperative"
    EXPORTER = "exporter"
