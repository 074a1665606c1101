"""What a visitor typed before signing in waits for them, behind a cookie of their browser."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts.services.throttle import network_of
from marketplace.kernel.clock import now
from marketplace.kernel.cookies import keep_cookie
from marketplace.kernel.errors import TooMany
from marketplace.kernel.limits import count_try, tries_left_at
from marketplace.kernel.uow import transaction
from marketplace.kernel.way_back import keep_way_back
from marketplace.rfqs.rules import KEPT_FOR
from marketplace.rfqs.services import drop_text, keep_text
from marketplace.rfqs.services.limiting import DAY

KEPT_A_DAY = 30


def kept_for_visitor(fields: Mapping[str, str], cookie: str, *, leads_to: str, way_back: str) -> Response:
    """Keep the fields for two days under ``cookie``, in place of what it named before, and lead on (303).

    Whoever registers meanwhile comes back to the path ``way_back``. `TooMany` where this connection kept too many.
    """
    who = network_of(request.remote_addr)
    with transaction() as session:
        until = tries_left_at(session, "rfqs.kept", who, DAY, KEPT_A_DAY)
        if until is not None:
            wait = max(1, int((until - now()).total_seconds()))
            raise TooMany(_("Too many texts were kept for this connection. Sign in first, then write."), wait)
        count_try(session, "rfqs.kept", who, DAY)
        drop_text(session, request.cookies.get(cookie, ""))
        token = keep_text(session, fields)
    response = redirect(leads_to, 303)
    seconds = int(KEPT_FOR.total_seconds())
    keep_cookie(response, cookie, token, seconds)
    keep_way_back(response, way_back, seconds)
    return response
