"""The filters of the list pages: which fields, under which name in the address, with which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext, lazy_gettext

from marketplace.accounts.wording import LEVEL_NAMES
from marketplace.catalogue.labels import REGISTRATIONS, certificate_name
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import FieldType, SpecField
from marketplace.discovery.measuring import compared_in
from marketplace.discovery.readiness import readiness_name
from marketplace.i18n.formats import format_list
from marketplace.i18n.locales import BY_LOCALE
from marketplace.kernel.countries import country_name
from marketplace.kernel.regions import REGENCIES
from search.measures import OWN_UNIT
from search.query import CERTIFICATE
from search.schema import SPEC_PREFIX

Naming = Callable[[str, str], str]  # value, locale -> what a reader sees


@dataclass(frozen=True)
class Terms:
    """A filter by value: ``param`` in the address, ``field`` in the index."""

    param: str
    field: str
    legend: object
    name: Naming
    is_open: bool = False


@dataclass(frozen=True)
class Span:
    """A filter by number, with a lowest or a highest value or both."""

    param: str
    field: str
    legend: object
    unit: object
    has_low: bool = True
    has_high: bool = True
    heading: object = ""  # in the list of filters, where two legends would be the same


TAGS: Mapping[str, object] = {
    "open_offer": lazy_gettext("Offers open now"),
    "sample": lazy_gettext("Sample available"),
    "free_sample": lazy_gettext("Free sample"),
    "private_label": lazy_gettext("Private label"),
}


def _level_name(value: str, _locale: str) -> str:
    return str(LEVEL_NAMES.get(value, value))


def category_name(value: str, locale: str) -> str:
    """The name of a category, the value itself where the registry has none."""
    known = load_registry().categories.get(value)
    return known.name(locale) if known else value


def commodity_name(value: str, locale: str) -> str:
    """The name of a commodity."""
    known = load_registry().commodities.get(value)
    return known.name(locale) if known else value


def regency_name(value: str, _locale: str) -> str:
    """The regency as Indonesians write it; other origins stand as they were given."""
    known = REGENCIES.get(value)
    return known.full_name if known else value


@lru_cache(maxsize=512)
def _chapter_name(value: str, locale: str) -> str:
    """A chapter of the Harmonized System with the goods of ours that it holds."""
    names = [commodity.name(locale) for commodity in load_registry().with_hs(value)][:2]
    return f"{value} · {format_list(names, locale, 'names')}" if names else value


def _stage_name(value: str, locale: str) -> str:
    return load_registry().term(f"stage:{value}", locale)


def _itself(value: str, _locale: str) -> str:
    return value


PRODUCT_TERMS = (
    Terms("category", "category", lazy_gettext("Goods"), category_name, is_open=True),
    Terms("commodity", "commodity", lazy_gettext("Commodity"), commodity_name, is_open=True),
    Terms("certificate", CERTIFICATE, lazy_gettext("Certificate, valid today"), certificate_name, is_open=True),
    Terms("stage", "stage", lazy_gettext("Stage"), _stage_name),
    Terms("regency", "regency", lazy_gettext("Origin"), regency_name, is_open=True),
    Terms("incoterm", "incoterm", lazy_gettext("Incoterm"), _itself),
    Terms("tag", "tag", lazy_gettext("Offered with"), lambda value, _: str(TAGS.get(value, value))),
    Terms("verified", "verified_level", lazy_gettext("Seller checked"), _level_name),
    Terms("registration", "registration", lazy_gettext("Registered for"),
          lambda value, _: str(REGISTRATIONS.get(value, value))),
    Terms("ready", "market_ready", lazy_gettext("Papers asked by law"), readiness_name),
    Terms("hs", "hs_chapter", lazy_gettext("HS chapter"), _chapter_name),
    Terms("port", "port", lazy_gettext("Port"), _itself),
    Terms("language", "offer_language", lazy_gettext("Described in"),
          lambda value, _: BY_LOCALE[value].name if value in BY_LOCALE else value),
    Terms("crop", "crop_year", lazy_gettext("Crop year"), _itself),
)  # fmt: skip
# Counted only when they are chosen: long lists that few people filter by.
QUIET_TERMS = (
    Terms("seller", "seller", lazy_gettext("Seller"), _itself),
    Terms("ships", "ships_to", lazy_gettext("Ships to"), country_name),
    Terms("country", "origin_country", lazy_gettext("Country of origin"), country_name),
)
PRODUCT_SPANS = (
    Span("price", "price_usd_kg", lazy_gettext("Price"), lazy_gettext("US$ per kg"),
         heading=lazy_gettext("Price per kg")),
    Span("moq", "moq_kg", lazy_gettext("Minimum order"), "kg", has_low=False),
    Span("capacity", "capacity_kg", lazy_gettext("Capacity per month"), "kg", has_high=False),
    Span("lead", "lead_days", lazy_gettext("Lead time"), lazy_gettext("days"), has_low=False),
)  # fmt: skip
# Beside the price for a kilogram, where all goods that are chosen are sold so.
PRICES: Mapping[str, Span] = {
    "piece": Span("price_piece", "price_usd_piece", lazy_gettext("Price"), lazy_gettext("US$ per piece"),
                  heading=lazy_gettext("Price per piece")),
    "litre": Span("price_litre", "price_usd_litre", lazy_gettext("Price"), lazy_gettext("US$ per litre"),
                  heading=lazy_gettext("Price per litre")),
    OWN_UNIT: Span("price_unit", "price_usd_unit", lazy_gettext("Price"), lazy_gettext("US$ per unit of the offer"),
                   heading=lazy_gettext("Price per unit of the offer")),
}  # fmt: skip
SELLER_SPANS = (Span("capacity", "capacity_kg", lazy_gettext("Capacity per month"), "kg", has_high=False),)
SELLER_TERMS = (
    Terms("category", "category", lazy_gettext("Goods"), category_name, is_open=True),
    Terms("commodity", "commodity", lazy_gettext("Commodity"), commodity_name),
    Terms("regency", "regency", lazy_gettext("Regency"), regency_name, is_open=True),
    Terms("certificate", CERTIFICATE, lazy_gettext("Certificate, valid today"), certificate_name, is_open=True),
    Terms("verified", "verified_level", lazy_gettext("Checked"), _level_name),
    Terms("language", "offer_language", lazy_gettext("Speaks"),
          lambda value, _: BY_LOCALE[value].name if value in BY_LOCALE else value),
)  # fmt: skip
_MOST_SPECS = 16
_MOST_OPEN = 2  # of the specifications that buyers decide by; the list of goods begins not too far below
_MOST_COMMODITIES = 12


def spec_filters(
    commodities: tuple[str, ...], categories: tuple[str, ...]
) -> tuple[tuple[Terms, ...], tuple[Span, ...]]:
    """Filters by the price and the specifications that the chosen goods share, straight from the registry."""
    registry = load_registry()
    chosen = [key for key in commodities if key in registry.commodities]
    if not chosen and len(categories) == 1 and categories[0] in registry.categories:
        within = registry.within(categories[0])
        chosen = [commodity.key for commodity in within] if len(within) <= _MOST_COMMODITIES else []
    fields = registry.facets(chosen)[: _MOST_SPECS + 1] if chosen else ()
    shown = [each for each in fields if each.key != "crop_year"][:_MOST_SPECS]
    goods = [registry.commodities[key] for key in chosen]
    decisive = [each.key for each in shown if each.facet == "terms" and registry.decides(each.key, goods)][:_MOST_OPEN]
    terms = tuple(spec_terms(each, is_open=each.key in decisive) for each in shown if each.facet == "terms")
    return terms, (*_price_spans(chosen), *(spec_span(each) for each in shown if each.facet == "range"))


def _price_spans(commodities: Sequence[str]) -> tuple[Span, ...]:
    """What is not weighed is compared by the piece, by the litre, or by the pouch, the metre in which it is offered."""
    units = {compared_in(load_registry().commodities[each]) for each in commodities}
    return (PRICES[units.pop()],) if len(units) == 1 and units <= PRICES.keys() else ()


def spec_terms(field: SpecField, *, is_open: bool = False) -> Terms:
    """A filter by the values of a specification."""
    name = SPEC_PREFIX + field.key
    return Terms(name, name, _FieldName(field), _spec_naming(field.key), is_open)


def spec_span(field: SpecField) -> Span:
    """A filter by the number of a specification."""
    name = SPEC_PREFIX + field.key
    return Span(name, name, _FieldName(field), _UnitName(field))


@lru_cache(maxsize=512)
def _spec_naming(key: str) -> Naming:
    """How the values of a specification are named, always the same function: names are remembered by it."""
    return lambda value, locale: _spec_value(load_registry().fields[key], value, locale)


def _spec_value(field: SpecField, value: str, locale: str) -> str:
    if field.type is FieldType.BOOL:
        return str(gettext("yes") if value == "yes" else gettext("no"))
    return field.value_name(value, locale) if value in field.values else value


class _FieldName:
    """The field's name in the language of the page that shows it."""

    def __init__(self, field: SpecField) -> None:
        self._field = field

    def __str__(self) -> str:
        from marketplace.i18n.translations import current_locale

        return self._field.name(current_locale())


class _UnitName(_FieldName):
    """The unit's sign in the language of the page."""

    def __str__(self) -> str:
        from marketplace.i18n.translations import current_locale

        unit = self._field.unit
        return "" if unit is None else unit.labels.get(current_locale()) or unit.labels["en"]
