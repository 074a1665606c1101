"""The specification form: which fields it has, the commodity says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from marketplace.accounts.forms.parts import VersionField
from marketplace.catalogue.forms.parts import mark_needed
from marketplace.catalogue.models import Product
from marketplace.catalogue.registry.calendar import MonthRange
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.messages import MESSAGES, sentence
from marketplace.catalogue.registry.specs import Problem, SpecValue, check_value
from marketplace.catalogue.registry.types import Commodity, FieldType, NumberRange, SpecField, SpecRule
from marketplace.catalogue.rules.specs import value_of
from marketplace.i18n.formats import format_number, month_name
from marketplace.i18n.translations import current_locale
from marketplace.i18n.typed import decimal_sign, typed
from marketplace.kernel.forms import CheckListField, GuardedForm

# The region stands with the origin, certificates have a section of their own with their documents.
ASKED_ELSEWHERE = frozenset({"origin_region", "certifications"})
PREFIX = "spec-"


@dataclass(frozen=True)
class SpecRow:
    """A field on the page: one control, or two for months."""

    key: str
    controls: tuple[Field, ...]
    label: str
    help: str
    is_required: bool


class SpecsFormBase(GuardedForm):
    """The parts every commodity's form has."""

    version = VersionField()


class SpecsForm:
    """The specification form of one product."""

    def __init__(self, product: Product) -> None:
        self.commodity = load_registry().commodity(product.commodity)
        self.rules = {key: rule for key, rule in self.commodity.rules.items() if key not in ASKED_ELSEWHERE}
        stored = {row.field: row for row in product.specs}
        data: dict[str, Any] = {"version": product.version}
        fields: dict[str, Any] = {}
        for key, rule in self.rules.items():
            row = stored.get(key)
            value = value_of(rule.field, row.number, row.number_to, row.values) if row else None
            for name, control, initial in _controls(rule, value):
                fields[name] = control
                data[name] = initial
        self.form = type("SpecsFormOfCommodity", (SpecsFormBase,), fields)(data=data)
        mark_needed(*(self.form[_names(rule.field)[0]] for rule in self.rules.values() if rule.is_required))

    @property
    def rows(self) -> list[SpecRow]:
        """The fields in the commodity's order, required ones first, among each those by which buyers decide."""
        locale = current_locale()
        found = [
            SpecRow(
                key=key,
                controls=tuple(self.form[name] for name in _names(rule.field)),
                label=_label(rule.field, locale),
                help=_help(rule, locale),
                is_required=rule.is_required,
            )
            for key, rule in self.rules.items()
        ]
        return sorted(found, key=lambda row: (not row.is_required, not self.rules[row.key].is_critical))

    def validate(self) -> bool:
        """Whether everything typed can be read; a required field may stay empty until the listing is submitted."""
        if not self.form.validate_on_submit():
            return False
        self.values: dict[str, SpecValue] = {}
        is_valid = True
        for key, rule in self.rules.items():
            controls = [self.form[name] for name in _names(rule.field)]
            raw = _raw(rule.field, controls)
            if raw is None:
                continue
            value = check_value(rule.field, raw, current_locale(), decimal_sign())
            if isinstance(value, Problem):
                controls[0].errors = [*controls[0].errors, sentence(value.code, value.params, gettext, MESSAGES)]
                is_valid = False
            else:
                self.values[key] = value
        return is_valid


def _names(field: SpecField) -> tuple[str, ...]:
    name = PREFIX + field.key
    return (name, f"{name}-to") if field.type is FieldType.MONTH_RANGE else (name,)


def _controls(rule: SpecRule, value: SpecValue | None) -> list[tuple[str, Any, Any]]:
    """Name, control and first value of each control of a field."""
    field, locale = rule.field, current_locale()
    label, name = _label(field, locale), PREFIX + field.key
    match field.type:
        case FieldType.ENUM:
            options = {"": ""} | {key: field.value_name(key, locale) for key in field.values}
            return [(name, SelectField(label, choices=options, validators=[Optional()]), value or "")]
        case FieldType.BOOL:
            registry = load_registry()
            answers = {"": ""} | {word: registry.term(f"bool:{word}", locale) for word in ("yes", "no")}
            known = "" if value is None else "yes" if value else "no"
            return [(name, SelectField(label, choices=answers, validators=[Optional()]), known)]
        case FieldType.MULTI:
            options = {key: field.value_name(key, locale) for key in field.values}
            return [(name, CheckListField(label, choices=options, validators=[Optional()]), list(_tuple(value)))]
        case FieldType.DATE:
            return [(name, DateField(label, validators=[Optional(), _sensible_day]), value)]
        case FieldType.MONTH_RANGE:
            months = {"": ""} | {str(n): month_name(n, locale) for n in range(1, 13)}
            ends = (value.first, value.last) if isinstance(value, MonthRange) else ("", "")
            return [
                (part, SelectField(label, choices=months, validators=[Optional()]), str(end))
                for part, end in zip(_names(field), ends, strict=True)
            ]
        case FieldType.NUMBER:
            look = {"inputmode": "decimal", "maxlength": 40, "autocomplete": "off"}
            return [(name, StringField(label, validators=[Optional()], render_kw=look), _number_text(value))]
        case _:
            return [(name, StringField(label, validators=[Optional()], render_kw={"maxlength": 400}), value or "")]


def _raw(field: SpecField, controls: list[Field]) -> object | None:
    """What was typed, or None where nothing was."""
    if field.type is FieldType.MONTH_RANGE:
        first, last = (control.data for control in controls)
        return [first or last, last or first] if first or last else None
    typed = controls[0].data
    is_empty = not typed.strip() if isinstance(typed, str) else not typed
    return None if is_empty else typed


def _number_text(value: SpecValue | None) -> str:
    if isinstance(value, NumberRange):
        return f"{typed(value.low)} - {typed(value.high)}"
    return typed(value) if isinstance(value, Decimal) else ""


def _tuple(value: SpecValue | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _label(field: SpecField, locale: str) -> str:
    name = field.name(locale)
    return f"{name} ({field.unit.labels[locale]})" if field.unit else name


def _help(rule: SpecRule, locale: str) -> str:
    """Whether buyers decide by it, what is usual, and a standard's limit."""
    parts = [gettext("Buyers decide by it.")] if rule.is_critical else []
    if rule.typical:
        low, high = (format_number(number, locale) for number in rule.typical)
        parts.append(gettext("Usual: %(low)s to %(high)s.", low=low, high=high))
    if rule.basis and rule.highest is not None:
        highest = format_number(rule.highest, locale)
        if rule.basis.is_standard:
            parts.append(gettext("At most %(highest)s by %(standard)s.", highest=highest, standard=rule.basis.title))
        else:
            parts.append(gettext("Usual: at most %(highest)s.", highest=highest))
    elif rule.basis and rule.lowest is not None:
        lowest = format_number(rule.lowest, locale)
        if rule.basis.is_standard:
            parts.append(gettext("At least %(lowest)s by %(standard)s.", lowest=lowest, standard=rule.basis.title))
        else:
            parts.append(gettext("Usual: at least %(lowest)s.", lowest=lowest))
    return " ".join(parts)


def _sensible_day(_form: Any, field: Field) -> None:
    day = field.data
    if isinstance(day, date) and not 1990 <= day.year <= 2100:
        raise ValidationError(_("Give a day between 1990 and 2100."))


def spec_labels(commodity: Commodity, locale: str) -> Mapping[str, str]:
    """The names of a commodity's fields, for notes and lists."""
    return {key: rule.field.name(locale) for key, rule in commodity.rules.items()}
