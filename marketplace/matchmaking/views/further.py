"""A request that is out: suppliers who can serve it and were not asked yet, those found later among them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.cards import cards
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.http import action, current_actor
from marketplace.matchmaking.blueprint import bp
from marketplace.matchmaking.forms import AlertForm
from marketplace.matchmaking.queries.exposure import full_sellers
from marketplace.matchmaking.queries.news import further_suppliers, is_posted, new_sellers
from marketplace.matchmaking.services import post_openly
from marketplace.matchmaking.services.news import frequency_of
from marketplace.matchmaking.views.alerts import alerts_chosen
from marketplace.matchmaking.views.showing import suggested
from marketplace.rfqs.drafts import ChosenRecipient
from marketplace.rfqs.queries.requests import request_of
from marketplace.rfqs.rules import LIVE, MAX_RECIPIENTS, RfqState
from marketplace.rfqs.services import invite_more


@bp.get("/requests/<key>/sellers")
def further(key: str) -> ResponseReturnValue:
    """Further suppliers of an open request, to be asked as well."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    rfq = request_of(session, actor, key)
    if RfqState(rfq.state) not in LIVE:
        return redirect(url_for("rfqs.rfq", key=key))
    fits = further_suppliers(session, rfq)
    found = {row.id: row for row in cards(session, [each.product_id for each in fits], locale)}
    full = full_sellers(session, {each.seller_id: each.product_id for each in fits})
    later = new_sellers(session, rfq.id)
    rows: list[dict[str, Any]] = [
        {
            **suggested(found[each.product_id], each.reasons, locale),
            "is_full": each.seller_id in full,
            "is_new": each.seller_id in later,
        }
        for each in fits
        if each.product_id in found
    ]
    return render_template(
        "matchmaking/further.html",
        rfq=rfq,
        rows=rows,
        is_posted=is_posted(session, rfq.id),
        left=MAX_RECIPIENTS - len(rfq.recipients),
        alerts=AlertForm(formdata=None, data={"frequency": frequency_of(session, actor.user_id).value}),
    )


@bp.post("/requests/<key>/sellers")
def ask_further(key: str) -> ResponseReturnValue:
    """Ask further suppliers with an open request."""
    actor = current_actor()
    chosen = {int(each) for each in request.form.getlist("product") if each.isascii() and each.isdigit()}
    with action() as act:
        rfq = request_of(act.session, actor, key)
        picked = [
            ChosenRecipient(each.seller_id, each.product_id, each.score, dict(each.reasons))
            for each in further_suppliers(act.session, rfq)
            if each.product_id in chosen
        ]
        if not picked:
            raise DomainError(_("Choose at least one seller to ask."))
        invite_more(act.session, actor, key, picked)
        act.leads_to(url_for("rfqs.rfq", key=key))
    flash(_("Your request is on its way. Sellers have 72 hours to answer."), "success")
    return act.redirect()


@bp.post("/requests/<key>/open-to-all")
def open_to_all(key: str) -> ResponseReturnValue:
    """Let every seller who can serve an open request see it from now on."""
    actor = current_actor()
    with action() as act:
        rfq = request_of(act.session, actor, key)
        if RfqState(rfq.state) not in LIVE:
            raise DomainError(_("This request is not open any more. Start a new one to ask further sellers."))
        post_openly(act.session, rfq)
        act.leads_to(url_for("matchmaking.further", key=key))
    flash(_("Your request is open. Sellers who can serve it see it until it closes."), "success")
    return act.redirect()


@bp.post("/requests/<key>/alerts")
def choose_buyer_alerts(key: str) -> ResponseReturnValue:
    """Say how often to hear of suppliers found later."""
    request_of(db.session(), current_actor(), key)
    return alerts_chosen(url_for("matchmaking.further", key=key))
