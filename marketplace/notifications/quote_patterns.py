"""What notices about quotes say: never a price, never another seller's name or number."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# kind -> subject, line, what the one button says
QUOTE_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.LEAD_FULL: (
        _("The buyer has enough quotes: %(product)s"),
        _(
            "The request about %(product)s is closed for you: the buyer has the %(count)s quotes they asked for. "
            "There is nothing left to do."
        ),
        _("See the lead"),
    ),
    Kind.QUOTE_COUNTERED: (
        _("Counter-offer from the buyer: %(product)s"),
        _("The buyer answered your quote for %(product)s with a counter-offer. Accept it or send a new version."),
        _("See the counter-offer"),
    ),
    Kind.QUOTE_ACCEPTED: (
        _("Your quote was accepted: %(product)s"),
        _("The buyer accepted your quote for %(product)s. The agreement shows what both sides owe."),
        _("See the agreement"),
    ),
    Kind.QUOTE_DECLINED: (
        _("Your quote was declined: %(product)s"),
        _("The buyer declined your quote for %(product)s and named the reason. You can send a better version."),
        _("See the reason"),
    ),
    Kind.QUOTE_ENDING_SELLER: (
        _("A quote ends on %(date)s: %(product)s"),
        _("The quote for %(product)s is valid until %(date)s and was not answered yet. Send a new version to keep it."),
        _("See the quote"),
    ),
    Kind.QUOTE_RETURNED: (
        _("Your mentor asks you to mend a quote: %(product)s"),
        _("Your mentor read the quote for %(product)s and left a note. Mend it and send it again."),
        _("Mend the quote"),
    ),
    Kind.QUOTE_APPROVED: (
        _("Your quote was sent: %(product)s"),
        _("Your mentor read the quote for %(product)s, and the buyer has it now."),
        _("See the quote"),
    ),
    Kind.QUOTE_NEW: (
        _("Quote from %(seller)s"),
        _("%(seller)s sent you a quote for %(product)s. Read it, compare, and accept or answer."),
        _("Read the quote"),
    ),
    Kind.QUOTE_REVISED: (
        _("New version of the quote from %(seller)s"),
        _("%(seller)s replaced the quote for %(product)s by a new version. Only the new one can be accepted."),
        _("Read the quote"),
    ),
    Kind.QUOTE_WITHDRAWN: (
        _("%(seller)s withdrew a quote"),
        _("%(seller)s took back the quote for %(product)s. You can write to them, or look at other quotes."),
        _("See the quote"),
    ),
    Kind.QUOTE_ENDING: (
        _("A quote ends on %(date)s: %(seller)s"),
        _(
            "The quote for %(product)s from %(seller)s is valid until %(date)s. "
            "Decide by then, or ask for a new version."
        ),
        _("See the quote"),
    ),
    Kind.COUNTER_DECLINED: (
        _("Your counter-offer was declined: %(product)s"),
        _("%(seller)s cannot agree to your counter-offer for %(product)s. Write to them, or wait for a new version."),
        _("See the quote"),
    ),
    Kind.COUNTER_ACCEPTED: (
        _("%(seller)s accepted your counter-offer"),
        _("%(seller)s accepted your counter-offer for %(product)s. The agreement shows what both sides owe."),
        _("See the agreement"),
    ),
    Kind.QUEUE_QUOTE: (
        _("A quote waits for you as mentor: %(organisation)s"),
        _("%(organisation)s wrote one of its first quotes. Read it, then send it on or give it back with a note."),
        _("Read the quote"),
    ),
}
