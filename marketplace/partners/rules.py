"""Onboarding of distributors by a chapter, and introductions to sellers."""

from __future__ import annotations

from datetime import timedelta
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


class IntroductionState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


INTRODUCTION_MOVES = {
    IntroductionState.PROPOSED: frozenset(
        {
            IntroductionState.ACCEPTED,
            IntroductionState.REFUSED,
            IntroductionState.WITHDRAWN,
            IntroductionState.EXPIRED,
        }
    ),
    IntroductionState.ACCEPTED: frozenset(),
    IntroductionState.REFUSED: frozenset(),
    IntroductionState.WITHDRAWN: frozenset(),
    IntroductionState.EXPIRED: frozenset(),
}
# while one of these holds, the same two are not introduced again: a refusal is remembered
HOLDING = frozenset({IntroductionState.PROPOSED, IntroductionState.ACCEPTED, IntroductionState.REFUSED})
INTRODUCTION_LIFE = timedelta(days=30)


class IntroductionSide(StrEnum):
    """Who is introduced."""

    SELLER = "seller"
    DISTRIBUTOR = "distributor"


class Answer(StrEnum):
    """What one side says to an introduction."""

    NONE = ""
    ACCEPTED = "accepted"
    REFUSED = "refused"


def state_after(answers: tuple[str, str]) -> IntroductionState:
    """Where an introduction stands by what both sides have said: one refusal ends it, two yeses make it."""
    if Answer.REFUSED in answers:
        return IntroductionState.REFUSED
    return IntroductionState.ACCEPTED if answers == (Answer.ACCEPTED, Answer.ACCEPTED) else IntroductionState.PROPOSED
