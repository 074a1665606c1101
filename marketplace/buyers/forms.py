"""Forms of buying companies: registering, and the company's page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from marketplace.accounts.forms.parts import (
    EmailField,
    PhoneField,
    PlainName,
    VersionField,
    WebsiteField,
    at_most,
    clean,
    country_choices,
    needed,
    new_password,
)
from marketplace.accounts.forms.registration import ConsentForm, person_name
from marketplace.accounts.services.organisations import OrganisationDraft
from marketplace.buyers.interests import known_interests
from marketplace.buyers.rules import Trade
from marketplace.buyers.services import CompanyDraft
from marketplace.buyers.wording import TRADE_NAMES
from marketplace.i18n.translations import current_locale
from marketplace.kernel.forms import CheckListField, GuardedForm


def company_name() -> StringField:
    """The field for the company's name."""
    return StringField(
        _("Company"),
        validators=[needed(), at_most(200), PlainName()],
        filters=[clean],
        render_kw={"autocomplete": "organization"},
    )


def registration_number() -> StringField:
    """The field for the number in the trade register."""
    return StringField(
        _("Registration number"),
        validators=[Optional(), at_most(80)],
        filters=[clean],
        description=_("From the trade register, or the VAT number. It makes checking quick."),
    )


def trade_choices() -> dict[str, str]:
    """Trades with an empty choice first."""
    return {"": "", **{trade.value: str(name) for trade, name in TRADE_NAMES.items()}}


class BuyerRegistrationForm(ConsentForm):
    """A person and the company they buy for."""

    name = person_name()
    email = EmailField(
        _("Business e-mail address"),
        validators=[needed(), at_most(254)],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    phone = PhoneField(
        _("Telephone number"),
        validators=[Optional(), at_most(40)],
        description=_("With its country code, such as +49 40 123456."),
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    company = company_name()
    country = SelectField(_("Country"), choices=country_choices, validators=[needed()])
    trade = SelectField(_("Trade"), choices=trade_choices, validators=[needed()])
    website = WebsiteField(
        _("Website"), validators=[Optional(), at_most(200)], render_kw={"autocomplete": "url", "inputmode": "url"}
    )
    registration_number = registration_number()
    interests = CheckListField(_("What do you look for?"), validators=[Optional()])
    password = new_password(_("Choose a password"), "email", "name", "company")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.interests.choices = known_interests(current_locale())


class CompanyForm(GuardedForm):
    """The company's page."""

    version = VersionField()
    name = company_name()
    country = SelectField(_("Country"), choices=country_choices, validators=[needed()])
    city = StringField(_("Town"), validators=[Optional(), at_most(80)], filters=[clean])
    website = WebsiteField(_("Website"), validators=[Optional(), at_most(200)], render_kw={"inputmode": "url"})
    registration_number = registration_number()
    trade = SelectField(_("Trade"), choices=trade_choices, validators=[needed()])
    about = TextAreaField(
        _("What you do"),
        validators=[Optional(), at_most(500)],
        filters=[clean],
        description=_("Two or three sentences. Sellers read them once they commit themselves to answer."),
        render_kw={"rows": 4},
    )
    import_history = TextAreaField(
        _("What you have imported so far"),
        validators=[Optional(), at_most(500)],
        filters=[clean],
        description=_("Goods, origins and yearly quantities. Sellers who commit themselves read it as your words."),
        render_kw={"rows": 3},
    )
    interests = CheckListField(_("What do you look for?"), validators=[Optional()])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.interests.choices = known_interests(current_locale())

    def as_draft(self) -> CompanyDraft:
        """The answers as a value."""
        return CompanyDraft(
            organisation=OrganisationDraft(
                self.name.data,
                self.country.data,
                self.city.data or "",
                self.website.data or "",
                self.registration_number.data or "",
            ),
            trade=Trade(self.trade.data),
            about=self.about.data or "",
            import_history=self.import_history.data or "",
            interests=self.interests.data or [],
        )
