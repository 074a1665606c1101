"""Fields that are copied from the first of their kind: none shares anything with another."""

from __future__ import annotations

from itertools import count

from wtforms import FieldList, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.kernel.forms import GuardedForm

_asked = count(1)


class _Form(GuardedForm):
    name = StringField("Name", validators=[InputRequired(), Length(max=5)], render_kw={"autocomplete": "name"})
    unit = SelectField("Unit", choices=[SelectChoice("kg", "kilograms")])
    day = SelectField("Day", choices=lambda: [SelectChoice(str(next(_asked)), "day")])
    more = FieldList(StringField("More"))
    own_words = StringField()  # its label is made of its name, in the reader's language


def test_a_copied_field_is_what_the_first_one_was() -> None:
    first, second = _Form(formdata=None), _Form(formdata=None, data={"name": "Aminah"})
    for one, other in zip(first, second, strict=True):
        assert type(one) is type(other)
        assert (one.name, one.id, one.label.text, one.label.field_id) == (
            other.name,
            other.id,
            other.label.text,
            other.label.field_id,
        )
        assert vars(one.flags) == vars(other.flags)
        assert one.validators == other.validators
        assert other.meta is second.meta
    assert (first.name.data, second.name.data) == (None, "Aminah")
    assert str(second.name()) == str(first.name()).replace('value=""', 'value="Aminah"')


def test_what_is_done_to_one_form_reaches_no_other() -> None:
    _Form(formdata=None)
    changed, other = _Form(formdata=None), _Form(formdata=None)
    changed.name.label.text = "Something else"
    changed.name.flags.readonly = True
    changed.name.render_kw["autocomplete"] = "off"
    changed.unit.choices.append(SelectChoice("t", "tonnes"))
    assert not changed.validate()
    third = _Form(formdata=None)
    for one in (other, third):
        assert one.name.label.text == "Name"
        assert not one.name.flags.readonly
        assert one.name.render_kw == {"autocomplete": "name"}
        assert [choice.value for choice in one.unit.choices] == ["kg"]
        assert not one.name.errors


def test_choices_that_are_called_for_are_called_for_by_each_form() -> None:
    days = [[choice.value for choice in _Form(formdata=None).day.choices] for _ in range(3)]
    assert len({tuple(one) for one in days}) == 3


def test_a_prefix_makes_fields_of_its_own() -> None:
    _Form(formdata=None)
    assert _Form(formdata=None, prefix="a").name.name == "a-name"
    assert _Form(formdata=None).name.name == "name"


def test_lines_of_a_list_are_made_one_by_one() -> None:
    for _ in range(2):
        form = _Form(formdata=None, data={"more": ["one", "two"]})
        form.more.append_entry("three")
        assert [(entry.name, entry.data) for entry in form.more] == [
            ("more-0", "one"), ("more-1", "two"), ("more-2", "three"),
        ]  # fmt: skip
