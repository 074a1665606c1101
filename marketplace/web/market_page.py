"""What a destination asks of a product, for buyers on the market and for its seller at work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.queries.listed import listed_product, product_by_id
from marketplace.catalogue.queries.own import own_product
from marketplace.catalogue.queries.product_view import ProductView
from marketplace.catalogue.rules.tariffs import market_of
from marketplace.catalogue.trade_text import national_code
from marketplace.discovery.page_cache import kept
from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import actor_or_none, current_actor
from marketplace.marketaccess.facts import load_facts
from marketplace.web import market_parts as parts

bp = Blueprint("market_page", __name__)
ORIGIN = "ID"  # the facts are about goods from Indonesia


@bp.get("/products/<slug>/to")
def choose(slug: str) -> ResponseReturnValue:
    """Leads to the chosen destination, else to the reader's own country; without either, asks for it."""
    session, chosen = db.session(), request.args.get("country", "")
    product = _on_sale(session, slug)
    if chosen:
        return redirect(url_for("market_page.destination", slug=product.slug, country=_code(chosen)))
    own = _own_country(session)
    if own:
        return redirect(url_for("market_page.destination", slug=product.slug, country=own))
    locale = current_locale()
    return render_template(
        "web/market_choice.html",
        title=product.text_in(locale).title,
        slug=product.slug,
        countries=parts.country_choices(locale),
    )


@bp.get("/products/<slug>/to/<country>")
def destination(slug: str, country: str) -> ResponseReturnValue:
    """What one destination asks of a product on the market."""
    code = _code(country)
    if code != country:  # one address for each list
        return redirect(url_for("market_page.destination", slug=slug, country=code), 301)
    return kept(lambda: _list(_on_sale(db.session(), slug), code, is_own=False))


@bp.get("/selling/products/<slug>/markets")
def own_markets(slug: str) -> ResponseReturnValue:
    """The destinations of a seller's own product, with what is open at each."""
    product, locale = _own(slug), current_locale()
    return render_template(
        "web/own_markets.html",
        title=product.text_in(locale).title,
        slug=product.slug,
        has_hs=bool(product.hs_code),
        markets=parts.overview(product, today(), locale),
    )


@bp.get("/selling/products/<slug>/markets/<country>")
def own_market(slug: str, country: str) -> ResponseReturnValue:
    """What one destination asks of a seller's own product, in whatever state it is."""
    return _list(_own(slug), _code(country), is_own=True)


def _list(product: ProductView, code: str, *, is_own: bool) -> ResponseReturnValue:
    locale = current_locale()
    name = formats.format_country(code.upper(), locale)
    title = product.text_in(locale).title
    shown: dict[str, Any] = parts.market(product, code.upper(), today(), locale)
    return render_template(
        "web/own_market.html" if is_own else "web/market.html",
        heading=_("%(country)s: requirements for %(product)s", country=name, product=title),
        title=title,
        slug=product.slug,
        country=name,
        code=code,
        countries=parts.country_choices(locale),
        hs=f"{product.hs_code[:4]}.{product.hs_code[4:]}" if product.hs_code else "",
        national=national_code(product, market_of(code.upper(), load_facts().blocs["EU"]), locale),
        market=shown,
        is_own=is_own,
    )


def _on_sale(session: Session, slug: str) -> ProductView:
    product = listed_product(session, slug)
    if product.origin_country != ORIGIN:
        raise NotFound
    return product


def _own(slug: str) -> ProductView:
    session = db.session()
    product = product_by_id(session, own_product(session, current_actor(), slug).id)
    if product.origin_country != ORIGIN:
        raise NotFound
    return product


def _code(text: str) -> str:
    """The country's code as in addresses; `NotFound` for what the facts do not know."""
    code = text.lower()
    if code not in dict(parts.country_choices(current_locale())):
        raise NotFound
    return code


def _own_country(session: Session) -> str:
    """The country of the reader's organisation, empty where it is none of the destinations."""
    actor = actor_or_none()
    if actor is None or actor.organisation_id is None:
        return ""
    country = session.scalar(select(Organisation.country).where(Organisation.id == actor.organisation_id)) or ""
    code = country.lower()
    return code if code in dict(parts.country_choices(current_locale())) else ""
