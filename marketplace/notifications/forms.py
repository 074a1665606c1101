"""What people tell us about notices."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget


class CheckListField(SelectMultipleField):  # type: ignore[misc]
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PreferencesForm(FlaskForm):  # type: ignore[misc]
    """Which topics come by mail."""

    class Meta:
        csrf = False  # the guard prints the token

    topics = CheckListField(_("Write me a mail about"), validate_choice=True)

    def offer(self, choices: list[tuple[str, Any]]) -> PreferencesForm:
        """The form with the topics this person can choose from."""
        self.topics.choices = [SelectChoice(code, name) for code, name in choices]
        return self
