"""What people are told about, and which of it they can turn off."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from marketplace.kernel.policy import OrganisationKind


class Channel(StrEnum):
    """How a notice reaches its person; ``page`` is shown in the account only."""

    MAIL = "mail"
    PAGE = "page"


class Topic(StrEnum):
    """What a person turns on or off; every kind of notice belongs to one."""

    ACCOUNT = "account"
    LEADS = "leads"
    REQUESTS = "requests"
    MESSAGES = "messages"
    MEETINGS = "meetings"
    LISTINGS = "listings"
    STANDING = "standing"
    PARTNERS = "partners"
    REPORTS = "reports"
    SEARCHES = "searches"
    MONEY = "money"
    QUEUES = "queues"
    RESCUE = "rescue"


class Kind(StrEnum):
    """What happened, as the person who is told sees it."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a kind of notice, no password
    MEMBER_INVITE = "member_invite"
    SELLER_INVITE = "seller_invite"
    ACCOUNT_EXISTS = "account_exists"
    GUEST_REQUEST = "guest_request"
    GUEST_SIGN_IN = "guest_sign_in"
    GUEST_SENT = "guest_sent"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of notice, no password
    EMAIL_CHANGED = "email_changed"
    DATA_READY = "data_ready"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    LEAD_NEW = "lead_new"
    LEAD_REMINDER = "lead_reminder"
    LEAD_HELPED = "lead_helped"
    RESCUE_MENTOR = "rescue_mentor"
    RESCUE_PARTNER = "rescue_partner"
    REQUEST_RELEASED = "request_released"
    REQUEST_HELPED = "request_helped"
    LEAD_OVERDUE = "lead_overdue"
    LEAD_CLOSED = "lead_closed"
    LEAD_FULL = "lead_full"
    QUOTE_COUNTERED = "quote_countered"
    QUOTE_ACCEPTED = "quote_accepted"
    QUOTE_DECLINED = "quote_declined"
    QUOTE_ENDING_SELLER = "quote_ending_seller"
    QUOTE_RETURNED = "quote_returned"
    QUOTE_APPROVED = "quote_approved"
    QUOTE_NEW = "quote_new"
    QUOTE_REVISED = "quote_revised"
    QUOTE_WITHDRAWN = "quote_withdrawn"
    QUOTE_ENDING = "quote_ending"
    COUNTER_ACCEPTED = "counter_accepted"
    COUNTER_DECLINED = "counter_declined"
    POOL_ASKED = "pool_asked"
    POOL_ANSWERED = "pool_answered"
    POOL_AGREED = "pool_agreed"
    POOL_HAS_COORDINATOR = "pool_has_coordinator"
    POOL_TO_COORDINATE = "pool_to_coordinate"
    POOL_NEWS = "pool_news"
    POOL_TAKEN_BACK = "pool_taken_back"
    COORDINATOR_AGREED = "coordinator_agreed"
    COORDINATOR_GONE = "coordinator_gone"
    COORDINATOR_QUOTED = "coordinator_quoted"
    QUEUE_QUOTE = "queue_quote"
    SAMPLE_ASKED = "sample_asked"
    SAMPLE_PAID = "sample_paid"
    SAMPLE_ARRIVED = "sample_arrived"
    SAMPLE_JUDGED = "sample_judged"
    DEAL_STEP_SELLER = "deal_step_seller"
    DEAL_STOPPED_SELLER = "deal_stopped_seller"
    DEAL_CHANGED_SELLER = "deal_changed_seller"
    SAMPLE_APPROVED = "sample_approved"
    SAMPLE_DECLINED = "sample_declined"
    SAMPLE_SENT = "sample_sent"
    DEAL_STEP_BUYER = "deal_step_buyer"
    DEAL_STOPPED_BUYER = "deal_stopped_buyer"
    DEAL_CHANGED_BUYER = "deal_changed_buyer"
    REQUEST_OPEN = "request_open"
    REQUEST_REJECTED = "request_rejected"
    REQUEST_ANSWERED = "request_answered"
    REQUEST_DECLINED = "request_declined"
    REQUEST_UNANSWERED = "request_unanswered"
    REQUEST_EXPIRED = "request_expired"
    REQUEST_QUESTION = "request_question"
    REQUEST_HANDED_ON = "request_handed_on"
    REQUEST_SUPPLIER = "request_supplier"
    REQUESTS_FOR_YOU = "requests_for_you"
    MESSAGE_TO_BUYER = "message_to_buyer"
    MESSAGE_TO_SELLER = "message_to_seller"
    MAIL_NOT_TAKEN = "mail_not_taken"
    MAIL_PAPERS = "mail_papers"
    LISTING_PUBLISHED = "listing_published"
    LISTING_RETURNED = "listing_returned"
    CERTIFICATE_ENDING = "certificate_ending"
    CERTIFICATE_EXPIRED = "certificate_expired"
    ORGANISATION_VERIFIED = "organisation_verified"
    ORGANISATION_SUSPENDED = "organisation_suspended"
    ORGANISATION_BACK = "organisation_back"
    SELLER_CURATED = "seller_curated"
    DISTRIBUTOR_INVITED = "distributor_invited"
    DISTRIBUTOR_APPLIED = "distributor_applied"
    APPLICATION_NEEDS_INFO = "application_needs_info"
    APPLICATION_APPROVED = "application_approved"
    APPLICATION_REFUSED = "application_refused"
    INTRODUCTION_TO_SELLER = "introduction_to_seller"
    INTRODUCTION_TO_BUYER = "introduction_to_buyer"
    INTRODUCED_SELLER = "introduced_seller"
    INTRODUCED_BUYER = "introduced_buyer"
    INTRODUCTION_MADE = "introduction_made"
    INTRODUCTION_REFUSED = "introduction_refused"
    PARTNERSHIP_REVIEW = "partnership_review"
    OPPORTUNITY_REGISTERED = "opportunity_registered"
    REPORT_DECIDED = "report_decided"
    REPORT_ABOUT_YOU = "report_about_you"
    APPEAL_DECIDED = "appeal_decided"
    SAVED_SEARCH_FOUND = "saved_search_found"
    PAYMENT_PAID = "payment_paid"
    PAYMENT_RECEIPT = "payment_receipt"
    CARD_PAID = "card_paid"
    CARD_RECEIPT = "card_receipt"
    ELSEWHERE_RECEIPT = "elsewhere_receipt"
    FREIGHT_BUYER = "freight_buyer"
    FREIGHT_SELLER = "freight_seller"
    BALANCE_DUE = "balance_due"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_REFUNDED = "payment_refunded"
    REFUND_FAILED = "refund_failed"
    REFUND_TAKEN_BACK = "refund_taken_back"
    PAYMENT_DISPUTED = "payment_disputed"
    DISPUTE_CLOSED = "dispute_closed"
    OFFER_FOR_YOU = "offer_for_you"
    OFFER_ENDED = "offer_ended"
    CLOSED_BY_MENTOR = "closed_by_mentor"
    MEETING_ASKED = "meeting_asked"
    MEETING_WAITS = "meeting_waits"
    MEETING_SET = "meeting_set"
    MEETING_DECLINED = "meeting_declined"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_OVER = "meeting_over"
    MEETING_WISHED = "meeting_wished"
    MEMBERSHIP_BEGUN = "membership_begun"
    MEMBERSHIP_SOLD = "membership_sold"
    MEMBERSHIP_ENDING = "membership_ending"
    MEMBERSHIP_TAKEN_BACK = "membership_taken_back"
    MEMBERSHIP_OUTDATED = "membership_outdated"
    MEMBERSHIP_DISPUTED = "membership_disputed"
    MEMBERSHIP_PAID_LATE = "membership_paid_late"
    ENDPOINT_OFF = "endpoint_off"
    BANK_DECIDED = "bank_decided"
    QUEUE_BANK = "queue_bank"
    QUEUE_PAYMENT = "queue_payment"
    QUEUE_REQUEST = "queue_request"
    QUEUE_SELLER = "queue_seller"
    QUEUE_REPORT = "queue_report"
    QUEUE_APPEAL = "queue_appeal"
    STANDING_CHANGED = "standing_changed"
    STANDING_OF_CHARGE = "standing_of_charge"
    REVIEW_WANTED = "review_wanted"
    REVIEW_PUBLISHED = "review_published"
    REVIEW_REJECTED = "review_rejected"
    REVIEW_RECEIVED = "review_received"
    REVIEW_ANSWERED = "review_answered"
    QUEUE_REVIEW = "queue_review"


TOPIC_OF: dict[Kind, Topic] = {
    Kind.VERIFY_EMAIL: Topic.ACCOUNT,
    Kind.CHANGE_EMAIL: Topic.ACCOUNT,
    Kind.RESET_PASSWORD: Topic.ACCOUNT,
    Kind.MEMBER_INVITE: Topic.ACCOUNT,
    Kind.SELLER_INVITE: Topic.ACCOUNT,
    Kind.ACCOUNT_EXISTS: Topic.ACCOUNT,
    Kind.GUEST_REQUEST: Topic.ACCOUNT,
    Kind.GUEST_SIGN_IN: Topic.ACCOUNT,
    Kind.GUEST_SENT: Topic.ACCOUNT,
    Kind.PASSWORD_CHANGED: Topic.ACCOUNT,
    Kind.EMAIL_CHANGED: Topic.ACCOUNT,
    Kind.DATA_READY: Topic.ACCOUNT,
    Kind.SECOND_FACTOR_ON: Topic.ACCOUNT,
    Kind.SECOND_FACTOR_OFF: Topic.ACCOUNT,
    Kind.LEAD_NEW: Topic.LEADS,
    Kind.LEAD_REMINDER: Topic.LEADS,
    Kind.LEAD_HELPED: Topic.LEADS,
    Kind.RESCUE_MENTOR: Topic.RESCUE,
    Kind.RESCUE_PARTNER: Topic.RESCUE,
    Kind.REQUEST_RELEASED: Topic.REQUESTS,
    Kind.REQUEST_HELPED: Topic.REQUESTS,
    Kind.LEAD_OVERDUE: Topic.LEADS,
    Kind.LEAD_CLOSED: Topic.LEADS,
    Kind.LEAD_FULL: Topic.LEADS,
    Kind.QUOTE_COUNTERED: Topic.LEADS,
    Kind.QUOTE_ACCEPTED: Topic.LEADS,
    Kind.QUOTE_DECLINED: Topic.LEADS,
    Kind.QUOTE_ENDING_SELLER: Topic.LEADS,
    Kind.QUOTE_RETURNED: Topic.LEADS,
    Kind.QUOTE_APPROVED: Topic.LEADS,
    Kind.QUOTE_NEW: Topic.REQUESTS,
    Kind.QUOTE_REVISED: Topic.REQUESTS,
    Kind.QUOTE_WITHDRAWN: Topic.REQUESTS,
    Kind.QUOTE_ENDING: Topic.REQUESTS,
    Kind.COUNTER_ACCEPTED: Topic.REQUESTS,
    Kind.COUNTER_DECLINED: Topic.REQUESTS,
    Kind.POOL_ASKED: Topic.LEADS,
    Kind.POOL_ANSWERED: Topic.LEADS,
    Kind.POOL_AGREED: Topic.LEADS,
    Kind.POOL_HAS_COORDINATOR: Topic.LEADS,
    Kind.POOL_TO_COORDINATE: Topic.PARTNERS,
    Kind.POOL_NEWS: Topic.PARTNERS,
    Kind.POOL_TAKEN_BACK: Topic.PARTNERS,
    Kind.COORDINATOR_AGREED: Topic.LEADS,
    Kind.COORDINATOR_GONE: Topic.LEADS,
    Kind.COORDINATOR_QUOTED: Topic.LEADS,
    Kind.QUEUE_QUOTE: Topic.QUEUES,
    Kind.SAMPLE_ASKED: Topic.LEADS,
    Kind.SAMPLE_PAID: Topic.LEADS,
    Kind.SAMPLE_ARRIVED: Topic.LEADS,
    Kind.SAMPLE_JUDGED: Topic.LEADS,
    Kind.DEAL_STEP_SELLER: Topic.LEADS,
    Kind.DEAL_STOPPED_SELLER: Topic.LEADS,
    Kind.DEAL_CHANGED_SELLER: Topic.LEADS,
    Kind.SAMPLE_APPROVED: Topic.REQUESTS,
    Kind.SAMPLE_DECLINED: Topic.REQUESTS,
    Kind.SAMPLE_SENT: Topic.REQUESTS,
    Kind.DEAL_STEP_BUYER: Topic.REQUESTS,
    Kind.DEAL_STOPPED_BUYER: Topic.REQUESTS,
    Kind.DEAL_CHANGED_BUYER: Topic.REQUESTS,
    Kind.REQUEST_OPEN: Topic.REQUESTS,
    Kind.REQUEST_REJECTED: Topic.REQUESTS,
    Kind.REQUEST_ANSWERED: Topic.REQUESTS,
    Kind.REQUEST_DECLINED: Topic.REQUESTS,
    Kind.REQUEST_UNANSWERED: Topic.REQUESTS,
    Kind.REQUEST_EXPIRED: Topic.REQUESTS,
    Kind.REQUEST_QUESTION: Topic.REQUESTS,
    Kind.REQUEST_HANDED_ON: Topic.REQUESTS,
    Kind.REQUEST_SUPPLIER: Topic.REQUESTS,
    Kind.REQUESTS_FOR_YOU: Topic.LEADS,
    Kind.MESSAGE_TO_BUYER: Topic.MESSAGES,
    Kind.MESSAGE_TO_SELLER: Topic.MESSAGES,
    Kind.MAIL_NOT_TAKEN: Topic.MESSAGES,
    Kind.MAIL_PAPERS: Topic.MESSAGES,
    Kind.LISTING_PUBLISHED: Topic.LISTINGS,
    Kind.LISTING_RETURNED: Topic.LISTINGS,
    Kind.CERTIFICATE_ENDING: Topic.LISTINGS,
    Kind.CERTIFICATE_EXPIRED: Topic.LISTINGS,
    Kind.ORGANISATION_VERIFIED: Topic.STANDING,
    Kind.ORGANISATION_SUSPENDED: Topic.ACCOUNT,
    Kind.ORGANISATION_BACK: Topic.ACCOUNT,
    Kind.SELLER_CURATED: Topic.STANDING,
    Kind.DISTRIBUTOR_INVITED: Topic.ACCOUNT,
    Kind.DISTRIBUTOR_APPLIED: Topic.PARTNERS,
    Kind.APPLICATION_NEEDS_INFO: Topic.PARTNERS,
    Kind.APPLICATION_APPROVED: Topic.PARTNERS,
    Kind.APPLICATION_REFUSED: Topic.PARTNERS,
    Kind.INTRODUCTION_TO_SELLER: Topic.LEADS,
    Kind.INTRODUCTION_TO_BUYER: Topic.PARTNERS,
    Kind.INTRODUCED_SELLER: Topic.LEADS,
    Kind.INTRODUCED_BUYER: Topic.PARTNERS,
    Kind.INTRODUCTION_MADE: Topic.PARTNERS,
    Kind.INTRODUCTION_REFUSED: Topic.PARTNERS,
    Kind.PARTNERSHIP_REVIEW: Topic.PARTNERS,
    Kind.OPPORTUNITY_REGISTERED: Topic.PARTNERS,
    Kind.REPORT_DECIDED: Topic.REPORTS,
    Kind.REPORT_ABOUT_YOU: Topic.REPORTS,
    Kind.APPEAL_DECIDED: Topic.REPORTS,
    Kind.SAVED_SEARCH_FOUND: Topic.SEARCHES,
    Kind.PAYMENT_PAID: Topic.MONEY,
    Kind.PAYMENT_RECEIPT: Topic.MONEY,
    Kind.CARD_PAID: Topic.MONEY,
    Kind.CARD_RECEIPT: Topic.MONEY,
    Kind.ELSEWHERE_RECEIPT: Topic.MONEY,
    Kind.FREIGHT_BUYER: Topic.MONEY,
    Kind.FREIGHT_SELLER: Topic.MONEY,
    Kind.BALANCE_DUE: Topic.MONEY,
    Kind.PAYMENT_FAILED: Topic.MONEY,
    Kind.PAYMENT_REFUNDED: Topic.MONEY,
    Kind.REFUND_FAILED: Topic.MONEY,
    Kind.REFUND_TAKEN_BACK: Topic.MONEY,
    Kind.PAYMENT_DISPUTED: Topic.MONEY,
    Kind.DISPUTE_CLOSED: Topic.MONEY,
    Kind.OFFER_FOR_YOU: Topic.REQUESTS,
    Kind.OFFER_ENDED: Topic.LISTINGS,
    Kind.CLOSED_BY_MENTOR: Topic.STANDING,
    Kind.MEETING_ASKED: Topic.MEETINGS,
    Kind.MEETING_WAITS: Topic.MEETINGS,
    Kind.MEETING_SET: Topic.MEETINGS,
    Kind.MEETING_DECLINED: Topic.MEETINGS,
    Kind.MEETING_CANCELLED: Topic.MEETINGS,
    Kind.MEETING_OVER: Topic.MEETINGS,
    Kind.MEETING_WISHED: Topic.MEETINGS,
    Kind.MEMBERSHIP_BEGUN: Topic.MONEY,
    Kind.MEMBERSHIP_SOLD: Topic.MONEY,
    Kind.MEMBERSHIP_ENDING: Topic.MONEY,
    Kind.MEMBERSHIP_TAKEN_BACK: Topic.MONEY,
    Kind.MEMBERSHIP_OUTDATED: Topic.MONEY,
    Kind.MEMBERSHIP_DISPUTED: Topic.MONEY,
    Kind.MEMBERSHIP_PAID_LATE: Topic.MONEY,
    Kind.ENDPOINT_OFF: Topic.ACCOUNT,
    Kind.BANK_DECIDED: Topic.MONEY,
    Kind.QUEUE_BANK: Topic.QUEUES,
    Kind.QUEUE_PAYMENT: Topic.QUEUES,
    Kind.QUEUE_REQUEST: Topic.QUEUES,
    Kind.QUEUE_SELLER: Topic.QUEUES,
    Kind.QUEUE_REPORT: Topic.QUEUES,
    Kind.QUEUE_APPEAL: Topic.QUEUES,
    Kind.STANDING_CHANGED: Topic.STANDING,
    Kind.STANDING_OF_CHARGE: Topic.RESCUE,
    Kind.REVIEW_WANTED: Topic.REQUESTS,
    Kind.REVIEW_PUBLISHED: Topic.REQUESTS,
    Kind.REVIEW_REJECTED: Topic.REPORTS,
    Kind.REVIEW_RECEIVED: Topic.STANDING,
    Kind.REVIEW_ANSWERED: Topic.REQUESTS,
    Kind.QUEUE_REVIEW: Topic.QUEUES,
}
ALWAYS_ON = frozenset({Topic.ACCOUNT})  # safety of the account: no choice
OFF_BY_DEFAULT = frozenset({Topic.QUEUES})  # staff see their queues on the desk
CHOICES: dict[OrganisationKind | None, tuple[Topic, ...]] = {
    OrganisationKind.SELLER: (
        Topic.LEADS,
        Topic.MESSAGES,
        Topic.MEETINGS,
        Topic.MONEY,
        Topic.LISTINGS,
        Topic.STANDING,
        Topic.SEARCHES,
        Topic.REPORTS,
    ),
    OrganisationKind.BUYER: (
        Topic.REQUESTS,
        Topic.MESSAGES,
        Topic.MEETINGS,
        Topic.MONEY,
        Topic.STANDING,
        Topic.PARTNERS,
        Topic.SEARCHES,
        Topic.REPORTS,
    ),
    OrganisationKind.CHAPTER: (
        Topic.PARTNERS,
        Topic.RESCUE,
        Topic.MONEY,
        Topic.STANDING,
        Topic.SEARCHES,
        Topic.REPORTS,
    ),
    OrganisationKind.PROGRAMME: (Topic.RESCUE, Topic.QUEUES, Topic.SEARCHES, Topic.REPORTS),
    None: (Topic.SEARCHES, Topic.REPORTS),
}
# a talk that goes to and fro sends one mail, not ten
QUIET_AFTER_MAIL = timedelta(minutes=15)
TALK = frozenset({Kind.MESSAGE_TO_BUYER, Kind.MESSAGE_TO_SELLER})
ATTEMPT_LEASE = timedelta(minutes=5)
SECRET_LIFE = timedelta(days=3)  # a link that could not be sent by then is forgotten
KEPT = timedelta(days=365)
# what a mentor may pass on by telephone to a seller without e-mail
PASSED_ON = frozenset(
    {
        Topic.LEADS,
        Topic.MONEY,
        Topic.MESSAGES,
        Topic.MEETINGS,
        Topic.LISTINGS,
        Topic.STANDING,
        Topic.REPORTS,
    }
)


def is_on(topic: Topic, choice: bool | None) -> bool:
    """Whether a topic goes out by mail, given the person's choice (None where they made none)."""
    if topic in ALWAYS_ON:
        return True
    return topic not in OFF_BY_DEFAULT if choice is None else choice
