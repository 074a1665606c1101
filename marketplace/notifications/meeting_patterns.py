"""What notices about meetings at fairs say: who, where and when, never what somebody wrote."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.notifications.rules import Kind

# kind -> subject, line, what the one button says
MEETING_TEXTS: dict[Kind, tuple[Any, Any, Any]] = {
    Kind.MEETING_ASKED: (
        _("%(organisation)s would like to meet you at %(fair)s"),
        _("%(organisation)s asks you for a meeting at %(fair)s and says why. Choose a time, or decline."),
        _("Read and answer"),
    ),
    Kind.MEETING_WAITS: (
        _("A request for a meeting waits for you: %(fair)s"),
        _("%(organisation)s would like to meet you at %(fair)s and has no answer yet. Times are being taken."),
        _("Read and answer"),
    ),
    Kind.MEETING_SET: (
        _("Your meeting is set: %(organisation)s"),
        _("You meet %(organisation)s at %(fair)s on %(date)s at %(time)s, by the clock there."),
        _("See the meeting"),
    ),
    Kind.MEETING_DECLINED: (
        _("%(organisation)s cannot meet you at %(fair)s"),
        _("Your request for a meeting at %(fair)s was declined. The reason stands on the page."),
        _("See the reason"),
    ),
    Kind.MEETING_CANCELLED: (
        _("Your meeting is cancelled: %(organisation)s"),
        _("The meeting with %(organisation)s at %(fair)s is cancelled. Its time is free for others."),
        _("See the meeting"),
    ),
    Kind.MEETING_OVER: (
        _("What came of it: %(organisation)s"),
        _("You were to meet %(organisation)s at %(fair)s. Say whether you met, and go on from there."),
        _("Say what came of it"),
    ),
    Kind.MEETING_WISHED: (
        _("%(organisation)s waits for your inquiry"),
        _("%(organisation)s noted that you want a quote or a sample after %(fair)s. Send it in one step."),
        _("Send the inquiry"),
    ),
}
