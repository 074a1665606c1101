"""What is said in a report and in an appeal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from marketplace.kernel.forms import GuardedForm
from marketplace.moderation.drafts import ReportDraft
from marketplace.moderation.labels import REASONS
from marketplace.moderation.rules import EVIDENCE_LENGTH, MOST_EVIDENCE, TEXT_LENGTH, ReportReason, ReportTarget

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

    evidence = TextAreaField(
        _("What proves it?"),
        description=_(
            "One piece a line, at most %(count)s: a link, the number of a certificate, the day of a message.",
            count=MOST_EVIDENCE,
        ),
        validators=[Optional(), Length(max=MOST_EVIDENCE * EVIDENCE_LENGTH, message=_TOO_LONG)],
    )
    files = MultipleFileField(
        _("Documents"),
        description=_("PDF or pictures, at most %(count)s, up to 10 MB each and 20 MB together.", count=MOST_EVIDENCE),
    )

    def as_draft(self, target: ReportTarget) -> ReportDraft:
        """The report as a value."""
        lines = tuple(line.strip() for line in str(self.evidence.data or "").splitlines() if line.strip())
        reason = ReportReason(self.reason.data)
        return ReportDraft(target, str(self.name.data or ""), reason, str(self.text.data), lines)


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
