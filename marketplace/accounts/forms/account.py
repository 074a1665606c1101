"""Forms of one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Optional

from marketplace.accounts.forms.parts import (
    EmailField,
    PhoneField,
    PlainName,
    at_most,
    clean,
    needed,
    present_password,
    time_zone_choices,
)
from marketplace.accounts.services.contact import PersonDraft
from marketplace.i18n.locales import LANGUAGES
from marketplace.kernel.forms import GuardedForm


class PersonForm(GuardedForm):
    """Name, language of mails and pages, time zone."""

    name = StringField(
        _("Your name"),
        validators=[needed(), at_most(200), PlainName()],
        filters=[clean],
        render_kw={"autocomplete": "name"},
    )
    locale = SelectField(
        _("Language of our mails to you"), choices={one.locale: one.name for one in LANGUAGES}, validators=[needed()]
    )
    time_zone = SelectField(_("Time zone"), choices=time_zone_choices(), validators=[needed()])

    def as_draft(self) -> PersonDraft:
        """The answers as a value."""
        return PersonDraft(self.name.data, self.locale.data, self.time_zone.data)


class PhoneForm(GuardedForm):
    """One's telephone number."""

    phone = PhoneField(
        _("Telephone number"),
        validators=[Optional(), at_most(40)],
        description=_("With its country code, such as +62 812 3456 7890."),
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )


class NewEmailForm(GuardedForm):
    """A new e-mail address, with the present password."""

    email = EmailField(
        _("New e-mail address"),
        validators=[needed(), at_most(254)],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    present = present_password()
