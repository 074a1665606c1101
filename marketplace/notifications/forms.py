"""What people tell us about notices."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.kernel.forms import CheckListField, GuardedForm


class PreferencesForm(GuardedForm):
    """Which topics come by mail."""

    topics = CheckListField(_("Write me a mail about"), validate_choice=True)

    def offer(self, choices: list[tuple[str, Any]]) -> PreferencesForm:
        """The form with the topics this person can choose from."""
        self.topics.choices = [SelectChoice(code, name) for code, name in choices]
        return self
