"""Forms of quotes: the seller's quote, the buyer's counter-offer, reasons, versions to name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField, StringField
from wtforms import TextAreaField as LongField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from marketplace.accounts.forms.parts import VersionField, at_most, clean
from marketplace.catalogue.forms.parts import ExactField, WholeField, mark_needed
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.kernel.measures import UNITS, Dimension
from marketplace.quotes.drafts import CounterDraft, CounterLine, LineDraft, QuoteDraft, RungDraft, TermsDraft
from marketplace.quotes.rules import BUYERS_REASONS, MOST_RUNGS, LineAnswer, PaymentTerms, SampleFreight
from marketplace.quotes.wording import ANSWERS, DECLINES, FREIGHT, PAYMENTS
from marketplace.rfqs.fields import (
    DayField,
    QuickSelectField,
    certificate_choices,
    currency_choices,
    incoterm_choices,
    unit_choices,
)
from marketplace.rfqs.rules import MAX_LINES

STEPS = tuple(range(1, MOST_RUNGS + 1))
_PACKAGES = tuple(unit.code for unit in UNITS.values() if unit.dimension is Dimension.PACKAGE and unit.code != "pallet")


class QuoteLineForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The answer to one line of the request."""

    answer = RadioField(
        _("Your answer"), choices=[SelectChoice(code.value, ANSWERS[code]) for code in LineAnswer],
        validators=[InputRequired(_("Say for each line whether you offer it."))],
    )  # fmt: skip
    product = SelectField(_("Your product"), validate_choice=True)
    description = StringField(
        _("Goods in your words"), filters=[clean], validators=[at_most(200)],
        description=_("Empty means: by the product's title."),
    )  # fmt: skip
    quantity = ExactField(_("Quantity"))
    unit = QuickSelectField(_("Unit"))
    unit_price = ExactField(_("Price"))
    price_unit = QuickSelectField(_("Price per"))
    reason = StringField(
        _("Why"), filters=[clean], validators=[at_most(200)],
        description=_("Needed when you offer something else. Helpful when you cannot offer it."),
    )  # fmt: skip
    from_1 = ExactField(_("From quantity"))
    price_1 = ExactField(_("Price"))
    from_2 = ExactField(_("From quantity"))
    price_2 = ExactField(_("Price"))
    from_3 = ExactField(_("From quantity"))
    price_3 = ExactField(_("Price"))

    def fill_choices(self, locale: str, products: Sequence[tuple[int, str]]) -> None:
        """Units and the seller's own products."""
        self.product.choices = [
            SelectChoice("", "–"),
            *(SelectChoice(str(key), title) for key, title in products),
        ]
        self.unit.choices = unit_choices(locale, self.unit.data or "")
        self.price_unit.choices = unit_choices(locale, self.price_unit.data or "")

    def as_draft(self, rfq_line_id: int) -> LineDraft:
        """What was entered."""
        return LineDraft(
            rfq_line_id=rfq_line_id,
            answer=self.answer.data,
            product_id=int(self.product.data) if self.product.data else None,
            quantity=self.quantity.data,
            unit=self.unit.data or "",
            unit_price=self.unit_price.data,
            price_unit=self.price_unit.data or "",
            description=self.description.data or "",
            reason=self.reason.data or "",
            rungs=tuple(
                RungDraft(self[f"from_{step}"].data, self[f"price_{step}"].data)
                for step in STEPS
                if self[f"from_{step}"].data is not None
            ),
        )

    def validate(self, *args: Any, **more: Any) -> bool:
        """A further price needs its quantity, and a quantity its price."""
        is_valid = bool(super().validate(*args, **more))
        for step in STEPS:
            least, price = self[f"from_{step}"], self[f"price_{step}"]
            if (least.data is None) != (price.data is None):
                empty = least if least.data is None else price
                empty.errors = [_("A further price needs its quantity, and a quantity its price.")]
                is_valid = False
        return is_valid


class QuoteForm(GuardedForm):
    """A whole quote, as far as it is written."""

    version = VersionField()
    lines = FieldList(FormField(QuoteLineForm), max_entries=MAX_LINES)
    currency = QuickSelectField(_("Currency of all prices"), choices=currency_choices())
    incoterm = QuickSelectField(_("Incoterm"), choices=incoterm_choices())
    place = StringField(_("Named place"), filters=[clean], validators=[at_most(80)], render_kw={"list": "places"})
    port = StringField(_("Port of loading"), filters=[clean], validators=[at_most(80)], render_kw={"list": "places"})
    valid_until = DayField(
        _("Valid until"),
        description=_("The last day on which the buyer can accept, until midnight in Western Indonesia (WIB)."),
    )
    lead_time_days = WholeField(_("Ready in days after the deposit"))
    ship_by = DayField(_("Or shipped by"), description=_("A date takes the place of the days."))
    payment = SelectField(
        _("Payment"),
        choices=[SelectChoice("", "–"), *(SelectChoice(code.value, PAYMENTS[code]) for code in PaymentTerms)],
    )
    deposit_percent = WholeField(_("Deposit in percent"))
    payment_note = StringField(_("About payment"), filters=[clean], validators=[at_most(200)])
    sample_is_offered = BooleanField(_("We send a sample"))
    sample_is_free = BooleanField(_("The sample is free"))
    sample_days = WholeField(_("Sample ready in days"))
    sample_freight = SelectField(
        _("Freight of the sample"),
        choices=[SelectChoice("", "–"), *(SelectChoice(code.value, FREIGHT[code]) for code in SampleFreight)],
    )
    sample_note = StringField(_("About the sample"), filters=[clean], validators=[at_most(200)])
    packing = StringField(_("Packing"), filters=[clean], validators=[at_most(200)])
    package_unit = QuickSelectField(_("Package"))
    package_kg = ExactField(_("Net kilograms in one package"))
    certificates = CheckListField(
        _("Certificates that come with the goods"), validators=[Optional()],
        description=_("Those of your certificates that are checked and valid."),
    )  # fmt: skip
    note = LongField(
        _("A word to the buyer"), filters=[clean], validators=[Length(max=5000)],
        description=_("The buyer reads it as you write it."),
    )  # fmt: skip

    def fill_choices(self, locale: str, products: Sequence[tuple[int, str]], certificates: Iterable[str]) -> None:
        """The lists to choose from, in the reader's language."""
        held = set(certificates) | set(self.certificates.data or ())
        self.certificates.choices = [one for one in certificate_choices(locale) if one.value in held]
        names = {one.value: one for one in unit_choices(locale)}
        self.package_unit.choices = [
            SelectChoice("", "–"), *(names[code] for code in _PACKAGES if code in names)
        ]  # fmt: skip
        mark_needed(self.currency, self.incoterm, self.place, self.valid_until, self.payment, self.lead_time_days)
        for entry in self.lines:
            entry.form.fill_choices(locale, products)
            mark_needed(entry.form.quantity, entry.form.unit_price, entry.form.answer)

    def validate(self, *args: Any, **more: Any) -> bool:
        """All prices are in the quote's currency, which tells what a dot between digits can be."""
        for entry in self.lines:
            for name in ("unit_price", *(f"price_{step}" for step in STEPS)):
                entry.form[name].currency = self.currency.data or ""
        return bool(super().validate(*args, **more))

    def as_draft(self, rfq_line_ids: Sequence[int], language: str) -> QuoteDraft:
        """What was entered, the lines in the order of the request."""
        terms = TermsDraft(
            currency=self.currency.data or "",
            incoterm=self.incoterm.data or "",
            place=self.place.data or "",
            valid_until=self.valid_until.data,
            port=self.port.data or "",
            lead_time_days=self.lead_time_days.data,
            ship_by=self.ship_by.data,
            payment=self.payment.data or "",
            deposit_percent=self.deposit_percent.data,
            payment_note=self.payment_note.data or "",
            sample_is_offered=self.sample_is_offered.data,
            sample_is_free=self.sample_is_free.data,
            sample_days=self.sample_days.data,
            sample_freight=self.sample_freight.data or "",
            sample_note=self.sample_note.data or "",
            packing=self.packing.data or "",
            package_unit=self.package_unit.data or "",
            package_kg=self.package_kg.data or None,
            certificates=tuple(self.certificates.data or ()),
            note=self.note.data or "",
            language=language,
        )
        lines = zip(rfq_line_ids, self.lines, strict=False)
        return QuoteDraft(terms, tuple(entry.form.as_draft(key) for key, entry in lines))


class VersionForm(GuardedForm):
    """Nothing to fill in but what was seen: the draft's row version, or a sent version's number."""

    version = HiddenField()
    number = HiddenField()


class CounterLineForm(Form):  # type: ignore[misc]  # WTForms has no types
    """What the buyer would take of one line."""

    quantity = ExactField(_("Quantity"), description=_("Empty leaves the line out."))
    unit_price = ExactField(_("Your price"))


class CounterForm(GuardedForm):
    """The buyer's counter-offer, line by line."""

    number = HiddenField()
    lines = FieldList(FormField(CounterLineForm), max_entries=MAX_LINES)
    valid_until = DayField(
        _("Valid until"),
        description=_("The last day on which the seller can accept, until midnight in Western Indonesia (WIB)."),
        validators=[InputRequired(_("Choose a day."))],
    )  # fmt: skip
    note = LongField(_("A word to the seller"), filters=[clean], validators=[Length(max=5000)])

    def count_in(self, currency: str) -> None:
        """The currency of the quote, which is that of the counter-offer."""
        for entry in self.lines:
            entry.form.unit_price.currency = currency

    def as_draft(self, line_ids: Sequence[int], language: str) -> CounterDraft:
        """What was entered, the lines in the order of the quote."""
        lines = tuple(
            CounterLine(key, positive(entry.form.quantity.data), positive(entry.form.unit_price.data))
            for key, entry in zip(line_ids, self.lines, strict=False)
        )
        return CounterDraft(lines, self.valid_until.data, self.note.data or "", language)


class DeclineQuoteForm(GuardedForm):
    """Why the buyer says no."""

    number = HiddenField()
    reason = RadioField(
        _("Why not?"), choices=[SelectChoice(code.value, DECLINES[code]) for code in BUYERS_REASONS],
        validators=[InputRequired(_("Choose a reason. The seller reads it and can send a better quote."))],
    )  # fmt: skip
    note = LongField(_("A word to the seller"), filters=[clean], validators=[Length(max=500)])


class DeclineCounterForm(GuardedForm):
    """The seller's no to a counter-offer."""

    number = HiddenField()
    note = LongField(_("A word to the buyer"), filters=[clean], validators=[Length(max=500)])


class PoolForm(GuardedForm):
    """A pool begins."""

    line = SelectField(_("Goods"), coerce=int)
    own = ExactField(_("You make"), description=_("In the buyer's unit. Empty while you do not know it yet."))
    currency = QuickSelectField(_("Currency of the shares"), choices=currency_choices())
    specification = LongField(
        _("Specification for all"), filters=[clean], validators=[Length(max=5000)],
        description=_("Grade, moisture, packing, certificates: what every member's goods have to be."),
    )  # fmt: skip
    coordinator = SelectField(
        _("Who coordinates"), choices=[SelectChoice("", _("We do it ourselves"))], validate_choice=False,
        description=_("A market partner who agrees gathers the others and writes the quote. You sell it."),
    )  # fmt: skip

    def validate_specification(self, field: LongField) -> None:
        """A market partner may write it later; who coordinates alone writes it now."""
        if not field.data and not self.coordinator.data:
            raise ValidationError(_("Write the specification that holds for all members."))


class SpecificationForm(GuardedForm):
    """Another specification, before anybody was asked by it."""

    version = HiddenField()
    specification = LongField(
        _("Specification for all"), filters=[clean],
        validators=[InputRequired(_("Write the specification that holds for all members.")), Length(max=5000)],
        description=_("Grade, moisture, packing, certificates: what every member's goods have to be."),
    )  # fmt: skip


class CoordinatorForm(GuardedForm):
    """A market partner is asked to coordinate."""

    coordinator = SelectField(_("Market partner"), validate_choice=False)


class ShareForm(GuardedForm):
    """A seller is asked for a share."""

    # the service knows who may be asked: a second click must not fail because the first took the seller off the list
    product = SelectField(_("Seller"), validators=[InputRequired()], validate_choice=False)
    quantity = ExactField(_("Quantity"), validators=[InputRequired(_("Give quantity and price of the share."))])
    unit_price = ExactField(
        _("Price you pay them"), validators=[InputRequired(_("Give quantity and price of the share."))]
    )


class AnswerShareForm(GuardedForm):
    """A member's answer."""

    version = HiddenField()
    answer = HiddenField()
    is_named = BooleanField(_("The buyer may read our name"))


def positive(amount: Decimal | None) -> Decimal | None:
    """The amount, None for a zero, which people write to leave a line out."""
    return amount or None


def named(text: str | None) -> int:
    """A version's number as a form names it; 0 for anything else."""
    plain = text or ""
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 8 else 0
