"""The living style page: every component in its states, from made-up values."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FileField,
    Form,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from marketplace.kernel.forms import CheckListField
from marketplace.web.illustrations import SUBJECTS, illustration

bp = Blueprint("styleguide", __name__)
REGENCIES = ("Banyuwangi", "Bondowoso", "Jember", "Kota Malang", "Malang", "Pacitan", "Situbondo", "Sumenep")


class SampleForm(Form):  # type: ignore[misc]  # WTForms has no types
    """One field of each kind; names and texts are those of no real form, so they are not translated."""

    company = StringField("Company name", [InputRequired("Write the name as it stands in the register.")])
    about = TextAreaField("What you are looking for", description="Write as you would in a letter.")
    incoterm = SelectField(
        "Delivery term",
        choices=[SelectChoice("fob", "FOB"), SelectChoice("cif", "CIF"), SelectChoice("exw", "EXW")],
        default="fob",
    )
    place = StringField("Named place")
    amount = DecimalField("Quantity", [InputRequired("Write a number, for example 1,500."), NumberRange(min=1)])
    unit = SelectField(
        "Unit",
        choices=[SelectChoice("kg", "kg"), SelectChoice("mt", "tonnes"), SelectChoice("fcl20", "20 ft containers")],
        default="kg",
    )
    price = DecimalField("Target price")
    currency = SelectField(
        "Currency",
        choices=[SelectChoice("USD", "USD"), SelectChoice("EUR", "EUR"), SelectChoice("IDR", "IDR")],
        default="USD",
    )
    start = DateField("Ship from")
    end = DateField("Ship until")
    regency = SelectField(
        "Regency", choices=[SelectChoice("", ""), *(SelectChoice(name) for name in REGENCIES)], default=""
    )
    port = StringField("Port of loading")
    trade = RadioField(
        "Kind of trade",
        choices=[SelectChoice("roaster", "Roaster"), SelectChoice("importer", "Importer")],
        default="roaster",
    )
    certificates = CheckListField(
        "Certificates",
        choices=[SelectChoice("halal", "Halal"), SelectChoice("eu", "EU organic"), SelectChoice("nop", "USDA NOP")],
    )
    territories = CheckListField("Territories", choices=[SelectChoice(name) for name in REGENCIES], default=["Jember"])
    photos = FileField("Photos", description="JPEG, PNG or WebP.")
    is_agreed = BooleanField("We have read the terms")


def _wrong_form() -> SampleForm:
    form = SampleForm(prefix="wrong-", data={"place": "Surabaya"})
    form.validate()
    return form


def _draw(key: str, seed: int) -> Markup:
    return Markup(illustration(key, "", seed))  # noqa: S704 (made by our own code)


@bp.get("/style")
def styleguide() -> ResponseReturnValue:
    """Every component in its states."""
    return render_template(
        "styleguide/styleguide.html", form=SampleForm(), wrong=_wrong_form(), keys=SUBJECTS, draw=_draw
    )
