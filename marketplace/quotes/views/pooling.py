"""A pool on the desk of who coordinates it, the lead's seller or a chapter: members gathered for one line of a lead."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from marketplace.catalogue.queries.product_view import title_in
from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.forms import GuardedForm, seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.measures import Quantity
from marketplace.quotes import services, wording
from marketplace.quotes.forms import CoordinatorForm, PoolForm, ShareForm, SpecificationForm, named
from marketplace.quotes.pool_words import price_of, quantity_of
from marketplace.quotes.queries import lead_to_quote, lead_to_write
from marketplace.quotes.queries.coordinating import chapters_to_name, coordinator_name
from marketplace.quotes.queries.pooling import frozen_version, pool_of, who_could_join
from marketplace.quotes.rules import TAKING, ShareState
from marketplace.quotes.views.blueprint import bp
from marketplace.quotes.views.desks import desk_of, subject_for
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.rules import LIVE
from marketplace.rfqs.showing import goods_of
from marketplace.rfqs.visits import refused_beside


@bp.get("/leads/<key>/pool")
def pool(key: str) -> ResponseReturnValue:
    """The pool of a lead, or the form that begins one."""
    return _pool_page(lead_to_write(db.session(), current_actor(), key))


@bp.post("/leads/<key>/pool")
def start(key: str) -> ResponseReturnValue:
    """Begin a pool."""
    lead = lead_to_quote(db.session(), current_actor(), key)
    form = _pool_form(lead, PoolForm())
    if not form.validate():
        return _pool_page(lead, form), 422
    draft = services.PoolDraft(
        form.line.data,
        form.specification.data or "",
        form.currency.data or "",
        form.own.data or None,
        named(form.coordinator.data) or None,
    )
    said = (
        _("The pool is begun. The market partner is asked.")
        if draft.coordinator_id
        else _("The pool is begun. Ask the others for their shares.")
    )
    return _act(key, form, lambda session: services.start_pool(session, current_actor(), key, draft), said)


@bp.post("/leads/<key>/pool/shares")
def offer(key: str) -> ResponseReturnValue:
    """Ask one seller for a share."""
    lead = lead_to_write(db.session(), current_actor(), key)
    form = _share_form(lead, ShareForm())
    if not form.validate():
        return _pool_page(lead, form), 422
    product, quantity, price = named(form.product.data), form.quantity.data, form.unit_price.data
    said = _("Asked. You are told as soon as they answer.")
    seen = seen_version()
    return _act(
        key,
        form,
        lambda session: services.offer_share(session, current_actor(), key, product, quantity, price, seen),
        said,
    )


@bp.post("/leads/<key>/pool/shares/<share_key>/drop")
def drop_share(key: str, share_key: str) -> ResponseReturnValue:
    """Go on without a member."""
    with action() as act:
        services.take_back_share(act.session, current_actor(), key, share_key, seen_version())
        act.leads_to(_place(key))
    flash(_("This share is free again. If a quote is out that counts on it, send a new version."), "success")
    return act.redirect()


@bp.post("/leads/<key>/pool/specification")
def specify(key: str) -> ResponseReturnValue:
    """Write another specification for all."""
    lead, form = lead_to_write(db.session(), current_actor(), key), SpecificationForm()
    if not form.validate():
        return _pool_page(lead, form), 422
    text, version = form.specification.data or "", named(form.version.data)
    return _act(
        key,
        form,
        lambda session: services.write_specification(session, current_actor(), key, text, version),
        _("The specification is kept."),
    )


@bp.post("/leads/<key>/pool/coordinator")
def name_coordinator(key: str) -> ResponseReturnValue:
    """Ask a chapter to coordinate."""
    form = CoordinatorForm()
    wanted, seen = named(form.coordinator.data), seen_version()
    return _act(
        key,
        form,
        lambda session: services.name_coordinator(session, current_actor(), key, wanted, seen),
        _("Asked. You are told as soon as they answer."),
    )


@bp.post("/leads/<key>/pool/coordinator/end")
def take_over(key: str) -> ResponseReturnValue:
    """Coordinate oneself again."""
    with action() as act:
        services.take_over(act.session, current_actor(), key, seen_version())
        act.leads_to(_place(key))
    flash(_("You coordinate this pool yourselves again. They are told."), "success")
    return act.redirect()


def _place(key: str) -> str:
    desk = desk_of(current_actor(), key)
    return desk.to(desk.pool)


def _act(key: str, form: GuardedForm, step: Callable[[Session], object], said: str) -> ResponseReturnValue:
    try:
        with action() as act:
            step(act.session)
            act.leads_to(_place(key))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _pool_page(lead_to_write(db.session(), current_actor(), key), form), status, headers
    flash(said, "success")
    return act.redirect()


def _pool_form(lead: Recipient, form: PoolForm) -> PoolForm:
    titles = product_titles(db.session(), [line.product_id or 0 for line in lead.rfq.lines], current_locale())
    lines = [line for line in lead.rfq.lines if line.quantity is not None and line.unit]
    form.line.choices = [
        SelectChoice(line.id, goods_of(line, titles, current_locale(), lead.rfq.subject)) for line in lines
    ]
    form.coordinator.choices = [form.coordinator.choices[0], *_chapters(lead, None)]
    return form


def _chapters(lead: Recipient, pool_id: int | None) -> list[SelectChoice]:
    parties = services.known_parties(lead, lead.rfq.buyer_id, lead.seller.organisation_id)
    found = chapters_to_name(db.session(), pool_id, parties)
    return [SelectChoice(str(key), name) for key, name in found]


def _coordinator_form(lead: Recipient, form: CoordinatorForm, pool_id: int) -> CoordinatorForm:
    form.coordinator.choices = _chapters(lead, pool_id)
    return form


def _share_form(lead: Recipient, form: ShareForm) -> ShareForm:
    session, locale = db.session(), current_locale()
    found = pool_of(session, lead.id)
    if found is None:
        raise NotFound
    form.unit_price.currency = found.currency
    if current_actor().is_partner:
        form.unit_price.label.text = _("Price they are paid")
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
    goods = goods_of(lead.rfq.lines[0] if lead.rfq.lines else None, titles, locale, subject_for(current_actor(), lead))
    if found is None:
        shown = form if isinstance(form, PoolForm) else _pool_form(lead, PoolForm(formdata=None))
        return render_template("quotes/pool_start.html", lead=lead, goods=goods, form=shown)
    desk, seller = desk_of(current_actor(), lead.key), lead.seller.organisation.name
    agreed = sum((one.quantity for one in found.shares if one.state == ShareState.AGREED), Decimal(0))
    asked = sum((one.quantity for one in found.shares if one.state == ShareState.INVITED), Decimal(0))
    gap = max(Decimal(0), found.wanted - (found.own or 0) - agreed)
    is_sent = frozen_version(session, found, None) is not None
    specifying = form if isinstance(form, SpecificationForm) else SpecificationForm(
        formdata=None, specification=found.specification, version=str(found.version)
    )  # fmt: skip
    coordinating = form if isinstance(form, CoordinatorForm) else CoordinatorForm(formdata=None)
    return render_template(
        "quotes/pool.html",
        desk=desk,
        lead=lead,
        goods=goods,
        pool=found,
        seller=seller,
        coordinator=coordinator_name(session, found),
        coordinating=_coordinator_form(lead, coordinating, found.id) if desk.is_sellers else None,
        specifying=specifying,
        can_specify=not is_sent and not any(one.state in TAKING for one in found.shares),
        figures=[
            {"label": _("The buyer asks for"), "value": quantity_of(found, found.wanted)},
            {
                "label": _("You make") if desk.is_sellers else _("%(seller)s makes", seller=seller),
                "value": quantity_of(found, found.own) if found.own else "–",
            },
            {"label": _("Agreed by members"), "value": quantity_of(found, agreed)},
            {"label": _("Asked, no answer yet"), "value": quantity_of(found, asked)},
            {"label": _("Nobody makes yet"), "value": quantity_of(found, gap)},
        ],
        rows=[
            (one, quantity_of(found, one.quantity), price_of(found, one), one.state in TAKING) for one in found.shares
        ],
        is_live=lead.rfq.state in LIVE,
        has_annex=is_sent,
        form=form if isinstance(form, ShareForm) else _share_form(lead, ShareForm(formdata=None)),
        wording=wording,
    )
