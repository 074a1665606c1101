"""What the forms of every domain share."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import request
from flask_babel import get_locale
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, FieldList, FormField, SelectMultipleField
from wtforms.fields.core import Flags, Label, UnboundField
from wtforms.i18n import messages_path
from wtforms.widgets import CheckboxInput, ListWidget
from wtforms.widgets.core import clean_key

from marketplace.kernel.controls import control


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
_MOULDS = "_souq_moulds"
_NO_MOULDS: dict[str, Any] = {}
_OWN = frozenset({"_form", "meta", "flags", "label"})


class _Mould:
    """A field as it is before it holds anything: the next one of the same form is copied instead of built anew."""

    def __init__(self, field: Field) -> None:
        values = vars(field)
        self._kind = type(field)
        self._copied = [name for name, value in values.items() if isinstance(value, list | dict) and name not in _OWN]
        self._values = {name: value for name, value in values.items() if name not in _OWN}
        self._values |= {
            name: self._values[name].copy() for name in self._copied
        }  # whatever the first form does to its own
        self._flags, self._label = dict(vars(field.flags)), (field.label.field_id, field.label.text)

    def cast(self, form: Any) -> Field:
        """A field of its own for ``form``."""
        field = object.__new__(self._kind)
        known = field.__dict__
        known.update(self._values)
        for name in self._copied:
            known[name] = known[name].copy()
        known["_form"], known["meta"], known["label"] = form, form.meta, Label(*self._label)
        flags = known["flags"] = Flags()
        flags.__dict__.update(self._flags)
        return field


def _is_castable(field: Field, unbound: UnboundField) -> bool:
    """Whether nothing of a field depends on who asks: its class makes it as the library does, its label is given."""
    is_plain = type(field).__init__.__module__.startswith(("wtforms.", "flask_wtf."))
    has_label = bool(unbound.args) or unbound.kwargs.get("label") is not None
    return is_plain and has_label and not isinstance(field, FieldList | FormField) and field._datalist is None


class QuickMeta:
    """How the fields of our forms are written; for the `Meta` of a form that is a line of another one."""

    def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
        wishes = {clean_key(name): value for name, value in ((field.render_kw or {}) | render_kw).items()}
        made = control(field, wishes)
        return field.widget(field, **wishes) if made is None else made


class GuardedForm(FlaskForm):  # type: ignore[misc]  # WTForms has no types
    """A form whose CSRF token is checked for the whole application, not a second time by the form."""

    class Meta(QuickMeta):
        csrf = False

        def get_translations(self, _form: Any) -> _Messages:
            return _MESSAGES

        def bind_field(self, form: Any, unbound: UnboundField, options: dict[str, Any]) -> Field:
            name, is_of_form = options["name"], options.get("prefix") == ""  # a line of a list has none
            mould: _Mould | None = unbound.__dict__.get(_MOULDS, _NO_MOULDS).get(name) if is_of_form else None
            if mould is not None:
                return mould.cast(form)
            field = unbound.bind(form=form, **options)
            if is_of_form and _is_castable(field, unbound):
                vars(unbound).setdefault(_MOULDS, {})[name] = _Mould(field)
            return field


class CheckListField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def seen_version() -> int:
    """The row version that the posted form was made of; 0, which no row has, where it names none."""
    return seen_number("version")


def seen_number(name: str) -> int:
    """A whole number that the posted form was made of; 0 where it names none."""
    plain = request.form.get(name, "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 19 else 0
