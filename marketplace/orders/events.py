"""What happens to samples and to agreed deals on their way."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class SampleAsked(Event):
    sample_id: int


@dataclass(frozen=True)
class SampleApproved(Event):
    """Free, or with an amount to pay."""

    sample_id: int


@dataclass(frozen=True)
class SampleDeclined(Event):
    sample_id: int


@dataclass(frozen=True)
class SamplePaid(Event):
    sample_id: int


@dataclass(frozen=True)
class SampleShipped(Event):
    sample_id: int


@dataclass(frozen=True)
class SampleDelivered(Event):
    sample_id: int


@dataclass(frozen=True)
class SampleJudged(Event):
    """The buyer wrote what they think of it."""

    sample_id: int


@dataclass(frozen=True)
class FreightOwed(Event):
    """Freight was promised back for the score sheet, and there is something to say of it; amounts in smallest units."""

    sample_id: int
    payment_id: int
    news: str
    given_back_minor: int  # before the score sheet
    left_minor: int


@dataclass(frozen=True)
class OrderMoved(Event):
    """One side reported ``milestone``; the other may countersign."""

    order_id: int
    milestone: str
    side: str


@dataclass(frozen=True)
class StepCountersigned(Event):
    order_id: int
    milestone: str
    side: str


@dataclass(frozen=True)
class OrderSettled(Event):
    """One side had reported it, and the other did not object in time."""

    order_id: int


@dataclass(frozen=True)
class OrderDisputed(Event):
    order_id: int
    side: str


@dataclass(frozen=True)
class DisputeWithdrawn(Event):
    order_id: int
    side: str


@dataclass(frozen=True)
class CancellationAsked(Event):
    order_id: int
    side: str


@dataclass(frozen=True)
class CancellationDropped(Event):
    """Who was asked said no, or who asked wishes it no more: the deal goes on."""

    order_id: int
    side: str


@dataclass(frozen=True)
class OrderCancelled(Event):
    order_id: int
    side: str
