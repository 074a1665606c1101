"""Pages on which owners have events sent to their own systems."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.webhooks import queries, services, wording
from marketplace.webhooks.forms import EndpointForm
from marketplace.webhooks.models import WebhookEndpoint
from marketplace.webhooks.rules import MOST_ENDPOINTS, kinds_of

bp = Blueprint("webhooks", __name__)


@bp.get("/organisation/endpoints")
def endpoints() -> ResponseReturnValue:
    """Where events are sent to."""
    rows = queries.endpoints_of(db.session(), current_actor())
    return render_template("webhooks/endpoints.html", endpoints=rows, most=MOST_ENDPOINTS, wording=wording)


@bp.route("/organisation/endpoints/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add an endpoint; its secret is shown this once, in the answer to the form."""
    actor = current_actor()
    queries.endpoints_of(db.session(), actor)  # who may not, sees no form
    form = EndpointForm(actor.kind, data={"kinds": [one.value for one in kinds_of(actor.kind)]})
    if request.method == "GET" or not form.validate():
        return _form_page(form, None, 200 if request.method == "GET" else 422)
    url, kinds = (form.url.data or "").strip(), form.kinds.data or []
    try:
        services.check_address(url)
        with action(url_for(".endpoints")) as act:
            endpoint, secret = services.add_endpoint(act.session, actor, url, kinds)
            act.leads_to(url_for(".endpoint", key=endpoint.key))
    except DomainError as fault:
        return _refused(form, None, fault)
    return _secret_page(endpoint.key, secret)


@bp.get("/organisation/endpoints/<key>")
def endpoint(key: str) -> ResponseReturnValue:
    """One endpoint and the last deliveries to it."""
    session, actor = db.session(), current_actor()
    found = queries.endpoint_of(session, actor, key)
    page = queries.deliveries_of(session, found, page_number(request.args.get("page")))
    return render_template("webhooks/endpoint.html", endpoint=found, page=page, wording=wording)


@bp.route("/organisation/endpoints/<key>/edit", methods=["GET", "POST"])
def edit(key: str) -> ResponseReturnValue:
    """Another address, or other kinds of events."""
    actor = current_actor()
    found = queries.endpoint_of(db.session(), actor, key)
    form = EndpointForm(actor.kind, data={"url": found.url, "kinds": found.kinds, "version": str(found.version)})
    if request.method == "GET" or not form.validate():
        return _form_page(form, found, 200 if request.method == "GET" else 422)
    url = (form.url.data or "").strip()
    try:
        services.check_address(url)
        with action(url_for(".endpoint", key=key)) as act:
            services.change_endpoint(act.session, actor, key, seen_version(), url, form.kinds.data or [])
    except DomainError as fault:
        return _refused(form, queries.endpoint_of(db.session(), actor, key), fault)
    flash(_("The address is saved. Events from now on go there."), "success")
    return act.redirect()


@bp.post("/organisation/endpoints/<key>/secret")
def renew_secret(key: str) -> ResponseReturnValue:
    """Make a new secret and show it this once."""
    with action(url_for(".endpoint", key=key)) as act:
        _endpoint, secret = services.new_secret_for(act.session, current_actor(), key, seen_version())
    return _secret_page(key, secret, is_renewed=True)


@bp.post("/organisation/endpoints/<key>/test")
def test(key: str) -> ResponseReturnValue:
    """Send an event that says nothing."""
    with action(url_for(".endpoint", key=key)) as act:
        services.send_test(act.session, current_actor(), key)
    flash(_("A test is on its way. Load this page again in a moment to see what your server said."), "success")
    return act.redirect()


@bp.post("/organisation/endpoints/<key>/on")
def switch_on(key: str) -> ResponseReturnValue:
    """Send again what happens from now on."""
    with action(url_for(".endpoint", key=key)) as act:
        services.switch_endpoint(act.session, current_actor(), key, seen_version(), is_on=True)
    flash(_("The address is on. What happens from now on is sent there."), "success")
    return act.redirect()


@bp.post("/organisation/endpoints/<key>/off")
def switch_off(key: str) -> ResponseReturnValue:
    """Send nothing more."""
    with action(url_for(".endpoint", key=key)) as act:
        services.switch_endpoint(act.session, current_actor(), key, seen_version(), is_on=False)
    flash(_("The address is off. Nothing is sent there until you switch it on."), "success")
    return act.redirect()


@bp.post("/organisation/endpoints/<key>/delete")
def delete(key: str) -> ResponseReturnValue:
    """Forget it, with all that was sent."""
    with action(url_for(".endpoints")) as act:
        services.delete_endpoint(act.session, current_actor(), key, seen_version())
    flash(_("The address is deleted."), "success")
    return act.redirect()


@bp.post("/organisation/endpoints/<key>/deliveries/<delivery_key>/again")
def again(key: str, delivery_key: str) -> ResponseReturnValue:
    """Deliver one event once more, with the same id."""
    with action(url_for(".endpoint", key=key)) as act:
        services.send_again(act.session, current_actor(), key, delivery_key)
    flash(_("The event is sent again, with the same id."), "success")
    return act.redirect()


def _secret_page(key: str, secret: str, *, is_renewed: bool = False) -> ResponseReturnValue:
    return render_template("webhooks/secret.html", key=key, secret=secret, is_renewed=is_renewed)


def _refused(form: EndpointForm, found: WebhookEndpoint | None, fault: DomainError) -> ResponseReturnValue:
    if isinstance(fault, NotFound):
        raise fault
    form.form_errors.append(str(fault.sentence))
    return _form_page(form, found, fault.status)


def _form_page(form: EndpointForm, found: WebhookEndpoint | None, status: int) -> ResponseReturnValue:
    return render_template("webhooks/form.html", form=form, endpoint=found), status
