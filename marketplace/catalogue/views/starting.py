"""The seller's list, and how a new product begins: with a commodity."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.forms.parts import attach
from marketplace.catalogue.forms.texts import StartForm
from marketplace.catalogue.labels import STATE_TONES, STATES
from marketplace.catalogue.photos import photo_path
from marketplace.catalogue.queries.own import own_counts, own_products, paused_commodities, producers_of, seller_of
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.lookup import CommodityUnknown, Registry
from marketplace.catalogue.registry.types import Commodity
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.services.problems import Unfit
from marketplace.catalogue.services.products import create_product
from marketplace.catalogue.views.blueprint import bp
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number

MOST_FOUND = 20


@bp.get("/selling/products")
def own_list() -> ResponseReturnValue:
    """The seller's products, those that need something first."""
    actor, session = current_actor(), db.session()
    state = request.args.get("state", "")
    page = own_products(session, actor, page_number(request.args.get("page")), state)
    counts = own_counts(session, actor)
    registry, locale = load_registry(), current_locale()
    tabs = [("", _("All"), sum(counts.values()))]
    tabs += [(one.value, str(STATES[one]), counts.get(one, 0)) for one in ListingState if counts.get(one)]
    names = {row.commodity: registry.commodity(row.commodity).name(locale) for row in page.items}
    return render_template(
        "catalogue/own_list.html",
        page=page, state=state, tabs=tabs, names=names, states=STATES, tones=STATE_TONES, photo_path=photo_path,
    )  # fmt: skip


@bp.get("/selling/products/new")
def choose_commodity() -> ResponseReturnValue:
    """Which commodity is it? By a word in any language, or through the tree."""
    wish = request.args.get("q", "").strip()[:80]
    registry, locale = load_registry(), current_locale()
    found = _found(registry, wish, locale) if wish else []
    branches = [(root.name(locale), _branches(registry, root.key, locale)) for root in registry.roots]
    return render_template(
        "catalogue/choose_commodity.html",
        wish=wish, found=[(one.key, one.name(locale)) for one in found], branches=branches,
        paused=paused_commodities(db.session()),
    )  # fmt: skip


@bp.get("/selling/products/new/<commodity>")
def start_form(commodity: str) -> ResponseReturnValue:
    """The first words about a product of this commodity."""
    known = _known(commodity)
    form = _start_form(StartForm(data={"language": current_locale()}))
    return _start_page(form, known)


@bp.post("/selling/products/new/<commodity>")
def start(commodity: str) -> ResponseReturnValue:
    """Make the draft and go on with it."""
    known = _known(commodity)
    form = _start_form(StartForm())
    if not form.validate_on_submit():
        return _start_page(form, known), 422
    try:
        with action() as act:
            product = create_product(act.session, current_actor(), form.as_start(known.key))
            act.leads_to(url_for("catalogue.product", slug=product.slug))
    except Unfit as unfit:
        attach(form, unfit)
        return _start_page(_start_form(form), known), 422
    flash(_("The draft is saved. Fill in the parts one by one; you can stop and go on at any time."), "success")
    return act.redirect()


def _start_form(form: StartForm) -> StartForm:
    session = db.session()
    return form.for_producers(producers_of(session, seller_of(session, current_actor()).id))


def _start_page(form: StartForm, commodity: Commodity) -> str:
    return render_template(
        "catalogue/start.html", form=form, commodity=commodity.key, name=commodity.name(current_locale())
    )


def _known(key: str) -> Commodity:
    try:
        return load_registry().commodity(key)
    except CommodityUnknown:
        raise NotFound from None


def _found(registry: Registry, wish: str, locale: str) -> list[Commodity]:
    """Commodities by a word: exact names first, then those whose names or search words contain it."""
    exact = list(registry.named(wish))
    word = wish.casefold()
    part = [
        one
        for one in registry.commodities.values()
        if one not in exact
        and (
            word in one.name(locale).casefold()
            or any(word in text.casefold() for words in one.words.values() for text in words)
        )
    ]
    return (exact + part)[:MOST_FOUND]


def _branches(registry: Registry, root: str, locale: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The second step of the tree with its commodities."""
    found = []
    for category in registry.children(root):
        commodities = [(one.key, one.name(locale)) for one in registry.within(category.key)]
        if commodities:
            found.append((category.name(locale), commodities))
    own = [(one.key, one.name(locale)) for one in registry.commodities.values() if one.category == root]
    return found + ([("", own)] if own else [])
