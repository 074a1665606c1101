"""What is said in a report and in an appeal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.kernel.forms import GuardedForm
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.labels import REASONS
from marketplace.moderation.rules import TEXT_LENGTH, ReportReason, ReportTarget

_TOO_LONG = _("That is too long. %(max)d letters fit.")


class ReportForm(GuardedForm):
    """A report about one thing, which the address or the hidden fields name."""

    target = HiddenField()
    name = HiddenField()
    reason = RadioField(
        _("What is wrong?"),
        choices=[SelectChoice(code, name) for code, name in REASONS.items()],
        validators=[InputRequired(_("Choose what is wrong."))],
    )
    text = TextAreaField(
        _("Tell us more"),
        description=_("What did you see, and how do you know? Only the curators read this."),
        validators=[
            InputRequired(_("Say in a sentence or two what is wrong.")),
            Length(max=TEXT_LENGTH, message=_TOO_LONG),
        ],
    )

    def as_draft(self, target: ReportTarget) -> ReportDraft:
        """The report as a value."""
        return ReportDraft(target, str(self.name.data or ""), ReportReason(self.reason.data), str(self.text.data))


class AppealForm(GuardedForm):
    """Why a decision should be looked at again."""

    version = IntegerField(validators=[InputRequired()])
    text = TextAreaField(
        _("Why should we look again?"),
        description=_("Somebody else than the first curator reads this. A second look happens once."),
        validators=[
            InputRequired(_("Write a sentence or two, so that the others understand.")),
            Length(max=TEXT_LENGTH, message=_TOO_LONG),
        ],
    )
