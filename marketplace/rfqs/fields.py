"""Form fields of trade: amounts as people write them, days, units and the other lists."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.messages import sentence
from marketplace.catalogue.rules.trade import Incoterm
from marketplace.fairs.rules import code_in
from marketplace.i18n import formats
from marketplace.i18n.choices import country_choices
from marketplace.i18n.locales import LANGUAGES
from marketplace.kernel.measures import UNITS
from marketplace.kernel.numerals import ParseError, parse_decimal
from marketplace.kernel.text import cleaned
from marketplace.rfqs.rules import WantedPaper
from marketplace.rfqs.wording import WANTED_PAPERS

CURRENCIES = ("USD", "EUR", "GBP", "CNY", "HKD", "TWD", "JPY", "SGD", "MYR", "AUD", "AED", "SAR", "CHF", "IDR")
Choices = list[SelectChoice]


class AmountField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A number above zero as people write it; ``amount`` holds it once the form is valid, None where left empty."""

    amount: Decimal | None = None

    def pre_validate(self, form: Any) -> None:
        try:
            amount = amount_in(self.data)
        except ParseError as fault:
            raise ValidationError(sentence(fault.code, fault.params, gettext)) from None
        if amount is not None:
            self.amount = amount


def amount_in(typed: str | None) -> Decimal | None:
    """The number above zero that somebody wrote, None for nothing.

    Raises `ParseError` for what cannot be read, `ValidationError` for an amount that cannot be kept.
    """
    text = cleaned(typed, 60)
    if not text:
        return None
    amount = parse_decimal(text)
    if not 0 < amount < Decimal(10) ** 12:
        raise ValidationError(_("Write a number above zero."))
    if amount != amount.quantize(Decimal("0.000001")):
        raise ValidationError(_("At most six decimals are kept. Shorten the number."))
    return amount


class QuickSelectField(SelectField):  # type: ignore[misc]  # WTForms has no types
    """A choice out of a list that is shared by all requests; checking it builds no options."""

    def pre_validate(self, form: Any) -> None:
        for choice in self.choices or ():
            if choice.value == self.data:
                return
        raise ValidationError(self.gettext("Not a valid choice."))


class DayField(DateField):  # type: ignore[misc]  # WTForms has no types
    """A day of the calendar, optional."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Write the date as 2027-05-31.")) from None


class FairField(StringField):  # type: ignore[misc]  # WTForms has no types
    """The code of a fair, typed or brought by an address; whatever it holds, it never holds a request back."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        label = label or _("Where did you meet us? Code of the fair")
        super().__init__(
            label, description=_("Six letters and digits from our stand. Otherwise leave it empty."), **more
        )

    @property
    def code(self) -> str:
        """The code; empty where none can be read."""
        return code_in(self.data)


class Cleaned:
    """A required text that is more than blanks."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if not cleaned(field.data):
            raise ValidationError(self.message)


@lru_cache(maxsize=512)
def unit_choices(locale: str, first: str = "", small: tuple[str, ...] = ()) -> Choices:
    """Units of trade by name; ``first`` stands on top, then ``small`` ones that goods are not traded in."""
    codes = [unit.code for unit in UNITS.values() if unit.is_trade]
    if first in UNITS:
        codes = [first, *small, *(code for code in codes if code != first)]
    return [SelectChoice(code, formats.format_unit(code, locale, is_plural=True)) for code in codes]


def currency_choices() -> Choices:
    """The currencies buyers here count in."""
    return [SelectChoice(code, code) for code in CURRENCIES]


def incoterm_choices() -> Choices:
    """Incoterms 2020, an empty choice first."""
    return [SelectChoice("", "–"), *(SelectChoice(term.value, term.value) for term in Incoterm)]


@lru_cache(maxsize=512)
def destination_choices(locale: str) -> Choices:
    """Countries by name, an empty choice first."""
    return [SelectChoice("", "–"), *(SelectChoice(code, name) for code, name in country_choices(locale))]


@lru_cache(maxsize=512)
def certificate_choices(locale: str) -> Choices:
    """Certificates of the registry by name."""
    field = load_registry().fields["certifications"]
    return [SelectChoice(code, field.value_name(code, locale)) for code in field.values]


@lru_cache
def paper_choices() -> Choices:
    """Documents that goods may have to come with; their names are said in the language of whoever reads them."""
    return [SelectChoice(code.value, WANTED_PAPERS[code]) for code in WantedPaper]


def language_choices() -> Choices:
    """The site's languages by their own names."""
    return [SelectChoice(one.locale, one.name) for one in LANGUAGES]
