"""Forms of payments and bank details."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from marketplace.i18n.typed import read_amount
from marketplace.kernel.currencies import CURRENCIES
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.money import Money
from marketplace.kernel.numerals import ParseError
from marketplace.payments.banking import account_number, bank_code

# the currencies in which the programme's buyers and partners keep accounts
ACCOUNT_CURRENCIES = ("IDR", "USD", "EUR", "GBP", "HKD", "SGD", "AUD", "CNY", "JPY", "MYR")


class BankForm(GuardedForm):
    holder = StringField(
        _("Account holder"),
        description=_("Exactly as the bank has it; normally your company's registered name."),
        validators=[InputRequired(_("Write who holds the account.")), Length(max=200)],
    )
    bank = StringField(_("Bank"), validators=[InputRequired(_("Write the name of the bank.")), Length(max=200)])
    account = StringField(
        _("Account number or IBAN"), validators=[InputRequired(_("Write the account number.")), Length(max=60)]
    )
    swift = StringField(
        _("SWIFT code (BIC)"),
        description=_("Needed for transfers from abroad. 8 or 11 letters and digits."),
        validators=[InputRequired(_("Write the SWIFT code; your bank tells you.")), Length(max=20)],
    )
    currency = SelectField(_("Currency of the account"), validators=[InputRequired(_("Choose the currency."))])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.currency.choices = [(code, code) for code in ACCOUNT_CURRENCIES if code in CURRENCIES]

    def validate_account(self, field: StringField) -> None:
        if account_number(field.data or "") is None:
            raise ValidationError(gettext("This is no account number. Check the digits; an IBAN has check digits."))

    def validate_swift(self, field: StringField) -> None:
        if bank_code(field.data or "") is None:
            raise ValidationError(gettext("A SWIFT code has 8 or 11 letters and digits, such as BMRIIDJA."))

    def values(self) -> dict[str, str]:
        """What was entered, in its normal form."""
        return {
            "holder": (self.holder.data or "").strip(),
            "bank": (self.bank.data or "").strip(),
            "account": account_number(self.account.data or "") or "",
            "swift": bank_code(self.swift.data or "") or "",
            "currency": self.currency.data,
        }


class RefundForm(GuardedForm):
    amount = StringField(_("Amount to give back"), validators=[InputRequired(_("Write an amount."))])
    reason = StringField(
        _("Reason"),
        description=_("The payer reads it."),
        validators=[InputRequired(_("Write the reason.")), Length(max=200)],
    )

    def money(self, currency: str) -> Money | None:
        """The amount in the payment's currency; None, with a sentence at the field, where it is none."""
        try:
            found = read_amount(self.amount.data or "", currency)
        except ParseError:
            found = None
        if found is None or found.minor <= 0 or found.currency != currency:
            self.amount.errors = [gettext("Give an amount above zero in the currency of the payment.")]
            return None
        return found


class PaidOutForm(GuardedForm):
    amount = StringField(_("Amount paid"), validators=[InputRequired(_("Write an amount."))])
    receiver = HiddenField(validators=[InputRequired()])
    currency = HiddenField(validators=[InputRequired(), Length(min=3, max=3)])
    note = StringField(_("Reference of your transfer"), validators=[Optional(), Length(max=200)])

    def money(self) -> Money | None:
        """The amount; None, with a sentence at the field, where it is none."""
        currency = str(self.currency.data or "")
        try:
            found = read_amount(self.amount.data or "", currency) if currency in CURRENCIES else None
        except ParseError:
            found = None
        if found is None or found.minor <= 0 or found.currency != currency:
            self.amount.errors = [gettext("Write an amount above zero in the currency of the line.")]
            return None
        return found


class SettlementForm(GuardedForm):
    country = SelectField(
        _("Country of the account"),
        description=_("Where your organisation has its bank account. Stripe does not serve every country."),
        validators=[InputRequired(_("Choose the country."))],
    )
