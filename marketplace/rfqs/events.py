"""What happens to requests, recipients and conversations."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class RfqSubmitted(Event):
    """It waits for a curator, because the buyer is not yet verified."""

    rfq_id: int


@dataclass(frozen=True)
class RfqSent(Event):
    """It is open; its recipients were invited. ``had_to_wait`` tells that it may have waited for a curator."""

    rfq_id: int
    had_to_wait: bool = True


@dataclass(frozen=True)
class RecipientInvited(Event):
    recipient_id: int


@dataclass(frozen=True)
class LeadSeen(Event):
    recipient_id: int


@dataclass(frozen=True)
class LeadAnswered(Event):
    recipient_id: int


@dataclass(frozen=True)
class LeadDeclined(Event):
    recipient_id: int


@dataclass(frozen=True)
class LeadHandedOn(Event):
    """``recipient_id`` is the new recipient, ``from_recipient_id`` the one that handed on."""

    recipient_id: int
    from_recipient_id: int


@dataclass(frozen=True)
class MessageSent(Event):
    message_id: int
    recipient_id: int


@dataclass(frozen=True)
class InformationAsked(Event):
    recipient_id: int


@dataclass(frozen=True)
class RfqClosed(Event):
    rfq_id: int


@dataclass(frozen=True)
class RfqRejected(Event):
    rfq_id: int


@dataclass(frozen=True)
class LeadUnanswered(Event):
    """The time to answer has passed without a word."""

    recipient_id: int


@dataclass(frozen=True)
class LeadReminded(Event):
    """A day has passed without a word."""

    recipient_id: int


@dataclass(frozen=True)
class MentorCalled(Event):
    """Two days have passed without a word."""

    recipient_id: int


@dataclass(frozen=True)
class BuyerReleased(Event):
    """Whoever looks after the lead told the buyer not to wait for this seller."""

    recipient_id: int


@dataclass(frozen=True)
class RfqAwarded(Event):
    """The buyer agreed with ``recipient_id``; ``closed`` are the recipients who were left over."""

    rfq_id: int
    recipient_id: int
    closed: tuple[int, ...]
