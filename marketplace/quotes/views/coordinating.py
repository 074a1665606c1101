"""A chapter coordinates a seller's pool: the list, its yes or no, and the pages of pool and quote on its own desk."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.kernel.database import db
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.quotes import services
from marketplace.quotes.pool_words import goods_of_pool, quantity_of
from marketplace.quotes.queries.coordinating import coordination, coordinations
from marketplace.quotes.views import pooling, selling
from marketplace.quotes.views.blueprint import bp
from marketplace.rfqs.rules import LIVE

ROOT = "/partner/pools"


@bp.get(ROOT)
def coordinated() -> ResponseReturnValue:
    """The pools that sellers asked one's chapter to coordinate."""
    found = coordinations(db.session(), current_actor())
    rows = [(one, goods_of_pool(one.pool), quantity_of(one.pool, one.pool.wanted)) for one in found]
    return render_template("quotes/coordinated.html", rows=rows)


@bp.get(f"{ROOT}/<key>")
def coordinated_pool(key: str) -> ResponseReturnValue:
    """One of them; before one's yes no more than what is asked of one."""
    found = coordination(db.session(), current_actor(), key)
    if found.is_agreed:
        return pooling.pool(key)
    return render_template(
        "quotes/to_coordinate.html",
        key=key,
        seller=found.seller,
        goods=goods_of_pool(found.pool),
        wanted=quantity_of(found.pool, found.pool.wanted),
        specification=found.pool.specification,
        version=found.pool.version,
        is_live=found.request_state in LIVE,
    )


@bp.post(f"{ROOT}/<key>/agree")
def agree_to_coordinate(key: str) -> ResponseReturnValue:
    """Say yes."""
    with action() as act:
        services.agree_to_coordinate(act.session, current_actor(), key, seen_version())
        act.leads_to(url_for("quotes.coordinated_pool", key=key))
    flash(_("You coordinate this pool. The seller and the members are told."), "success")
    return act.redirect()


@bp.post(f"{ROOT}/<key>/hand-back")
def hand_back(key: str) -> ResponseReturnValue:
    """Say no, or give the pool back."""
    with action() as act:
        services.hand_back(act.session, current_actor(), key, seen_version())
        act.leads_to(url_for("quotes.coordinated"))
    flash(_("The seller coordinates the pool themselves, and is told."), "success")
    return act.redirect()


# pages that serve the seller and the coordinator alike: `lead_to_write` and `held_by_writer` say who may be there
for path, name, view, method in (
    ("/shares", "coordinated_offer", pooling.offer, "POST"),
    ("/shares/<share_key>/drop", "coordinated_drop", pooling.drop_share, "POST"),
    ("/specification", "coordinated_specify", pooling.specify, "POST"),
    ("/quote", "coordinated_own", selling.own, "GET"),
    ("/quote/<int(max=2147483647):number>", "coordinated_version", selling.own_version, "GET"),
    ("/quote/edit", "coordinated_editor", selling.editor, "GET"),
    ("/quote/edit", "coordinated_save", selling.save, "POST"),
    ("/quote/preview", "coordinated_preview", selling.preview, "GET"),
    ("/quote/preview", "coordinated_send", selling.send, "POST"),
    ("/quote/discard", "coordinated_discard", selling.discard, "POST"),
):
    bp.add_url_rule(f"{ROOT}/<key>{path}", name, view, methods=[method])
