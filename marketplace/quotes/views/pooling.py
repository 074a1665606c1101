"""Pools: the coordinator gathers sellers for one line of a lead; each member reads and answers its own share."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from marketplace.catalogue.queries.product_view import title_in
from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice
from marketplace.quotes import services, wording
from marketplace.quotes.forms import AnswerShareForm, PoolForm, ShareForm, named
from marketplace.quotes.models import QuotePool, QuoteShare
from marketplace.quotes.queries import lead_to_quote
from marketplace.quotes.queries.goods import commodity_of
from marketplace.quotes.queries.pooling import (
    buyer_of_sold,
    coordinator_of,
    frozen_version,
    pool_of,
    pool_of_share,
    share_of,
    shares_of,
    who_could_join,
)
from marketplace.quotes.rules import TAKING, ShareState
from marketplace.quotes.views.blueprint import bp
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.rules import LIVE
from marketplace.rfqs.showing import goods_of
from marketplace.rfqs.visits import refused_beside


@bp.get("/leads/<key>/pool")
def pool(key: str) -> ResponseReturnValue:
    """The pool of a lead, or the form that begins one."""
    return _pool_page(lead_to_quote(db.session(), current_actor(), key))


@bp.post("/leads/<key>/pool")
def start(key: str) -> ResponseReturnValue:
    """Begin a pool."""
    lead = lead_to_quote(db.session(), current_actor(), key)
    form = _pool_form(lead, PoolForm())
    if not form.validate():
        return _pool_page(lead, form), 422
    draft = services.PoolDraft(
        form.line.data, form.specification.data or "", form.currency.data or "", form.own.data or None
    )
    said = _("The pool is begun. Ask the others for their shares.")
    return _act(key, form, lambda session: services.start_pool(session, current_actor(), key, draft), said)


@bp.post("/leads/<key>/pool/shares")
def offer(key: str) -> ResponseReturnValue:
    """Ask one seller for a share."""
    lead = lead_to_quote(db.session(), current_actor(), key)
    form = _share_form(lead, ShareForm())
    if not form.validate():
        return _pool_page(lead, form), 422
    product, quantity, price = named(form.product.data), form.quantity.data, form.unit_price.data
    said = _("Asked. You are told as soon as they answer.")
    return _act(
        key, form, lambda session: services.offer_share(session, current_actor(), key, product, quantity, price), said
    )


@bp.post("/leads/<key>/pool/shares/<share_key>/drop")
def drop_share(key: str, share_key: str) -> ResponseReturnValue:
    """Go on without a member."""
    with action() as act:
        services.take_back_share(act.session, current_actor(), key, share_key)
        act.leads_to(url_for("quotes.pool", key=key))
    flash(_("This share is free again. If a quote is out that counts on it, send a new version."), "success")
    return act.redirect()


@bp.get("/pools")
def shares() -> ResponseReturnValue:
    """The shares that one's own company was asked for."""
    rows = [(share, name, _goods(share.pool), _quantity(share.pool, share.quantity)) for share, name in _own()]
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
        services.leave_pool(act.session, current_actor(), key)
        act.leads_to(url_for("quotes.share", key=key))
    flash(_("You have left the pool. The coordinator is told."), "success")
    return act.redirect()


def _act(key: str, form: GuardedForm, step: Callable[[Session], object], said: str) -> ResponseReturnValue:
    try:
        with action() as act:
            step(act.session)
            act.leads_to(url_for("quotes.pool", key=key))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _pool_page(lead_to_quote(db.session(), current_actor(), key), form), status, headers
    flash(said, "success")
    return act.redirect()


def _own() -> list[tuple[QuoteShare, str]]:
    return shares_of(db.session(), current_actor())


def _pool_form(lead: Recipient, form: PoolForm) -> PoolForm:
    titles = product_titles(db.session(), [line.product_id or 0 for line in lead.rfq.lines], current_locale())
    lines = [line for line in lead.rfq.lines if line.quantity is not None and line.unit]
    form.line.choices = [
        SelectChoice(line.id, goods_of(line, titles, current_locale(), lead.rfq.subject)) for line in lines
    ]
    return form


def _share_form(lead: Recipient, form: ShareForm) -> ShareForm:
    session, locale = db.session(), current_locale()
    found = pool_of(session, lead.id)
    if found is None:
        raise NotFound
    form.product.choices = [
        SelectChoice(
            str(product.id),
            _(
                "%(seller)s: %(goods)s, %(capacity)s a month",
                seller=name,
                goods=title_in(product.card_titles, locale, product.original_language) or product.slug,
                capacity=formats.format_quantity(Quantity(product.capacity_per_month, product.unit), locale),
            )
            if product.capacity_per_month is not None
            else _(
                "%(seller)s: %(goods)s",
                seller=name,
                goods=title_in(product.card_titles, locale, product.original_language) or product.slug,
            ),
        )
        for product, name in who_could_join(session, found, lead.seller_id)
    ]
    return form


def _pool_page(lead: Recipient, form: GuardedForm | None = None) -> str:
    session, locale = db.session(), current_locale()
    found = pool_of(session, lead.id)
    titles = product_titles(session, [line.product_id or 0 for line in lead.rfq.lines], locale)
    goods = goods_of(lead.rfq.lines[0] if lead.rfq.lines else None, titles, locale, lead.rfq.subject)
    if found is None:
        shown = form if isinstance(form, PoolForm) else _pool_form(lead, PoolForm(formdata=None))
        return render_template("quotes/pool_start.html", lead=lead, goods=goods, form=shown)
    agreed = sum((one.quantity for one in found.shares if one.state == ShareState.AGREED), Decimal(0))
    asked = sum((one.quantity for one in found.shares if one.state == ShareState.INVITED), Decimal(0))
    gap = max(Decimal(0), found.wanted - (found.own or 0) - agreed)
    return render_template(
        "quotes/pool.html",
        lead=lead,
        goods=goods,
        pool=found,
        figures=[
            {"label": _("The buyer asks for"), "value": _quantity(found, found.wanted)},
            {"label": _("You make"), "value": _quantity(found, found.own) if found.own else "–"},
            {"label": _("Agreed by members"), "value": _quantity(found, agreed)},
            {"label": _("Asked, no answer yet"), "value": _quantity(found, asked)},
            {"label": _("Nobody makes yet"), "value": _quantity(found, gap)},
        ],
        rows=[(one, _quantity(found, one.quantity), _price(found, one), one.state in TAKING) for one in found.shares],
        is_live=lead.rfq.state in LIVE,
        has_annex=frozen_version(session, found, None) is not None,
        form=form if isinstance(form, ShareForm) else _share_form(lead, ShareForm(formdata=None)),
        wording=wording,
    )


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
        goods=_goods(mine),
        coordinator=coordinator_of(session, mine),
        quantity=_quantity(mine, found.quantity),
        price=_price(mine, found),
        others=[(one.seller.organisation.name, _quantity(mine, one.quantity)) for one in others],
        buyer=buyer_of_sold(session, mine, found) if is_in else None,
        has_annex=is_in and frozen_version(session, mine, found.id) is not None,
        form=form,
        wording=wording,
    )


def _goods(pool: QuotePool) -> str:
    known = commodity_of(pool.commodity)
    return known.name(current_locale()) if known else pool.commodity


def _quantity(pool: QuotePool, amount: Decimal) -> str:
    return formats.format_quantity(Quantity(amount, pool.unit), current_locale())


def _price(pool: QuotePool, share: QuoteShare) -> str:
    return formats.format_unit_price(UnitPrice(share.unit_price, pool.currency, pool.unit), current_locale())
