"""A member's side of a pool: the shares it was asked for, each read and answered by itself."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.quotes import services, wording
from marketplace.quotes.forms import AnswerShareForm, named
from marketplace.quotes.models import QuoteShare
from marketplace.quotes.pool_words import goods_of_pool, price_of, quantity_of
from marketplace.quotes.queries.coordinating import coordinator_name
from marketplace.quotes.queries.pooling import (
    buyer_of_sold,
    coordinator_of,
    frozen_version,
    pool_of_share,
    share_of,
    shares_of,
)
from marketplace.quotes.rules import ShareState
from marketplace.quotes.views.blueprint import bp
from marketplace.rfqs.visits import refused_beside


@bp.get("/pools")
def shares() -> ResponseReturnValue:
    """The shares that one's own company was asked for."""
    rows = [(share, name, goods_of_pool(share.pool), quantity_of(share.pool, share.quantity)) for share, name in _own()]
    return render_template("quotes/shares.html", rows=rows, wording=wording)


@bp.get("/pools/<key>")
def share(key: str) -> ResponseReturnValue:
    """One's own share, and who else agreed once one has."""
    return _share_page(key, AnswerShareForm(formdata=None))


@bp.post("/pools/<key>/answer")
def answer_share(key: str) -> ResponseReturnValue:
    """Agree or decline."""
    form = AnswerShareForm()
    if not form.validate():
        return _share_page(key, form), 422
    agrees, is_named = form.answer.data == "yes", bool(form.is_named.data)
    try:
        with action() as act:
            services.answer_share(
                act.session, current_actor(), key, named(form.version.data), agrees=agrees, is_named=is_named
            )
            act.leads_to(url_for("quotes.share", key=key))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _share_page(key, form), status, headers
    flash(
        _("Agreed. The coordinator quotes for all of you.") if agrees else _("Declined. The coordinator is told."),
        "success",
    )
    return act.redirect()


@bp.post("/pools/<key>/leave")
def leave(key: str) -> ResponseReturnValue:
    """Take one's word back."""
    with action() as act:
        services.leave_pool(act.session, current_actor(), key, seen_version())
        act.leads_to(url_for("quotes.share", key=key))
    flash(_("You have left the pool. The coordinator is told."), "success")
    return act.redirect()


def _own() -> list[tuple[QuoteShare, str]]:
    return shares_of(db.session(), current_actor())


def _share_page(key: str, form: AnswerShareForm) -> str:
    session, actor = db.session(), current_actor()
    found = share_of(session, actor, key)
    is_in, mine = found.state == ShareState.AGREED, pool_of_share(session, found)
    others = [one for one in mine.shares if is_in and one.id != found.id and one.state == ShareState.AGREED]
    if not form.is_submitted():
        form.version.data = str(found.version)
    return render_template(
        "quotes/share.html",
        share=found,
        pool=mine,
        goods=goods_of_pool(mine),
        seller=coordinator_of(session, mine),
        chapter=coordinator_name(session, mine) if mine.coordinator_agreed_at is not None else "",
        quantity=quantity_of(mine, found.quantity),
        price=price_of(mine, found),
        others=[(one.seller.organisation.name, quantity_of(mine, one.quantity)) for one in others],
        buyer=buyer_of_sold(session, mine, found) if is_in else None,
        has_annex=is_in and frozen_version(session, mine, found.id) is not None,
        form=form,
        wording=wording,
    )
