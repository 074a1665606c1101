"""What notices about reviews say: the goods and the seller's name, never anybody's words or points."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# kind -> subject, line, what the one button says
REVIEW_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.REVIEW_WANTED: (
        _("What did you find?"),
        _(
            "Your sample has arrived or your deal is settled. A few sentences and points help other buyers and the "
            "seller. We ask once."
        ),
        _("Write a review"),
    ),
    Kind.REVIEW_PUBLISHED: (
        _("Your review is published"),
        _("A curator has read your review, and everybody can read it now, without your name."),
        _("See our reviews"),
    ),
    Kind.REVIEW_REJECTED: (
        _("Your review is not published"),
        _("A curator has read your review and left a note on why it cannot stand. You can ask for a second look."),
        _("Read the decision"),
    ),
    Kind.REVIEW_RECEIVED: (
        _("A buyer reviewed you"),
        _("A review of your goods or your house is published. Read it; you can answer once, for everybody to read."),
        _("Read and answer"),
    ),
    Kind.REVIEW_ANSWERED: (
        _("The seller answered your review"),
        _("The seller's answer stands below your review, where everybody reads it."),
        _("See our reviews"),
    ),
    Kind.QUEUE_REVIEW: (
        _("A review waits to be read"),
        _("A buyer wrote a review. Read it, and publish it or say why not."),
        _("Read the review"),
    ),
}
