"""The start page: one search box, the groups of goods, what is in season, how trust is made, three doors."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from marketplace.catalogue.queries.cards import newest_products
from marketplace.catalogue.registry.loading import load_registry
from marketplace.discovery.page_cache import kept
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
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


@bp.get("/")
def home() -> ResponseReturnValue:
    """Where everyone arrives."""
    return kept(_page)


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
    newest = newest_products(db.session(), locale, size=8).items
    return render_template("web/home.html", tiles=tiles, cards=cards_of(newest, locale, prefix))
