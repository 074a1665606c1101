"""How the machine runs: queued work, the search index, the audit trail."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.console import labels
from marketplace.console.act_names import ACT_NAMES, SUBJECT_NAMES
from marketplace.console.blueprint import bp
from marketplace.console.job_names import JOB_NAMES
from marketplace.console.queries import audit_page, job_counts, tasks_page
from marketplace.console.services import retry_task
from marketplace.discovery.queries import frequent_searches, index_health, searches_without_results
from marketplace.i18n.locales import BY_LOCALE
from marketplace.kernel.audit import audit as write_audit
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.jobs import registered_jobs
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.paging import page_number
from marketplace.kernel.text import cleaned


@bp.get("/console/jobs")
def jobs() -> ResponseReturnValue:
    """Queued work by state; what was given up can be tried again."""
    state, job = request.args.get("state", ""), cleaned(request.args.get("job"), 80)
    page = tasks_page(db.session(), state, job, page_number(request.args.get("page")))
    return render_template(
        "console/jobs.html",
        page=page,
        counts=job_counts(db.session()),
        state=state,
        job=job,
        names={job: JOB_NAMES.get(job, job) for job in registered_jobs()},
        labels=labels,
    )


@bp.post("/console/jobs/<int:task_id>")
def retry_job(task_id: int) -> ResponseReturnValue:
    """Try work again that was given up."""
    with action() as act:
        retry_task(act.session, current_actor(), task_id)
        act.leads_to(url_for("console.jobs"))
    flash(_("It is tried again within a minute."), "success")
    return act.redirect()


@bp.get("/console/index")
def index() -> ResponseReturnValue:
    """How the search index stands, and what people did not find."""
    session = db.session()
    return render_template(
        "console/index.html",
        health=index_health(session),
        lost=searches_without_results(session, 25),
        frequent=frequent_searches(session, 25),
        names={locale: language.name for locale, language in BY_LOCALE.items()},
    )


@bp.post("/console/index/<any(check, rebuild):verb>")
def work_on_index(verb: str) -> ResponseReturnValue:
    """Queue a check or a rebuild of the index."""
    with action() as act:
        enqueue(act.session, "console.check_index" if verb == "check" else "console.rebuild_index")
        write_audit(act.session, current_actor(), f"index.{verb}", "index")
        act.leads_to(url_for("console.index"))
    flash(_("It is queued. The figures follow when it is done."), "success")
    return act.redirect()


@bp.get("/console/audit")
def audit() -> ResponseReturnValue:
    """Who did and who saw what matters."""
    wishes = {name: cleaned(request.args.get(name), 80) for name in ("action", "subject", "person")}
    page = audit_page(db.session(), **wishes, number=page_number(request.args.get("page")))
    return render_template("console/audit.html", page=page, wishes=wishes, acts=ACT_NAMES, subjects=SUBJECT_NAMES)
