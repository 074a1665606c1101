"""The seller's side: open requests that their goods answer, and what is missed for want of one thing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries.cards import cards
from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.fullness import unless_full
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.blueprint import bp
from marketplace.matchmaking.forms import AlertForm
from marketplace.matchmaking.queries.for_sellers import count_for, missed_by
from marketplace.matchmaking.queries.weighed import SIZE, Weighed, requests_for
from marketplace.matchmaking.rules import SideOfMatch
from marketplace.matchmaking.seller_wording import (
    language_of_buyer,
    missed_sentence,
    open_for_seller,
    with_room,
)
from marketplace.matchmaking.services import put_aside, step_in, take_back
from marketplace.matchmaking.services.impressions import Shown, note_shown
from marketplace.matchmaking.services.news import frequency_of
from marketplace.matchmaking.views.alerts import alerts_chosen
from marketplace.partners.introduction_queries import count_waiting
from marketplace.rfqs import showing
from marketplace.rfqs.visits import is_read_by_a_person
from marketplace.rfqs.wording import TRADES
from marketplace.sellers.queries import is_stopped

_ASIDE = "aside"
SURE = Decimal(1)  # the order of this page leaves nothing to chance


@bp.get("/selling/requests")
def for_you() -> ResponseReturnValue:
    """Open requests for this seller, the best fits first, with reasons; or those they put aside."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    is_aside = request.args.get("show", "") == _ASIDE
    page = requests_for(session, actor, page_number(request.args.get("page")), is_put_aside=is_aside)
    counts = {shelf: count_for(session, actor, is_put_aside=shelf) for shelf in (False, True)}
    missed = [missed_sentence(each.wanting, each.count, locale) for each in missed_by(session, actor)]
    titles = {row.id: row for row in cards(session, [each.own.fit.product_id for each in page.items], locale)}
    rows = [_row(each, titles, locale) for each in page.items]
    shown = [
        (
            own.rfq.id,
            Shown(
                own.fit.product_id,
                own.fit.seller_id,
                (page.number - 1) * SIZE + place,
                SURE,
                own.fit.is_fitting,
                own.fit.model,
            ),
        )
        for place, own in enumerate(each.own for each in page.items)
    ]
    if shown and not is_aside and is_read_by_a_person():
        session.rollback()  # the page has what it needs; what was shown is written in a transaction of its own
        with unless_full(), transaction() as writing:
            for rfq_id, one in shown:
                note_shown(writing, rfq_id, SideOfMatch.SELLER, [one])
    return render_template(
        "matchmaking/for_you.html",
        page=page,
        rows=rows,
        counts=counts,
        is_aside=is_aside,
        introductions=count_waiting(session, actor),
        is_stopped=is_stopped(session, actor),
        missed=[each for each in missed if each],
        alerts=AlertForm(formdata=None, data={"frequency": frequency_of(session, actor.user_id).value}),
    )


@bp.post("/selling/requests/alerts")
def choose_seller_alerts() -> ResponseReturnValue:
    """Say how often to hear of open requests that fit."""
    return alerts_chosen(url_for("matchmaking.for_you"))


@bp.post("/selling/requests/<key>/step-in")
def step_into_request(key: str) -> ResponseReturnValue:
    """Take an open request among the leads, to answer it there."""
    with action() as act:
        lead = step_in(act.session, current_actor(), key)
        act.leads_to(url_for("leads.lead_page", key=lead.key))
    return act.redirect()


@bp.post("/selling/requests/<key>/not-for-me")
def put_request_aside(key: str) -> ResponseReturnValue:
    """Put an open request aside."""
    with action() as act:
        put_aside(act.session, current_actor(), key)
        act.leads_to(url_for("matchmaking.for_you"))
    flash(_("Put aside. You find it under “Not for us”."), "success")
    return act.redirect()


@bp.post("/selling/requests/<key>/take-back")
def take_request_back(key: str) -> ResponseReturnValue:
    """Bring back a request that was put aside."""
    with action() as act:
        take_back(act.session, current_actor(), key)
        act.leads_to(url_for("matchmaking.for_you"))
    flash(_("The request stands with the others again."), "success")
    return act.redirect()


def _row(weighed: Weighed, titles: dict[int, Any], locale: str) -> dict[str, Any]:
    """One request as ready strings."""
    each = weighed.own
    rfq, reasons = each.rfq, each.fit.reasons
    line = rfq.lines[0] if rfq.lines else None
    own = titles.get(each.fit.product_id)
    certificates = showing.certificate_names(rfq.certificates, locale)
    said_for, said_against = with_room(reasons.get("for", ()), reasons.get("against", ()), weighed.room, locale)
    is_spoken, language = language_of_buyer(rfq.language, each.languages)
    if language and is_spoken:
        said_for.append(language)
    elif language:
        said_against.append({"text": language, "remedy": _("Answer in simple words; your mentor can help.")})
    return {
        "key": rfq.key,
        "is_beyond": weighed.is_beyond,
        "goods": showing.goods_of(line, {}, locale, _("A request in the buyer's own words")),
        "quantity": showing.quantity_of(line, locale),
        "country": formats.format_country(each.country, locale),
        "trade": TRADES.get(each.trade, ""),
        "summary": showing.summary_of(rfq, line, locale, each.country),
        "certificates": formats.format_list(certificates, locale) if certificates else "",
        "language": showing.language_name(rfq.language),
        "closes": rfq.closes_at,
        "own_title": own.title if own else "",
        "own_slug": own.slug if own else "",
        "for": said_for,
        "against": said_against,
        "open": open_for_seller(reasons.get("open", ()), locale),
    }
