"""How often sign-in, codes and mails may be tried: per account and per address, counted in the database."""

from __future__ import annotations

import ipaddress
import logging
import math
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.errors import TooMany
from marketplace.kernel.limits import Tally, count_try, tally_key

log = logging.getLogger(__name__)
FIVE_MINUTES = timedelta(minutes=5)


@dataclass(frozen=True)
class Limit:
    """So many tries of one kind in a window."""

    kind: str
    tries: int
    window: timedelta = FIVE_MINUTES


SIGN_IN_ACCOUNT = Limit("sign-in/account", 10)
SIGN_IN_ADDRESS = Limit("sign-in/address", 10)
CODE_ACCOUNT = Limit("second-factor/account", 5)
PASSWORD_AGAIN = Limit("password-again/account", 10)
LINK_TRY = Limit("link/try", 10)
MAIL_ADDRESS = Limit("mail/address", 20, timedelta(hours=1))  # asked from one network address
MAIL_RECIPIENT = Limit("mail/recipient", 5, timedelta(hours=1))  # sent to one mailbox
GUEST_ADDRESS = Limit("guest/address", 10, timedelta(hours=1))  # requests without an account from one network address
GUEST_RECIPIENT = Limit("guest/recipient", 5, timedelta(days=1))  # and for one mailbox
GUEST_PAPERS = Limit("guest/papers", 10, timedelta(hours=1))  # times documents come with one guest's confirmation
INVITE_ORGANISATION = Limit("invite/organisation", 30, timedelta(days=1))
UPLOAD_ORGANISATION = Limit("upload/organisation", 200, timedelta(days=1))


def network_of(address: str | None) -> str:
    """The network address that counts: an IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def spend(session: Session, limit: Limit, who: str) -> None:
    """Count one try; `TooMany` when it is one more than allowed in the window."""
    if count_try(session, limit.kind, who, limit.window) <= limit.tries:
        return
    log.warning("accounts.too_many_tries", extra={"kind": limit.kind})
    row = session.get(Tally, tally_key(limit.kind, who))
    left = row.since + limit.window - now() if row else limit.window
    seconds = math.ceil(left.total_seconds())
    minutes = max(1, -(-seconds // 60))
    sentence = _("Too many tries. Please wait %(minutes)s minutes and try again.", minutes=minutes)
    raise TooMany(sentence, max(1, seconds))


def give_back(session: Session, limit: Limit, who: str) -> None:
    """Take back one try that succeeded, so that many good sign-ins from one office lock nobody out."""
    row = session.get(Tally, tally_key(limit.kind, who), with_for_update=True)
    if row is not None and row.count > 0:
        row.count -= 1
