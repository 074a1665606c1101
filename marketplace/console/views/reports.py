"""Reports on the desk: decided, and after an appeal decided again by somebody else."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.console.blueprint import bp
from marketplace.console.forms import DecisionForm
from marketplace.console.seeing import note_seen
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.moderation import labels
from marketplace.moderation.policies import may_decide, may_decide_appeal
from marketplace.moderation.queries import any_report, evidence_of, report_queue, reported
from marketplace.moderation.rules import ReportState
from marketplace.moderation.services import decide_appeal as decide_appeal_of
from marketplace.moderation.services import decide_report as decide_report_of
from marketplace.rfqs.queries.contacts import is_frozen_by


@bp.get("/console/reports")
def reports() -> ResponseReturnValue:
    """What waits for a decision, or reports in one state."""
    wish = request.args.get("state", "")
    state = ReportState(wish) if wish in set(ReportState) else None
    page = report_queue(db.session(), state, page_number(request.args.get("page")))
    return render_template(
        "console/reports.html", page=page, state=state, labels=labels, states=list(ReportState), moment=now(),
        zone=current_actor().time_zone,
    )  # fmt: skip


@bp.get("/console/reports/<key>")
def report(key: str) -> ResponseReturnValue:
    """One report with the reported thing."""
    note_seen("report.seen", f"report:{any_report(db.session(), current_actor(), key).id}")
    return _page(key, None)


def _page(key: str, form: DecisionForm | None) -> str:
    session, actor = db.session(), current_actor()
    found = any_report(session, actor, key)
    is_appealed = found.state == ReportState.APPEALED
    decision = may_decide_appeal(actor, found) if is_appealed else may_decide(actor, found)
    return render_template(
        "console/report.html",
        report=found,
        thing=reported(session, found),
        form=form or DecisionForm(formdata=None, version=found.version),
        labels=labels,
        is_waiting=found.state in {ReportState.OPEN, ReportState.APPEALED},
        is_appealed=is_appealed,
        evidence=evidence_of(session, found.id),
        is_late=found.due_at is not None and found.due_at < now(),
        is_frozen=is_frozen_by(session, f"report:{found.id}"),
        zone=actor.time_zone,
        refusal="" if decision else str(decision.reason),
    )


@bp.post("/console/reports/<key>/decision")
def decide_report(key: str) -> ResponseReturnValue:
    """Uphold or dismiss."""
    any_report(db.session(), current_actor(), key)
    form = DecisionForm()
    if not form.validate() or form.decision.data not in {"uphold", "dismiss"}:
        return _page(key, form), 422
    with action() as act:
        is_upheld = form.decision.data == "uphold"
        actor = current_actor()
        decide_report_of(act.session, actor, key, is_upheld=is_upheld, note=form.note.data, version=form.version.data)
        act.leads_to(url_for("console.reports"))
    flash(_("Decided. Both sides are told."), "success")
    return act.redirect()


@bp.post("/console/reports/<key>/appeal")
def decide_appeal(key: str) -> ResponseReturnValue:
    """Turn the first decision round, or make it final."""
    any_report(db.session(), current_actor(), key)
    form = DecisionForm()
    if not form.validate() or form.decision.data not in {"reverse", "confirm"}:
        return _page(key, form), 422
    with action() as act:
        is_reversed = form.decision.data == "reverse"
        actor = current_actor()
        decide_appeal_of(
            act.session, actor, key, is_reversed=is_reversed, note=form.note.data, version=form.version.data
        )
        act.leads_to(url_for("console.reports"))
    flash(_("Decided. Both sides are told."), "success")
    return act.redirect()
