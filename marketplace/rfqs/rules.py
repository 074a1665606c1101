"""The life of a request for quotation (RFQ) and of its recipients. An inquiry is an RFQ with one recipient."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class RfqState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    OPEN = "open"
    NEEDS_INFO = "needs_info"
    AWARDED = "awarded"
    CLOSED_NO_AWARD = "closed_no_award"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REJECTED_SPAM = "rejected_spam"


RFQ_MOVES = {
    RfqState.DRAFT: frozenset({RfqState.SUBMITTED, RfqState.CANCELLED}),
    RfqState.SUBMITTED: frozenset({RfqState.IN_REVIEW, RfqState.OPEN, RfqState.CANCELLED}),
    RfqState.IN_REVIEW: frozenset({RfqState.OPEN, RfqState.REJECTED_SPAM, RfqState.CANCELLED}),
    RfqState.OPEN: frozenset(
        {
            RfqState.NEEDS_INFO,
            RfqState.AWARDED,
            RfqState.CLOSED_NO_AWARD,
            RfqState.EXPIRED,
            RfqState.CANCELLED,
            RfqState.REJECTED_SPAM,
        }
    ),
    RfqState.NEEDS_INFO: frozenset(
        {RfqState.OPEN, RfqState.EXPIRED, RfqState.CANCELLED, RfqState.CLOSED_NO_AWARD}
    ),
    RfqState.AWARDED: frozenset(),
    RfqState.CLOSED_NO_AWARD: frozenset(),
    RfqState.EXPIRED: frozenset(),
    RfqState.CANCELLED: frozenset(),
    RfqState.REJECTED_SPAM: frozenset({RfqState.OPEN}),  # a wrong call, put right after an appeal
}


class RecipientState(StrEnum):
    INVITED = "invited"
    SEEN = "seen"
    WILL_QUOTE = "will_quote"
    DECLINED = "declined"
    QUOTED = "quoted"
    NO_ANSWER = "no_answer"
    CLOSED = "closed"


_OPEN_ENDS = {RecipientState.NO_ANSWER, RecipientState.CLOSED}
RECIPIENT_MOVES = {
    RecipientState.INVITED: frozenset(
        {RecipientState.SEEN, RecipientState.WILL_QUOTE, RecipientState.DECLINED, *_OPEN_ENDS}
    ),
    RecipientState.SEEN: frozenset({RecipientState.WILL_QUOTE, RecipientState.DECLINED, *_OPEN_ENDS}),
    RecipientState.WILL_QUOTE: frozenset({RecipientState.QUOTED, RecipientState.DECLINED, *_OPEN_ENDS}),
    RecipientState.DECLINED: frozenset({RecipientState.CLOSED}),
    RecipientState.QUOTED: frozenset({RecipientState.CLOSED}),
    # a late answer is still an answer
    RecipientState.NO_ANSWER: frozenset({RecipientState.WILL_QUOTE, RecipientState.DECLINED, RecipientState.CLOSED}),
    RecipientState.CLOSED: frozenset(),
}
UNANSWERED = frozenset({RecipientState.INVITED, RecipientState.SEEN})


class DeclineReason(StrEnum):
    """The closed list of reasons; they feed matching and mentoring."""

    CAPACITY = "capacity"
    SEASON = "season"
    PRICE = "price"
    MOQ = "moq"
    SPECIFICATION = "specification"
    CERTIFICATE = "certificate"
    DESTINATION = "destination"
    LEAD_TIME = "lead_time"
    PAYMENT_TERMS = "payment_terms"
    NOT_OUR_PRODUCT = "not_our_product"
    BUYER_UNCLEAR = "buyer_unclear"
    OTHER = "other"


class RfqSource(StrEnum):
    INQUIRY = "inquiry"
    REQUEST = "request"


ANSWER_TIME = timedelta(hours=72)
MAX_RECIPIENTS = 12
DEFAULT_QUOTE_CAP = 5
DEFAULT_OPEN_DAYS = 21
REVIEW_TARGET = timedelta(days=1)
