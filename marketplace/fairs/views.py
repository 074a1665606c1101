"""Pages on which chapters and the programme look after their fairs; `fairs.desk` has the same at the desk's address."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.registry.loading import load_registry
from marketplace.fairs import services
from marketplace.fairs.forms import FairForm
from marketplace.fairs.links import stand_address
from marketplace.fairs.models import Fair
from marketplace.fairs.queries import fair_for, fairs_of
from marketplace.fairs.rules import counts_on
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number

MOST_ON_POSTER = 8  # more would push the code off the sheet
bp = Blueprint("fairs", __name__, url_prefix="/partner")


@bp.get("/fairs")
def fairs() -> ResponseReturnValue:
    """Fairs that one looks after, with their codes."""
    page = fairs_of(db.session(), current_actor(), page_number(request.args.get("page")))
    day = today()
    running = {one.id for one in page.items if counts_on(one.last_day, one.withdrawn_at is not None, day)}
    return render_template("fairs/fairs.html", page=page, running=running)


@bp.route("/fairs/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Record a fair."""
    form = FairForm()
    form.fill_choices(current_locale())
    if not form.validate_on_submit():
        return _form_page(form, None, 422 if request.method == "POST" else 200)
    try:
        with action() as act:
            fair = services.record_fair(act.session, current_actor(), form.as_draft())
            act.leads_to(_page_of(fair.id))
    except DomainError as fault:
        return _refused(form, None, fault)
    flash(_("The fair is recorded. Print its code for the stand."), "success")
    return act.redirect()


@bp.route("/fairs/<int:key>/edit", methods=["GET", "POST"])
def edit(key: int) -> ResponseReturnValue:
    """Say something else of a fair."""
    actor = current_actor()
    fair = fair_for(db.session(), actor, key)
    form = FairForm(data=FairForm.filled_from(fair))
    form.fill_choices(current_locale())
    if not form.validate_on_submit():
        return _form_page(form, fair, 422 if request.method == "POST" else 200)
    try:
        with action() as act:
            services.change_fair(act.session, actor, key, form.seen_version, form.as_draft())
            act.leads_to(_page_of(key))
    except DomainError as fault:
        return _refused(form, fair, fault)
    flash(_("The fair is saved."), "success")
    return act.redirect()


@bp.post("/fairs/<int:key>/withdraw")
def withdraw(key: int) -> ResponseReturnValue:
    """End the code; a fair that no request came from is deleted."""
    actor, form = current_actor(), FairForm()
    with action() as act:
        is_gone = services.withdraw_fair(act.session, actor, key, form.seen_version)
        act.leads_to(url_for(".fairs") if is_gone else _page_of(key))
    if is_gone:
        flash(_("The fair is deleted. No request had come from it."), "success")
    else:
        flash(_("The fair is withdrawn. What came of it stays counted, new requests are not."), "success")
    return act.redirect()


@bp.get("/fairs/<int:key>/poster")
def poster(key: int) -> ResponseReturnValue:
    """A page to print for the stand: the code as a picture, as letters and as an address."""
    fair = fair_for(db.session(), current_actor(), key)
    if not counts_on(fair.last_day, fair.withdrawn_at is not None, today()):
        raise Conflict(_("This fair is withdrawn or long over, so its code counts no more."))
    known, locale = load_registry(), current_locale()
    goods = [known.commodity(one).name(locale) for one in fair.commodities if one in known.commodities]
    return render_template(
        "fairs/poster.html", fair=fair, address=stand_address(fair.code), goods=goods[:MOST_ON_POSTER]
    )


def _page_of(key: int) -> str:
    return url_for("fair_page.desk_fair" if current_actor().is_staff else "fair_page.fair", key=key)


def _refused(form: FairForm, fair: Fair | None, fault: DomainError) -> ResponseReturnValue:
    if isinstance(fault, NotFound):
        raise fault
    form.form_errors.append(str(fault.sentence))
    return _form_page(form, fair, fault.status)


def _form_page(form: FairForm, fair: Fair | None, status: int) -> ResponseReturnValue:
    return render_template("fairs/form.html", form=form, fair=fair), status
