"""The product page: product, seller, certificates and similar goods on one page, in five statements at most."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from marketplace.catalogue.photos import photo_path
from marketplace.catalogue.queries.cards import similar
from marketplace.catalogue.queries.listed import listed_product, product_by_id
from marketplace.catalogue.queries.own import own_product
from marketplace.catalogue.queries.product_view import ProductView
from marketplace.catalogue.registry.loading import load_registry
from marketplace.accounts.wording import LEVEL_NAMES
from marketplace.discovery.facets import regency_name
from marketplace.discovery.page_cache import kept
from marketplace.i18n import formats
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.http import current_actor
from marketplace.kernel.outside import settings
from marketplace.web import product_parts as parts
from marketplace.web.card_values import cards_of

bp = Blueprint("product_page", __name__)


@bp.get("/products/<slug>")
def product(slug: str) -> ResponseReturnValue:
    """Everything a professional buyer wants to know about one offer."""
    return kept(lambda: _page(listed_product(db.session(), slug)))


@bp.get("/selling/products/<slug>/preview")
def preview(slug: str) -> ResponseReturnValue:
    """A seller's own product as buyers will read it, in whatever state it is."""
    session = db.session()
    own = own_product(session, current_actor(), slug)
    return _page(product_by_id(session, own.id), is_preview=True)


def _page(view: ProductView, *, is_preview: bool = False) -> ResponseReturnValue:
    from flask import request

    session, locale = db.session(), current_locale()
    text = view.text_in(locale)
    others = similar(session, view.id, view.commodity, view.category, locale, size=4)
    story_language, story = view.producer.story_in(locale) if view.producer else ("", "")
    registry = load_registry()
    prefix = prefix_of(request.environ)
    return render_template(
        "web/product.html",
        product=view,
        text=text,
        photos=parts.photos(view, locale, text.title),
        ladders=parts.ladders(view, locale),
        container=parts.container(view, locale),
        months=parts.months(view, locale),
        specs=parts.specifications(view, locale),
        certificates=parts.certificates(view, locale),
        terms=parts.trade_terms(view, locale),
        logistics=parts.logistics(view, locale),
        registrations=parts.registrations(view, locale),
        chain=parts.chain(view),
        crumbs=[(one.name(locale), f"{prefix}/products?category={one.key}") for one in registry.path(view.category)],
        commodity=registry.commodity(view.commodity).name(locale),
        origin=_place(view, locale),
        level=str(LEVEL_NAMES.get(view.seller.verification_level, "")),
        story=story,
        story_language=story_language,
        similar=cards_of(others, locale, prefix),
        structured="" if is_preview else structured_data(view, text.title, text.description, locale),
        is_preview=is_preview,
    )


def _place(view: ProductView, locale: str) -> str:
    if view.origin_country == "ID" and view.origin_region:
        return f"{regency_name(view.origin_region, locale)}, {formats.format_country('ID', locale)}"
    region = f"{view.origin_region}, " if view.origin_region else ""
    return region + formats.format_country(view.origin_country, locale)


def structured_data(view: ProductView, title: str, description: str, locale: str) -> Markup:
    """schema.org Product as JSON-LD. A data block, not a script: browsers do not run it, so the CSP has no say."""
    base = settings().web.public_url
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": title,
        "description": description[:500],
        "sku": view.slug,
        "category": view.category,
        "countryOfOrigin": view.origin_country,
        "url": f"{base}/products/{view.slug}",
        "brand": {"@type": "Organization", "name": view.producer.name if view.producer else view.seller.name},
    }
    if view.photos and not view.photos[0].is_illustration:
        data["image"] = [f"{base}{photo_path(view.photos[0].stem, 1280)}"]
    if view.card_price is not None:
        data["offers"] = {
            "@type": "Offer",
            "price": str(view.card_price.normalize() + 0),
            "priceCurrency": view.card_price_currency,
            "availability": "https://schema.org/InStock",
            "seller": {"@type": "Organization", "name": view.seller.name},
            "eligibleQuantity": {
                "@type": "QuantitativeValue",
                "minValue": str(view.moq.normalize() + 0) if view.moq is not None else None,
                "unitText": view.unit,
            },
        }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # < > & as escapes, so that no text can end the block
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(safe))  # noqa: S704 - escaped above
