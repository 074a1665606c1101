"""The life of a request for quotation (RFQ) and of its recipients. An inquiry is an RFQ with one recipient."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.closures.rules import Span, open_time, runs_out
from marketplace.kernel.measures import Contents, Quantity, UnitMismatch


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
        {
            RfqState.OPEN,
            RfqState.AWARDED,
            RfqState.EXPIRED,
            RfqState.CANCELLED,
            RfqState.CLOSED_NO_AWARD,
            RfqState.REJECTED_SPAM,
        }
    ),
    RfqState.AWARDED: frozenset(),
    RfqState.CLOSED_NO_AWARD: frozenset(),
    RfqState.EXPIRED: frozenset({RfqState.OPEN}),  # the buyer moves the closing date to take a quote after all
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
    RecipientState.QUOTED: frozenset({RecipientState.WILL_QUOTE, RecipientState.CLOSED}),  # the quote was withdrawn
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


class CloseReason(StrEnum):
    """Why a buyer closes a request; the closed list feeds the programme's figures."""

    AGREED_HERE = "agreed_here"
    FOUND_ELSEWHERE = "found_elsewhere"
    PRICE = "price"
    NO_FIT = "no_fit"
    POSTPONED = "postponed"
    OTHER = "other"


class WantedPaper(StrEnum):
    """Documents that goods may have to come with, besides certificates."""

    ORIGIN = "origin"
    PHYTOSANITARY = "phytosanitary"
    HEALTH = "health"
    ANALYSIS = "analysis"
    SPECIFICATION = "specification"
    SAFETY_DATA = "safety_data"
    FUMIGATION = "fumigation"
    WEIGHT = "weight"
    DUE_DILIGENCE = "due_diligence"
    LABORATORY = "laboratory"


class Side(StrEnum):
    """Who did a step or wrote a message."""

    BUYER = "buyer"
    SELLER = "seller"
    PROGRAMME = "programme"


class HeardBy(StrEnum):
    """How an answer came that was not written here."""

    PHONE = "phone"
    WHATSAPP = "whatsapp"


class WrittenBy(StrEnum):
    """Who put down here what was said elsewhere."""

    SELF = "self"  # it came in as it was written
    COLLEAGUE = "colleague"
    PROGRAMME = "programme"


class MomentCode(StrEnum):
    """Steps of the timeline."""

    SENT = "sent"
    IN_CHECK = "in_check"
    REJECTED = "rejected"
    REINSTATED = "reinstated"
    INVITED = "invited"
    SEEN = "seen"
    ANSWERED = "answered"
    DECLINED = "declined"
    HANDED_ON = "handed_on"
    ASSIGNED = "assigned"
    INFORMATION_ASKED = "information_asked"
    INFORMATION_GIVEN = "information_given"
    NO_ANSWER = "no_answer"
    REMINDED = "reminded"
    MENTOR_CALLED = "mentor_called"
    PARTNER_CALLED = "partner_called"
    TAKEN_OVER = "taken_over"
    RELEASED = "released"
    FILES_ADDED = "files_added"
    EXTENDED = "extended"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    QUOTED = "quoted"
    QUOTE_REVISED = "quote_revised"
    QUOTE_VIEWED = "quote_viewed"
    QUOTE_COUNTERED = "quote_countered"
    COUNTER_VIEWED = "counter_viewed"
    QUOTE_DECLINED = "quote_declined"
    COUNTER_DECLINED = "counter_declined"
    QUOTE_WITHDRAWN = "quote_withdrawn"
    QUOTE_EXPIRED = "quote_expired"
    QUOTE_IN_REVIEW = "quote_in_review"
    QUOTE_RETURNED = "quote_returned"
    ENOUGH_QUOTES = "enough_quotes"
    AGREED = "agreed"
    AWARDED = "awarded"
    SAMPLE_ASKED = "sample_asked"
    SAMPLE_APPROVED = "sample_approved"
    SAMPLE_DECLINED = "sample_declined"
    SAMPLE_CANCELLED = "sample_cancelled"
    SAMPLE_LAPSED = "sample_lapsed"
    SAMPLE_SENT = "sample_sent"
    SAMPLE_ARRIVED = "sample_arrived"
    PAID_ELSEWHERE = "paid_elsewhere"
    MONEY_WAIVED = "money_waived"
    SAMPLE_JUDGED = "sample_judged"


# steps inside the seller's house
HIDDEN_FROM_BUYER = frozenset({MomentCode.ASSIGNED, MomentCode.QUOTE_IN_REVIEW, MomentCode.QUOTE_RETURNED})
# steps of the request as a whole that its sellers see; whether it waited for a check is the buyer's affair
SHOWN_TO_SELLERS = frozenset(
    {
        MomentCode.SENT,
        MomentCode.FILES_ADDED,
        MomentCode.EXTENDED,
        MomentCode.CLOSED,
        MomentCode.CANCELLED,
        MomentCode.EXPIRED,
        MomentCode.AWARDED,
    }
)


class RfqSource(StrEnum):
    INQUIRY = "inquiry"
    REQUEST = "request"


LIVE = frozenset({RfqState.OPEN, RfqState.NEEDS_INFO})
TO_CHECK = frozenset({RfqState.SUBMITTED, RfqState.IN_REVIEW})
OVER = frozenset(
    {RfqState.AWARDED, RfqState.CLOSED_NO_AWARD, RfqState.EXPIRED, RfqState.CANCELLED, RfqState.REJECTED_SPAM}
)
COMMITTED = frozenset({RecipientState.WILL_QUOTE, RecipientState.QUOTED})
ANSWER_TIME = timedelta(hours=72)
# answer rescue, counted on the recipient's clock; the third step is the end of the time to answer
REMIND_AFTER = timedelta(hours=24)
MENTOR_AFTER = timedelta(hours=48)
# how far the rescue of a lead has come, the last step last
RESCUE_STEPS = (
    MomentCode.REMINDED,
    MomentCode.MENTOR_CALLED,
    MomentCode.PARTNER_CALLED,
    MomentCode.TAKEN_OVER,
    MomentCode.RELEASED,
)
MAX_RECIPIENTS = 12
DEFAULT_QUOTE_CAP = 5
DEFAULT_OPEN_DAYS = 21
REVIEW_TARGET = timedelta(days=1)
MAX_OPEN_DAYS = 180
MAX_LINES = 12
LONGEST_TEXT, LONGEST_PLACE, LONGEST_PACKAGING = 20_000, 80, 200
MAX_QUOTE_CAP = 12
MAX_REQUEST_FILES = 8
REQUESTS_A_DAY = 20
MESSAGES_AN_HOUR = 60
KEPT_FOR = timedelta(days=2)


def written_in(text: str, locale: str) -> str:
    """The language a text is marked with: the writer's, unless it is plainly Chinese in another interface."""
    han = sum("\u4e00" <= letter <= "\u9fff" for letter in text)
    return "zh_Hans" if han * 4 >= max(1, len(text)) and not locale.startswith("zh") else locale


def talks(rfq: RfqState, recipient: RecipientState) -> bool:
    """Whether buyer and seller may still write: as long as the request lives; later if the seller had committed."""
    if rfq in LIVE:
        return recipient not in {RecipientState.CLOSED, RecipientState.DECLINED}
    return rfq in {RfqState.EXPIRED, RfqState.AWARDED} and recipient in COMMITTED


def is_answerable(rfq: RfqState, recipient: RecipientState) -> bool:
    """Whether the seller may still say yes, no, or hand the lead on."""
    return rfq in LIVE and (recipient in UNANSWERED or recipient is RecipientState.NO_ANSWER)


def answer_minutes(answered_at: datetime, deadline_at: datetime) -> int:
    """Whole minutes a seller took; the deadline has moved by as long as the clock stood."""
    began = deadline_at - ANSWER_TIME
    return max(0, int((answered_at - began).total_seconds() // 60))


def moved_deadline(
    deadline_at: datetime,
    stopped_at: datetime,
    moment: datetime,
    spans: Iterable[Span] = (),
    spans_now: Iterable[Span] | None = None,
) -> datetime:
    """The deadline after a clock that stood from ``stopped_at`` to ``moment`` runs again.

    ``spans`` are the closures by which it was reckoned, ``spans_now`` those that hold by now where they are others.
    """
    if deadline_at <= stopped_at:
        return deadline_at + max(timedelta(0), moment - stopped_at)
    closed = list(spans)
    left = open_time(stopped_at, deadline_at, closed)
    return runs_out(max(stopped_at, moment), left, closed if spans_now is None else spans_now)


def is_below(quantity: Quantity, moq: Quantity, contents: Contents) -> bool:
    """Whether ``quantity`` is surely less than the MOQ; False where the units do not convert."""
    try:
        return quantity.compared(moq, contents) < 0
    except UnitMismatch:
        return False
