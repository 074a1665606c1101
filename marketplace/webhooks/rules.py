"""Which events are told to whom, and how long a delivery is tried."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.kernel.policy import OrganisationKind

MOST_ENDPOINTS = 5  # of one organisation
PAYLOAD_VERSION = 1
OVERLAP = timedelta(hours=24)  # a former secret signs beside the new one
KEPT = timedelta(days=30)  # deliveries
OFF_AFTER = timedelta(days=3)  # of failures without a success between
# waits after the first, second … failed try: three days and three hours in all
BACK_OFF = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
MOST_TRIES = len(BACK_OFF) + 1
JITTER = 0.2  # of a wait, to both sides
# a server that does not answer at all is asked less and less, whatever waits for it
SHORTEST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
MOST_TESTS = 10  # in an hour
MOST_AGAIN = 60  # deliveries sent once more by hand, of one address in an hour


class Happening(StrEnum):
    """What an organisation can have told to its systems; the names are part of the payload and stay."""

    RFQ_SENT = "rfq.sent"
    RFQ_RECEIVED = "rfq.received"
    RFQ_ANSWERED = "rfq.answered"
    RFQ_DECLINED = "rfq.declined"
    RFQ_HANDED_ON = "rfq.handed_on"
    RFQ_QUESTION = "rfq.question"
    RFQ_MESSAGE = "rfq.message"
    RFQ_CLOSED = "rfq.closed"
    RFQ_AWARDED = "rfq.awarded"
    QUOTE_SENT = "quote.sent"
    QUOTE_COUNTERED = "quote.countered"
    QUOTE_DECLINED = "quote.declined"
    QUOTE_WITHDRAWN = "quote.withdrawn"
    QUOTE_ENDING = "quote.ending"
    SAMPLE_ASKED = "sample.asked"
    SAMPLE_APPROVED = "sample.approved"
    SAMPLE_DECLINED = "sample.declined"
    SAMPLE_PAID = "sample.paid"
    SAMPLE_SHIPPED = "sample.shipped"
    SAMPLE_DELIVERED = "sample.delivered"
    SAMPLE_JUDGED = "sample.judged"
    DEAL_AGREED = "deal.agreed"
    DEAL_STEP_REPORTED = "deal.step_reported"
    DEAL_STEP_COUNTERSIGNED = "deal.step_countersigned"
    DEAL_DISPUTED = "deal.disputed"
    DEAL_DISPUTE_OVER = "deal.dispute_over"
    DEAL_CANCELLATION_ASKED = "deal.cancellation_asked"
    DEAL_CANCELLATION_DROPPED = "deal.cancellation_dropped"
    DEAL_CANCELLED = "deal.cancelled"
    DEAL_SETTLED = "deal.settled"


TEST = "endpoint.test"  # sent by hand, subscribed by nobody
_BETWEEN = frozenset(one for one in Happening if not one.startswith("rfq."))  # the two sides of a trade
_CHAPTERS = frozenset(
    one for one in Happening if one.startswith(("sample.", "deal."))
)  # a chapter reads trades of its distributors, never their quotes
_WRITTEN = frozenset(
    {
        Happening.RFQ_ANSWERED,
        Happening.RFQ_DECLINED,
        Happening.RFQ_HANDED_ON,
        Happening.RFQ_QUESTION,
        Happening.RFQ_MESSAGE,
        Happening.RFQ_CLOSED,
        Happening.RFQ_AWARDED,
    }
)
KINDS: dict[OrganisationKind, frozenset[Happening]] = {
    OrganisationKind.BUYER: _BETWEEN | _WRITTEN | {Happening.RFQ_SENT},
    OrganisationKind.SELLER: _BETWEEN | _WRITTEN | {Happening.RFQ_RECEIVED},
    OrganisationKind.CHAPTER: _CHAPTERS | {Happening.RFQ_SENT, Happening.RFQ_CLOSED},
    OrganisationKind.PROGRAMME: frozenset(),
}


def kinds_of(kind: OrganisationKind | None) -> tuple[Happening, ...]:
    """What organisations of a kind can choose, in the order of a trade."""
    mine = KINDS[kind] if kind is not None else frozenset()
    return tuple(one for one in Happening if one in mine)


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


DELIVERY_MOVES = {
    DeliveryState.WAITING: frozenset({DeliveryState.DELIVERED, DeliveryState.GIVEN_UP}),
    # both only by hand: somebody asks for it once more
    DeliveryState.DELIVERED: frozenset({DeliveryState.WAITING}),
    DeliveryState.GIVEN_UP: frozenset({DeliveryState.WAITING}),
}


class OffWhy(StrEnum):
    """Who or what switched an endpoint off."""

    OWNER = "owner"
    FAILED = "failed"  # for days
    GONE = "gone"  # its server answered 410


def wait_after(tries: int, chance: random.Random) -> timedelta | None:
    """How long to wait after so many failed tries, scattered; None where it was the last."""
    if tries > len(BACK_OFF):
        return None
    return BACK_OFF[tries - 1] * (1 + JITTER * (2 * chance.random() - 1))


def rest_after(silences: int) -> timedelta:
    """How long nothing is sent to a server that gave no answer so many times in a row."""
    return min(LONGEST_REST, SHORTEST_REST * (1 << min(silences - 1, 10)))


def is_to_be_switched_off(failing_since: datetime | None, moment: datetime) -> bool:
    """Whether an endpoint has failed for so long that nobody seems to miss what it is sent."""
    return failing_since is not None and moment - failing_since >= OFF_AFTER
