"""Forms of the desk about money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.money import Money, parse_money
from marketplace.kernel.numerals import ParseError, parse_decimal
from marketplace.payments.forms import ACCOUNT_CURRENCIES

LARGEST_FIXED = 10**11  # smallest units: a thousand million rupiah


class BankDecisionForm(GuardedForm):
    decision = RadioField(
        _("Decision"),
        choices=[
            SelectChoice("confirm", _("Confirm: the company told us the same on the telephone")),
            SelectChoice("refuse", _("Refuse")),
        ],
        validators=[InputRequired(_("Choose one of the two."))],
    )
    note = TextAreaField(
        _("Note"),
        description=_("How it was checked, or why it is refused. The company reads it."),
        validators=[InputRequired(_("Write how you checked it.")), Length(max=500)],
    )


class CommissionForm(GuardedForm):
    percent = StringField(
        _("Share in percent"),
        description=_("Of each payment; for example 7.5."),
        validators=[Optional()],
    )
    fixed = StringField(
        _("Or a fixed amount"),
        description=_("Of each payment in this currency, never more than the payment; others give nothing."),
        validators=[Optional()],
    )
    currency = SelectField(_("Currency of the amount"), choices=["", *ACCOUNT_CURRENCIES], validate_choice=False)
    chapter = SelectField(_("Chapter"))
    commodity = SelectField(_("Commodity"))
    valid_from = DateField(_("Holds from"), validators=[InputRequired(_("Choose the first day."))])
    valid_to = DateField(_("Until"), description=_("Empty: until it is ended."), validators=[Optional()])

    def fill_choices(self, chapters: Mapping[int, str], commodities: Sequence[tuple[str, str]]) -> None:
        """The lists to choose from, each with "all" first."""
        self.chapter.choices = [("", gettext("All chapters")), *((str(key), name) for key, name in chapters.items())]
        self.commodity.choices = [("", gettext("All commodities")), *commodities]

    def validate_percent(self, field: StringField) -> None:
        try:
            share = parse_decimal(field.data or "")
        except ParseError:
            share = Decimal(-1)
        if not 0 <= share <= 50 or share != round(share, 3):
            raise ValidationError(gettext("A share is a number from 0 to 50 with at most three decimals."))

    def validate(self, extra_validators: Any = None) -> bool:
        """A rule is a share or an amount, not both."""
        is_good = bool(super().validate(extra_validators))
        if bool(self.percent.data) == bool(self.fixed.data):
            self.percent.errors = [*self.percent.errors, gettext("Write a share in percent or a fixed amount.")]
            return False
        return is_good

    def validate_fixed(self, field: StringField) -> None:
        amount = self._amount()
        if field.data and (amount is None or not 0 < amount.minor <= LARGEST_FIXED):
            raise ValidationError(gettext("Write an amount above zero and choose its currency."))

    def _amount(self) -> Money | None:
        currency = self.currency.data or ""
        try:
            found = parse_money(self.fixed.data or "", currency) if currency in ACCOUNT_CURRENCIES else None
        except ParseError:
            return None
        return found if found is not None and found.currency == currency else None

    def validate_valid_to(self, field: DateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(gettext("The last day comes before the first."))

    def values(self) -> dict[str, Any]:
        """What was entered, as values for the service."""
        return {
            "percent": parse_decimal(self.percent.data) if self.percent.data else Decimal(0),
            "fixed": self._amount() if self.fixed.data else None,
            "chapter_id": int(self.chapter.data) if self.chapter.data else None,
            "commodity": self.commodity.data or "",
            "valid_from": self.valid_from.data,
            "valid_to": self.valid_to.data,
        }
