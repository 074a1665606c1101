"""A buyer's requests: the list, one request, and how it is extended, closed or withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.services.guests import is_guest
from marketplace.fairs.queries import fair_name
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.http import Action, action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.partners.queries import attributed_chapter
from marketplace.rfqs import showing, wording
from marketplace.rfqs.asked_lots import lots_asked_about
from marketplace.rfqs.forms import CancelForm, CloseForm, ExtendForm, FilesForm
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.queries.conversation import buyer_moments
from marketplace.rfqs.queries.files import files_of
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.queries.requests import request_of, requests_page, unread_from_sellers
from marketplace.rfqs.queries.rescuing import others_offering, rescue_steps
from marketplace.rfqs.rules import LIVE, OVER, TO_CHECK, CloseReason, MomentCode, RfqState, Side
from marketplace.rfqs.services import cancel_request, close_request, extend_request
from marketplace.rfqs.views.blueprint import bp
from marketplace.rfqs.visits import refused_beside

SHELVES = {"open": LIVE | TO_CHECK, "drafts": frozenset({RfqState.DRAFT}), "over": OVER}


@bp.get("/requests")
def requests() -> ResponseReturnValue:
    """The company's requests, newest first."""
    shelf = request.args.get("show", "")
    shelf = shelf if shelf in SHELVES else ""
    session, actor = db.session(), current_actor()
    page = requests_page(session, actor, SHELVES.get(shelf), page_number(request.args.get("page")))
    titles = product_titles(session, [row.line.product_id or 0 for row in page.items if row.line], current_locale())
    return render_template(
        "rfqs/requests.html",
        page=page,
        shelf=shelf,
        titles=titles,
        states=wording.RFQ_STATES,
        showing=showing,
        live=LIVE,
        zone=actor.time_zone,
        is_distributor=attributed_chapter(session, actor.organisation_id or 0) is not None,
    )


@bp.get("/requests/<key>")
def rfq(key: str) -> ResponseReturnValue:
    """One request with its sellers' true states and the timeline; a draft opens where it is written."""
    session, actor = db.session(), current_actor()
    found = request_of(session, actor, key)
    if found.state == RfqState.DRAFT:
        return redirect(f"{request.script_root}/requests/{found.key}/match")
    locale, zone = current_locale(), actor.time_zone
    titles = product_titles(session, [line.product_id or 0 for line in found.lines], locale)
    rescues = rescue_steps(session, [found.id])
    names = {one.id: (one.seller.organisation.name, one.decline_reason) for one in found.recipients}
    return render_template(
        "rfqs/request.html",
        rfq=found,
        titles=titles,
        lots=lots_asked_about(session, found, locale),
        showing=showing,
        state=wording.RFQ_STATES[found.state],
        unread=unread_from_sellers(session, [found.id]).get(found.id, {}),
        names=names,
        terms=showing.wanted_pairs(found, locale, zone) + _met_at(found),
        steps=showing.timeline_items(
            buyer_moments(session, found.id), found, locale=locale, zone=zone, sellers=names, own=Side.BUYER
        ),
        locale=locale,
        zone=zone,
        is_live=RfqState(found.state) in LIVE,
        is_waiting=RfqState(found.state) in TO_CHECK,
        rescues={key: wording.RESCUES[step] for key, step in rescues.items()},
        files=files_of(session, found.id),
        files_form=FilesForm(formdata=None),
        comes_as_guest=is_guest(session, actor.user_id),
        others=others_offering(session, found, locale) if MomentCode.RELEASED in rescues.values() else [],
    )


@bp.route("/requests/<key>/close", methods=["GET", "POST"])
def close(key: str) -> ResponseReturnValue:
    """Close a request with a reason."""

    def act_on(act: Action, form: Any) -> None:
        close_request(act.session, current_actor(), key, CloseReason(form.reason.data), _version(form))

    return _ending(key, CloseForm, "rfqs/close.html", act_on, _("The request is closed. Its sellers are told."))


@bp.route("/requests/<key>/cancel", methods=["GET", "POST"])
def cancel(key: str) -> ResponseReturnValue:
    """Withdraw a request."""

    def act_on(act: Action, form: Any) -> None:
        cancel_request(act.session, current_actor(), key, _version(form))

    return _ending(key, CancelForm, "rfqs/cancel.html", act_on, _("The request is withdrawn."), "rfqs.requests")


@bp.route("/requests/<key>/extend", methods=["GET", "POST"])
def extend(key: str) -> ResponseReturnValue:
    """Move the closing date."""

    def act_on(act: Action, form: Any) -> None:
        extend_request(act.session, current_actor(), key, form.closes_on.data, _version(form))

    return _ending(key, ExtendForm, "rfqs/extend.html", act_on, _("The closing date is moved."))


def _ending(
    key: str,
    kind: type[GuardedForm],
    template: str,
    act_on: Callable[[Action, Any], None],
    said: str,
    leads_to: str = "",
) -> ResponseReturnValue:
    """Show the form of one such step, or take it; a stale version says so beside the form."""
    form, found = kind(), request_of(db.session(), current_actor(), key)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with action() as act:
                    act_on(act, form)
                    act.leads_to(url_for(leads_to) if leads_to else url_for("rfqs.rfq", key=key))
            except DomainError as fault:
                status, _headers = refused_beside(form, fault)
                found = request_of(db.session(), current_actor(), key)
            else:
                flash(said, "success")
                return act.redirect()
    return _step_page(template, found, form), status


def _step_page(template: str, found: Rfq, form: GuardedForm) -> str:
    if request.method == "GET":
        form.version.data = str(found.version)
    return render_template(template, rfq=found, form=form, zone=current_actor().time_zone, live=LIVE)


def _version(form: Any) -> int:
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _met_at(rfq: Rfq) -> list[tuple[str, str]]:
    """The fair the request counts for, as its writer said."""
    return [(_("Fair"), fair_name(db.session(), rfq.fair_id))] if rfq.fair_id is not None else []
