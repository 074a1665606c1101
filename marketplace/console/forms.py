"""What staff enter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, Optional, StopValidation, ValidationError

from marketplace.accounts.contact import email_or_none
from marketplace.accounts.rules import VerificationLevel
from marketplace.accounts.wording import LEVELS
from marketplace.console.labels import METHODS
from marketplace.i18n.choices import country_choices
from marketplace.i18n.locales import LANGUAGES
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.moderation.labels import REASONS
from marketplace.sellers.rules import CURATION_MOVES, CurationState
from marketplace.sellers.wording import STATE_NAMES

_TOO_LONG = _("That is too long. %(max)d letters fit.")


def _needed(sentence: Any) -> InputRequired:
    return InputRequired(sentence)


def _address(_form: Any, field: StringField) -> None:
    if email_or_none(field.data or "") is None:
        raise StopValidation(_("This does not look like an e-mail address."))


def _at_most(length: int) -> Length:
    return Length(max=length, message=_TOO_LONG)


class DecisionForm(GuardedForm):
    """Upheld or not, with a note for both sides."""

    version = IntegerField(validators=[InputRequired()])
    decision = HiddenField(validators=[InputRequired()])
    note = TextAreaField(
        _("Note for both sides"),
        description=_("Both sides read this. Name no names, and do not repeat what the reporter wrote."),
        validators=[_needed(_("Write a sentence or two, so that both sides understand.")), _at_most(4000)],
    )


class ReviewDecisionForm(GuardedForm):
    """A buyer's review: published, or refused with a reason and a note."""

    version = IntegerField(validators=[InputRequired()])
    decision = HiddenField(validators=[InputRequired(), AnyOf(["publish", "refuse"])])
    reason = SelectField(
        _("Why it cannot stand"),
        description=_("Needed when you refuse."),
        choices=[SelectChoice("", _("Choose")), *(SelectChoice(code, name) for code, name in REASONS.items())],
        default="",
    )
    note = TextAreaField(
        _("Note for the buyer"),
        description=_("Needed when you refuse. The buyer reads it."),
        validators=[Optional(), _at_most(4000)],
    )

    def validate_reason(self, field: SelectField) -> None:
        """The buyer reads the reason: nobody's first choice stands in for it."""
        if self.is_refusal and not field.data:
            raise ValidationError(gettext("Choose a reason."))

    def validate(self, extra_validators: Any = None) -> bool:
        """A refusal needs words, too; said here, so that the form keeps what was chosen."""
        is_fine = bool(super().validate(extra_validators))
        if self.is_refusal and not (self.note.data or "").strip():
            self.note.errors = [gettext("Write a sentence or two, so that both sides understand.")]
            is_fine = False
        return is_fine

    @property
    def is_refusal(self) -> bool:
        """Whether the button to refuse was pressed."""
        return bool(self.decision.data == "refuse")


class RequestNoteForm(GuardedForm):
    """Why a request is refused."""

    note = TextAreaField(
        _("Note for the buyer"),
        description=_("Needed when you refuse. The buyer reads it."),
        validators=[Optional(), _at_most(2000)],
    )


class VerifyForm(GuardedForm):
    """One check of an organisation."""

    level = RadioField(
        _("Level"),
        choices=[SelectChoice(level.value, LEVELS[level]) for level in VerificationLevel],
        validators=[_needed(_("Choose what this check showed."))],
    )
    method = SelectField(
        _("How was it checked?"),
        choices=[SelectChoice("", _("Choose")), *(SelectChoice(code, name) for code, name in METHODS.items())],
        validators=[_needed(_("Choose how it was checked."))],
    )
    evidence = TextAreaField(
        _("What was seen"),
        description=_("Which document, whom you spoke with, where you were. Only staff read this."),
        validators=[_needed(_("Write down what was seen.")), _at_most(500)],
    )
    next_check_on = DateField(
        _("Next check on"),
        description=_("From this day on the level no longer counts, unless somebody checks again."),
        validators=[_needed(_("Choose the day of the next check."))],
    )
    note = TextAreaField(_("Note for colleagues"), validators=[Optional(), _at_most(500)])


class CurationForm(GuardedForm):
    """A seller's next state, with a note they read."""

    version = IntegerField(validators=[InputRequired()])
    state = RadioField(_("Next state"), validators=[_needed(_("Choose the next state."))])
    note = TextAreaField(
        _("Note for the seller"), description=_("They read it in their profile."), validators=[_at_most(4000)]
    )

    def offer(self, current: CurationState) -> CurationForm:
        """The form with the states that may follow."""
        self.state.choices = [
            SelectChoice(state.value, STATE_NAMES[state]) for state in CurationState if state in CURATION_MOVES[current]
        ]
        return self


class MentorForm(GuardedForm):
    """Whom a seller can turn to."""

    mentor = SelectField(_("Mentor"))

    def offer(self, people: list[tuple[int, str]]) -> MentorForm:
        """The form with the programme's people."""
        self.mentor.choices = [
            SelectChoice("", _("Nobody yet")),
            *(SelectChoice(str(key), name) for key, name in people),
        ]
        return self


class InviteSellerForm(GuardedForm):
    """A pesantren whose people the curator knows."""

    pesantren = StringField(_("Pesantren or business unit"), validators=[_needed(_("Write the name.")), _at_most(200)])
    person = StringField(_("Name of the person"), validators=[_needed(_("Write the name.")), _at_most(200)])
    phone = StringField(
        _("Telephone number"),
        description=_("With WhatsApp, if there is. For example: 0812 3456 7890."),
        validators=[_needed(_("Write the number.")), _at_most(40)],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )
    language = SelectField(
        _("Their language"),
        choices=[SelectChoice(one.locale, one.name) for one in LANGUAGES],
        default="id",
        validators=[_needed(_("Choose the language."))],
    )


class ChapterForm(GuardedForm):
    """A new chapter with its first manager."""

    name = StringField(_("Name of the chapter"), validators=[_needed(_("Write the name.")), _at_most(200)])
    city = StringField(_("City"), validators=[_needed(_("Write the city.")), _at_most(80)])
    countries = CheckListField(_("Countries it represents"), validators=[_needed(_("Choose at least one country."))])
    person = StringField(_("First manager"), validators=[_needed(_("Write the name.")), _at_most(200)])
    email = StringField(
        _("E-mail address of the manager"),
        validators=[
            _needed(_("Write the address.")),
            _address,
            _at_most(254),
        ],
    )

    def offer(self, locale: str) -> ChapterForm:
        """The form with the countries in the reader's language."""
        self.countries.choices = [SelectChoice(code, name) for code, name in country_choices(locale)]
        return self


class RepresentsForm(GuardedForm):
    """The name of a chapter and the countries it represents; ``seen`` tells a stale edit."""

    seen = HiddenField(validators=[InputRequired()])
    name = StringField(_("Name of the chapter"), validators=[_needed(_("Write the name.")), _at_most(200)])
    countries = CheckListField(_("Countries it represents"), validators=[_needed(_("Choose at least one country."))])

    def offer(self, locale: str) -> RepresentsForm:
        """The form with the countries in the reader's language."""
        self.countries.choices = [SelectChoice(code, name) for code, name in country_choices(locale)]
        return self


class ManagerForm(GuardedForm):
    """One more manager of a chapter."""

    person = StringField(_("Name"), validators=[_needed(_("Write the name.")), _at_most(200)])
    email = StringField(
        _("E-mail address"),
        validators=[
            _needed(_("Write the address.")),
            _address,
            _at_most(254),
        ],
    )


class CommodityForm(GuardedForm):
    """Offered or paused, with a note to sellers."""

    is_offered = BooleanField(_("Offered on the market"))
    note = StringField(_("Note to sellers"), validators=[_at_most(500)])

    def validate_note(self, field: StringField) -> None:
        """A pause is explained."""
        if not self.is_offered.data and not (field.data or "").strip():
            raise StopValidation(_("Tell sellers why the commodity is paused and what to do."))


class NameForm(GuardedForm):
    """A further name for a concept of the lexicon."""

    name = StringField(_("Word"), validators=[_needed(_("Say which word.")), Length(max=60, message=_TOO_LONG)])
    language = SelectField(_("Language"), validators=[_needed(_("Choose a language."))])
    concept = StringField(
        _("What it means"),
        description=_("The key of a concept. Type a part of its name and choose."),
        validators=[_needed(_("Choose what the word means.")), Length(max=80, message=_TOO_LONG)],
    )

    def offer(self, languages: Iterable[tuple[str, str]]) -> NameForm:
        """The form with the languages there are."""
        self.language.choices = [SelectChoice(code, name) for code, name in languages]
        return self

    @property
    def concept_id(self) -> str:
        """The chosen concept's key."""
        return str(self.concept.data or "").strip()
