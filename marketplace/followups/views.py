"""One lead of a chapter: what it states about it, and the close."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.followups import queries, services, wording
from marketplace.followups.forms import FollowUpForm
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.rfqs.wording import RFQ_STATES

bp = Blueprint("followups", __name__)


@bp.route("/partner/leads/<key>", methods=["GET", "POST"])
def lead(key: str) -> ResponseReturnValue:
    """State when the distributor was contacted and what became of the lead; close it once both are said."""
    actor = current_actor()
    queries.chapter_lead(db.session(), actor, key)
    if request.method == "GET":
        return _page(key, None)
    form, closes = FollowUpForm(), request.form.get("do") == "close"
    if not form.validate():
        return _page(key, form), 422
    try:
        with action(url_for("partner_leads.leads")) as act:
            services.state_lead(act.session, actor, key, form.as_statement(closes=closes))
    except NotFound:
        raise
    except DomainError as fault:
        form.form_errors.append(str(fault.sentence))
        return _page(key, form), fault.status
    flash(_("The lead is closed.") if closes else _("Saved."), "success")
    return act.redirect()


@bp.post("/partner/leads/<key>/open-again")
def open_again(key: str) -> ResponseReturnValue:
    """Take the close back."""
    with action(url_for("followups.lead", key=key)) as act:
        services.open_lead_again(act.session, current_actor(), key, seen_version())
    flash(_("The lead is open again."), "success")
    return act.redirect()


def _page(key: str, form: FollowUpForm | None) -> str:
    actor, session = current_actor(), db.session()
    found = queries.chapter_lead(session, actor, key)
    row = queries.follow_up_of(session, found.id)
    return render_template(
        "followups/lead.html",
        lead=found,
        row=row,
        form=form or FollowUpForm.of(found, row, actor.time_zone),
        states=RFQ_STATES,
        wording=wording,
        zone=actor.time_zone,
    )
