"""Controls of forms written out quickly: WTForms makes every attribute and every option of a list anew each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask_babel import LazyString
from markupsafe import Markup, escape
from wtforms import Field
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, Input, Select, TextArea

_MOST_LISTS = 128
_Names = tuple[tuple[str, str], ...]  # value and label of each option


def control(field: Field, wishes: Mapping[str, Any]) -> Markup | None:
    """What the field's own widget writes with the attributes ``wishes``; None for widgets that are not known here."""
    widget, kind = field.widget, type(field.widget)
    if kind is Select and not widget.multiple:
        return _select(field, dict(wishes))
    if kind is TextArea:
        values = _with_flags(field, {"id": field.id, **wishes})
        return _html(f"<textarea {attributes(values)}>\r\n{escape(field._value())}</textarea>")
    if kind.__call__ is Input.__call__:
        return _input(field, dict(wishes))
    if kind is CheckboxInput:
        is_checked = getattr(field, "checked", field.data)
        return _input(field, {"checked": True, **wishes} if is_checked else dict(wishes))
    return None


def attributes(values: Mapping[str, Any]) -> str:
    """Attributes by name as HTML: True stands alone, False is left out."""
    made = []
    for name in sorted(values):
        value = values[name]
        if value is True:
            made.append(name)
        elif value is not False:
            # texts that are HTML already may hold quotes
            made.append(f'{name}="{str(escape(value)).replace(chr(34), "&quot;")}"')
    return " ".join(made)


def _input(field: Field, values: dict[str, Any]) -> Markup | None:
    if getattr(field, "_datalist", None) is not None:
        return None
    values.setdefault("id", field.id)
    values.setdefault("type", field.widget.input_type)
    if "value" not in values:
        values["value"] = field._value()
    return _html(f"<input {attributes(_with_flags(field, values))}>")


def _with_flags(field: Field, values: dict[str, Any]) -> dict[str, Any]:
    """With the field's name, and what its checks say of it to the browser."""
    values["name"] = field.name
    for name in field.widget.validation_attrs:
        if name not in values and (value := vars(field.flags).get(name)) is not None:
            values[name] = value() if callable(value) else value
    return values


def _select(field: Field, values: dict[str, Any]) -> Markup | None:
    names = _names(field.choices)
    if names is None:
        return None
    values.setdefault("id", field.id)
    coerce, data = field.coerce, field.data
    chosen = [place for place, (value, _label) in enumerate(names) if coerce(value) == data]
    shown = "".join(_with_chosen(_options(names), chosen))
    return _html(f"<select {attributes(_with_flags(field, values))}>{shown}</select>")


def options(choices: Sequence[SelectChoice], chosen: str | None = None) -> Sequence[str]:
    """Plain choices as the HTML of options, that of the value ``chosen`` selected; labels in the reader's language."""
    names = _names(choices)
    if names is None:
        raise TypeError("a choice is more than a value and a label")
    return _with_chosen(_options(names), [place for place, (value, _label) in enumerate(names) if value == chosen])


def _with_chosen(written: tuple[str, ...], chosen: Sequence[int]) -> Sequence[str]:
    if not chosen:
        return written
    shown = list(written)
    for place in chosen:
        shown[place] = shown[place].replace("<option ", "<option selected ", 1)
    return shown


def _names(choices: Any) -> _Names | None:
    """The options as texts; None where one of them is more than a value and a label."""
    if type(choices) is dict:
        is_plain = all(type(value) is str and type(label) is str for value, label in choices.items())
        return tuple([(value, label or value) for value, label in choices.items()]) if is_plain else None
    names = []
    for choice in choices or ():
        if type(choice) is not SelectChoice or choice.render_kw or choice.optgroup is not None:
            return None
        value, label = choice.value, choice.label
        if isinstance(label, LazyString):
            label = str(label)  # in the reader's language
        if type(value) is not str or type(label) is not str:
            return None
        names.append((value, label or value))
    return tuple(names)


@lru_cache(maxsize=_MOST_LISTS)
def _options(names: _Names) -> tuple[str, ...]:
    return tuple([f"<option {attributes({'value': value})}>{escape(label)}</option>" for value, label in names])


def _html(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - everything that was put into it is escaped
