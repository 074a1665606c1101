"""What buyers write of goods and sellers, and sellers of what was written."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.i18n.locales import LANGUAGES
from marketplace.kernel.forms import GuardedForm
from marketplace.reviews.rules import ANSWER_LENGTH, TEXT_LENGTH
from marketplace.reviews.services import ReviewDraft
from marketplace.reviews.wording import RATINGS

_TOO_LONG = _("That is too long. %(max)d letters fit.")
_LANGUAGES = [SelectChoice(one.locale, one.name) for one in LANGUAGES]


class ReviewForm(GuardedForm):
    """Points and words for one thing, which the hidden field names."""

    subject = HiddenField()
    version = HiddenField()
    rating = RadioField(
        _("Your points"),
        choices=[SelectChoice(str(points), name) for points, name in RATINGS.items()],
        validators=[InputRequired(_("Choose one to five points."))],
    )
    text = TextAreaField(
        _("What should other buyers know?"),
        description=_("Everybody reads it, with your country and without your name. No prices, no names of people."),
        validators=[
            InputRequired(_("Write a sentence or two: points alone help nobody.")),
            Length(max=TEXT_LENGTH, message=_TOO_LONG),
        ],
    )
    language = SelectField(_("Language you write in"), choices=_LANGUAGES)

    def as_draft(self) -> ReviewDraft:
        """The review as a value."""
        version = str(self.version.data or "")
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        return ReviewDraft(
            str(self.subject.data or ""), int(self.rating.data), str(self.text.data), str(self.language.data), seen
        )


class AnswerForm(GuardedForm):
    """The seller's one answer."""

    version = IntegerField(validators=[InputRequired()])
    text = TextAreaField(
        _("Your answer"),
        description=_("Everybody reads it below the review. You can answer once."),
        validators=[
            InputRequired(_("Write your answer first.")),
            Length(max=ANSWER_LENGTH, message=_TOO_LONG),
        ],
    )
    language = SelectField(_("Language you write in"), choices=_LANGUAGES)
