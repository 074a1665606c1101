"""Forms of sellers: registering, taking up an invitation, the profile."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from marketplace.accounts.forms.parts import (
    EmailField,
    NewPasswordField,
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
from marketplace.i18n.locales import LANGUAGES
from marketplace.kernel.clock import today
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.kernel.numerals import ParseError
from marketplace.kernel.regions import REGENCIES, find_regency
from marketplace.sellers.rules import LANGUAGES_SPOKEN, SellerForm, is_nib
from marketplace.sellers.services import ProducerDraft, SellerDraft
from marketplace.sellers.wording import FORM_NAMES, language_name


class RegencyField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A regency or city; ``data`` becomes its key where it lies in East Java, and stays a name elsewhere."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            self.data = ""
            return
        try:
            self.data = find_regency(self.data).key
        except ParseError as fault:
            if fault.code == "regency_ambiguous":
                raise ValidationError(
                    _("There is a regency and a city of this name. Write Kabupaten or Kota.")
                ) from None

    def _value(self) -> str:
        regency = REGENCIES.get(self.data or "")
        return regency.full_name if regency else str(self.data or "")


class NibField(StringField):  # type: ignore[misc]  # WTForms has no types
    """An Indonesian business number; blanks and dots are taken out."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        digits = "".join(char for char in self.data or "" if char not in " .-")
        if digits and not is_nib(digits):
            raise ValidationError(_("A NIB has 13 digits. Look at your certificate from OSS."))
        self.data = digits


def pesantren_name() -> StringField:
    """The field for the pesantren's name."""
    return StringField(_("Name of the pesantren"), validators=[needed(), at_most(200), PlainName()], filters=[clean])


def unit_name() -> StringField:
    """The field for the business unit's name."""
    return StringField(
        _("Name of the business unit"),
        validators=[needed(), at_most(200), PlainName()],
        filters=[clean],
        description=_("The cooperative or unit that sells and signs, such as Kopontren Contoh Makmur."),
    )


def regency() -> RegencyField:
    """The field for the regency or city."""
    return RegencyField(_("Regency or city"), validators=[needed(), at_most(80)], filters=[clean])


class SellerRegistrationForm(ConsentForm):
    """A pesantren registers by itself, on a phone: number needed, e-mail not."""

    name = person_name()
    phone = PhoneField(
        _("WhatsApp number"),
        validators=[needed(), at_most(40)],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    email = EmailField(
        _("E-mail address"),
        validators=[Optional(), at_most(254)],
        description=_("With an address you can begin at once. Without one, a curator sends you a link by WhatsApp."),
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    pesantren = pesantren_name()
    unit = unit_name()
    regency = regency()
    nib = NibField(
        _("Business number (NIB)"),
        validators=[Optional(), at_most(20)],
        filters=[clean],
        description=_("13 digits. You can add it later."),
        render_kw={"inputmode": "numeric"},
    )
    password = NewPasswordField(
        _("Choose a password"),
        validators=[Optional()],
        about=("email", "name", "pesantren", "unit"),
        description=_("Only with an e-mail address. At least 10 characters."),
        render_kw={"autocomplete": "new-password", "maxlength": 200},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """The password is needed where an e-mail address is given."""
        is_valid = bool(super().validate(extra_validators))
        if self.email.data and not self.password.data:
            self.password.errors = [gettext("Choose a password, or leave the e-mail address out.")]
            return False
        return is_valid


class SellerInvitationForm(ConsentForm):
    """What an invited seller adds: who they are, where, and a password."""

    name = person_name()
    pesantren = pesantren_name()
    unit = unit_name()
    regency = regency()
    password = new_password(_("Choose a password"), "name", "pesantren", "unit")


class SellerProfileForm(GuardedForm):
    """The business unit's page."""

    version = VersionField()
    name = unit_name()
    form = RadioField(_("Kind of organisation"), validators=[needed()])
    country = SelectField(_("Country"), choices=country_choices, validators=[needed()])
    city = StringField(_("Town"), validators=[Optional(), at_most(80)], filters=[clean])
    website = WebsiteField(_("Website"), validators=[Optional(), at_most(200)], render_kw={"inputmode": "url"})
    whatsapp = PhoneField(_("WhatsApp number"), validators=[needed(), at_most(40)], render_kw={"inputmode": "tel"})
    nib = NibField(
        _("Business number (NIB)"),
        validators=[Optional(), at_most(20)],
        filters=[clean],
        description=_("13 digits. After a change, a curator checks it again."),
        render_kw={"inputmode": "numeric"},
    )
    port = StringField(
        _("Port of shipment"),
        validators=[Optional(), at_most(80)],
        filters=[clean],
        description=_("Where your goods are loaded, such as Tanjung Perak, Surabaya."),
    )
    export_years = IntegerField(
        _("Years of exporting"),
        validators=[Optional(), NumberRange(0, 200, message=_("Enter a number of years from 0 to 200."))],
        render_kw={"inputmode": "numeric"},
    )
    languages = CheckListField(_("Languages you answer in"), validators=[needed(_("Tick at least one language."))])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.form.choices = {form.value: str(FORM_NAMES[form]) for form in SellerForm}
        self.languages.choices = {code: language_name(code) for code in LANGUAGES_SPOKEN}

    def as_draft(self) -> SellerDraft:
        """The answers as a value."""
        return SellerDraft(
            organisation=OrganisationDraft(
                self.name.data, self.country.data, self.city.data or "", self.website.data or "", self.nib.data or ""
            ),
            form=SellerForm(self.form.data),
            nib=self.nib.data or "",
            whatsapp=self.whatsapp.data,
            port=self.port.data or "",
            export_years=self.export_years.data,
            languages=self.languages.data or [],
        )


class ProducerForm(GuardedForm):
    """The pesantren's facts and story."""

    version = VersionField()
    name = pesantren_name()
    regency = regency()
    address = StringField(_("Address"), validators=[Optional(), at_most(200)], filters=[clean])
    santri_count = IntegerField(
        _("Number of santri"),
        validators=[Optional(), NumberRange(0, 200000, message=_("Enter a number from 0 to 200,000."))],
        render_kw={"inputmode": "numeric"},
    )
    founded_year = IntegerField(_("Year of founding"), validators=[Optional()], render_kw={"inputmode": "numeric"})
    language = SelectField(
        _("The story is written in"), choices={one.locale: one.name for one in LANGUAGES}, validators=[needed()]
    )
    story = TextAreaField(
        _("Your story"),
        validators=[Optional(), at_most(5000)],
        filters=[clean],
        description=_("Who makes the goods, how, and what the income is used for. Write as you would tell a guest."),
        render_kw={"rows": 8},
    )

    def validate_founded_year(self, field: IntegerField) -> None:
        """A year between 1400 and this one."""
        if field.data is not None and not 1400 <= field.data <= today().year:
            raise ValidationError(_("Enter a year such as 1975."))

    def as_draft(self) -> ProducerDraft:
        """The answers as a value."""
        return ProducerDraft(
            name=self.name.data,
            regency=self.regency.data or "",
            address=self.address.data or "",
            santri_count=self.santri_count.data,
            founded_year=self.founded_year.data,
            language=self.language.data,
            story=self.story.data or "",
        )
