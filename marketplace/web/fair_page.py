"""A fair: for its visitors the goods that were shown there, for who looks after it what came of it."""

from __future__ import annotations

import io

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.catalogue.queries.cards import products_of_commodities
from marketplace.catalogue.registry.loading import load_registry
from marketplace.fairs.links import stand_address
from marketplace.fairs.queries import fair_for, public_fair
from marketplace.fairs.rules import COUNTS_AFTER, counts_on
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import actor_or_none, current_actor
from marketplace.kernel.paging import page_number
from marketplace.meetings.queries import has_meetings
from marketplace.orders import wording
from marketplace.orders.queries import counted_at_fair, summed
from marketplace.rfqs.queries.requests import count_at_fair
from marketplace.web.card_values import cards_of

bp = Blueprint("fair_page", __name__)


@bp.get("/fairs/<code>")
def stand(code: str) -> ResponseReturnValue:
    """What a visitor who scanned the code sees: the fair's goods, each with the way to ask that remembers the fair."""
    fair = public_fair(db.session(), code)
    if fair is None:
        return render_template("fairs/over.html"), 404
    locale = current_locale()
    page = products_of_commodities(db.session(), fair.commodities, locale, page_number(request.args.get("page")))
    cards = cards_of(page.items, locale, prefix_of(request.environ))
    for card in cards:
        card["href"] = f"{card['href']}?fair={fair.code}"
    response = make_response(
        render_template(
            "fairs/stand.html", fair=fair, cards=cards, page=page, meetings=has_meetings(db.session(), fair.id)
        )
    )
    if actor_or_none() is None:
        response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["X-Robots-Tag"] = "noindex"  # the goods have pages of their own
    return response


@bp.get("/fairs/<code>/code.svg")
def picture(code: str) -> ResponseReturnValue:
    """The address of the stand as a QR code."""
    import segno

    fair = public_fair(db.session(), code)
    if fair is None:
        raise NotFound
    out = io.BytesIO()
    segno.make(stand_address(fair.code), error="q", micro=False).save(
        out, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, title=None
    )
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(out.getvalue(), mimetype="image/svg+xml", headers=headers)


@bp.get("/partner/fairs/<int:key>")
def fair(key: int) -> ResponseReturnValue:
    """One fair with its code and what came of it, by pesantren."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    row = fair_for(session, actor, key)
    sellers = counted_at_fair(session, actor, row.code)
    known = load_registry()
    return render_template(
        "fairs/fair.html",
        fair=row,
        address=stand_address(row.code),
        is_counting=counts_on(row.last_day, row.withdrawn_at is not None, today()),
        counts_until=row.last_day + COUNTS_AFTER,
        is_ahead=row.first_day >= today(),
        goods=[known.commodity(one).name(locale) for one in row.commodities if one in known.commodities],
        requests=count_at_fair(session, row.id),
        sellers=sellers,
        whole=summed(sellers, row.name),
        wording=wording,
    )


@bp.get("/console/fairs/<int:key>")
def desk_fair(key: int) -> ResponseReturnValue:
    """The same at the desk."""
    return fair(key)
