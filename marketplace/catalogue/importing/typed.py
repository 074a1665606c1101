"""Raw values made into typed ones, by the kind of their column."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from marketplace.catalogue.importing.cells import cell_text, long_text
from marketplace.catalogue.importing.columns import Kind
from marketplace.catalogue.importing.fieldrules import FieldRule
from marketplace.catalogue.importing.formulas import Raw, cell_text_of, check_between, number
from marketplace.catalogue.importing.formulas import quantity as read_quantity
from marketplace.catalogue.registry.calendar import parse_date
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.specs import Problem, SpecValue, check_spec
from marketplace.catalogue.registry.specs import read_answer as answer
from marketplace.catalogue.registry.types import LOCALES, Commodity, FieldType, Stage, bilingual
from marketplace.catalogue.rules.packing import MOST_PER_CONTAINER
from marketplace.catalogue.rules.tariffs import digits_of
from marketplace.kernel.countries import find_country
from marketplace.kernel.currencies import find_currency
from marketplace.kernel.measures import Dimension, Quantity, find_unit
from marketplace.kernel.money import UnitPrice, parse_unit_price
from marketplace.kernel.numerals import ParseError
from marketplace.marketaccess.rules import INCOTERMS

_MOST_DAYS = 730
_MOST_PARTS = 40
_PARTS = re.compile(r"[;|\n；]")
_COUNTRY_PARTS = re.compile(
    r"[;|\n；、，]|,(?!\s*(?:republic|united|islamic|state|province|democratic)\b)", re.IGNORECASE
)
_PHOTO = re.compile(r"(?!\.)[\w .()-]{1,116}\.(?:jpe?g|png|webp|avif|heic|tiff?)", re.IGNORECASE)


def read_text(rule: FieldRule, raw: Raw) -> str:
    """A text in one line, not longer than its column allows."""
    text = long_text(_cell(raw)) if rule.column.kind is Kind.LONG_TEXT else cell_text_of(raw)
    if not text:
        raise ParseError("cell_missing")
    if rule.column.most and len(text) > rule.column.most:
        raise ParseError("cell_too_long", length=str(len(text)), most=str(rule.column.most))
    return text


def read_texts(rule: FieldRule, raw: Raw) -> tuple[str, ...]:
    """Several texts, each once."""
    parts = _split(raw, _PARTS)
    for part in parts:
        if rule.column.most and len(part) > rule.column.most:
            raise ParseError("cell_too_long", length=str(len(part)), most=str(rule.column.most))
    return parts


def read_photos(rule: FieldRule, raw: Raw) -> tuple[str, ...]:
    """Names of picture files; no paths and no addresses, because nothing is fetched."""
    parts = _split(raw, _PARTS)
    for part in parts:
        if not _PHOTO.fullmatch(part):
            raise ParseError("photo_unreadable", text=part[:80])
    return parts


def read_commodity(rule: FieldRule, raw: Raw) -> str:
    """A commodity's key."""
    text = cell_text_of(raw)
    found = load_registry().named(text)
    if not found:
        raise ParseError("commodity_unknown" if text else "commodity_missing", text=text)
    if len(found) > 1:
        raise ParseError("commodity_ambiguous", text=text, choices="; ".join(commodity.key for commodity in found))
    return found[0].key


def read_language(rule: FieldRule, raw: Raw) -> str:
    """One of the site's languages."""
    text = cell_text_of(raw).replace("-", "_")
    for locale in LOCALES:
        if text.casefold() == locale.casefold():
            return locale
    raise ParseError("language_unknown", text=text, choices=", ".join(LOCALES))


def read_stage(rule: FieldRule, raw: Raw) -> str:
    """A stage of the value chain, by its name or its label in any language."""
    text = cell_text_of(raw).casefold()
    for stage in Stage:
        labels = load_registry().terms[f"stage:{stage}"]
        if text in (stage, *(name.casefold() for name in (*labels.values(), bilingual(labels)))):
            return stage.value
    raise ParseError("stage_unknown", text=text)


def read_hs(rule: FieldRule, raw: Raw) -> str:
    """Six digits; national codes are cut to them, and the zero that spreadsheets drop from a number is put back."""
    text = re.sub(r"[\s.]", "", cell_text_of(raw))
    if isinstance(raw, int | float) and len(text) in (5, 7, 9):
        text = "0" + text
    if not re.fullmatch(r"\d{6}(?:\d{2}){0,2}", text):
        raise ParseError("hs_unreadable", text=text, example="090111")
    return text[:6]


def read_tariff(rule: FieldRule, raw: Raw) -> str:
    """A national customs code of as many digits as its column asks for, with the zero that spreadsheets drop."""
    text, digits = digits_of(cell_text_of(raw)), rule.column.most
    if isinstance(raw, int | float) and len(text) == digits - 1:
        text = "0" + text
    if not (text.isascii() and text.isdigit() and len(text) == digits):
        raise ParseError("tariff_unreadable", text=text[:40], digits=str(digits))
    return text


def read_country(rule: FieldRule, raw: Raw) -> str:
    """A country's code."""
    return find_country(cell_text_of(raw))


def read_countries(rule: FieldRule, raw: Raw) -> tuple[str, ...]:
    """Several countries' codes, in the order of the alphabet."""
    return tuple(sorted({find_country(part) for part in _split(raw, _COUNTRY_PARTS)}))


def read_amount(rule: FieldRule, raw: Raw) -> Decimal:
    """A number above zero."""
    value = number(rule, raw)
    if value <= 0:
        raise ParseError("quantity_zero")
    check_between(rule.between, value)
    return value


def read_count(rule: FieldRule, raw: Raw) -> int:
    """A whole number above zero."""
    value = number(rule, raw)
    if value != value.to_integral_value() or not 0 < value <= MOST_PER_CONTAINER:
        raise ParseError("count_unreadable", text=cell_text_of(raw)[:40])
    return int(value)


def read_package(rule: FieldRule, raw: Raw) -> str:
    """The code of a package, or of a piece."""
    text = " ".join(cell_text_of(raw).split())
    unit = find_unit(rule.units.get(text.casefold(), text))
    if unit.dimension is not Dimension.PACKAGE and unit.code != "piece":
        raise ParseError("package_unknown", text=text[:40])
    return unit.code


def read_days(rule: FieldRule, raw: Raw) -> int:
    """A whole number of days; weeks are not reckoned out."""
    text = re.sub(r"\s*(?:days?|hari|tage?|天|日)$", "", cell_text_of(raw), flags=re.IGNORECASE)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= _MOST_DAYS:
        raise ParseError("days_unreadable", text=cell_text_of(raw)[:80])
    return int(text)


def read_currency(rule: FieldRule, raw: Raw) -> str:
    """A currency's code."""
    return find_currency(cell_text_of(raw))


def read_unit(rule: FieldRule, raw: Raw) -> str:
    """A unit's code."""
    text = " ".join(cell_text_of(raw).split())
    return find_unit(rule.units.get(text.casefold(), text)).code


def read_incoterm(rule: FieldRule, raw: Raw) -> str:
    """One of the eleven codes."""
    text = cell_text_of(raw).upper()
    if text not in INCOTERMS:
        raise ParseError("incoterm_unknown", text=text, choices=", ".join(INCOTERMS))
    return text


def read_answer(rule: FieldRule, raw: Raw) -> bool:
    """Yes or no in any of the languages."""
    return answer(raw if isinstance(raw, bool) else cell_text_of(raw))


def read_date(rule: FieldRule, raw: Raw) -> date:
    """A day."""
    return raw if isinstance(raw, date) else parse_date(cell_text_of(raw), rule.dates)


def read_certificate(rule: FieldRule, raw: Raw) -> str:
    """A kind of certificate, by its key or label."""
    field = load_registry().fields["certifications"]
    text = cell_text_of(raw)
    code = field.spellings.get(" ".join(text.split()).casefold())
    if code is None:
        raise ParseError("certificate_unknown", text=text, choices="; ".join(field.values))
    return code


def read_price(rule: FieldRule, raw: Raw, currency: str, unit: str) -> UnitPrice:
    """A price per unit; ``currency`` and ``unit`` come from their own columns or from the rule."""
    text = cell_text_of(raw)
    price = parse_unit_price(text, currency or None, unit or None, rule.decimal)
    if not price.amount:
        raise ParseError("price_zero")
    return price


def read_quantity_of(rule: FieldRule, raw: Raw, unit: str) -> Quantity:
    """A quantity above zero."""
    return read_quantity(rule, raw, unit)


def read_spec(rule: FieldRule, raw: Raw, commodity: Commodity, key: str, locale: str) -> SpecValue:
    """A value of the specification; choices in a problem are named in ``locale``. Raises ``ParseError``."""
    field = load_registry().fields[key]
    given: object = raw
    if field.type is FieldType.NUMBER:
        if rule.multiply is not None:
            given = number(rule, raw)
        elif rule.unit and isinstance(raw, str) and re.fullmatch(r"[\d.,\s-]+", raw):
            given = f"{raw} {rule.unit}"
    elif field.type is FieldType.DATE and rule.dates and isinstance(raw, str):
        given = parse_date(raw, rule.dates)
    value = check_spec(commodity, key, given, locale, rule.decimal)
    if isinstance(value, Problem):
        raise ParseError(value.code, **value.params)
    check_between(rule.between, value)
    return value


SIMPLE: Mapping[Kind, Callable[[FieldRule, Raw], object]] = {
    Kind.KEY: read_text,
    Kind.TEXT: read_text,
    Kind.LONG_TEXT: read_text,
    Kind.TEXTS: read_texts,
    Kind.PHOTOS: read_photos,
    Kind.COMMODITY: read_commodity,
    Kind.LANGUAGE: read_language,
    Kind.STAGE: read_stage,
    Kind.HS: read_hs,
    Kind.TARIFF: read_tariff,
    Kind.COUNTRY: read_country,
    Kind.COUNTRIES: read_countries,
    Kind.AMOUNT: read_amount,
    Kind.DAYS: read_days,
    Kind.COUNT: read_count,
    Kind.PACKAGE: read_package,
    Kind.CURRENCY: read_currency,
    Kind.UNIT: read_unit,
    Kind.INCOTERM: read_incoterm,
    Kind.ANSWER: read_answer,
    Kind.DATE: read_date,
    Kind.CERTIFICATE: read_certificate,
}
"""How the kinds are read that need nothing but their rule."""


def _cell(raw: Raw) -> str:
    return raw if isinstance(raw, str) else cell_text_of(raw)


def _split(raw: Raw, separators: re.Pattern[str]) -> tuple[str, ...]:
    parts = raw if isinstance(raw, list) else separators.split(_cell(raw))
    found = dict.fromkeys(text for part in parts if (text := cell_text(str(part))))
    if len(found) > _MOST_PARTS:
        raise ParseError("cell_too_long", length=str(len(found)), most=str(_MOST_PARTS))
    return tuple(found)
