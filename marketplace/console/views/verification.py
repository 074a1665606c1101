"""Organisations to verify: level, method, evidence, who, when, until when."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.rules import VerificationLevel, VerificationMethod
from marketplace.accounts.services.organisations import verify_organisation
from marketplace.accounts.wording import LEVELS
from marketplace.console import labels
from marketplace.console.blueprint import bp
from marketplace.console.forms import VerifyForm
from marketplace.console.queries import staff_organisation, to_verify, verifications_of
from marketplace.console.seeing import note_seen
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number

YEAR = timedelta(days=365)


@bp.get("/console/verification")
def verification() -> ResponseReturnValue:
    """Organisations that were never checked, whose check ends soon, or all that were."""
    wish = request.args.get("show", "")
    show = wish if wish in {"new", "due", "checked"} else "new"
    page = to_verify(db.session(), show, page_number(request.args.get("page")))
    return render_template("console/verification.html", page=page, show=show, labels=labels, levels=LEVELS)


@bp.get("/console/verification/<slug>")
def verify_page(slug: str) -> ResponseReturnValue:
    """One organisation with its papers and earlier checks."""
    note_seen("organisation.seen", f"organisation:{staff_organisation(db.session(), slug).id}")
    form = VerifyForm(formdata=None, next_check_on=today() + YEAR)
    return _page(slug, form)


def _page(slug: str, form: VerifyForm) -> str:
    session = db.session()
    organisation = staff_organisation(session, slug)
    checks, files, people = verifications_of(session, organisation.id)
    return render_template(
        "console/verify.html",
        organisation=organisation,
        checks=checks,
        files=files,
        people=people,
        form=form,
        labels=labels,
        levels=LEVELS,
    )


@bp.post("/console/verification/<slug>")
def verify(slug: str) -> ResponseReturnValue:
    """Write a check down."""
    organisation = staff_organisation(db.session(), slug)
    form = VerifyForm()
    if not form.validate():
        return _page(slug, form), 422
    try:
        with action() as act:
            verify_organisation(
                act.session,
                current_actor(),
                organisation.id,
                VerificationLevel(form.level.data),
                VerificationMethod(form.method.data),
                form.evidence.data,
                form.next_check_on.data,
                form.note.data or "",
            )
            act.leads_to(url_for("console.verify_page", slug=slug))
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        form.form_errors.append(str(refusal.sentence))
        return _page(slug, form), 422
    flash(_("Written down. Both sides see level, method and date."), "success")
    return act.redirect()
