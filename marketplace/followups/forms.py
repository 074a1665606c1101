"""What a chapter states about a lead."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from marketplace.followups.models import FollowUp
from marketplace.followups.queries import ChapterLead
from marketplace.followups.rules import NOTE_LENGTH, Result
from marketplace.followups.services import Statement
from marketplace.followups.wording import RESULTS
from marketplace.i18n.formats import day_of
from marketplace.kernel.forms import GuardedForm


class FollowUpForm(GuardedForm):
    """Two days, what became of it, and a note for colleagues."""

    version = HiddenField()
    contacted_on = DateField(_("Contacted on"), validators=[Optional()])
    result = SelectField(
        _("What became of it"),
        choices=[SelectChoice("", _("Still open")), *(SelectChoice(code, name) for code, name in RESULTS.items())],
    )
    sold_on = DateField(_("Sold on"), validators=[Optional()])
    note = TextAreaField(
        _("Note"),
        description=_("Only your chapter reads it."),
        validators=[Optional(), Length(max=NOTE_LENGTH, message=_("That is too long. %(max)d letters fit."))],
    )

    @classmethod
    def of(cls, lead: ChapterLead, row: FollowUp | None, zone: str) -> FollowUpForm:
        """The form as things stand; a deal made here is proposed as the sale."""
        if row is not None:
            data = {"contacted_on": row.contacted_on, "result": row.result, "sold_on": row.sold_on, "note": row.note}
            return cls(formdata=None, data={**data, "version": str(row.version)})
        agreed = lead.agreed_at
        proposed = {"result": Result.SOLD.value, "sold_on": day_of(agreed, zone)} if agreed is not None else {}
        return cls(formdata=None, data={"version": "0", **proposed})

    def as_statement(self, *, closes: bool) -> Statement:
        """What was entered as a value."""
        version = str(self.version.data or "")
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
        result = Result(self.result.data) if self.result.data else None
        return Statement(self.contacted_on.data, result, self.sold_on.data, str(self.note.data or ""), closes, seen)
