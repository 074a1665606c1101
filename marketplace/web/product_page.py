"""The product page: product, seller, certificates and similar goods on one page, in three statements."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from jinja2.filters import do_truncate
from markupsafe import Markup, escape

from marketplace.accounts.wording import LEVEL_NAMES
from marketplace.catalogue.photos import photo_path
from marketplace.catalogue.queries.cards import cards_of_rows, similar_rows
from marketplace.catalogue.queries.listed import ProductRows, listed_rows, product_rows, view_of
from marketplace.catalogue.queries.own import own_product
from marketplace.catalogue.queries.product_view import ProductView, TextView
from marketplace.catalogue.registry.loading import load_registry
from marketplace.discovery.facets import regency_name
from marketplace.discovery.page_cache import kept
from marketplace.discovery.projection import level_on
from marketplace.i18n import formats
from marketplace.i18n.addresses import prefix_of
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.frames import in_frame
from marketplace.kernel.http import current_actor
from marketplace.kernel.outside import settings
from marketplace.kernel.pieces import digest, pieces
from marketplace.kernel.prepared import Raw
from marketplace.web import product_parts as parts
from marketplace.web.card_values import cards_of
from marketplace.web.filled_in import filled_in_names
from marketplace.web.market_page import ORIGIN
from marketplace.web.market_parts import country_choices

bp = Blueprint("product_page", __name__)
SIMILAR = 4


@bp.get("/products/<slug>")
def product(slug: str) -> ResponseReturnValue:
    """Everything a professional buyer wants to know about one offer."""
    return kept(lambda: _page(listed_rows(db.session(), slug)))


@bp.get("/selling/products/<slug>/preview")
def preview(slug: str) -> ResponseReturnValue:
    """A seller's own product as buyers will read it, in whatever state it is."""
    session = db.session()
    own = own_product(session, current_actor(), slug)
    return _page(product_rows(session, own.id), is_preview=True)


class _Offer(NamedTuple):
    """The page of one product but for what stands near it; every text is finished HTML."""

    title: Markup
    heading: Markup
    description: Markup
    head: Markup
    top: Markup
    end: Markup


def _page(rows: ProductRows, *, is_preview: bool = False) -> ResponseReturnValue:
    """The page joined from pieces, each made anew only when a row it shows has changed."""
    session, locale, prefix = db.session(), current_locale(), prefix_of(request.environ)
    near = similar_rows(session, rows.id, rows.commodity, rows.category, size=SIMILAR)
    known, reader = pieces(), (locale, prefix, today())
    offer = known.get(
        ("offer", digest((rows.one, rows.parts)), *reader, is_preview),
        lambda: _offer(view_of(session, rows), locale, prefix, is_preview),
    )
    similar = Markup()
    if near:
        similar = known.get(
            ("similar", digest(near), *reader),
            lambda: (_template("web/product_similar.html", cards=_cards(near, locale, prefix)),),
        )[0]
    slots = {**offer._asdict(), "similar": similar}
    if is_preview:
        return render_template("web/product.html", **slots, slug=rows.slug, is_preview=True)
    return in_frame("web/product.html", {"is_preview": False}, slots)


def _cards(near: list[Raw], locale: str, prefix: str) -> list[dict[str, Any]]:
    return cards_of(cards_of_rows(db.session(), near, locale), locale, prefix)


def _template(name: str, **shown: Any) -> Markup:
    return Markup(current_app.jinja_env.get_template(name).render(**shown))  # noqa: S704 - escaped by Jinja


def _offer(view: ProductView, locale: str, prefix: str, is_preview: bool) -> _Offer:
    text, day = view.text_in(locale), today()
    story_language, story = view.producer.story_in(locale) if view.producer else ("", "")
    registry = load_registry()
    origin, photos = _place(view, locale), parts.photos(view, locale, text.title)
    shown: dict[str, Any] = {
        "product": view,
        "prefix": prefix,
        "text": text,
        "is_preview": is_preview,
    }
    top = _template(
        "web/product_offer.html",
        **shown,
        photos=photos,
        ladders=parts.ladders(view, locale),
        container=parts.container(view, locale),
        filled_in=filled_in_names(view.filled_in, locale),
        months=parts.months(view, locale),
        specs=parts.specifications(view, locale),
        certificates=parts.certificates(view, locale),
        terms=parts.trade_terms(view, locale),
        logistics=parts.logistics(view, locale),
        registrations=parts.registrations(view, locale),
        countries=[] if is_preview or view.origin_country != ORIGIN else country_choices(locale),
        chain=parts.chain(view),
        crumbs=[(one.name(locale), f"{prefix}/products?category={one.key}") for one in registry.path(view.category)],
        commodity=registry.commodity(view.commodity).name(locale),
        origin=origin,
        level=str(LEVEL_NAMES[level_on(view.seller.verification_level, view.seller.verified_until, day)]),
        story=story,
        story_language=story_language,
    )
    picture = str(photos[0]["src"]) if photos and not photos[0]["credit"] else ""
    return _Offer(
        title=escape(f"{text.title} · {origin} · Pesantren Souq"),
        heading=escape(text.title),
        description=escape(do_truncate(current_app.jinja_env, text.description, 180)),
        head=_head(view, text, picture, locale) if not is_preview else Markup(),
        top=top,
        end=_template("web/product_end.html", **shown),
    )


def _head(view: ProductView, text: TextView, picture: str, locale: str) -> Markup:
    """What machines read of the offer: structured data and, where there is a photo, the picture to share."""
    found = structured_data(view, text.title, text.description, locale)
    if not picture:
        return found
    return found + Markup('\n<meta property="og:image" content="{}{}">').format(settings().web.public_url, picture)


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
