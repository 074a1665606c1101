"""What happens between chapters and distributors."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class DistributorInvited(Event):
    """``token`` leaves by mail or by the inviter's hand only and is never logged."""

    application_id: int
    token: str


@dataclass(frozen=True)
class DistributorApplied(Event):
    application_id: int


@dataclass(frozen=True)
class ApplicationNeedsInfo(Event):
    application_id: int


@dataclass(frozen=True)
class DistributorApproved(Event):
    application_id: int


@dataclass(frozen=True)
class DistributorRefused(Event):
    application_id: int


@dataclass(frozen=True)
class IntroductionProposed(Event):
    introduction_id: int


@dataclass(frozen=True)
class IntroductionMade(Event):
    """Both sides have accepted."""

    introduction_id: int


@dataclass(frozen=True)
class IntroductionRefused(Event):
    introduction_id: int
