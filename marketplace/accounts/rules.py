"""What an account may look like: purposes of single-use links, verification levels, password rules."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What a single-use link is good for."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, no password
    SELLER_INVITE = "seller_invite"
    MEMBER_INVITE = "member_invite"
    LEAD_REMINDER = "lead_reminder"  # a seller answers one lead without signing in
    GUEST_REQUEST = "guest_request"  # a visitor's request waits until they open the mail
    GUEST_ACCESS = "guest_access"  # a guest follows their requests without a password
    SELLER_APPLY = "seller_apply"  # registered with a telephone number alone; waits for a curator's invitation


LINK_LIFE = {
    Purpose.VERIFY_EMAIL: timedelta(days=3),
    Purpose.CHANGE_EMAIL: timedelta(days=1),
    Purpose.RESET_PASSWORD: timedelta(hours=2),
    Purpose.SELLER_INVITE: timedelta(days=14),
    Purpose.MEMBER_INVITE: timedelta(days=7),
    Purpose.LEAD_REMINDER: timedelta(hours=72),
    Purpose.GUEST_REQUEST: timedelta(days=3),
    Purpose.GUEST_ACCESS: timedelta(days=90),
    Purpose.SELLER_APPLY: timedelta(days=30),
}
# The page each link opens, without language prefix. Opening only shows; the form on the page uses the link up.
LINK_PATHS = {
    Purpose.VERIFY_EMAIL: "/confirm-email/{token}",
    Purpose.CHANGE_EMAIL: "/change-email/{token}",
    Purpose.RESET_PASSWORD: "/reset-password/{token}",
    Purpose.SELLER_INVITE: "/invitations/seller/{token}",
    Purpose.MEMBER_INVITE: "/invitations/member/{token}",
    Purpose.LEAD_REMINDER: "/answer/{token}",
    Purpose.GUEST_REQUEST: "/guest-requests/{token}",
}
SESSION_LIFE = timedelta(days=30)
HALF_SESSION_LIFE = timedelta(minutes=10)  # between password and second factor
SESSION_IDLE = timedelta(days=7)
PASSWORD_LENGTH = 10
PASSWORD_LIMIT = 200  # longer ones only cost time
RECOVERY_CODES = 10


class VerificationLevel(StrEnum):
    """What was checked about an organisation; each level means its own kind of proof."""

    NONE = "none"
    LISTED = "listed"
    REVIEWED = "reviewed"
    VERIFIED = "verified"


class VerificationMethod(StrEnum):
    DESK = "desk"
    VIDEO = "video"
    VISIT = "visit"


LEVEL_ORDER = {level: number for number, level in enumerate(VerificationLevel)}


class DataRequestKind(StrEnum):
    EXPORT = "export"
    ERASURE = "erasure"


# The shortest legal clock among GDPR, UU 27/2022 and PIPL: 3 x 24 hours for everything.
DATA_REQUEST_CLOCK = timedelta(hours=72)


class Document(StrEnum):
    """What people agree to, each for itself."""

    TERMS = "terms"
    PRIVACY = "privacy"
    TRANSFER = "transfer"  # personal data cross a border: asked for separately


# A change of a text raises its version; the text that was agreed to stays readable.
DOCUMENT_VERSIONS = {Document.TERMS: "2026-11-22", Document.PRIVACY: "2026-11-22", Document.TRANSFER: "2026-11-22"}
UNCONFIRMED_LIFE = timedelta(days=30)  # an address that nobody confirmed is forgotten
EXPORT_LIFE = timedelta(days=7)  # a copy of one's data lies ready so long
