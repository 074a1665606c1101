"""Who may see a report, decide it, or ask for a second look."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, false, or_

from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision, refused
from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportState


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Reports a person made; and those about their organisation's things once they are decided."""
    concerning = (
        and_(Report.owner_id == actor.organisation_id, Report.decided_at.is_not(None))
        if actor.organisation_id is not None
        else false()
    )
    return or_(Report.reporter_id == actor.user_id, concerning)


def is_reporter(actor: Actor, report: Report) -> bool:
    """Whether this person made the report."""
    return report.reporter_id == actor.user_id


def is_affected(actor: Actor, report: Report) -> bool:
    """Whether the reported thing belongs to this person's organisation."""
    return report.owner_id is not None and report.owner_id == actor.organisation_id


def may_appeal(actor: Actor, report: Report) -> Decision:
    """The owner may appeal an upheld report, the reporter a dismissed one; each report once."""
    is_known = is_reporter(actor, report) or (is_affected(actor, report) and report.decided_at is not None)
    if not is_known:
        return HIDDEN
    state = ReportState(report.state)
    if state is ReportState.OPEN:
        return refused(_("Nothing is decided yet."))
    if state not in {ReportState.UPHELD, ReportState.DISMISSED}:
        return refused(_("A second look was asked for already; it happens once."))
    is_losing = is_affected(actor, report) if state is ReportState.UPHELD else is_reporter(actor, report)
    return (
        ALLOWED if is_losing else refused(_("Only the side that the decision went against can ask for a second look."))
    )


def may_decide(actor: Actor, report: Report) -> Decision:
    """Staff decide; not about their own report."""
    if not actor.is_staff:
        return HIDDEN
    if is_reporter(actor, report):
        return refused(_("You made this report yourself, so somebody else decides it."))
    return ALLOWED


def may_decide_appeal(actor: Actor, report: Report) -> Decision:
    """Somebody else than the first curator looks again."""
    allowed = may_decide(actor, report)
    if allowed and report.decided_by_id == actor.user_id:
        return refused(_("You decided this the first time. Somebody else takes the second look."))
    return allowed
