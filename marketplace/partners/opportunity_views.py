"""Opportunities: a distributor registers and closes them, its chapter reads them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n.formats import format_country
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.partners import services
from marketplace.partners.forms import OpportunityForm
from marketplace.partners.models import Opportunity
from marketplace.partners.opportunity_queries import graded_application, opportunities
from marketplace.partners.rules import OpportunityState
from marketplace.partners.wording import OPPORTUNITY_STATES

bp = Blueprint("opportunities", __name__)


@bp.get("/distributor/opportunities")
def own() -> ResponseReturnValue:
    """One's own opportunities."""
    _application, grade = graded_application(db.session(), current_actor())
    page = opportunities(db.session(), current_actor(), page_number(request.args.get("page")))
    rows = [_shown(one, current_locale()) for one in page.items]
    return render_template("partners/opportunities.html", page=page, rows=rows, grade=grade, is_own=True)


@bp.get("/partner/opportunities")
def of_chapter() -> ResponseReturnValue:
    """Opportunities of the chapter's distributors."""
    page = opportunities(db.session(), current_actor(), page_number(request.args.get("page")))
    rows = [_shown(one, current_locale()) for one in page.items]
    return render_template("partners/opportunities.html", page=page, rows=rows, grade=None, is_own=False)


@bp.route("/distributor/opportunities/new", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Register business that one has found."""
    application, grade = graded_application(db.session(), current_actor())
    form = OpportunityForm(formdata=request.form if request.method == "POST" else None, country=application.country)
    form.offer(current_locale())
    if request.method == "GET" or not form.validate():
        body = render_template("partners/opportunity.html", form=form, grade=grade)
        return body, 422 if request.method == "POST" else 200
    try:
        with action(url_for("opportunities.own")) as act:
            services.register_opportunity(act.session, current_actor(), form.draft())
    except DomainError as fault:
        if fault.status != DomainError.status:
            raise
        form.expected_on.errors = [str(fault.sentence)]
        return render_template("partners/opportunity.html", form=form, grade=grade), 422
    flash(_("Your chapter reads it now."), "success")
    return act.redirect()


@bp.post("/distributor/opportunities/<key>/<any(lost, withdrawn, won):verb>")
def close(key: str, verb: str) -> ResponseReturnValue:
    """Say what became of it."""
    with action(url_for("opportunities.own")) as act:
        services.close_opportunity(act.session, current_actor(), key, OpportunityState(verb), seen_version())
    flash(_("Noted. Your chapter reads it."), "success")
    return act.redirect()


def _shown(row: Opportunity, locale: str) -> dict[str, Any]:
    """An opportunity as ready strings."""
    registry = load_registry()
    known = row.commodity in registry.commodities
    goods = registry.commodity(row.commodity).name(locale) if known else row.commodity
    return {
        "row": row,
        "company": row.application.company_name,
        "goods": goods,
        "country": format_country(row.country, locale),
        "state": OPPORTUNITY_STATES[row.state],
        "is_open": row.state == OpportunityState.OPEN,
        "request": " ".join(filter(None, (row.quantity or goods, row.quantity and goods, row.country))),
    }
