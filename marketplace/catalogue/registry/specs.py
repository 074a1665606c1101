"""Specifications checked against the registry: what is written becomes a typed value, or a problem with its reason."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as having
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from marketplace.catalogue.registry.calendar import MonthRange, parse_crop_year, parse_date, parse_month_range
from marketplace.catalogue.registry.lookup import folded
from marketplace.catalogue.registry.types import Commodity, FieldType, NumberRange, SpecField, SpecRule
from marketplace.kernel.numerals import DecimalSign, ParseError, clean, parse_decimal

SpecValue: TypeAlias = Decimal | NumberRange | str | bool | date | MonthRange | tuple[str, ...]

TEXT_LENGTH = 400
_NUMBER = re.compile(r"[<≤]?\s*(?P<number>[-+]?[\d.,][\d.,'’]*)\s*(?P<unit>.*)")
_RANGE = re.compile(
    r"(?P<low>\d[\d.,'’]*)\s*(?P<unit>[^\d\s.,'’-][^-~至]*?)?\s*(?:-|~|至|(?<=\s)(?:to|bis|sampai|s/d)(?=\s))\s*"
    r"(?P<rest>\d.*)"
)
_YES = frozenset({"ya / yes", "yes", "y", "true", "1", "ya", "ja", "j", "wahr", "是", "有", "✓"})
_NO = frozenset({"tidak / no", "no", "n", "false", "0", "tidak", "nein", "falsch", "否", "无", "無", "不"})
_UNIT_AFTER = re.compile(r"^[\d.,'’\s]+")
_SEPARATORS = re.compile(r"[;,|\n/、，；]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value cannot be taken; ``code`` and ``params`` become a sentence (``registry.messages``)."""

    field: str
    code: str
    params: Mapping[str, str] = having(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A value that can be taken but lies beyond a standard's limit."""

    field: str
    value: Decimal | NumberRange
    lowest: Decimal | None
    highest: Decimal | None
    basis: str


def check_spec(
    commodity: Commodity, key: str, raw: object, locale: str = "en", decimal: DecimalSign | None = None
) -> SpecValue | Problem:
    """The typed value of one field of a commodity's specification, or the problem with it.

    ``raw`` is a text as typed, or a number, truth value, date or list from a spreadsheet or JSON. ``decimal`` settles
    what "1.250" means. ``locale`` is the language of the labels named in a problem.
    """
    rule = commodity.rules.get(key)
    if rule is None:
        return Problem(key, "field_foreign", {"field": key, "commodity": commodity.name(locale)})
    return check_value(rule.field, raw, locale, decimal)


def check_value(
    spec: SpecField, raw: object, locale: str = "en", decimal: DecimalSign | None = None
) -> SpecValue | Problem:
    """As ``check_spec`` for a field alone."""
    try:
        match spec.type:
            case FieldType.NUMBER:
                return _number(spec, raw, locale, decimal)
            case FieldType.ENUM:
                return _choice(spec, _text(raw), locale)
            case FieldType.MULTI:
                return _choices(spec, raw, locale)
            case FieldType.BOOL:
                return read_answer(raw)
            case FieldType.DATE:
                return raw if isinstance(raw, date) else parse_date(_text(raw))
            case FieldType.MONTH_RANGE:
                return _months(raw)
            case FieldType.CROP_YEAR:
                return parse_crop_year(_text(raw))
            case FieldType.TEXT:
                return _words(_text(raw))
    except ParseError as fault:
        return Problem(spec.key, fault.code, {"field": spec.name(locale), **fault.params})


def missing_required(commodity: Commodity, values: Iterable[str]) -> tuple[SpecRule, ...]:
    """The rules of required fields that ``values`` (the keys stated) leaves out."""
    stated = set(values)
    return tuple(rule for rule in commodity.required if rule.field.key not in stated)


def remarks(commodity: Commodity, values: Mapping[str, SpecValue]) -> tuple[Remark, ...]:
    """The values beyond the limits of the standards that the registry names."""
    found = []
    for key, value in values.items():
        rule = commodity.rules.get(key)
        if rule is None or rule.basis is None or not isinstance(value, Decimal | NumberRange):
            continue
        low, high = (value.low, value.high) if isinstance(value, NumberRange) else (value, value)
        too_low = rule.lowest is not None and low < rule.lowest
        too_high = rule.highest is not None and high > rule.highest
        if too_low or too_high:
            found.append(Remark(key, value, rule.lowest, rule.highest, rule.basis.title))
    return tuple(found)


def _text(raw: object) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return clean(raw if isinstance(raw, str) else str(raw))


def _words(text: str) -> str:
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if not plain:
        raise ParseError("text_missing")
    if len(plain) > TEXT_LENGTH:
        raise ParseError("text_too_long", length=str(len(plain)), most=str(TEXT_LENGTH))
    return plain


def _number(spec: SpecField, raw: object, locale: str, decimal: DecimalSign | None) -> Decimal | NumberRange:
    if isinstance(raw, bool):
        raise ParseError("number_unreadable", text=str(raw))
    if isinstance(raw, int | float | Decimal):
        value = Decimal(str(raw))
        if not value.is_finite():
            raise ParseError("number_unreadable", text=str(raw))
        return _in_range(spec, value, locale)
    text = _text(raw)
    if match := _RANGE.fullmatch(text):
        # "900m-1,500 m" states its unit twice, "900-1500 m" once.
        high = _measured(spec, match["rest"], locale, decimal)
        unit = match["unit"] or _UNIT_AFTER.sub("", match["rest"])
        low = _measured(spec, f"{match['low']} {unit}", locale, decimal)
        if low > high:
            raise ParseError("range_reversed", low=match["low"], high=match["rest"])
        return low if low == high else NumberRange(low, high)
    return _measured(spec, text, locale, decimal)


def _measured(spec: SpecField, text: str, locale: str, decimal: DecimalSign | None) -> Decimal:
    assert spec.unit is not None  # the loader gives every number a unit
    match = _NUMBER.fullmatch(text)
    if not match:
        raise ParseError("number_missing" if not text else "number_unreadable", text=text)
    factor = spec.unit.aliases.get(match["unit"].strip().casefold().rstrip(".")) if match["unit"] else Decimal(1)
    if factor is None:
        raise ParseError("spec_unit_unknown", text=match["unit"], unit=spec.unit.labels[locale])
    return _in_range(spec, parse_decimal(match["number"], decimal) * factor, locale)


def _in_range(spec: SpecField, value: Decimal, locale: str) -> Decimal:
    if (spec.minimum is not None and value < spec.minimum) or (spec.maximum is not None and value > spec.maximum):
        assert spec.unit is not None
        raise ParseError(
            "number_out_of_range",
            value=f"{value.normalize():f}",
            lowest=f"{spec.minimum}",
            highest=f"{spec.maximum}",
            unit=spec.unit.labels[locale],
        )
    return value


def _choice(spec: SpecField, text: str, locale: str) -> str:
    if not text:
        raise ParseError("choice_missing")
    value = text if text in spec.values else spec.spellings.get(folded(text))
    if value is None:
        raise ParseError(
            "choice_unknown", text=text, choices="; ".join(spec.value_name(key, locale) for key in spec.values)
        )
    return value


def _choices(spec: SpecField, raw: object, locale: str) -> tuple[str, ...]:
    parts = raw if isinstance(raw, list | tuple) else _SEPARATORS.split(_text(raw))
    found = {_choice(spec, _text(part), locale) for part in parts if _text(part)}
    if not found:
        raise ParseError("choice_missing")
    if "none" in found and len(found) > 1:
        raise ParseError("choice_contradiction", none=spec.value_name("none", locale))
    return tuple(key for key in spec.values if key in found)


def read_answer(raw: object) -> bool:
    """Yes or no in any of the languages; raises ``ParseError``."""
    if isinstance(raw, bool):
        return raw
    word = folded(_text(raw))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ParseError("answer_missing" if not word else "answer_unreadable", text=word)


def _months(raw: object) -> MonthRange:
    if isinstance(raw, list | tuple) and len(raw) == 2:
        return parse_month_range(f"{raw[0]}-{raw[1]}")
    return parse_month_range(_text(raw))
