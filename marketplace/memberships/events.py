"""What happened to paid memberships."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class MembershipBegun(Event):
    """A membership is paid in full; its days are fixed."""

    membership_id: int


@dataclass(frozen=True)
class MembershipTakenBack(Event):
    """The chapter took back an order that was not paid."""

    membership_id: int


@dataclass(frozen=True)
class MembershipOutdated(Event):
    """An order waited too long for its money, and the plan is no longer what was ordered."""

    membership_id: int


@dataclass(frozen=True)
class MembershipEnding(Event):
    """A membership has few days left and no next one is paid."""

    membership_id: int
