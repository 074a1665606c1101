"""What the forms of every domain share."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class GuardedForm(FlaskForm):  # type: ignore[misc]  # WTForms has no types
    """A form whose CSRF token is checked for the whole application, not a second time by the form."""

    class Meta:
        csrf = False


class CheckListField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
