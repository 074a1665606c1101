"""The form of a closure: two days and a word, or a proposal that fills them."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from marketplace.closures.models import SellerClosure
from marketplace.closures.presets import Preset, PresetKind
from marketplace.closures.rules import NOTE_LENGTH
from marketplace.closures.services import ClosureDraft
from marketplace.kernel.forms import GuardedForm


class ClosureForm(GuardedForm):
    """First and last day of a closure, and what buyers read."""

    first = DateField(_("First day"), validators=[InputRequired(_("Choose the first day."))])
    last = DateField(_("Last day"), validators=[InputRequired(_("Choose the last day."))])
    note = StringField(
        _("A word to buyers"),
        description=_("For example: our students are at home; orders on the way go on. Everybody reads it."),
        validators=[Length(max=NOTE_LENGTH)],
    )
    reason = HiddenField()
    version = HiddenField()

    @classmethod
    def of(cls, row: SellerClosure) -> ClosureForm:
        """The form as a closure stands, or as it was sent."""
        names = {"first": row.closed_from, "last": row.closed_to}
        return cls(data={**names, "note": row.note, "reason": row.reason, "version": row.version})

    @classmethod
    def proposed(cls, preset: Preset | None) -> ClosureForm:
        """An empty form, or one with the days of a proposal."""
        if preset is None:
            return cls()
        return cls(data={"first": preset.days.first, "last": preset.days.last, "reason": preset.kind.value})

    def draft(self) -> ClosureDraft | None:
        """What was entered; None, with sentences at the fields, where it is wrong."""
        if not self.validate_on_submit():
            return None
        if self.last.data < self.first.data:
            self.last.errors = [gettext("The last day lies before the first. Check both.")]
            return None
        reason = self.reason.data if self.reason.data in set(PresetKind) else ""
        return ClosureDraft(self.first.data, self.last.data, self.note.data or "", reason)
