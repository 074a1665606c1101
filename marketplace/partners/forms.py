"""Forms of chapters and distributors."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional

from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n.choices import country_choices
from marketplace.i18n.formats import format_country
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.partners.models import Partnership
from marketplace.partners.rules import Grade, RefusalReason
from marketplace.partners.services import ApplicationDraft, OpportunityDraft, PartnershipDraft, Refusal
from marketplace.partners.wording import CHANNELS, GRADES, REFUSALS


class InviteForm(GuardedForm):
    company_name = StringField(
        _("Company"), validators=[InputRequired(_("Write the company's name.")), Length(max=200)]
    )
    email = StringField(
        _("E-mail address"),
        description=_("Optional. Without it you hand over the link yourself, for example by WhatsApp."),
        validators=[Optional(), Email(_("This does not look like an e-mail address.")), Length(max=200)],
    )


class ApplicationForm(GuardedForm):
    about = TextAreaField(
        _("Your business"),
        description=_("What you distribute, to whom, and what you would like to bring to your market."),
        validators=[
            InputRequired(_("Tell the chapter what your company does.")),
            Length(min=30, max=4000, message=_("Write between 30 and 4,000 characters.")),
        ],
    )
    yearly_volume = StringField(
        _("Expected volume a year"),
        description=_("For example: 2 containers of coconut sugar."),
        validators=[Length(max=80)],
    )
    channels = CheckListField(_("Sales channels"), validators=[InputRequired(_("Choose at least one channel."))])
    territories = CheckListField(
        _("Territories"),
        description=_("Countries you deliver to."),
        validators=[InputRequired(_("Choose at least one country."))],
    )
    interests = CheckListField(_("Commodities"), validators=[InputRequired(_("Choose at least one commodity."))])
    documents = MultipleFileField(
        _("Documents"),
        description=_("Company register extract, licences, references. PDF or pictures, up to 10 MB each."),
    )
    version = HiddenField()

    def fill_choices(self, locale: str, commodities: list[tuple[str, str]]) -> None:
        """The lists to choose from, in the reader's language."""
        self.channels.choices = [(code, str(label)) for code, label in CHANNELS.items()]
        self.territories.choices = country_choices(locale)
        self.interests.choices = commodities

    def as_draft(self, documents: list[tuple[str, int]]) -> ApplicationDraft:
        """What was entered, as a value for the service."""
        return ApplicationDraft(
            about=self.about.data or "",
            yearly_volume=self.yearly_volume.data or "",
            channels=list(self.channels.data or []),
            territories=list(self.territories.data or []),
            interests=list(self.interests.data or []),
            documents=documents,
        )


class AnswerForm(ApplicationForm):
    text = TextAreaField(
        _("Your answer"),
        validators=[InputRequired(_("Please write a short answer to the question.")), Length(max=4000)],
    )


class DecisionForm(GuardedForm):
    text = TextAreaField(_("Note to the distributor"), validators=[Length(max=4000)])
    version = HiddenField()


class ChapterForm(GuardedForm):
    about = TextAreaField(_("About the chapter"), validators=[Length(max=500)])
    city = StringField(_("City"), validators=[Length(max=80)])
    website = StringField(_("Website"), validators=[Length(max=200)])


class PartnershipForm(GuardedForm):
    """What a chapter says of a partnership."""

    grade = SelectField(
        _("Grade"),
        description=_("Your chapter's own word. With a grade the distributor can register opportunities."),
        choices=lambda: [SelectChoice("", _("None yet")), *(SelectChoice(one, GRADES[one]) for one in Grade)],
    )
    since = DateField(_("Partners since"), validators=[InputRequired(_("Choose the day it began."))])
    reviewed_on = DateField(_("Last looked at"), validators=[Optional()])
    next_review_on = DateField(
        _("Look at it again by"),
        description=_("You are reminded two weeks before."),
        validators=[Optional()],
    )
    version = HiddenField()

    @classmethod
    def of(cls, row: Partnership | None) -> PartnershipForm:
        """The form as it stands."""
        if row is None:
            return cls(formdata=None, version=0)
        return cls(
            formdata=None, grade=row.grade, since=row.since, reviewed_on=row.reviewed_on,
            next_review_on=row.next_review_on, version=row.version,
        )  # fmt: skip

    def draft(self) -> PartnershipDraft:
        """What was entered, as a value for the service."""
        grade = Grade(self.grade.data) if self.grade.data else None
        return PartnershipDraft(grade, self.since.data, self.reviewed_on.data, self.next_review_on.data)


class TerritoryForm(GuardedForm):
    """A commodity in a country of the chapter."""

    country = SelectField(_("Country"), validators=[InputRequired(_("Choose a country."))])
    commodity = SelectField(_("Commodity"), validators=[InputRequired(_("Choose a commodity."))])
    exclusive_until = DateField(
        _("Exclusive until"),
        description=_("Leave it empty where others may sell there, too."),
        validators=[Optional()],
    )

    def offer(self, countries: list[str], locale: str, wished: list[str]) -> TerritoryForm:
        """The form with the chapter's countries and all commodities, those that the distributor named first."""
        self.country.choices = [SelectChoice(code, format_country(code, locale)) for code in countries]
        named = sorted((one.key not in wished, one.name(locale), one.key) for one in load_registry())
        self.commodity.choices = [
            SelectChoice("", gettext("Choose")),
            *(SelectChoice(key, name) for _is_other, name, key in named),
        ]
        return self


class RefusalForm(GuardedForm):
    """Why a distributor does not want to meet a seller."""

    contacted = RadioField(
        _("Have you been in touch with this seller?"),
        choices=[SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))],
        validators=[InputRequired(_("Choose yes or no."))],
    )
    reason = RadioField(
        _("Why not?"),
        choices=[SelectChoice(one.value, REFUSALS[one]) for one in RefusalReason],
        validators=[InputRequired(_("Choose a reason."))],
    )
    note = TextAreaField(_("A word to your chapter"), validators=[Length(max=500)])

    def refusal(self) -> Refusal:
        """What was said, as a value for the service."""
        return Refusal(RefusalReason(self.reason.data), self.contacted.data == "yes", self.note.data or "")


class OpportunityForm(GuardedForm):
    """Business that a distributor has found."""

    customer = StringField(
        _("Whom you would sell to"),
        description=_("It need not be a name: for example, a chain of 40 organic shops."),
        validators=[InputRequired(_("Say whom you would sell to. It need not be a name.")), Length(max=200)],
    )
    commodity = SelectField(_("Commodity"), validators=[InputRequired(_("Choose a commodity."))])
    country = SelectField(_("Country"), validators=[InputRequired(_("Choose a country."))])
    quantity = StringField(
        _("Quantity"), description=_("For example: 2 containers of coconut sugar."), validators=[Length(max=80)]
    )
    expected_on = DateField(_("Expected by"), validators=[Optional()])
    note = TextAreaField(_("A word to your chapter"), validators=[Length(max=500)])

    def offer(self, locale: str) -> OpportunityForm:
        """The form with all countries and commodities."""
        choose = SelectChoice("", gettext("Choose"))
        self.country.choices = [choose, *(SelectChoice(code, name) for code, name in country_choices(locale))]
        named = sorted((one.name(locale), one.key) for one in load_registry())
        self.commodity.choices = [choose, *(SelectChoice(key, name) for name, key in named)]
        return self

    def draft(self) -> OpportunityDraft:
        """What was entered, as a value for the service."""
        return OpportunityDraft(
            customer=self.customer.data or "", country=self.country.data, commodity=self.commodity.data,
            quantity=self.quantity.data or "", expected_on=self.expected_on.data, note=self.note.data or "",
        )  # fmt: skip
