"""A typed specification in the reader's words: numbers with their unit, codes by name, months and days by locale."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from marketplace.catalogue.registry.calendar import MonthRange
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.registry.types import NumberRange, SpecField, SpecRule, label
from marketplace.i18n import formats
from marketplace.i18n.translations import gettext as _

_WHOLE_FROM = 1000  # less than half a thousandth is lost


@lru_cache(maxsize=512)
def field_name(key: str, locale: str) -> str:
    """The field's name."""
    return load_registry().fields[key].name(locale)


def value_text(key: str, value: SpecValue, locale: str) -> str:
    """The value of a field as a reader expects it."""
    field = load_registry().fields[key]
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, Decimal):
        return _with_unit(_figure(value, locale), field, locale)
    if isinstance(value, NumberRange):
        low, high = _figure(value.low, locale), _figure(value.high, locale)
        return _with_unit(f"{low}–{high}", field, locale)
    if isinstance(value, MonthRange):
        if value.months == tuple(range(1, 13)):
            return str(_("all year"))
        return f"{formats.month_name(value.first, locale)} – {formats.month_name(value.last, locale)}"
    if isinstance(value, date):
        return formats.format_date(value, locale)
    if isinstance(value, tuple):
        return formats.format_list([_choice(field, one, locale) for one in value], locale)
    return _choice(field, value, locale)


def limit_text(rule: SpecRule | None, locale: str) -> str:
    """What a standard or usage says about the field, for the column beside the value."""
    if rule is None:
        return ""
    low, high = rule.lowest, rule.highest
    if rule.basis is not None and not rule.basis.is_standard and (low is not None or high is not None):
        return _usage_text(low, high, locale)
    if low is not None and high is not None:
        span = f"{formats.format_number(low, locale)}–{formats.format_number(high, locale)}"
        return str(_("standard: %(span)s", span=span))
    if high is not None:
        return str(_("standard: at most %(value)s", value=formats.format_number(high, locale)))
    if low is not None:
        return str(_("standard: at least %(value)s", value=formats.format_number(low, locale)))
    if rule.typical is not None:
        span = "–".join(formats.format_number(end, locale) for end in rule.typical)
        return str(_("usual: %(span)s", span=span))
    return ""


def _usage_text(low: Decimal | None, high: Decimal | None, locale: str) -> str:
    """A limit that is only what the trade is used to: never called a standard."""
    if low is not None and high is not None:
        return str(_("usual: %(span)s", span="–".join(formats.format_number(end, locale) for end in (low, high))))
    if high is not None:
        return str(_("usual: at most %(value)s", value=formats.format_number(high, locale)))
    return str(_("usual: at least %(value)s", value=formats.format_number(low or 0, locale)))


def _figure(value: Decimal, locale: str) -> str:
    """The number with the decimals its size deserves: 1383.792 m was converted, never measured."""
    return formats.format_number(value, locale, 0 if abs(value) >= _WHOLE_FROM else None)


def _with_unit(text: str, field: SpecField, locale: str) -> str:
    if field.unit is None or label(field.unit.labels, "en") == field.name("en"):  # the field itself says it: pH
        return text
    unit = label(field.unit.labels, locale)
    return text + ("\u00a0" + unit if unit else "")


def _choice(field: SpecField, value: str, locale: str) -> str:
    return field.value_name(value, locale) if value in field.values else value
