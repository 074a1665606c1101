"""What the forms of every domain share."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.i18n import messages_path
from wtforms.widgets import CheckboxInput, ListWidget


@cache
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms")


class _Messages:
    """WTForms' own sentences in the reader's language; Flask-WTF would read their file anew in every request."""

    def gettext(self, text: str) -> str:
        found: str = _catalogue(str(get_locale())).ugettext(text)
        return found

    def ngettext(self, one: str, many: str, number: int) -> str:
        found: str = _catalogue(str(get_locale())).ungettext(one, many, number)
        return found


_MESSAGES = _Messages()


class GuardedForm(FlaskForm):  # type: ignore[misc]  # WTForms has no types
    """A form whose CSRF token is checked for the whole application, not a second time by the form."""

    class Meta:
        csrf = False

        def get_translations(self, _form: Any) -> _Messages:
            return _MESSAGES


class CheckListField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
