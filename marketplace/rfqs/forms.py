"""Forms of buyers: the inquiry, messages, and the ends of a request."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from marketplace.accounts.forms.parts import EmailField, PhoneField, PlainName, at_most, clean, country_choices, needed
from marketplace.accounts.forms.registration import ConsentForm, person_name
from marketplace.accounts.services.registration import Registration
from marketplace.buyers.forms import trade_choices
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.kernel.policy import OrganisationKind
from marketplace.rfqs.drafts import InquiryDraft, LineDraft, TermsDraft
from marketplace.rfqs.fields import (
    AmountField,
    Cleaned,
    DayField,
    FairField,
    QuickSelectField,
    certificate_choices,
    currency_choices,
    destination_choices,
    incoterm_choices,
    language_choices,
    paper_choices,
    unit_choices,
)
from marketplace.rfqs.line_forms import Choices, MoreLines, lines_from
from marketplace.rfqs.rules import LONGEST_PACKAGING, LONGEST_PLACE, LONGEST_TEXT, CloseReason
from marketplace.rfqs.wording import CLOSE_REASONS

MAX_FILES = 4


class InquiryForm(MoreLines, GuardedForm):
    """A question about one product, and further goods of the same seller if they are wanted, too."""

    text = TextAreaField(
        _("Your message"),
        description=_("What you want to know or buy, in your own words. The seller reads it as you write it."),
        validators=[Cleaned(_("Say in a sentence or two what you want to know or buy.")), Length(max=LONGEST_TEXT)],
    )
    quantity = AmountField(_("Quantity"))
    unit = QuickSelectField(_("Unit"))
    destination = QuickSelectField(_("Destination"))
    incoterm = QuickSelectField(_("Incoterm"), choices=incoterm_choices())
    place = StringField(_("Named place"), validators=[Length(max=LONGEST_PLACE)])
    target_price = AmountField(_("Target price"))
    currency = QuickSelectField(_("Currency"), choices=currency_choices())
    price_unit = QuickSelectField(_("Price per"))
    needed_from = DayField(_("Not before"))
    needed_by = DayField(_("Needed by"))
    packaging = StringField(
        _("Packaging"),
        description=_("For example 25 kg paper bags on pallets."),
        validators=[Length(max=LONGEST_PACKAGING)],
    )
    certificates = CheckListField(_("Certificates you need"))
    papers = CheckListField(_("Documents you need"))
    closes_on = DayField(_("Answers until"), description=_("Three weeks from now where you leave it empty."))
    files = MultipleFileField(
        _("Documents"),
        description=_("PDF or pictures, at most %(count)s, up to 10 MB each and 20 MB together.", count=MAX_FILES),
    )
    sample_is_wanted = BooleanField(_("I would like a sample first"))
    contact_phone = PhoneField(
        _("WhatsApp number"),
        description=_("With country code, such as +49 30 1234567. Only a seller who commits to answer gets to see it."),
    )
    fair = FairField()
    offer = HiddenField()  # of a lot, where the inquiry is about one
    language = QuickSelectField(
        _("Language of your message"),
        choices=language_choices(),
        validators=[InputRequired(_("Choose the language you write in."))],
    )

    def fill_choices(self, locale: str, unit: str, goods: Choices = ()) -> None:
        """The lists to choose from, in the reader's language; ``unit`` is the product's own, ``goods`` the seller's."""
        self.fill_line_choices(locale, unit, goods)
        self.unit.choices = unit_choices(locale, unit)
        self.price_unit.choices = unit_choices(locale, unit)
        self.destination.choices = destination_choices(locale)
        self.certificates.choices = certificate_choices(locale)
        self.papers.choices = paper_choices()

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
                needed_from=self.needed_from.data,
                needed_by=self.needed_by.data,
                packaging=self.packaging.data or "",
                certificates=tuple(self.certificates.data or ()),
                papers=tuple(self.papers.data or ()),
                closes_on=self.closes_on.data,
                sample_is_wanted=self.sample_is_wanted.data,
                contact_phone=self.contact_phone.data or "",
            ),
            more=tuple(one.as_draft(product_id=int(one.goods.data or 0) or None) for one in self.wanted_lines),
            fair=self.fair.code,
            offer=(self.offer.data or "")[:20],
        )

    def typed(self) -> dict[str, str]:
        """The words as typed, to be kept while a visitor signs in; lists are joined by blanks."""
        kept = {name: self[name].raw_data[0] for name in _KEPT if self[name].raw_data}
        kept["certificates"] = " ".join(self.certificates.raw_data or ())
        kept["papers"] = " ".join(self.papers.raw_data or ())
        kept["sample_is_wanted"] = "1" if self.sample_is_wanted.data else ""
        return kept | self.typed_lines()

    @staticmethod
    def filled_from(kept: dict[str, str]) -> dict[str, Any]:
        """Form data out of what `typed` kept."""
        data: dict[str, Any] = {name: kept[name] for name in _KEPT if kept.get(name) and name not in _DAYS}
        for name in _DAYS:
            with suppress(ValueError):
                data[name] = date.fromisoformat(kept.get(name, ""))
        data["certificates"] = kept.get("certificates", "").split()
        data["papers"] = kept.get("papers", "").split()
        data["more"] = lines_from(kept)
        data["sample_is_wanted"] = bool(kept.get("sample_is_wanted"))
        return data


_DAYS = ("needed_from", "needed_by", "closes_on")
_KEPT = (
    "text", "quantity", "unit", "destination", "incoterm", "place", "target_price", "currency", "price_unit",
    *_DAYS, "packaging", "contact_phone", "fair", "offer", "language",
)  # fmt: skip


class MessageForm(GuardedForm):
    """A message of a conversation, with papers if there are any."""

    text = TextAreaField(_("Message"), validators=[Cleaned(_("Write a message first.")), Length(max=20000)])
    files = MultipleFileField(
        _("Documents"),
        description=_("PDF or pictures, at most %(count)s, up to 10 MB each and 20 MB together.", count=MAX_FILES),
    )


class FilesForm(GuardedForm):
    """Documents for a request."""

    files = MultipleFileField(
        _("Documents"),
        description=_("PDF or pictures, at most %(count)s, up to 10 MB each and 20 MB together.", count=MAX_FILES),
    )


class GuestForm(ConsentForm):
    """Who asks without an account."""

    name = person_name()
    email = EmailField(
        _("Business e-mail address"),
        validators=[needed(), at_most(254)],
        description=_("We send a link there. Nobody is asked before you have opened it."),
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    company = StringField(
        _("Company"),
        validators=[Optional(), at_most(200), PlainName()],
        filters=[clean],
        render_kw={"autocomplete": "organization"},
    )
    country = SelectField(_("Country"), choices=country_choices, validators=[needed()])
    trade = SelectField(_("Trade"), choices=trade_choices, validators=[needed()])

    def as_registration(self, locale: str) -> Registration:
        """The person and their company, as a value; without a company's name the person's own stands in."""
        return Registration(
            kind=OrganisationKind.BUYER,
            person_name=self.name.data,
            organisation_name=self.company.data or self.name.data,
            country=self.country.data,
            locale=locale,
            email=self.email.data,
            profile={"trade": self.trade.data, "interests": []},
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
