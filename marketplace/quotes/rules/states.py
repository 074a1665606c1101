"""The life of a quote's versions and what may be chosen in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class QuoteState(StrEnum):
    """Where one version stands. A sent one is frozen: only this label, its dates and its reason still change."""

    DRAFT = "draft"
    MENTOR_REVIEW = "mentor_review"
    SENT = "sent"
    VIEWED = "viewed"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


_ENDS = frozenset(
    {
        QuoteState.COUNTERED,
        QuoteState.ACCEPTED,
        QuoteState.DECLINED,
        QuoteState.WITHDRAWN,
        QuoteState.EXPIRED,
        QuoteState.SUPERSEDED,
    }
)
QUOTE_MOVES = {
    QuoteState.DRAFT: frozenset({QuoteState.MENTOR_REVIEW, QuoteState.SENT}),
    QuoteState.MENTOR_REVIEW: frozenset({QuoteState.DRAFT, QuoteState.SENT}),
    QuoteState.SENT: frozenset({QuoteState.VIEWED, *_ENDS}),
    QuoteState.VIEWED: _ENDS,
    **{state: frozenset[QuoteState]() for state in sorted(_ENDS)},
}
UNSENT = frozenset({QuoteState.DRAFT, QuoteState.MENTOR_REVIEW})
STANDING = frozenset({QuoteState.SENT, QuoteState.VIEWED})
# what takes up capacity: what stands, and what was agreed
PROMISING = STANDING | {QuoteState.ACCEPTED}


class ShareState(StrEnum):
    """Where one member of a pool stands. Who said no, or left, may be asked again."""

    INVITED = "invited"
    AGREED = "agreed"
    DECLINED = "declined"
    LEFT = "left"


SHARE_MOVES = {
    ShareState.INVITED: frozenset({ShareState.AGREED, ShareState.DECLINED, ShareState.LEFT}),
    ShareState.AGREED: frozenset({ShareState.LEFT}),
    ShareState.DECLINED: frozenset({ShareState.INVITED}),
    ShareState.LEFT: frozenset({ShareState.INVITED}),
}
TAKING = frozenset({ShareState.INVITED, ShareState.AGREED})  # what is taken of the whole, for now or for good


class DealState(StrEnum):
    """Where an agreement stands."""

    AGREED = "agreed"


class LineAnswer(StrEnum):
    """What the seller says to one line of the request."""

    OFFERED = "offered"
    ALTERNATIVE = "alternative"
    NOT_AVAILABLE = "not_available"


class PaymentTerms(StrEnum):
    """How the goods are paid; the deposit's share stands beside it."""

    DEPOSIT_BEFORE_SHIPMENT = "deposit_before_shipment"
    DEPOSIT_AGAINST_DOCUMENTS = "deposit_against_documents"
    LETTER_OF_CREDIT = "letter_of_credit"
    DOCUMENTS_AGAINST_PAYMENT = "documents_against_payment"
    IN_ADVANCE = "in_advance"
    OPEN_ACCOUNT = "open_account"


WITH_DEPOSIT = frozenset({PaymentTerms.DEPOSIT_BEFORE_SHIPMENT, PaymentTerms.DEPOSIT_AGAINST_DOCUMENTS})


class SampleFreight(StrEnum):
    """Who pays for sending the sample."""

    BUYER = "buyer"
    SELLER = "seller"
    NEGOTIABLE = "negotiable"


class QuoteDecline(StrEnum):
    """Why a version is declined. The last three are not for buyers to choose."""

    PRICE = "price"
    QUALITY = "quality"
    CERTIFICATES = "certificates"
    QUANTITY = "quantity"
    LEAD_TIME = "lead_time"
    PAYMENT_TERMS = "payment_terms"
    DELIVERY_TERMS = "delivery_terms"
    PACKING = "packing"
    SAMPLE = "sample"
    OTHER_OFFER = "other_offer"
    NOT_NEEDED = "not_needed"
    OTHER = "other"
    REQUEST_CLOSED = "request_closed"
    AGREED_WITH_ANOTHER = "agreed_with_another"
    SELLERS_NO = "sellers_no"  # to a counter-offer


BUYERS_REASONS = tuple(
    reason
    for reason in QuoteDecline
    if reason not in {QuoteDecline.REQUEST_CLOSED, QuoteDecline.AGREED_WITH_ANOTHER, QuoteDecline.SELLERS_NO}
)
MENTORED_QUOTES = 3
DEFAULT_VALID_DAYS = 14
MOST_VALID_DAYS = 180
MOST_LEAD_DAYS = 365
ENDING_BEFORE = timedelta(days=3)
MOST_RUNGS = 3


class Refusal(StrEnum):
    """Why a version cannot be accepted, the first cause that holds."""

    AWARDED = "awarded"
    REQUEST_OVER = "request_over"
    NOT_CURRENT = "not_current"
    OWN = "own"
    ENDED = "ended"
    EXPIRED = "expired"


def refusal(
    *,
    is_awarded: bool,
    is_request_open: bool,
    is_current: bool,
    is_own: bool,
    state: QuoteState,
    valid_until: datetime,
    moment: datetime,
) -> Refusal | None:
    """Why a version cannot be accepted at ``moment``, or None if it can; its last second counts."""
    if is_awarded:
        return Refusal.AWARDED
    if not is_request_open:
        return Refusal.REQUEST_OVER
    if not is_current:
        return Refusal.NOT_CURRENT
    if is_own:
        return Refusal.OWN
    if state is QuoteState.EXPIRED or (state in STANDING and moment > valid_until):
        return Refusal.EXPIRED
    if state not in STANDING:
        return Refusal.ENDED
    return None
