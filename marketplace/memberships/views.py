"""Pages of memberships: what a chapter offers and who its members are; what sellers and buyers have and can order."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.money import Money
from marketplace.kernel.paging import page_number
from marketplace.memberships import queries, services, wording
from marketplace.memberships.forms import PlanForm
from marketplace.memberships.models import MembershipPlan
from marketplace.memberships.queries import PlanRow

bp = Blueprint("memberships", __name__)


@bp.get("/partner/memberships")
def plans() -> ResponseReturnValue:
    """What the chapter offers, and its members with state and last day."""
    session, actor = db.session(), current_actor()
    return render_template(
        "memberships/plans.html",
        plans=queries.plans_of_chapter(session, actor),
        page=queries.members_of_chapter(session, actor, page_number(request.args.get("page"))),
        wording=wording,
    )


@bp.route("/partner/memberships/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Offer a membership."""
    form = PlanForm(data={"language": current_locale(), "months": 12})
    draft = form.draft()
    if draft is None:
        return _form_page(form, None, 422 if request.method == "POST" else 200)
    try:
        with action(url_for(".plans")) as act:
            services.offer_plan(act.session, current_actor(), draft)
    except DomainError as fault:
        return _refused(form, None, fault)
    flash(_("The membership is offered. Sellers and buyers can order it now."), "success")
    return act.redirect()


@bp.route("/partner/memberships/<key>/edit", methods=["GET", "POST"])
def edit(key: str) -> ResponseReturnValue:
    """Say something else of a membership; what was ordered stays as it was."""
    actor = current_actor()
    plan = queries.plan_of_chapter(db.session(), actor, key)
    form = PlanForm(data=PlanForm.filled_from(plan))
    draft = form.draft()
    if draft is None:
        return _form_page(form, plan, 422 if request.method == "POST" else 200)
    try:
        with action(url_for(".plans")) as act:
            services.change_plan(act.session, actor, key, seen_version(), draft)
    except Conflict as fault:
        plan = queries.plan_of_chapter(db.session(), actor, key)
        form.version.data = str(plan.version)  # who has read what it says now may save again
        return _refused(form, plan, fault)
    except DomainError as fault:
        return _refused(form, plan, fault)
    flash(_("The membership is saved. What was ordered before stays as it was."), "success")
    return act.redirect()


@bp.post("/partner/memberships/<key>/withdraw")
def withdraw(key: str) -> ResponseReturnValue:
    """Nobody can order it any more."""
    with action(url_for(".plans")) as act:
        services.withdraw_plan(act.session, current_actor(), key, seen_version())
    flash(_("The membership is withdrawn. Who has it keeps it to its last day."), "success")
    return act.redirect()


@bp.get("/memberships")
def own() -> ResponseReturnValue:
    """The memberships of one's organisation, and what chapters offer."""
    session, actor = db.session(), current_actor()
    return render_template(
        "memberships/own.html",
        plans=queries.plans_for(session, actor),
        page=queries.memberships_of(session, actor, page_number(request.args.get("page"))),
        wording=wording,
    )


@bp.post("/memberships/plans/<key>/order")
def order(key: str) -> ResponseReturnValue:
    """Order it as it was read; the payment's page says how to pay."""
    with action() as act:
        _membership, payment = services.order_membership(act.session, current_actor(), key, seen_version())
        act.leads_to(url_for("payments.payment", key=payment.key))
    return act.redirect()


@bp.post("/memberships/<key>/cancel")
def cancel(key: str) -> ResponseReturnValue:
    """Do without an order that is not paid; the chapter takes one of its own back."""
    actor = current_actor()
    with action(url_for(".plans" if actor.is_partner else ".own")) as act:
        services.cancel_membership(act.session, actor, key, seen_version())
    flash(_("The order is cancelled. Nothing is to be paid."), "success")
    return act.redirect()


def _refused(form: PlanForm, plan: MembershipPlan | None, fault: DomainError) -> ResponseReturnValue:
    if isinstance(fault, NotFound):
        raise fault
    form.form_errors.append(str(fault.sentence))
    return _form_page(form, plan, fault.status)


def _form_page(form: PlanForm, plan: MembershipPlan | None, status: int) -> ResponseReturnValue:
    now = (
        PlanRow(plan, Money(plan.minor, plan.currency), "") if plan is not None and status == Conflict.status else None
    )
    return render_template("memberships/form.html", form=form, plan=plan, now=now), status
