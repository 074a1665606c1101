"""Forms of buyers: the inquiry, messages, and the ends of a request."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.accounts.forms.parts import PhoneField
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.rfqs.drafts import InquiryDraft, LineDraft, TermsDraft
from marketplace.rfqs.fields import (
    AmountField,
    Cleaned,
    DayField,
    QuickSelectField,
    certificate_choices,
    currency_choices,
    destination_choices,
    incoterm_choices,
    language_choices,
    unit_choices,
)
from marketplace.rfqs.rules import CloseReason
from marketplace.rfqs.wording import CLOSE_REASONS

MAX_FILES = 4


class InquiryForm(GuardedForm):
    """A question about one product."""

    text = TextAreaField(
        _("Your message"),
        description=_("What you want to know or buy, in your own words. The seller reads it as you write it."),
        validators=[Cleaned(_("Say in a sentence or two what you want to know or buy.")), Length(max=20000)],
    )
    quantity = AmountField(_("Quantity"))
    unit = QuickSelectField(_("Unit"))
    destination = QuickSelectField(_("Destination"))
    incoterm = QuickSelectField(_("Incoterm"), choices=incoterm_choices())
    place = StringField(_("Named place"), validators=[Length(max=80)])
    target_price = AmountField(_("Target price"))
    currency = QuickSelectField(_("Currency"), choices=currency_choices())
    price_unit = QuickSelectField(_("Price per"))
    needed_by = DayField(_("Needed by"))
    certificates = CheckListField(_("Certificates you need"))
    sample_is_wanted = BooleanField(_("I would like a sample first"))
    contact_phone = PhoneField(
        _("WhatsApp number"),
        description=_("With country code, such as +49 30 1234567. Only a seller who commits to answer gets to see it."),
    )
    language = QuickSelectField(
        _("Language of your message"),
        choices=language_choices(),
        validators=[InputRequired(_("Choose the language you write in."))],
    )

    def fill_choices(self, locale: str, unit: str) -> None:
        """The lists to choose from, in the reader's language; ``unit`` is the product's own."""
        self.unit.choices = unit_choices(locale, unit)
        self.price_unit.choices = unit_choices(locale, unit)
        self.destination.choices = destination_choices(locale)
        self.certificates.choices = certificate_choices(locale)

    def as_draft(self) -> InquiryDraft:
        """What was entered, as a value for the service."""
        has_price = self.target_price.amount is not None
        return InquiryDraft(
            text=self.text.data,
            language=self.language.data,
            line=LineDraft(
                quantity=self.quantity.amount,
                unit=self.unit.data if self.quantity.amount is not None else "",
                target_price=self.target_price.amount,
                currency=self.currency.data if has_price else "",
                price_unit=self.price_unit.data if has_price else "",
            ),
            terms=TermsDraft(
                destination=self.destination.data or "",
                incoterm=self.incoterm.data or "",
                place=self.place.data or "",
                needed_by=self.needed_by.data,
                certificates=tuple(self.certificates.data or ()),
                sample_is_wanted=self.sample_is_wanted.data,
                contact_phone=self.contact_phone.data or "",
            ),
        )

    def typed(self) -> dict[str, str]:
        """The words as typed, to be kept while a visitor signs in; lists are joined by blanks."""
        kept = {name: self[name].raw_data[0] for name in _KEPT if self[name].raw_data}
        kept["certificates"] = " ".join(self.certificates.raw_data or ())
        kept["sample_is_wanted"] = "1" if self.sample_is_wanted.data else ""
        return kept

    @staticmethod
    def filled_from(kept: dict[str, str]) -> dict[str, Any]:
        """Form data out of what `typed` kept."""
        data: dict[str, Any] = {name: kept[name] for name in _KEPT if kept.get(name) and name != "needed_by"}
        with suppress(ValueError):
            data["needed_by"] = date.fromisoformat(kept.get("needed_by", ""))
        data["certificates"] = kept.get("certificates", "").split()
        data["sample_is_wanted"] = bool(kept.get("sample_is_wanted"))
        return data


_KEPT = (
    "text", "quantity", "unit", "destination", "incoterm", "place", "target_price", "currency", "price_unit",
    "needed_by", "contact_phone", "language",
)  # fmt: skip


class MessageForm(GuardedForm):
    """A message of a conversation, with papers if there are any."""

    text = TextAreaField(_("Message"), validators=[Cleaned(_("Write a message first.")), Length(max=20000)])
    files = MultipleFileField(
        _("Documents"), description=_("PDF or pictures, at most %(count)s, up to 10 MB each.", count=MAX_FILES)
    )


class CloseForm(GuardedForm):
    """Why a request is closed."""

    reason = RadioField(
        _("Why do you close it?"),
        choices=[SelectChoice(code.value, CLOSE_REASONS[code]) for code in CloseReason],
        validators=[InputRequired(_("Choose a reason. It helps sellers and the programme to do better."))],
    )
    version = HiddenField()


class CancelForm(GuardedForm):
    """Nothing to fill in but the version that was seen."""

    version = HiddenField()


class ExtendForm(GuardedForm):
    """A later closing date."""

    closes_on = DayField(_("New closing date"), validators=[InputRequired(_("Choose a day."))])
    version = HiddenField()
