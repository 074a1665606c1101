"""What the catalogue's forms share: exact numbers in the reader's writing, units, problems put to their fields."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, Form, StringField
from wtforms.validators import ValidationError

from marketplace.catalogue.registry.messages import MESSAGES, sentence
from marketplace.catalogue.services.problems import Unfit
from marketplace.i18n.formats import format_unit
from marketplace.i18n.translations import current_locale
from marketplace.i18n.typed import read_typed, typed
from marketplace.kernel.currencies import WRITTEN_WHOLE
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.numerals import ParseError

CURRENCIES = ("USD", "EUR", "IDR", "GBP", "HKD", "CNY", "SGD", "JPY", "AUD", "MYR", "AED", "SAR")
LARGEST = Decimal(10) ** 9


def fault_sentence(fault: ParseError) -> str:
    """What is wrong with something typed, in the reader's language."""
    return sentence(fault.code, fault.params, gettext, MESSAGES)


class ExactField(StringField):  # type: ignore[misc]  # WTForms has no types
    """An exact number; ``data`` is a Decimal, or None where nothing was typed. Faults are told in words."""

    data: Any

    def __init__(self, *args: Any, currency_field: str = "", currency: str = "", **more: Any) -> None:
        more.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off", "maxlength": 30})
        super().__init__(*args, **more)
        self.currency_field, self.currency = currency_field, currency
        self.typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.typed = valuelist[0].strip()
        self.data = None

    def pre_validate(self, form: Any) -> None:
        if not self.typed:
            return
        currency = form[self.currency_field].data if self.currency_field else self.currency
        try:
            # rupiah have no decimals, so a dot can only stand between thousands
            number = read_typed(self.typed, grouped=currency in WRITTEN_WHOLE)
        except ParseError as fault:
            raise ValidationError(fault_sentence(fault)) from None
        if number < 0:
            raise ValidationError(_("Give a number that is not below zero."))
        if number > LARGEST:
            raise ValidationError(_("This number is too large."))
        self.data = number

    def _value(self) -> str:
        return self.typed or typed(self.data)


class WholeField(ExactField):
    """A whole number of at most ``most_digits`` digits; ``data`` is an int or None."""

    def __init__(self, *args: Any, most_digits: int = 4, **more: Any) -> None:
        super().__init__(*args, **more)
        self.most_digits = most_digits

    def pre_validate(self, form: Any) -> None:
        if not self.typed:
            return
        if not self.typed.isascii() or not self.typed.isdigit() or len(self.typed) > self.most_digits:
            raise ValidationError(_("Give a whole number, for example 21."))
        self.data = int(self.typed)

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else str(self.data))


def unit_choices(codes: Iterable[str]) -> dict[str, str]:
    """Units with their names, each once."""
    return {code: format_unit(code, current_locale(), is_plural=True) for code in codes if code}


def attach(form: GuardedForm, unfit: Unfit) -> None:
    """Put a service's objections to the fields they belong to; what has no field stands above the form."""
    for name, text in unfit.fields.items():
        field = _field(form, name)
        if field is None:
            form.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]


def _field(form: Form, name: str) -> Any:
    """A field by its name; ``rungs-2`` is the price of the third row."""
    if name in form:
        return form[name]
    listed, _dash, row = name.rpartition("-")
    if listed in form and row.isdigit() and hasattr(form[listed], "entries"):
        entries = form[listed].entries
        return entries[int(row)].form["unit_price"] if int(row) < len(entries) else None
    return None


def mark_needed(*fields: Field) -> None:
    """Do not call these optional: a draft may lack them, a listing may not."""
    for field in fields:
        field.flags.required = True
