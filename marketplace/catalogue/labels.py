"""Codes of the catalogue in words: states, missing items, checklist, claims, certificates, months."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import get_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import CapacityKind, ListingState, MarketRegistrationKind, VerifiedBy

STATES: Mapping[str, object] = MappingProxyType(
    {
        ListingState.DRAFT: lazy_gettext("Draft"),
        ListingState.IN_REVIEW: lazy_gettext("With the curators"),
        ListingState.LISTED: lazy_gettext("On the market"),
        ListingState.WITHDRAWN: lazy_gettext("Withdrawn"),
        ListingState.HIDDEN: lazy_gettext("Hidden by the programme"),
    }
)
STATE_TONES: Mapping[str, str] = MappingProxyType(
    {
        ListingState.DRAFT: "neutral",
        ListingState.IN_REVIEW: "info",
        ListingState.LISTED: "positive",
        ListingState.WITHDRAWN: "neutral",
        ListingState.HIDDEN: "critical",
    }
)
_ITEMS: Mapping[str, object] = MappingProxyType(
    {
        "title": lazy_gettext("a title"),
        "producer": lazy_gettext("the producer"),
        "origin": lazy_gettext("the country of origin"),
        "hs": lazy_gettext("the HS code"),
        "unit": lazy_gettext("the unit of trade"),
        "moq": lazy_gettext("the minimum order (MOQ)"),
        "capacity": lazy_gettext("the capacity per month"),
        "lead_time": lazy_gettext("the lead time"),
        "packaging": lazy_gettext("the packaging"),
        "price": lazy_gettext("a price"),
        "photo": lazy_gettext("a photo"),
    }
)
# the section of the form in which a missing item is found
ITEM_SECTIONS: Mapping[str, str] = MappingProxyType({
    "title": "texts", "producer": "origin", "origin": "origin", "hs": "origin", "unit": "trade", "moq": "trade",
    "capacity": "trade", "lead_time": "trade", "packaging": "trade", "price": "prices", "photo": "photos",
})  # fmt: skip
CHECKLIST: Mapping[str, object] = MappingProxyType(
    {
        "parties": lazy_gettext("Producer and seller are who they say they are."),
        "commodity": lazy_gettext("Commodity and HS code fit the goods."),
        "texts": lazy_gettext("Title and description are true and easy to read."),
        "specifications": lazy_gettext("The values are plausible for this commodity."),
        "claims": lazy_gettext("Every claim (organic, halal, grade, health) has its certificate or is left out."),
        "trade": lazy_gettext("MOQ, capacity, lead time and packaging fit together."),
        "prices": lazy_gettext("The prices are plausible and their terms complete."),
        "photos": lazy_gettext("The photos show these goods, or are marked as illustrations."),
    }
)
NOTED_FIELDS: Mapping[str, object] = MappingProxyType(
    {
        "title": lazy_gettext("Title"),
        "description": lazy_gettext("Description"),
        "specs": lazy_gettext("Specifications"),
        "hs": lazy_gettext("HS code"),
        "origin": lazy_gettext("Origin"),
        "moq": lazy_gettext("Minimum order (MOQ)"),
        "capacity": lazy_gettext("Capacity per month"),
        "lead_time": lazy_gettext("Lead time"),
        "packaging": lazy_gettext("Packaging"),
        "price": lazy_gettext("Prices"),
        "sample": lazy_gettext("Samples"),
        "calendar": lazy_gettext("Calendar"),
        "certificates": lazy_gettext("Certificates"),
        "photos": lazy_gettext("Photos"),
    }
)
NOTED_SECTIONS: Mapping[str, str] = MappingProxyType({
    "title": "texts", "description": "texts", "specs": "specs", "hs": "origin", "origin": "origin", "moq": "trade",
    "capacity": "trade", "lead_time": "trade", "packaging": "trade", "price": "prices", "sample": "trade",
    "calendar": "calendar", "certificates": "certificates", "photos": "photos",
})  # fmt: skip
REGISTRATIONS: Mapping[str, object] = MappingProxyType(
    {
        MarketRegistrationKind.FDA: lazy_gettext("FDA registration (United States)"),
        MarketRegistrationKind.GACC: lazy_gettext("GACC registration (China)"),
        MarketRegistrationKind.EUDR: lazy_gettext("EUDR: plots and legality documented (European Union)"),
        MarketRegistrationKind.EU_APPROVAL: lazy_gettext("Approved establishment (European Union)"),
        MarketRegistrationKind.UK_ORGANIC: lazy_gettext("Organic recognition (United Kingdom)"),
    }
)
VERIFIED_BY: Mapping[str, object] = MappingProxyType(
    {
        VerifiedBy.ISSUER: lazy_gettext("confirmed with the issuer"),
        VerifiedBy.DOCUMENT: lazy_gettext("document read"),
        VerifiedBy.VISIT: lazy_gettext("original seen on site"),
    }
)
CAPACITY: Mapping[str, object] = MappingProxyType(
    {
        CapacityKind.HARVEST: lazy_gettext("Harvest"),
        CapacityKind.FREE: lazy_gettext("Free capacity"),
        CapacityKind.CLOSED: lazy_gettext("Fully booked"),
    }
)
_CLAIM_WORDS: Mapping[str, object] = MappingProxyType(
    {
        "organic": lazy_gettext("organic, named in the text"),
        "halal": lazy_gettext("halal, named in the text"),
        "kosher": lazy_gettext("kosher, named in the text"),
        "fair": lazy_gettext("fair trade, named in the text"),
        "certified": lazy_gettext("a certification, named in the text"),
        "grade": lazy_gettext("a grade, named in the text"),
        "health": lazy_gettext("an effect on health, named in the text"),
        "free": lazy_gettext("freedom from a substance, named in the text"),
        "sugar": lazy_gettext("freedom from sugar, named in the text"),
        "origin": lazy_gettext("a protected origin, named in the text"),
        "sustainable": lazy_gettext("sustainability, named in the text"),
    }
)
_CLAIMS: Mapping[str, object] = MappingProxyType(
    {
        "commodity": lazy_gettext("Commodity"),
        "hs_code": lazy_gettext("HS code"),
        "origin": lazy_gettext("Origin"),
        "certificates": lazy_gettext("Certificates"),
    }
)


def item_name(code: str) -> object:
    """The name of a missing item: "the packaging", or the specification's own name for ``spec:species``."""
    return _field_name(code) or _ITEMS[code]


def item_section(code: str) -> str:
    """The section of the form that asks for a missing item."""
    return "specs" if code.startswith("spec:") else ITEM_SECTIONS[code]


def claim_name(code: str) -> object:
    """The name of a changed claim (`rules.claims.changed_claims`)."""
    if code.startswith("text:"):
        return _CLAIM_WORDS.get(code.removeprefix("text:"), code)
    return _field_name(code) or _CLAIMS.get(code, code)


def certificate_name(code: str, locale: str) -> str:
    """The name of a kind of certificate, the code itself where the registry has none."""
    field = load_registry().fields["certifications"]
    return field.value_name(code, locale) if code in field.values else code


def certificate_codes() -> tuple[str, ...]:
    """Every kind of certificate the registry knows."""
    return tuple(load_registry().fields["certifications"].values)


def _field_name(code: str) -> object | None:
    if not code.startswith("spec:"):
        return None
    field = load_registry().fields.get(code.removeprefix("spec:"))
    return LazyString(lambda: field.name(str(get_locale() or "en"))) if field else code
