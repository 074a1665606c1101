"""What people say about searches and lists that they keep."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from marketplace.kernel.forms import GuardedForm
from marketplace.saved.drafts import SearchDraft
from marketplace.saved.labels import FREQUENCIES
from marketplace.saved.rules import NAME_LENGTH, NOTE_LENGTH, Frequency
from search.query import MAX_TEXT

_TOO_LONG = _("That is too long. %(max)d letters fit.")


def _name(label: object) -> StringField:
    return StringField(
        label,
        validators=[InputRequired(_("Give it a name.")), Length(max=NAME_LENGTH, message=_TOO_LONG)],
    )


class SearchForm(GuardedForm):
    """A search to keep, or one that is kept."""

    address = HiddenField(validators=[Length(max=2000, message=_TOO_LONG)])
    version = IntegerField()
    name = _name(_("Name of the search"))
    frequency = RadioField(
        _("Write to me"),
        choices=[SelectChoice(code.value, name) for code, name in FREQUENCIES.items()],
        default=Frequency.DAILY.value,
        validators=[InputRequired(_("Choose how often we may write."))],
    )

    def as_draft(self, locale: str) -> SearchDraft:
        """The search as a value."""
        return SearchDraft(str(self.name.data), str(self.address.data or ""), locale, Frequency(self.frequency.data))


class EditForm(SearchForm):
    """A search that is kept, with the words it looks for; its address says which filters are left."""

    words = StringField(_("Words"), validators=[Length(max=MAX_TEXT, message=_TOO_LONG)])


class ListForm(GuardedForm):
    """The name of a list."""

    version = IntegerField()
    name = _name(_("Name of the list"))


class KeepForm(GuardedForm):
    """A product put on a list that exists, or on a new one."""

    product = IntegerField(validators=[InputRequired()])
    shortlist = SelectField(_("List"), coerce=int, validators=[InputRequired(_("Choose a list."))])
    name = StringField(_("Name of the new list"), validators=[Length(max=NAME_LENGTH, message=_TOO_LONG)])
    note = TextAreaField(
        _("Note"),
        description=_("For yourself: what to ask, what to remember."),
        validators=[Length(max=NOTE_LENGTH, message=_TOO_LONG)],
    )

    def offer(self, lists: list[tuple[int, str]]) -> KeepForm:
        """The form with the lists a person has, and the one that is made now."""
        self.shortlist.choices = [*lists, (0, _("A new list"))]
        return self

    def validate_name(self, field: StringField) -> None:
        """A new list needs a name."""
        if not self.shortlist.data and not str(field.data or "").strip():
            raise ValidationError(_("Give it a name."))


class NoteForm(GuardedForm):
    """What is noted on a product of a list."""

    note = TextAreaField(_("Note"), validators=[Length(max=NOTE_LENGTH, message=_TOO_LONG)])


class ShareForm(GuardedForm):
    """Whether readers of a shared list see the notes."""

    shows_notes = BooleanField(_("Show my notes to those who have the link"))
