"""The form of a plan."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from marketplace.i18n.locales import LANGUAGES
from marketplace.i18n.typed import read_amount, typed_amount
from marketplace.kernel.currencies import CURRENCIES
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.money import Money
from marketplace.kernel.numerals import ParseError
from marketplace.memberships.models import MembershipPlan
from marketplace.memberships.rules import MOST_MONTHS, NAME_LENGTH, SERVICES_LENGTH
from marketplace.memberships.services import PlanDraft
from marketplace.payments.forms import ACCOUNT_CURRENCIES


class PlanForm(GuardedForm):
    """What a chapter says of a membership."""

    name = StringField(
        _("Name of the membership"),
        validators=[InputRequired(_("Write the name of the membership.")), Length(max=NAME_LENGTH)],
    )
    services = TextAreaField(
        _("Services"),
        description=_("What members get for it, such as product photos or translations, and how often."),
        validators=[InputRequired(_("Write which services the membership pays for.")), Length(max=SERVICES_LENGTH)],
    )
    language = SelectField(
        _("Name and services are written in"),
        choices={one.locale: one.name for one in LANGUAGES},
        validators=[InputRequired(_("Choose the language."))],
    )
    price = StringField(
        _("Price for the whole time"), validators=[InputRequired(_("Write an amount.")), Length(max=40)]
    )
    currency = SelectField(_("Currency"), validators=[InputRequired(_("Choose the currency."))])
    months = IntegerField(
        _("Runs for how many months"),
        validators=[
            InputRequired(_("Give a whole number from 1 to 36.")),
            NumberRange(1, MOST_MONTHS, _("Give a whole number from 1 to 36.")),
        ],
    )
    version = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        codes = dict.fromkeys((*ACCOUNT_CURRENCIES, *filter(None, (self.currency.data,))))
        self.currency.choices = [("", "–"), *((code, code) for code in codes if code in CURRENCIES)]

    @staticmethod
    def filled_from(plan: MembershipPlan) -> dict[str, Any]:
        """The form's values of a plan."""
        names = ("name", "services", "language", "currency", "months", "version")
        price = typed_amount(Money(plan.minor, plan.currency))
        return {"price": price, **{name: getattr(plan, name) for name in names}}

    def draft(self) -> PlanDraft | None:
        """What was entered, as a value for the service; None, with sentences at the fields, where it is wrong."""
        if not self.validate_on_submit():
            return None
        try:
            price = read_amount(self.price.data or "", self.currency.data)
        except ParseError:
            price = Money.zero(self.currency.data)
        if price.minor <= 0 or price.currency != self.currency.data:
            self.price.errors = [gettext("Write an amount above zero in the chosen currency.")]
            return None
        return PlanDraft(
            name=self.name.data or "",
            services=self.services.data or "",
            language=self.language.data or "",
            price=price,
            months=self.months.data or 0,
        )
