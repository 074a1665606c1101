"""What notices about silent sellers say: to the seller, their mentor, who looks after the buyer, and the buyer."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# kind -> subject, line, what the one button says
RESCUE_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.LEAD_REMINDER: (
        _("A buyer waits for your answer: %(product)s"),
        _(
            "A buyer in %(country)s asked you about %(product)s and has had no word yet. Answer by %(deadline)s. "
            "The button opens a light page where you say yes, say no or ask back without signing in. "
            "It works once, for three days."
        ),
        _("Answer now"),
    ),
    Kind.LEAD_HELPED: (
        _("The programme wrote to your buyer: %(product)s"),
        _(
            "The buyer who asked about %(product)s had no word from you, so the programme wrote to them. "
            "Your own answer is still welcome."
        ),
        _("See the lead"),
    ),
    Kind.RESCUE_MENTOR: (
        _("%(seller)s has not answered a buyer"),
        _(
            "A buyer asked %(seller)s about %(product)s two days ago and has had no word. "
            "Call them, or send the prepared WhatsApp text. Their time ends on %(deadline)s."
        ),
        _("See who waits"),
    ),
    Kind.RESCUE_PARTNER: (
        _("A buyer got no answer from %(seller)s"),
        _(
            "%(seller)s gave no answer about %(product)s within three days. "
            "Take the conversation over, or tell the buyer not to wait."
        ),
        _("Look after the buyer"),
    ),
    Kind.REQUEST_RELEASED: (
        _("You need not wait for %(seller)s"),
        _("%(seller)s gives no answer about %(product)s. On the page of your request you see other suppliers."),
        _("See other suppliers"),
    ),
    Kind.REQUEST_HELPED: (
        _("The programme writes to you: %(product)s"),
        _("%(seller)s gave no answer about %(product)s yet, so the programme writes to you. Read the message."),
        _("Read the message"),
    ),
}
