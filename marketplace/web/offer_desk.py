"""A seller's offers of a lot: the list, the form, and the way back. Buyers to name are those whom they know."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.forms.trade import port_options
from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.own import own_product
from marketplace.catalogue.queries.product_view import title_in
from marketplace.catalogue.received import asked_at, received_of
from marketplace.i18n.formats import format_quantity
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.measures import Quantity
from marketplace.kernel.paging import page_number
from marketplace.offers import queries, services
from marketplace.offers.forms import OfferForm
from marketplace.offers.models import SpotOffer
from marketplace.offers.queries import shown_of
from marketplace.offers.rules import OfferState, Visibility
from marketplace.offers.wording import STATES, lot_lines
from marketplace.proceeds.showing import Payouts
from marketplace.quotes.queries import own_goods
from marketplace.rfqs.queries.acquainted import known_buyers
from marketplace.sellers.queries import own_seller

bp = Blueprint("offer_desk", __name__)
_OVER = frozenset({OfferState.PAST, OfferState.WITHDRAWN})


@bp.get("/selling/offers")
def own() -> ResponseReturnValue:
    """All offers of the seller, those that are not over first."""
    session, actor, locale, moment = db.session(), current_actor(), current_locale(), now()
    page = queries.own_offers(session, actor, page_number(request.args.get("page")))
    private = [one.id for one in page.items if one.visibility == Visibility.PRIVATE]
    buyers = queries.buyers_by_name(session, private)
    rows = [
        {
            "offer": one,
            "title": _title(one.product, locale),
            "lines": lot_lines(shown_of(one), locale),
            "state": STATES[one.state(moment)],
            "is_over": one.state(moment) in _OVER,
            "taken": _taken(one, locale),
            "buyers": buyers.get(one.id, []),
        }
        for one in page.items
    ]
    return render_template("offers/own.html", page=page, rows=rows)


@bp.get("/selling/offers/new")
def choose() -> ResponseReturnValue:
    """Which of the goods on the market is offered."""
    session, locale = db.session(), current_locale()
    goods = own_goods(session, own_seller(session, current_actor()).id)
    return render_template("offers/choose.html", goods=[(one.slug, _title(one, locale)) for one in goods])


@bp.route("/selling/offers/new/<slug>", methods=["GET", "POST"])
def new(slug: str) -> ResponseReturnValue:
    """Offer a lot of one product."""
    session, actor = db.session(), current_actor()
    product = own_product(session, actor, slug)
    form = OfferForm.of(product, None, known_buyers(session, actor))
    draft = form.draft(product)
    if draft is None:
        return _page(form, product, None, 422 if request.method == "POST" else 200)
    try:
        with action(url_for(".own")) as act:
            services.make_offer(act.session, actor, slug, draft)
    except (Forbidden, NotFound):
        raise
    except DomainError as fault:
        return _refused(form, product, None, fault)
    flash(_("The offer is made. Buyers can ask about it from its first day on."), "success")
    return act.redirect()


@bp.route("/selling/offers/<key>", methods=["GET", "POST"])
def edit(key: str) -> ResponseReturnValue:
    """Change an offer that is not over."""
    session, actor = db.session(), current_actor()
    offer = queries.own_offer(session, actor, key)
    product = own_product(session, actor, offer.product.slug)
    form = OfferForm.of(product, offer, _choosable(offer))
    draft = form.draft(product)
    if draft is None:
        return _page(form, product, offer, 422 if request.method == "POST" else 200)
    try:
        with action(url_for(".own")) as act:
            services.change_offer(act.session, actor, key, seen_version(), draft)
    except (Forbidden, NotFound):
        raise
    except DomainError as fault:
        session = db.session()
        offer, product = queries.own_offer(session, actor, key), own_product(session, actor, product.slug)
        if isinstance(fault, Conflict):
            form.version.data = str(offer.version)  # who has read what it says now may save again
        return _refused(form, product, offer, fault)
    flash(_("The offer is saved."), "success")
    return act.redirect()


@bp.post("/selling/offers/<key>/withdraw")
def withdraw(key: str) -> ResponseReturnValue:
    """Nobody can ask about it any more."""
    with action(url_for(".own")) as act:
        services.withdraw_offer(act.session, current_actor(), key, seen_version())
    flash(_("The offer is withdrawn. Quotes that stand go on."), "success")
    return act.redirect()


def _choosable(offer: SpotOffer) -> list[tuple[int, str]]:
    """Buyers to name: those the seller knows, and those whom the offer names already."""
    session, actor = db.session(), current_actor()
    known = known_buyers(session, actor)
    if offer.visibility != Visibility.PRIVATE:
        return known
    held = {one.organisation_id for one in offer.buyers} - {key for key, _name in known}
    return known + queries.named_buyers(session, held)


def _taken(offer: SpotOffer, locale: str) -> str:
    return format_quantity(Quantity(offer.taken, offer.unit), locale)


def _title(product: Product, locale: str) -> str:
    return title_in(product.card_titles, locale, product.original_language) or product.slug


def _refused(form: OfferForm, product: Product, offer: SpotOffer | None, fault: DomainError) -> ResponseReturnValue:
    form.form_errors.append(str(fault.sentence))
    return _page(form, product, offer, fault.status)


def _page(form: OfferForm, product: Product, offer: SpotOffer | None, status: int) -> ResponseReturnValue:
    locale = current_locale()
    payouts = Payouts(db.session(), locale)
    html = render_template(
        "offers/form.html",
        form=form,
        product=product,
        product_title=_title(product, locale),
        offer=offer,
        state=STATES[offer.state(now())] if offer else None,
        taken=_taken(offer, locale) if offer is not None else "",
        is_over=offer is not None and offer.state(now()) in _OVER,
        ports=port_options(),
        received_lines=[
            received_of(
                payouts,
                product,
                row.unit_price.data,
                asked_at(row.currency.data, form.unit.data, row.incoterm.data, row.place.data),
            )
            for row in (entry.form for entry in form.prices)
        ],
    )
    return html, status
