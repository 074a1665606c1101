"""How much one organisation may send: counted in the database, so that it holds across workers and restarts."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.errors import TooMany
from marketplace.kernel.limits import spend_try
from marketplace.rfqs.rules import MESSAGES_AN_HOUR, REQUESTS_A_DAY

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def spend_request(session: Session, organisation_id: int) -> None:
    """Count one more request of this organisation today; `TooMany` beyond twenty."""
    until = spend_try(session, "rfqs.request", str(organisation_id), DAY, REQUESTS_A_DAY)
    if until is not None:
        sentence = _(
            "Your company has sent %(count)s requests in a day. More can follow tomorrow.", count=REQUESTS_A_DAY
        )
        raise TooMany(sentence, max(1, int((until - now()).total_seconds())))


def spend_message(session: Session, organisation_id: int) -> None:
    """Count one more message of this organisation in this hour; `TooMany` beyond sixty."""
    until = spend_try(session, "rfqs.message", str(organisation_id), HOUR, MESSAGES_AN_HOUR)
    if until is not None:
        sentence = _(
            "Your organisation has written %(count)s messages in an hour. Wait a little, then send this one.",
            count=MESSAGES_AN_HOUR,
        )
        raise TooMany(sentence, max(1, int((until - now()).total_seconds())))
