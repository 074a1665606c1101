"""Forms of requests in own words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DecimalField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from marketplace.catalogue.registry.loading import load_registry
from marketplace.i18n.choices import country_choices
from marketplace.i18n.typed import typed
from marketplace.kernel.clock import today
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.matchmaking.rules import LONGEST_TEXT, AlertFrequency
from marketplace.matchmaking.weighing import ALL_FEATURES
from marketplace.rfqs.drafts import LineDraft, TermsDraft
from marketplace.rfqs.fields import (
    AmountField,
    Cleaned,
    DayField,
    FairField,
    certificate_choices,
    currency_choices,
    destination_choices,
    incoterm_choices,
    paper_choices,
    unit_choices,
)
from marketplace.rfqs.line_forms import MoreLines
from marketplace.rfqs.models import Rfq, RfqLine
from marketplace.rfqs.rules import DEFAULT_QUOTE_CAP, MAX_QUOTE_CAP

_SHARE = (InputRequired(_("A number from 0 to 1.")), NumberRange(0, 1, _("A number from 0 to 1.")))
_SAY = _("Say in a sentence or two what you want to buy.")


class WordsForm(GuardedForm):
    """A request in own words."""

    text = TextAreaField(
        _("What do you need?"),
        description=_(
            "Goods, quantity, certificates, destination, date, price: whatever matters to you, in your own words and "
            "language. You see next what was read from it, and can put it right."
        ),
        validators=[Cleaned(_SAY), Length(max=LONGEST_TEXT)],
    )
    fair = FairField()


class DraftForm(MoreLines, GuardedForm):
    """The words, and what was read from them, to be put right, and what no words told."""

    text = TextAreaField(_("Your words"), validators=[Cleaned(_SAY), Length(max=LONGEST_TEXT)])
    commodity = SelectField(_("Commodity"), default="")
    quantity = AmountField(_("Quantity"))
    unit = SelectField(_("Unit"), default="kg")
    target_price = AmountField(_("Target price, at most"))
    currency = SelectField(_("Currency"), choices=currency_choices(), default="USD")
    price_unit = SelectField(_("Price per"), default="kg")
    destination = SelectField(_("Destination"), default="")
    incoterm = SelectField(_("Incoterm"), choices=incoterm_choices(), default="")
    place = StringField(_("Named place"), validators=[Length(max=80)])
    needed_from = DayField(_("Not before"))
    needed_by = DayField(_("Needed by"))
    packaging = StringField(
        _("Packaging"), description=_("For example 25 kg paper bags on pallets."), validators=[Length(max=200)]
    )
    certificates = CheckListField(_("Certificates you need"))
    papers = CheckListField(_("Documents you need"))
    closes_on = DayField(_("Answers until"), description=_("Three weeks from now where you leave it empty."))
    most_quotes = IntegerField(
        _("Quotes at most"),
        description=_("Once you have as many, nobody else works on it for nothing."),
        default=DEFAULT_QUOTE_CAP,
        validators=[Optional(), NumberRange(1, MAX_QUOTE_CAP, _("A number from 1 to 12."))],
    )
    sample_is_wanted = BooleanField(_("I would like a sample first"))
    version = HiddenField()

    def fill_choices(self, locale: str) -> None:
        """The lists to choose from, in the reader's language."""
        goods = goods_choices(locale)
        self.fill_line_choices(locale, "kg", goods)
        self.commodity.choices = [SelectChoice("", "–"), *(SelectChoice(key, name) for key, name in goods)]
        self.papers.choices = paper_choices()
        self.unit.choices = unit_choices(locale, "kg")
        self.price_unit.choices = unit_choices(locale, "kg")
        self.destination.choices = destination_choices(locale)
        self.certificates.choices = certificate_choices(locale)

    @property
    def seen_version(self) -> int:
        """The version of the draft that was shown; 0 where the form does not say."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    @staticmethod
    def filled_from(rfq: Rfq) -> dict[str, Any]:
        """The form's values of a draft."""
        line = rfq.lines[0] if rfq.lines else None
        data: dict[str, Any] = {
            "text": rfq.text,
            "destination": rfq.destination,
            "incoterm": rfq.incoterm,
            "place": rfq.place,
            "needed_from": rfq.needed_from,
            "needed_by": rfq.needed_by,
            "packaging": rfq.packaging or "",
            "papers": list(rfq.papers or ()),
            "closes_on": rfq.closes_at.date() if rfq.closes_at.date() > today() else None,
            "most_quotes": rfq.quote_cap,
            "more": [_typed(one) for one in rfq.lines[1:]],
            "certificates": list(rfq.certificates),
            "sample_is_wanted": rfq.sample_is_wanted,
            "version": str(rfq.version),
            "unit": "kg",
            "price_unit": "kg",
        }
        if line is not None:
            data |= {
                "commodity": line.commodity,
                "quantity": typed(line.quantity),
                "unit": line.unit or "kg",
                "target_price": typed(line.target_price),
                "currency": line.currency or "USD",
                "price_unit": line.price_unit or "kg",
            }
        return data

    def line(self, description: str) -> LineDraft:
        """The wanted thing, as a value for the service."""
        has_quantity, has_price = self.quantity.amount is not None, self.target_price.amount is not None
        return LineDraft(
            description=description,
            commodity=self.commodity.data or "",
            quantity=self.quantity.amount,
            unit=self.unit.data if has_quantity else "",
            target_price=self.target_price.amount,
            currency=self.currency.data if has_price else "",
            price_unit=self.price_unit.data if has_price else "",
        )

    def terms(self) -> TermsDraft:
        """What holds for the request, as a value for the service."""
        return TermsDraft(
            destination=self.destination.data or "",
            incoterm=self.incoterm.data or "",
            place=self.place.data or "",
            needed_from=self.needed_from.data,
            needed_by=self.needed_by.data,
            packaging=self.packaging.data or "",
            certificates=tuple(self.certificates.data or ()),
            papers=tuple(self.papers.data or ()),
            closes_on=self.closes_on.data,
            quote_cap=self.most_quotes.data,
            sample_is_wanted=self.sample_is_wanted.data,
        )


class SendForm(GuardedForm):
    """Which sellers are asked; the checkboxes stand beside the suggestions."""

    is_posted = BooleanField(
        _("Let other sellers who can serve it see it too"),
        description=_("They see what you need, your country and your trade. Your name they see when they answer."),
    )
    version = HiddenField()


class AlertForm(GuardedForm):
    """How often a person wants to hear of requests."""

    frequency = SelectField(
        _("Write to me"),
        choices=[
            SelectChoice(AlertFrequency.INSTANT.value, _("At once")),
            SelectChoice(AlertFrequency.DAILY.value, _("At most once a day")),
            SelectChoice(AlertFrequency.WEEKLY.value, _("At most once a week")),
            SelectChoice(AlertFrequency.NEVER.value, _("Never")),
        ],
        validators=[InputRequired(_("Choose how often we may write."))],
        description=_("Never more than five notices a week. What is over waits for the next one."),
    )


class ShareField(DecimalField):  # type: ignore[misc]  # WTForms has no types
    """A number with a comma or a dot, shown with the decimal sign of the page's language."""

    widget = TextInput()  # a browser's own field for numbers would show no comma

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([text.replace(",", ".") for text in valuelist])

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else typed(Decimal(str(self.data)))


class WeightsForm(GuardedForm):
    """What each feature of a match is worth, from 0 to 1."""

    grade = ShareField(_("How well goods, attributes and conditions fit"), validators=_SHARE)
    shared = ShareField(_("Share of the attributes asked for"), validators=_SHARE)
    wished = ShareField(_("Wishes met"), validators=_SHARE)
    certain = ShareField(_("Nothing left open"), validators=_SHARE)
    price = ShareField(_("Price below the target"), validators=_SHARE)
    room = ShareField(_("Capacity to spare"), validators=_SHARE)
    words = ShareField(_("Words in common"), validators=_SHARE)
    export = ShareField(_("Years of export"), validators=_SHARE)
    calendar = ShareField(_("Left in the seller's calendar (requests for them)"), validators=_SHARE)
    language = ShareField(_("Seller answers in the buyer's language (requests for them)"), validators=_SHARE)
    note = StringField(_("Why"), validators=[InputRequired(_("Say in a few words why.")), Length(max=200)])

    def weights(self) -> dict[str, float]:
        """The weights by feature."""
        return {name: float(self[name].data) for name in ALL_FEATURES}


class IntroduceForm(GuardedForm):
    """The chapter's words to both sides of an introduction."""

    note = TextAreaField(
        _("A word to both"),
        description=_("Both sides read it. Say why you think of them."),
        validators=[Length(max=500)],
    )


class FairForm(GuardedForm):
    """What a fair is about."""

    goods = CheckListField(_("Commodities"), validators=[InputRequired(_("Choose at least one commodity."))])
    countries = CheckListField(_("Countries that visitors come from"))
    opens = DayField(_("Goods needed by"))

    def fill_choices(self, locale: str) -> None:
        """The lists to choose from, in the reader's language."""
        goods = sorted((each.name(locale), key) for key, each in load_registry().commodities.items())
        self.goods.choices = [(key, name) for name, key in goods]
        self.countries.choices = country_choices(locale)


def goods_choices(locale: str) -> list[tuple[str, str]]:
    """Commodities by name: key, name."""
    named = sorted((each.name(locale), key) for key, each in load_registry().commodities.items())
    return [(key, name) for name, key in named]


def _typed(line: RfqLine) -> dict[str, str]:
    """A further line as its fields hold it."""
    return {
        "goods": line.commodity,
        "description": line.description,
        "quantity": typed(line.quantity),
        "unit": line.unit or "kg",
        "target_price": typed(line.target_price),
        "currency": line.currency or "USD",
        "price_unit": line.price_unit or "kg",
    }
