"""What machines read of an offer: schema.org data, and the picture to share."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from marketplace.catalogue.photos import photo_path
from marketplace.catalogue.queries.product_view import ProductView, TextView
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.tariffs import SCHEDULES, TariffMarket
from marketplace.catalogue.spec_text import field_name, value_text
from marketplace.i18n.formats import format_unit
from marketplace.kernel.outside import settings
from marketplace.reviews.rules import BEST, Figures


def head_of(view: ProductView, text: TextView, picture: str, rating: Figures | None = None) -> Markup:
    """Structured data and, where there is a photo, the picture to share."""
    found = structured_data(view, text.title, text.description, rating)
    if not picture:
        return found
    return found + Markup('\n<meta property="og:image" content="{}{}">').format(settings().web.public_url, picture)


def structured_data(view: ProductView, title: str, description: str, rating: Figures | None = None) -> Markup:
    """schema.org Product as JSON-LD, with ``rating`` only where the page shows it.

    A data block, not a script: browsers do not run it, so the CSP has no say.
    """
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
    data["additionalProperty"] = _properties(view)
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
    if rating is not None:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(rating.average),
            "reviewCount": rating.count,
            "bestRating": BEST,
            "worstRating": 1,
        }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # < > & as escapes, so that no text can end the block
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(safe))  # noqa: S704 - escaped above


def _properties(view: ProductView) -> list[dict[str, Any]]:
    """Customs codes, the net weight of a package and the figures that buyers decide by, in English."""
    commodity = load_registry().commodity(view.commodity)
    found = [_property("HS 2022", view.hs_code, propertyID="HS")]
    found += [
        _property(one.market.upper(), one.code, propertyID=SCHEDULES[TariffMarket(one.market)])
        for one in view.tariff_codes
    ]
    if view.pack_net_kg is not None and view.packing.is_stated:
        name = f"Net weight per {format_unit(view.pack_unit, 'en')}"
        found.append(_property(name, f"{view.pack_net_kg.normalize():f}", unitCode="KGM"))
    found += [
        _property(field_name(spec.field, "en"), value_text(spec.field, spec.value, "en"), propertyID=spec.field)
        for spec in view.specs
        if commodity.rules[spec.field].is_critical
    ]
    return found


def _property(name: str, value: str, **more: str) -> dict[str, Any]:
    return {"@type": "PropertyValue", "name": name, "value": value, **more}
