"""Bank details of one's own company."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.kernel.database import db
from marketplace.kernel.errors import Forbidden
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.policy import Role
from marketplace.payments import queries, wording
from marketplace.payments.forms import BankForm
from marketplace.payments.services import propose_bank_account
from marketplace.payments.views.blueprint import bp


@bp.route("/account/bank", methods=["GET", "POST"])
def bank() -> ResponseReturnValue:
    """What stands on papers now, what is being checked, and a form for new details."""
    actor, form = current_actor(), BankForm()
    if request.method == "POST" and Role.OWNER not in actor.roles:
        raise Forbidden(_("Only an owner of the company can enter bank details."))
    if form.validate_on_submit():
        with action() as act:
            propose_bank_account(act.session, actor, **form.values())
            act.leads_to(url_for("payments.bank"))
        flash(_("Thank you. We call your company before the new details appear on papers."), "success")
        return act.redirect()
    rows = queries.bank_accounts(db.session(), actor.organisation_id or 0)
    body = render_template(
        "payments/bank.html", form=form, rows=rows, wording=wording, is_owner=Role.OWNER in actor.roles
    )
    return body, 422 if request.method == "POST" else 200
