"""An offer as finished HTML, put together from parts that are rendered once for each shape they have."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app
from jinja2.filters import do_truncate
from markupsafe import Markup, escape

from marketplace.accounts.rules import VerificationLevel
from marketplace.accounts.wording import LEVEL_NAMES
from marketplace.catalogue.queries.cards import CardRow
from marketplace.catalogue.queries.product_view import ProductView
from marketplace.catalogue.registry.loading import load_registry
from marketplace.discovery.cards import card_words, product_card
from marketplace.discovery.facets import regency_name
from marketplace.discovery.projection import level_on
from marketplace.i18n import formats
from marketplace.i18n.translations import gettext as _
from marketplace.kernel.clock import today
from marketplace.kernel.shapes import Same, shaped, shaped_page
from marketplace.reviews.rules import Figures
from marketplace.web import product_parts as parts
from marketplace.web.filled_in import filled_in_names
from marketplace.web.market_page import ORIGIN
from marketplace.web.market_parts import country_choices
from marketplace.web.product_data import head_of

_TABLES, _TRADE = "components/tables.html", "components/trade.html"


class Offer(NamedTuple):
    """The page of one product but for what stands near it; every text is finished HTML."""

    title: Markup
    heading: Markup
    description: Markup
    head: Markup
    top: Markup
    end: Markup


def offer_of(
    view: ProductView,
    locale: str,
    prefix: str,
    *,
    is_preview: bool,
    limited: Markup | str = "",
    rating: Figures | None = None,
) -> Offer:
    """Everything the page of ``view`` shows, in the language that is spoken; ``prefix`` begins its local links.

    ``limited`` tells of open offers of a lot and of closed days, as finished HTML;
    ``rating`` is told to machines as it is told to people.
    """
    text = view.text_in(locale)
    origin, photos = _place(view, locale), parts.photos(view, locale, text.title)
    picture = str(photos[0]["src"]) if photos and not photos[0]["credit"] else ""
    return Offer(
        title=escape(f"{text.title} · {origin} · Pesantren Souq"),
        heading=escape(text.title),
        description=escape(do_truncate(current_app.jinja_env, text.description, 180)),
        head=Markup() if is_preview else head_of(view, text, picture, rating),
        top=_top(view, locale, prefix, origin, photos, is_preview, limited),
        end=shaped_page(
            "web/product_end.html",
            locale,
            prefix=prefix,
            key=str(view.id),
            changed_on=formats.format_date(formats.day_of(view.changed_at, "UTC"), locale),
        ),
    )


def card_of(row: CardRow, locale: str, prefix: str) -> Markup:
    """The card of a neighbour."""
    words = card_words(prefix, locale)
    card = product_card(row, None, None, locale, words)
    card["key"] = str(card["key"])
    return shaped("components/cards.html", "product_card", locale, card, words.labels, True, 3)


def similar_goods(cards: list[Markup], locale: str) -> Markup:
    """Finished cards under their heading."""
    return shaped_page("web/product_similar.html", locale, cards=cards)


def _top(
    view: ProductView,
    locale: str,
    prefix: str,
    origin: str,
    photos: list[dict[str, Any]],
    is_preview: bool,
    limited: Markup | str,
) -> Markup:
    text, seller, registry = view.text_in(locale), view.seller, load_registry()
    crumbs = [(one.name(locale), f"{prefix}/products?category={one.key}") for one in registry.path(view.category)]
    crumbs = [(_("Products"), f"{prefix}/products"), *crumbs]
    level = level_on(seller.verification_level, seller.verified_until, today())
    rate, hours = seller.answer_rate, seller.answer_hours
    ladders, months = parts.ladders(view, locale), parts.months(view, locale)
    registrations = parts.registrations(view, locale)
    has_markets = not is_preview and view.origin_country == ORIGIN
    return shaped_page(
        "web/product_offer.html",
        locale,
        crumbs=shaped("components/navigation.html", "breadcrumb", locale, [*crumbs, (text.title, None)]),
        gallery=shaped("components/gallery.html", "gallery", locale, [_in_texts(one) for one in photos], text.title),
        commodity=registry.commodity(view.commodity).name(locale),
        origin=origin,
        language=_tag(text.language),
        title=text.title,
        translated_by=Same("" if text.is_original else "machine" if text.source == "machine" else "person"),
        ladders=shaped(_TRADE, "price_ladder", locale, ladders, _("Prices by quantity")) if ladders else "",
        limited=limited,
        terms=_pairs(parts.trade_terms(view, locale), locale),
        container=_container(view, locale),
        is_preview=is_preview,
        sample_is_offered=bool(view.sample_is_offered),
        address=f"{prefix}/products/{view.slug}",
        prefix=prefix,
        key=str(view.id),
        seller_slug=seller.slug,
        seller=seller.name,
        level=_level(level, locale),
        next_check=formats.format_date(seller.verified_until, locale) if seller.verified_until else "",
        answer_rate="" if rate is None else formats.format_percent(rate * 100, locale),
        answer_hours="" if hours is None else formats.format_number(hours, locale, 0),
        certificates=_certificates(view, locale),
        specs=_specifications(view, locale),
        filled_in=formats.format_list(filled_in_names(view.filled_in, locale), locale),
        logistics=_pairs(parts.logistics(view, locale), locale),
        months=_macro(_TRADE, "month_strip")(months, _("Harvest and free capacity"), _("the next twelve months"))
        if months
        else "",
        registrations=_pairs(registrations, locale) if registrations else "",
        countries=Same(country_choices(locale) if has_markets else ()),
        description=text.description,
        chain=_chain(view.stage, locale),
        **_producer(view, locale),
    )


def _producer(view: ProductView, locale: str) -> dict[str, Any]:
    """The pesantren behind the goods, and who is who."""
    producer = view.producer
    if producer is None:
        return {"producer": ""}
    language, story = producer.story_in(locale)
    partner = view.market_partner[1] if view.market_partner else _("none, the seller deals directly")
    named = [
        (_("Producer"), producer.name),
        (_("Seller of record"), view.seller.name),
        (_("Market partner"), partner),
    ]
    if producer.santri_count:
        named.append((_("Students"), formats.format_number(producer.santri_count, locale)))
    return {
        "producer": producer.name,
        "story": story,
        "story_language": _tag(language),
        "parties": _pairs(named, locale, "columns"),
    }


def _pairs(pairs: list[tuple[str, ...]] | list[tuple[str, str]], locale: str, layout: str = "rows") -> Markup:
    return shaped(_TABLES, "data_pairs", locale, pairs, layout)


def _specifications(view: ProductView, locale: str) -> Markup:
    rows = [shaped("web/product_rows.html", "spec_row", locale, *row) for row in parts.specifications(view, locale)]
    return Markup("\n").join(rows)


def _certificates(view: ProductView, locale: str) -> Markup:
    shown = [{**one, "state": Same(one["state"])} for one in parts.certificates(view, locale)]
    return shaped("web/product_rows.html", "certificate_list", locale, shown) if shown else Markup()


def _container(view: ProductView, locale: str) -> Markup:
    found = parts.container(view, locale)
    return _macro(_TRADE, "container_share")(found["share"], found["text"]) if found else Markup()


@lru_cache(maxsize=64)
def _chain(stage: str, _locale: str) -> Markup:
    made: Markup = _macro(_TRADE, "value_chain")(parts.chain(stage))
    return made


@lru_cache(maxsize=64)
def _level(level: VerificationLevel, _locale: str) -> str:
    return str(LEVEL_NAMES[level])


def _macro(template: str, name: str) -> Any:
    return getattr(current_app.jinja_env.get_template(template).module, name)


def _in_texts(photo: dict[str, Any]) -> dict[str, Any]:
    """Its size as texts, since every number is a shape of its own."""
    return {**photo, "width": str(photo["width"]), "height": str(photo["height"])}


def _tag(locale: str) -> str:
    return locale.replace("_", "-")


def _place(view: ProductView, locale: str) -> str:
    if view.origin_country == "ID" and view.origin_region:
        return f"{regency_name(view.origin_region, locale)}, {formats.format_country('ID', locale)}"
    region = f"{view.origin_region}, " if view.origin_region else ""
    return region + formats.format_country(view.origin_country, locale)
