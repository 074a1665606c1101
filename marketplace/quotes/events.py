"""What happens to quotes."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class QuoteInReview(Event):
    """It waits for the seller's mentor."""

    version_id: int


@dataclass(frozen=True)
class QuoteReturned(Event):
    """The mentor gave it back with a note."""

    version_id: int


@dataclass(frozen=True)
class QuoteSent(Event):
    """The buyer can read it; ``was_reviewed`` says that it left the mentor, not the seller."""

    version_id: int
    was_reviewed: bool = False


@dataclass(frozen=True)
class QuoteCountered(Event):
    """``version_id`` is the buyer's version."""

    version_id: int


@dataclass(frozen=True)
class QuoteDeclined(Event):
    version_id: int


@dataclass(frozen=True)
class QuoteWithdrawn(Event):
    version_id: int


@dataclass(frozen=True)
class QuoteEnding(Event):
    """Three days are left."""

    version_id: int


@dataclass(frozen=True)
class QuoteCapReached(Event):
    """The buyer has the ``count`` quotes they asked for; this recipient is left over."""

    recipient_id: int
    count: int


@dataclass(frozen=True)
class ShareOffered(Event):
    """A seller is asked to make a part of a pool."""

    share_id: int


@dataclass(frozen=True)
class ShareAnswered(Event):
    """The member agreed, declined or left."""

    share_id: int


@dataclass(frozen=True)
class CoordinatorNamed(Event):
    """A seller asks a chapter to coordinate its pool."""

    pool_id: int


@dataclass(frozen=True)
class CoordinatorAgreed(Event):
    """The chapter coordinates from now on."""

    pool_id: int


@dataclass(frozen=True)
class CoordinationEnded(Event):
    """The chapter declined or handed the pool back, or the seller took it; ``organisation_id`` is the chapter's."""

    pool_id: int
    organisation_id: int
    is_by_seller: bool


@dataclass(frozen=True)
class CoordinatorQuoted(Event):
    """The chapter sent a version in the seller's name, to the buyer or to the seller's mentor."""

    version_id: int


@dataclass(frozen=True)
class DealAgreed(Event):
    deal_id: int
