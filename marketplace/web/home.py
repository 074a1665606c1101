"""The start page: one search box, the groups of goods, what is harvested now, fairs ahead, how trust is made, doors."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from marketplace.catalogue.queries.cards import newest_products, products_in_harvest
from marketplace.catalogue.registry.loading import load_registry
from marketplace.discovery.page_cache import kept
from marketplace.fairs.models import Fair
from marketplace.fairs.queries import fairs_ahead
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.formats import month_name
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.web.card_values import cards_of
from marketplace.web.illustrations import illustration

bp = Blueprint("home", __name__)
# a commodity that stands for its group in the picture
FACES = (
    ("food/coffee", "coffee-arabica-green"),
    ("food/coconut", "coconut-sugar"),
    ("food/spices", "vanilla-beans"),
    ("food/cocoa", "cocoa-beans"),
    ("food/tea-herbs", "moringa-leaf"),
    ("food/snacks", "cassava-chips"),
    ("aroma", "patchouli-oil"),
    ("biomass", "charcoal-briquette-coconut"),
    ("textile", "batik-fabric"),
    ("craft", "rattan-basket"),
    ("furniture", "furniture-wood"),
    ("care", "soap-bar"),
)
_MOST_GOODS = 4


@bp.get("/")
def home() -> ResponseReturnValue:
    """Where everyone arrives."""
    return kept(_page, _fairs_mark)


def _fairs_mark() -> str:
    """A text that changes with the fairs that the page shows."""
    return " ".join(f"{fair.id}:{fair.version}" for fair in fairs_ahead(db.session()))


def _page() -> ResponseReturnValue:
    locale, prefix = current_locale(), prefix_of(request.environ)
    categories = load_registry().categories
    tiles = [
        {
            "title": categories[key].name(locale),
            "href": f"{prefix}/products?category={key}",
            "svg": Markup(illustration(commodity, key, number)),  # noqa: S704 - our own drawing
            "note": "",
        }
        for number, (key, commodity) in enumerate(FACES)
        if key in categories
    ]
    session, day = db.session(), today()
    harvested = products_in_harvest(session, day, locale, size=4)
    newest = newest_products(session, locale, size=4 if harvested else 8).items
    return render_template(
        "web/home.html",
        tiles=tiles,
        cards=cards_of(newest, locale, prefix),
        harvested=cards_of(harvested, locale, prefix),
        month=month_name(day.month, locale),
        fairs=[_shown(fair, locale, prefix) for fair in fairs_ahead(session)],
    )


def _shown(fair: Fair, locale: str, prefix: str) -> dict[str, object]:
    """A fair for everyone: without its code, which counts the visitors of the stand."""
    known = load_registry().commodities
    goods = [
        {"name": known[key].name(locale), "href": f"{prefix}/products?commodity={key}"}
        for key in fair.commodities[:_MOST_GOODS]
        if key in known
    ]
    return {"fair": fair, "goods": goods}
