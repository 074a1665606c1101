"""Onboarding of distributors by a chapter, and introductions to sellers."""

from __future__ import annotations

from datetime import date, timedelta
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


class Grade(StrEnum):
    """How far a chapter and a distributor have come together; the chapter's own word, never sold."""

    TRIAL = "trial"
    REGULAR = "regular"
    KEY = "key"


REVIEW_REMINDED = timedelta(days=14)  # before the day on which chapter and distributor look at their partnership again
LONGEST_EXCLUSIVE = timedelta(days=5 * 366)


class PartnershipFault(StrEnum):
    """Why the days of a partnership cannot stand."""

    SINCE_IN_FUTURE = "since_in_future"
    REVIEWED_OUT_OF_RANGE = "reviewed_out_of_range"
    NEXT_NOT_AHEAD = "next_not_ahead"


def partnership_fault(
    since: date, reviewed_on: date | None, next_review_on: date | None, today: date
) -> PartnershipFault | None:
    """What is wrong with these days: none lies ahead but the next review, and no review before the beginning."""
    if since > today:
        return PartnershipFault.SINCE_IN_FUTURE
    if reviewed_on is not None and not since <= reviewed_on <= today:
        return PartnershipFault.REVIEWED_OUT_OF_RANGE
    if next_review_on is not None and next_review_on <= today:
        return PartnershipFault.NEXT_NOT_AHEAD
    return None


def is_exclusive(exclusive_until: date | None, day: date) -> bool:
    """Whether a territory is exclusive on ``day``, its last day included."""
    return exclusive_until is not None and day <= exclusive_until


def claim_of(country: str, commodity: str) -> str:
    """The name under which an exclusive territory is taken, once in the whole marketplace."""
    return f"{country}:{commodity}"


class RefusalReason(StrEnum):
    """Why a distributor does not want to be introduced; its chapter reads it, the seller does not."""

    NOT_OUR_GOODS = "not_our_goods"
    HAS_SUPPLIER = "has_supplier"
    NOT_NOW = "not_now"
    TERMS = "terms"
    SPAM = "spam"  # it has nothing to do with what the distributor asked for
    OTHER = "other"


class OpportunityState(StrEnum):
    """Where business stands that a distributor has found by itself."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


OPPORTUNITY_MOVES = {
    OpportunityState.OPEN: frozenset({OpportunityState.WON, OpportunityState.LOST, OpportunityState.WITHDRAWN}),
    OpportunityState.WON: frozenset[OpportunityState](),
    OpportunityState.LOST: frozenset[OpportunityState](),
    OpportunityState.WITHDRAWN: frozenset[OpportunityState](),
}
