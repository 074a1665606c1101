"""Forms of samples and deals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.accounts.forms.parts import at_most, clean
from marketplace.catalogue.forms.parts import ExactField, WholeField, mark_needed
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.money import Money
from marketplace.orders.drafts import Judgement, SampleTerms, SampleWish
from marketplace.orders.rules import MoneyWord, OrderState, SampleDecline, SampleKind, Scale, Verdict
from marketplace.orders.wording import ATTRIBUTES, DECLINES, KINDS, MONEY_CHOICES, VERDICTS
from marketplace.rfqs.fields import DayField, QuickSelectField, currency_choices, unit_choices


class AskForm(GuardedForm):
    """A buyer asks for a sample."""

    line = SelectField(_("Goods"), coerce=int)
    kind = RadioField(
        _("Which sample"), choices=[SelectChoice(code.value, KINDS[code]) for code in SampleKind],
        validators=[InputRequired(_("Choose which sample you need."))], default=SampleKind.OFFER.value,
    )  # fmt: skip
    quantity = ExactField(_("Quantity"))
    unit = QuickSelectField(_("Unit"))
    address = TextAreaField(
        _("Send it to"), filters=[clean],
        validators=[InputRequired(_("Write the address the sample should be sent to.")), at_most(500)],
        description=_("Company, person, street, town, country, and a telephone number for the carrier. "
                      "Only this seller reads it."),
    )  # fmt: skip
    wish = TextAreaField(_("What matters to you"), filters=[clean], validators=[at_most(500)])

    def __init__(self, lines: list[tuple[int, str]], locale: str, **more: Any) -> None:
        super().__init__(**more)
        self.line.choices = [SelectChoice(key, name) for key, name in lines]
        self.unit.choices = unit_choices(locale, "kg", ("g", "ml"))
        mark_needed(self.line)

    def as_draft(self) -> SampleWish:
        """What was asked for."""
        return SampleWish(
            SampleKind(self.kind.data),
            self.line.data,
            self.address.data or "",
            self.quantity.data,
            self.unit.data or "",
            self.wish.data or "",
        )


class ApproveForm(GuardedForm):
    """A seller approves a sample."""

    price = ExactField(
        _("Price of the sample"), currency_field="currency", description=_("Empty means: the goods are free.")
    )
    freight = ExactField(
        _("Freight the buyer pays"), currency_field="currency", description=_("Empty means: you pay the freight.")
    )
    currency = SelectField(_("Currency"))
    refunds_freight = BooleanField(_("We give the freight back when the buyer sends a score sheet"))
    ready_on = DayField(_("Ready on"))
    reply = StringField(_("A word to the buyer"), filters=[clean], validators=[at_most(500)])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.currency.choices = currency_choices()
        mark_needed(self.currency)

    def as_draft(self) -> SampleTerms | None:
        """The terms; None, with a sentence at the field, where an amount has too many decimals."""
        found = {}
        for field in (self.price, self.freight):
            try:
                found[field.name] = Money.of(field.data or Decimal(0), self.currency.data).minor
            except ValueError:
                field.errors = [gettext("This currency has fewer decimals.")]
                return None
        return SampleTerms(
            self.currency.data,
            found["price"],
            found["freight"],
            bool(self.refunds_freight.data),
            self.ready_on.data,
            self.reply.data or "",
        )


class DeclineSampleForm(GuardedForm):
    """A seller sends no sample."""

    reason = RadioField(  # the buyer reads it: a list would say its first one for whoever chooses nothing
        _("Why not?"), choices=[SelectChoice(code.value, DECLINES[code]) for code in SampleDecline],
        validators=[InputRequired(_("Choose a reason."))],
    )  # fmt: skip
    note = StringField(_("A word to the buyer"), filters=[clean], validators=[at_most(500)])


class ShipForm(GuardedForm):
    """A sample leaves."""

    carrier = StringField(
        _("Carrier"), filters=[clean],
        validators=[InputRequired(_("Write who carries the sample.")), Length(max=80)],
        description=_("For example DHL, FedEx or Pos Indonesia."),
    )  # fmt: skip
    tracking = StringField(_("Shipment number"), filters=[clean], validators=[at_most(80)])


class JudgeForm(GuardedForm):
    """A buyer's verdict; the points are added by `judge_form`."""

    verdict = RadioField(
        _("Your conclusion"), choices=[SelectChoice(code.value, VERDICTS[code]) for code in Verdict],
        validators=[InputRequired(_("Choose a conclusion."))],
    )  # fmt: skip
    words = TextAreaField(
        _("In your words"), filters=[clean], validators=[at_most(5000)],
        description=_("The seller reads it. Say what to change, if anything."),
    )  # fmt: skip
    scale: Scale

    def as_draft(self) -> Judgement:
        """What was judged; points only for the attributes that have some."""
        points = {name: Decimal(self[name].data) for name in self.scale.attributes if self[name].data}
        taints = (self.taints.data or 0) if self.scale.counts_defects else 0
        faults = (self.faults.data or 0) if self.scale.counts_defects else 0
        return Judgement(Verdict(self.verdict.data), points, taints, faults, self.words.data or "")


def judge_form(scale: Scale, **more: Any) -> JudgeForm:
    """The score sheet of a scale, to be filled in whole or left out."""
    steps = int((scale.most - scale.least) / scale.step)
    values = [str(scale.least + scale.step * place) for place in range(steps, -1, -1)]
    choices = [SelectChoice("", "–"), *(SelectChoice(value, value) for value in values)]
    fields: dict[str, Any] = {name: SelectField(ATTRIBUTES[name], choices=choices) for name in scale.attributes}
    if scale.counts_defects:
        fields["taints"] = WholeField(_("Cups with a taint"), description=_("Two points less for each cup."))
        fields["faults"] = WholeField(_("Cups with a fault"), description=_("Four points less for each cup."))
    made: JudgeForm = type("ScoreSheetForm", (JudgeForm,), {"scale": scale, **fields})(**more)
    return made


class StepForm(GuardedForm):
    """A step of a deal is reported or countersigned."""

    milestone = HiddenField(validators=[InputRequired()])
    note = StringField(_("Note"), filters=[clean], validators=[at_most(500)])
    word = RadioField(
        _("What became of it"), choices=[SelectChoice(code.value, MONEY_CHOICES[code]) for code in MoneyWord],
        validate_choice=False,
    )  # fmt: skip

    def money_word(self) -> MoneyWord | None:
        """What the seller says of money that is still due; None where nothing was chosen."""
        return MoneyWord(self.word.data) if self.word.data in set(MoneyWord) else None

    def step(self) -> OrderState | None:
        """Which step; None for a name that is none."""
        return OrderState(self.milestone.data) if self.milestone.data in set(OrderState) else None


class PlanForm(GuardedForm):
    """When a step is expected."""

    milestone = SelectField(_("Step"))
    day = DayField(_("On the day"))
    days = WholeField(_("Days after the deposit"))


class ReasonForm(GuardedForm):
    """Why a deal is disputed or should be cancelled."""

    why = TextAreaField(
        _("What is wrong"), filters=[clean],
        validators=[InputRequired(_("Say in a few words why. The other side reads it.")), at_most(500)],
    )  # fmt: skip
