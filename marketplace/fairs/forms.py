"""The form of a fair."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.catalogue.registry.loading import load_registry
from marketplace.fairs.models import Fair
from marketplace.fairs.services import FairDraft
from marketplace.i18n.choices import country_choices
from marketplace.kernel.forms import CheckListField, GuardedForm


class CalendarDayField(DateField):  # type: ignore[misc]  # WTForms has no types
    """A day that must be given."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the date as 2027-05-31.")) from None


class FairForm(GuardedForm):
    """What a person says of a fair."""

    name = StringField(_("Name of the fair"), validators=[InputRequired(_("Write the fair's name.")), Length(max=200)])
    city = StringField(_("City"), validators=[InputRequired(_("Write the city.")), Length(max=80)])
    country = SelectField(_("Country"), validators=[InputRequired(_("Choose the country from the list."))])
    first_day = CalendarDayField(_("First day"), validators=[InputRequired(_("Choose a day."))])
    last_day = CalendarDayField(_("Last day"), validators=[InputRequired(_("Choose a day."))])
    commodities = CheckListField(
        _("Commodities"),
        description=_("What you show there. Visitors who scan the code see these goods first."),
        validators=[InputRequired(_("Choose at least one commodity."))],
    )
    note = TextAreaField(
        _("Note"),
        description=_("For you and the programme only, such as the stand's number."),
        validators=[Length(max=500)],
    )
    version = HiddenField()

    def fill_choices(self, locale: str) -> None:
        """The lists to choose from, in the reader's language."""
        self.country.choices = [SelectChoice("", "–"), *(SelectChoice(*pair) for pair in country_choices(locale))]
        self.commodities.choices = sorted(
            ((one.key, one.name(locale)) for one in load_registry()), key=lambda pair: pair[1]
        )

    @staticmethod
    def filled_from(fair: Fair) -> dict[str, Any]:
        """The form's values of a fair."""
        names = ("name", "city", "country", "first_day", "last_day", "commodities", "note", "version")
        return {name: getattr(fair, name) for name in names}

    @property
    def seen_version(self) -> int:
        """The version that was shown; -1 where the form does not say."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1

    def as_draft(self) -> FairDraft:
        """What was entered, as a value for the service."""
        return FairDraft(
            name=self.name.data or "",
            city=self.city.data or "",
            country=self.country.data or "",
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            commodities=tuple(self.commodities.data or ()),
            note=self.note.data or "",
        )
