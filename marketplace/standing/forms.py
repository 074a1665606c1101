"""The form by which a mentor lets a better standing hold for a time."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.kernel.forms import GuardedForm
from marketplace.sellers.rules import Standing, is_easier
from marketplace.standing.services import REASON_LENGTH
from marketplace.standing.wording import LEVELS


class EasingForm(GuardedForm):
    """Which standing holds instead, until when, and why."""

    level = SelectField(_("Holds instead"), validators=[InputRequired(_("Choose a standing."))])
    until = DateField(_("Until"), validators=[InputRequired(_("Choose the last day."))])
    reason = TextAreaField(
        _("Reason"),
        description=_("The seller reads it. For example: a flood in May, and the buyers were told."),
        validators=[InputRequired(_("Write the reason. The seller reads it.")), Length(max=REASON_LENGTH)],
    )
    version = HiddenField()

    def offer(self, counted: Standing) -> EasingForm:
        """The form with the standings that are better than the counted one, the best last."""
        easier = [one for one in reversed(Standing) if is_easier(one, counted)]
        self.level.choices = [SelectChoice(one.value, LEVELS[one][0]) for one in easier]
        return self
