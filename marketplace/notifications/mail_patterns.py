"""What notices about mails that came in say: to the person whose reply address it was, to nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

MAIL_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.MAIL_NOT_TAKEN: (
        _("A mail of yours was not passed on: %(product)s"),
        _("%(mail)s Nothing of it was sent to the other side."),
        _("Open the conversation"),
    ),
    Kind.MAIL_PAPERS: (
        _("Your mail was passed on without all its files: %(product)s"),
        _(
            "Files that came with it and were left out: %(count)s. PDF and pictures up to 10 MB can be sent, four with "
            "one message."
        ),
        _("Open the conversation"),
    ),
}
REASONS: Mapping[str, Any] = {
    "foreign": _(
        "It came to your reply address, but not from the address of your account. If you wrote it, write from your own "
        "address; if not, make new reply addresses under “What comes by mail”."
    ),
    "empty": _("Above the quoted text there were no words of your own."),
    "too_large": _("It was too long: 20,000 letters and 30 MB can be read."),
    "closed": _("The conversation is closed, so no message can be added."),
    "limit": _("Your organisation has written many messages in an hour. Send it again a little later."),
    "blocked": _("One side has blocked the other, so you cannot write to each other."),
    "rejected": _("It could not be taken as it is."),
}
