"""That staff looked at something private is written down, in a short transaction before the page."""

from __future__ import annotations

from flask import request

from marketplace.kernel.audit import audit_look
from marketplace.kernel.http import current_actor
from marketplace.kernel.uow import transaction


def note_seen(action: str, subject: str) -> None:
    """Write down that the acting person opened a page; a browser that only asks for its head sees nothing."""
    if request.method == "GET":
        with transaction() as session:
            audit_look(session, current_actor(), action, subject)
