"""Further goods of a request: lines that are added and taken away with or without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, ValidationError

from marketplace.kernel.forms import QuickMeta
from marketplace.kernel.text import cleaned
from marketplace.rfqs.drafts import LineDraft
from marketplace.rfqs.fields import AmountField, QuickSelectField, currency_choices, unit_choices
from marketplace.rfqs.rules import MAX_LINES

PREFIX = "more"
BUTTON = "line"  # the name of the buttons that add a line or take one away
ADD = "add"
_PLACE = "__n__"  # stands for a number in the line that scripts copy
_FIELDS = ("goods", "description", "quantity", "unit", "target_price", "currency", "price_unit")
Choices = Sequence[tuple[str, str]]


class LineForm(Form):  # type: ignore[misc]  # WTForms has no types
    """One more wanted thing: goods from a list, or own words."""

    class Meta(QuickMeta):
        pass

    goods = QuickSelectField(_("Goods"), default="")
    description = StringField(_("In your own words"), validators=[Length(max=200)])
    quantity = AmountField(_("Quantity"))
    unit = QuickSelectField(_("Unit"), default="kg")
    target_price = AmountField(_("Target price"))
    currency = QuickSelectField(_("Currency"), choices=currency_choices(), default="USD")
    price_unit = QuickSelectField(_("Price per"), default="kg")

    def validate_description(self, field: StringField) -> None:
        """An amount of nothing is no line."""
        if not self.is_about_something and (self.quantity.data or self.target_price.data):
            raise ValidationError(gettext("Say what you want, or take the line away."))

    @property
    def is_about_something(self) -> bool:
        """Whether goods were chosen or described."""
        return bool(self.goods.data or cleaned(self.description.data))

    def fill_choices(self, locale: str, unit: str, goods: Choices) -> None:
        """The lists to choose from."""
        own_words = SelectChoice("", gettext("Something else, in my own words"))
        self.goods.choices = [own_words, *(SelectChoice(key, name) for key, name in goods)]
        self.unit.choices = unit_choices(locale, unit)
        self.price_unit.choices = unit_choices(locale, unit)

    def as_draft(self, **goods: Any) -> LineDraft:
        """The line as a value; ``goods`` says what was chosen."""
        has_quantity, has_price = self.quantity.amount is not None, self.target_price.amount is not None
        return LineDraft(
            description=cleaned(self.description.data, 200),
            quantity=self.quantity.amount,
            unit=self.unit.data if has_quantity else "",
            target_price=self.target_price.amount,
            currency=self.currency.data if has_price else "",
            price_unit=self.price_unit.data if has_price else "",
            **goods,
        )


class MoreLines:
    """What a form with further goods can do; the form is a WTForms one."""

    more = FieldList(FormField(LineForm), _("Further goods"), max_entries=MAX_LINES - 1)

    def fill_line_choices(self, locale: str, unit: str, goods: Choices) -> None:
        """Lists for every line that is there."""
        for entry in self.more:
            entry.form.fill_choices(locale, unit, goods)

    def changed_lines(self, pressed: str) -> bool:
        """Add a line or take one away if such a button was pressed; True if it was, and the form is shown again."""
        if not pressed:
            return False
        if pressed == ADD and len(self.more) < MAX_LINES - 1:
            self.more.append_entry()
        kept = [entry.data for entry in self.more if pressed != f"drop:{entry.name}"]
        if len(kept) < len(self.more):  # numbered anew, so that the next button pressed names its own line
            while len(self.more):
                self.more.pop_entry()
            for row in kept:
                self.more.append_entry(row)
        return True

    @property
    def wanted_lines(self) -> list[LineForm]:
        """The lines that are about something; empty ones are left out."""
        return [entry.form for entry in self.more if entry.form.is_about_something]

    @property
    def can_take_more(self) -> bool:
        """Whether one more line fits."""
        return len(self.more) < MAX_LINES - 1

    def typed_lines(self) -> dict[str, str]:
        """The words of all lines as typed, by field name."""
        return {
            f"{PREFIX}-{place}-{name}": str(entry.form[name].data or "")
            for place, entry in enumerate(self.more)
            for name in _FIELDS
        }


def blank_line(locale: str, unit: str, goods: Choices) -> LineForm:
    """An empty line whose names hold ``__n__`` for its number: scripts copy it."""
    form = LineForm(formdata=None, prefix=f"{PREFIX}-{_PLACE}-", data={"unit": unit, "price_unit": unit})
    form.fill_choices(locale, unit, goods)
    return form


def lines_from(kept: Mapping[str, str]) -> list[dict[str, str]]:
    """Form data of the lines out of what `typed_lines` gave."""
    found = []
    for place in range(MAX_LINES - 1):
        row = {name: kept[f"{PREFIX}-{place}-{name}"] for name in _FIELDS if f"{PREFIX}-{place}-{name}" in kept}
        if row:
            found.append(row)
    return found
