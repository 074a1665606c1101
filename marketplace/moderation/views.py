"""Reports as the people see them who made them or whom they concern."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.services.files import store_document
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.http import action, actor_or_none, current_actor
from marketplace.kernel.paging import page_number
from marketplace.kernel.text import cleaned
from marketplace.moderation import labels
from marketplace.moderation.forms import AppealForm, ReportForm
from marketplace.moderation.policies import is_reporter, may_appeal
from marketplace.moderation.queries import Reported, evidence_of, own_report, reportable, reported, reports_of
from marketplace.moderation.rules import WAITING, ReportTarget
from marketplace.moderation.services import appeal, make_report
from marketplace.rfqs.visits import read_papers, refused_beside

bp = Blueprint("moderation", __name__)


def _target(code: str | None) -> ReportTarget:
    if code not in set(ReportTarget):
        raise NotFound
    return ReportTarget(code)


def _thing(target: ReportTarget, name: str | None) -> Reported:
    return reportable(db.session(), current_actor(), target, cleaned(name, 120))


@bp.get("/reports/new")
def new_report() -> ResponseReturnValue:
    """The form of a report; a visitor is told to sign in or whom to write to."""
    if actor_or_none() is None:
        return render_template("moderation/visitor.html", wish=request.full_path)
    if not request.args.get("target"):
        return render_template("moderation/how.html")
    target = _target(request.args.get("target"))
    thing = _thing(target, request.args.get("id"))
    form = ReportForm(formdata=None, target=target.value, name=request.args.get("id"))
    return render_template("moderation/report_form.html", form=form, thing=thing, labels=labels)


@bp.post("/reports/new")
def send_report() -> ResponseReturnValue:
    """Make a report."""
    form = ReportForm()
    target = _target(form.target.data)
    thing = _thing(target, form.name.data)
    if not form.validate():
        return render_template("moderation/report_form.html", form=form, thing=thing, labels=labels), 422
    actor = current_actor()
    try:
        documents = read_papers(form.files.data)
        if documents and actor.organisation_id is None:
            raise DomainError(_("Documents are kept for organisations. Describe yours in words instead."))
        with action() as act:
            files = [store_document(act.session, actor, one) for one in documents]
            report = make_report(act.session, actor, form.as_draft(target), files)
            act.leads_to(url_for("moderation.report", key=report.key))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return render_template("moderation/report_form.html", form=form, thing=thing, labels=labels), status, headers
    flash(_("Thank you. A curator looks at it, and you hear from us."), "success")
    return act.redirect()


@bp.get("/reports")
def reports() -> ResponseReturnValue:
    """One's own reports and those about one's organisation."""
    page = reports_of(db.session(), current_actor(), page_number(request.args.get("page")))
    return render_template("moderation/reports.html", page=page, labels=labels)


@bp.get("/reports/<key>")
def report(key: str) -> ResponseReturnValue:
    """One report: how it stands, what was decided, the way to a second look."""
    return _page(key, AppealForm(formdata=None)), 200


def _page(key: str, form: AppealForm) -> str:
    actor = current_actor()
    found = own_report(db.session(), actor, key)
    if form.version.data is None:
        form.version.data = found.version
    return render_template(
        "moderation/report.html",
        report=found,
        form=form,
        labels=labels,
        thing=reported(db.session(), found),
        is_own=is_reporter(actor, found),
        evidence=evidence_of(db.session(), found.id) if is_reporter(actor, found) else (),
        zone=actor.time_zone,
        is_waiting=found.state in WAITING,
        is_late=found.due_at is not None and found.due_at < now(),
        can_appeal=bool(may_appeal(actor, found)),
    )


@bp.post("/reports/<key>/appeal")
def send_appeal(key: str) -> ResponseReturnValue:
    """Ask for a second look."""
    own_report(db.session(), current_actor(), key)
    form = AppealForm()
    if not form.validate():
        return _page(key, form), 422
    with action() as act:
        appeal(act.session, current_actor(), key, form.text.data, form.version.data)
        act.leads_to(url_for("moderation.report", key=key))
    flash(_("Somebody else looks at it again, and you hear from us."), "success")
    return act.redirect()
