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
from marketplace.kernel.numerals import ParseError, parse_decimal


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
        validators=[InputRequired(_("Write a share."))],
    )
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

    def validate_valid_to(self, field: DateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(gettext("The last day comes before the first."))

    def values(self) -> dict[str, Any]:
        """What was entered, as values for the service."""
        return {
            "percent": parse_decimal(self.percent.data or ""),
            "chapter_id": int(self.chapter.data) if self.chapter.data else None,
            "commodity": self.commodity.data or "",
            "valid_from": self.valid_from.data,
            "valid_to": self.valid_to.data,
        }
