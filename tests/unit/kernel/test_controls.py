"""Controls written out quickly are what WTForms' own widgets write."""

from __future__ import annotations

from typing import Any

import pytest
from flask_babel import LazyString
from wtforms import (
    BooleanField,
    DateField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from marketplace.kernel.controls import control
from marketplace.kernel.forms import CheckListField, GuardedForm

HOSTILE = "\"><script>alert('x')</script> & \u202e"
UNITS = [SelectChoice("", "–"), SelectChoice("kg", "kilograms"), SelectChoice(HOSTILE, HOSTILE)]


class _Form(GuardedForm):
    name = StringField(
        "Name", validators=[InputRequired(), Length(min=2, max=5)], render_kw={"autocomplete": "name", "class_": "wide"}
    )
    words = TextAreaField("Words", validators=[InputRequired(), Length(max=20)], render_kw={"rows": 3})
    age = IntegerField("Age", validators=[NumberRange(min=1, max=9)])
    day = DateField("Day")
    secret = PasswordField("Secret")
    version = HiddenField()
    is_fine = BooleanField("Fine", validators=[InputRequired()])
    unit = SelectField("Unit", choices=UNITS, validators=[InputRequired()])
    grouped = SelectField("Grouped", choices=[SelectChoice("a", "A", optgroup="One"), SelectChoice("b", "B")])
    marked = SelectField("Marked", choices=[SelectChoice("a", "A", render_kw={"data-x": HOSTILE}), SelectChoice("b")])
    number = SelectField("Number", choices=[SelectChoice("1", "one"), SelectChoice("2", "two")], coerce=int)
    said = SelectField("Said", choices=[SelectChoice("a", LazyString(lambda: "In words"))])
    countries = SelectField("Countries", choices=lambda: {"": "", "DE": "Germany", "XX": HOSTILE, "YY": ""})
    regions = SelectField("Regions", choices={"Java": {"JI": "East Java"}, "Sumatra": {"AC": "Aceh"}})
    several = SelectMultipleField("Several", choices=UNITS)
    boxes = CheckListField("Boxes", choices=UNITS, validators=[InputRequired()])
    radio = RadioField("Radio", choices=UNITS)
    files = MultipleFileField("Files")


_WISHES: list[dict[str, Any]] = [
    {},
    {"class": "x", "data_text": HOSTILE, "aria-describedby": "a b", "formnovalidate": True, "hidden": False},
    {"id": "other", "value": HOSTILE, "required": False, "maxlength": 7, "checked": True, "type": "search"},
]
_DATA: list[dict[str, Any]] = [
    {},
    {"name": HOSTILE, "words": HOSTILE, "age": 3, "is_fine": True, "unit": HOSTILE, "countries": "DE", "grouped": "b", "marked": "b",
     "number": 2, "several": ["kg"], "boxes": ["kg", ""], "radio": "kg", "version": HOSTILE},
    {"unit": "gone", "number": None, "boxes": [HOSTILE]},
]  # fmt: skip


def _as_the_library(field: Field, wishes: dict[str, Any]) -> str:
    return str(Form.Meta().render_field(field, wishes))


@pytest.mark.parametrize("data", _DATA)
@pytest.mark.parametrize("wishes", _WISHES)
def test_every_control_is_what_the_library_writes(data: dict[str, Any], wishes: dict[str, Any]) -> None:
    form = _Form(formdata=None, data=data)
    for field in form:
        assert str(field(**wishes)) == _as_the_library(field, dict(wishes)), field.name
        if isinstance(field, RadioField | CheckListField):
            for option in field:
                assert str(option(**wishes)) == _as_the_library(option, dict(wishes)), option.id


def test_plain_controls_are_written_here_and_others_left_to_their_widget() -> None:
    form = _Form(formdata=None)
    quick = {field.name for field in form if control(field, {}) is not None}
    assert quick == {"name", "words", "version", "is_fine", "unit", "number", "said", "countries"}


def test_options_are_no_readers_own() -> None:
    for said, other in (("kg", HOSTILE), (HOSTILE, "kg"), ("kg", HOSTILE)):
        made = str(_Form(formdata=None, data={"unit": said}).unit())
        assert made.count(" selected ") == 1
        assert made != str(_Form(formdata=None, data={"unit": other}).unit())


def test_translated_labels_are_escaped_as_well() -> None:
    class Translated(GuardedForm):
        word = SelectField("Word", choices=[SelectChoice("a", LazyString(lambda: HOSTILE))])

    assert "<script" not in str(Translated(formdata=None).word())


def test_a_label_is_said_in_the_language_of_each_showing() -> None:
    spoken = ["one"]

    class Spoken(GuardedForm):
        word = SelectField("Word", choices=[SelectChoice("a", LazyString(lambda: spoken[0]))])

    assert ">one</option>" in str(Spoken(formdata=None).word())
    spoken[0] = "eins"
    assert ">eins</option>" in str(Spoken(formdata=None).word())
