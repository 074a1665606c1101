"""Reasons of an introduction, for the chapter and the distributor, and for the seller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext, ngettext

from marketplace.i18n import formats
from marketplace.matchmaking import seller_wording, wording
from marketplace.matchmaking.wording import Values, concept_name, quantity_of


def _(text: str, **values: object) -> str:
    """The sentence in the reader's language."""
    return str(gettext(text, **values))


def _countries(values: Values, locale: str) -> str:
    return formats.format_list([formats.format_country(each, locale) for each in values["countries"]], locale)


_STRENGTHS: Mapping[str, Callable[[Values, str], str]] = {
    "similar_goods": lambda v, at: _("Offers %(goods)s, close to what is wanted", goods=concept_name(v["goods"], at)),
    "attribute": lambda v, at: _("%(attribute)s, as wanted", attribute=concept_name(v["attribute"], at)),
    "capacity": lambda v, at: _("Can make up to %(quantity)s a year", quantity=quantity_of(v, "capacity", at)),
    "private_label": lambda v, at: _("Packs under the customer's own label"),
}
_NEAR: Mapping[str, Callable[[Values, str], tuple[str, str]]] = {
    "capacity": lambda v, at: (
        _("Can make about %(quantity)s a year", quantity=quantity_of(v, "capacity", at)),
        _("It would fit as one of several suppliers."),
    ),
    "minimum": lambda v, at: (
        _("The smallest order of %(minimum)s is above a year's need", minimum=quantity_of(v, "minimum", at)),
        _("Ask for a smaller first order."),
    ),
    "certificate": lambda v, at: (
        _("No %(certificate)s on record", certificate=concept_name(v["certificate"], at)),
        _("It would fit with this certificate."),
    ),
    "territory": lambda v, at: (
        _("Does not ship to %(countries)s yet", countries=_countries(v, at)),
        _("Ask whether that can change."),
    ),
}
_SELLER_STRENGTHS: Mapping[str, Callable[[Values, str], str]] = {
    "capacity": lambda v, at: _("You can make up to %(quantity)s a year", quantity=quantity_of(v, "capacity", at)),
    "attribute": lambda v, at: _("%(attribute)s, as wanted", attribute=concept_name(v["attribute"], at)),
    "private_label": lambda v, at: _("You pack under the customer's own label"),
}
_SELLER_NEAR: Mapping[str, Callable[[Values, str], tuple[str, str]]] = {
    "capacity": lambda v, at: (
        _("You can make about %(quantity)s a year, and more is wanted", quantity=quantity_of(v, "capacity", at)),
        _("Offer a part of it."),
    ),
    "certificate": lambda v, at: (
        _("Wanted, and not on your record: %(certificate)s", certificate=concept_name(v["certificate"], at)),
        _("Say whether you will have it."),
    ),
    "destination": lambda v, at: (
        _("You do not ship to %(country)s yet", country=formats.format_country(v["destination"], at)),
        _("Say whether you will."),
    ),
    "territory": lambda v, at: (
        _("You do not ship to %(countries)s yet", countries=_countries(v, at)),
        _("Say whether you will."),
    ),
}


def strengths(reasons: Iterable[Values], locale: str) -> list[str]:
    """Why the two suit each other, as a third person says it."""
    return _sentences(reasons, locale, _STRENGTHS, wording.STRENGTHS)


def near_misses(reasons: Iterable[Values], locale: str) -> list[dict[str, str]]:
    """What nearly fits or does not, each with what would make it fit, as a third person says it."""
    return _misses(reasons, locale, _NEAR, wording.OBSTACLES)


def strengths_for_seller(reasons: Iterable[Values], locale: str) -> list[str]:
    """Why the distributor suits the seller."""
    return _sentences(reasons, locale, _SELLER_STRENGTHS, seller_wording.STRENGTHS)


def near_misses_for_seller(reasons: Iterable[Values], locale: str) -> list[dict[str, str]]:
    """What nearly fits, each with what the seller can do about it."""
    return _misses(reasons, locale, _SELLER_NEAR, seller_wording.NEAR_MISSES)


def outcome_sentence(counts: Mapping[str, int], locale: str) -> str:
    """What came of an introduction, in a few words; empty where nothing has yet."""
    parts = []
    if inquiries := counts.get("inquiry", 0):
        parts.append(ngettext("%(num)s request", "%(num)s requests", inquiries))
    if samples := counts.get("sample", 0):
        parts.append(ngettext("%(num)s sample", "%(num)s samples", samples))
    if orders := counts.get("first_order", 0) + counts.get("repeat", 0):
        parts.append(ngettext("%(num)s order", "%(num)s orders", orders))
    return formats.format_list(parts, locale) if parts else ""


def _sentences(reasons: Iterable[Values], locale: str, own: Mapping[str, Any], others: Mapping[str, Any]) -> list[str]:
    known = {**others, **own}
    return [str(known[each["code"]](each["values"], locale)) for each in reasons if each["code"] in known]


def _misses(
    reasons: Iterable[Values], locale: str, own: Mapping[str, Any], others: Mapping[str, Any]
) -> list[dict[str, str]]:
    known = {**others, **own}
    found = [known[each["code"]](each["values"], locale) for each in reasons if each["code"] in known]
    return [{"text": text, "remedy": remedy} for text, remedy in found]
