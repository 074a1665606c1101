"""Pages to find things: products, sellers, categories, suggestions, and what machines read."""

from __future__ import annotations

from flask import Blueprint, Response, after_this_request, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalogue.queries import newest_products
from marketplace.discovery import sitemap
from marketplace.discovery.address import Wish, read_wish
from marketplace.discovery.browsing import category_tiles, resting_links
from marketplace.discovery.cards import card_words, product_cards
from marketplace.discovery.facets import PRODUCT_SPANS, PRODUCT_TERMS, SELLER_SPANS, SELLER_TERMS
from marketplace.discovery.lists import TEMPLATE, product_list
from marketplace.discovery.logbook import Logbook
from marketplace.discovery.memory import Shared, shared
from marketplace.discovery.overlay import look_now_and_then
from marketplace.discovery.page_cache import kept
from marketplace.discovery.pieces import is_narrowed, seller_page
from marketplace.discovery.queries import Found, find
from marketplace.discovery.recent import recent, remember
from marketplace.discovery.rules import PRODUCT, SELLER
from marketplace.discovery.seller_cards import seller_cards
from marketplace.discovery.suggesting import suggestions
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.formats import format_number
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.frames import in_frame
from marketplace.kernel.http import actor_or_none
from search.errors import EngineUnavailable, QueryRefused
from search.patience import within

PATIENCE = 1.0  # seconds for all searches of one page; after that search rests, and the page comes without it
bp = Blueprint("discovery", __name__)
logbook = Logbook()


@bp.before_app_request
def _keep_lexicon() -> None:
    """Every process learns of operators' names for concepts; tests bring them in by hand."""
    if not current_app.testing:
        look_now_and_then(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy has it


@bp.get("/products")
def products() -> ResponseReturnValue:
    """The list of products, and the search in it."""
    with within(PATIENCE):
        return kept(_products)


@bp.get("/sellers")
def sellers() -> ResponseReturnValue:
    """The list of pesantren and their business units."""
    with within(PATIENCE):
        return kept(_sellers)


@bp.get("/commodities")
def commodities() -> ResponseReturnValue:
    """All kinds of goods, with how many there are of each."""
    with within(PATIENCE):
        return kept(_commodities)


@bp.get("/suggest")
def suggest() -> ResponseReturnValue:
    """Completions for a search box: a list of {text, href, note}."""
    locale, prefix = current_locale(), prefix_of(request.environ)
    own = recent()
    with within(PATIENCE):
        rows = [each.as_value() for each in suggestions(db.session(), request.args.get("q", ""), locale, prefix, own)]
    response = jsonify(rows)
    response.headers["Cache-Control"] = "private, no-store" if own else "public, max-age=60"
    return response


@bp.get("/sitemap.xml")
def sitemap_index() -> ResponseReturnValue:
    """Where the lists of addresses are."""
    return _xml(render_template("discovery/sitemap_index.xml", parts=sitemap.parts(db.session())))


@bp.get("/sitemaps/<kind>-<int:number>.xml")
def sitemap_part(kind: str, number: int) -> ResponseReturnValue:
    """Addresses of public pages in every language."""
    addresses = sitemap.addresses(db.session(), kind, number)
    if addresses is None:
        raise NotFound
    return _xml(render_template("discovery/sitemap.xml", addresses=addresses))


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """What machines may read."""
    return Response(render_template("discovery/robots.txt"), mimetype="text/plain")


def _products() -> ResponseReturnValue:
    locale, prefix = current_locale(), prefix_of(request.environ)
    wish = read_wish(request.args, PRODUCT_TERMS, PRODUCT_SPANS, locale)
    known = shared()
    try:
        found = _found(wish, locale, PRODUCT, known)
        pieces = product_list(wish, found, locale, prefix, known)
    except EngineUnavailable:
        return _resting(locale, prefix)
    _note(wish, found, locale)
    page = in_frame(TEMPLATE, {"is_narrowed": is_narrowed(wish)}, pieces)
    return page, 422 if wish.unreadable else 200


def _sellers() -> ResponseReturnValue:
    locale, prefix = current_locale(), prefix_of(request.environ)
    wish = read_wish(request.args, SELLER_TERMS, SELLER_SPANS, locale)
    base, known = f"{prefix}/sellers", shared()
    try:
        found = _found(wish, locale, SELLER, known)
    except EngineUnavailable:
        return _resting(locale, prefix)
    page = render_template(
        "discovery/sellers.html",
        sellers=seller_cards(db.session(), found.results.keys, locale, prefix),
        **seller_page(wish, found, base, locale, known),
    )
    return page, 422 if wish.unreadable else 200


def _commodities() -> ResponseReturnValue:
    locale, prefix = current_locale(), prefix_of(request.environ)
    try:
        groups = category_tiles(locale, prefix)
    except EngineUnavailable:
        return _resting(locale, prefix)
    return render_template("discovery/commodities.html", groups=groups)


def _found(wish: Wish, locale: str, kind: str, known: Shared) -> Found:
    try:
        return find(wish, locale, kind, known)
    except QueryRefused as refusal:
        raise DomainError(_refusal(refusal)) from refusal


def _refusal(refusal: QueryRefused) -> str:
    if refusal.code == "page_depth":
        count = format_number(refusal.limit, current_locale())
        sentence = _(
            "Only the first %(count)s results can be shown. Narrow the list with words or filters.", count=count
        )
    else:
        sentence = _("That is more than one search can take in. Leave out some filters and try again.")
    return str(sentence)


def _note(wish: Wish, found: Found, locale: str) -> None:
    """Count the search; from time to time what was counted is written, after the answer has gone."""
    actor = actor_or_none()
    organisation_id = actor.organisation_id if actor else None
    if wish.page == 1 and found.results.total:
        remember(found.query.text)
    if wish.page == 1 and logbook.note(found.query.text, locale, found.results.total, organisation_id):
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy has it

        @after_this_request
        def _write(response: Response) -> Response:
            response.call_on_close(lambda: logbook.write(app))
            return response


def note_kept(route: str, query: str, locale: str) -> None:
    """Count the search of a list that a kept page answered."""
    if route == "/products":
        logbook.note_again(query, locale)


def _resting(locale: str, prefix: str) -> ResponseReturnValue:
    """The engine does not answer: a plain panel, the newest goods from the database and ways to browse."""
    page = newest_products(db.session(), locale)
    body = render_template(
        "discovery/resting.html",
        cards=product_cards(page.items, (), locale, card_words(prefix, locale)),
        links=resting_links(locale, prefix),
    )
    return body, 503, {"Retry-After": "10"}


def _xml(body: str) -> Response:
    return Response(body, mimetype="application/xml")
