"""Onboarding of distributors by a chapter."""

from __future__ import annotations

from enum import StrEnum


class ApplicationState(StrEnum):
    INVITED = "invited"
    APPLIED = "applied"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


APPLICATION_MOVES = {
    ApplicationState.INVITED: frozenset({ApplicationState.APPLIED, ApplicationState.WITHDRAWN}),
    ApplicationState.APPLIED: frozenset(
        {ApplicationState.NEEDS_INFO, ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
    ),
    ApplicationState.NEEDS_INFO: frozenset({ApplicationState.APPLIED, ApplicationState.WITHDRAWN}),
    ApplicationState.REFUSED: frozenset({ApplicationState.APPLIED}),
    ApplicationState.APPROVED: frozenset(),
    ApplicationState.WITHDRAWN: frozenset(),
}
