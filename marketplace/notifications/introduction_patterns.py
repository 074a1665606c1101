"""What notices about introductions say: to the seller, the distributor and the chapter that brings them together."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# kind -> subject, line, what the one button says
INTRODUCTION_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.INTRODUCTION_TO_SELLER: (
        _("%(chapter)s would like to introduce a distributor to you"),
        _(
            "%(chapter)s knows a distributor in %(country)s who looks for %(product)s. "
            "See why you suit each other, and say whether you want to meet."
        ),
        _("See the introduction"),
    ),
    Kind.INTRODUCTION_TO_BUYER: (
        _("%(chapter)s would like to introduce %(seller)s to you"),
        _("%(seller)s offers %(product)s. See why you suit each other, and say whether you want to meet."),
        _("See the introduction"),
    ),
    Kind.INTRODUCED_SELLER: (
        _("You are introduced to %(distributor)s"),
        _("You both said yes. %(distributor)s sees your goods and can send you a request."),
        _("See the introduction"),
    ),
    Kind.INTRODUCED_BUYER: (
        _("You are introduced to %(seller)s"),
        _("You both said yes. Send %(seller)s a first request."),
        _("See the introduction"),
    ),
    Kind.INTRODUCTION_MADE: (
        _("%(distributor)s and %(seller)s said yes"),
        _("Both accepted your introduction. What comes of it counts for your chapter."),
        _("See your introductions"),
    ),
    Kind.INTRODUCTION_REFUSED: (
        _("An introduction did not come about"),
        _("%(distributor)s and %(seller)s will not meet for now. You can introduce others to each other."),
        _("See your introductions"),
    ),
    Kind.PARTNERSHIP_REVIEW: (
        _("Look at the partnership with %(distributor)s"),
        _("You wanted to look at it again by %(date)s. See grade and territories, and set the next day."),
        _("See the partnership"),
    ),
    Kind.OPPORTUNITY_REGISTERED: (
        _("%(distributor)s has registered an opportunity"),
        _("It is about %(product)s for %(country)s. Read it, and help to find the right pesantren."),
        _("See the opportunity"),
    ),
}
