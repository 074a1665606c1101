"""What the forms about people share: required answers, addresses, telephone numbers, passwords, choices."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from wtforms import Field, IntegerField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from marketplace.accounts.contact import email_or_none, phone_or_none
from marketplace.accounts.passwords import password_fault
from marketplace.i18n.formats import format_country
from marketplace.i18n.translations import current_locale
from marketplace.kernel.countries import COUNTRIES
from marketplace.kernel.text import cleaned

_WEBSITE = re.compile(r"https?://[\w-]+(\.[\w-]+)+(:\d{1,5})?(/[^\s<>\"']*)?")
EMAIL_FAULT = _("This is not a complete e-mail address. It should look like name@company.example.")
PHONE_FAULT = _("This number cannot be reached. Write it with its country code, such as +62 812 3456 7890.")


def needed(message: Any = None) -> DataRequired:
    """The answer is required."""
    return DataRequired(message=message or _("Please fill this in."))


def at_most(count: int) -> Length:
    """The answer is no longer than its place."""
    return Length(max=count, message=_("Use at most %(count)s characters.", count=count))


def clean(text: str | None) -> str:
    """WTForms filter: without control characters, trimmed."""
    return cleaned(text)


class PlainName:
    """A name of a person or organisation: no address in it, so that nobody sends their link in our mails."""

    def __call__(self, _form: Any, field: Field) -> None:
        text = str(field.data or "").lower()
        if "://" in text or "www." in text or "@" in text or "\n" in text:
            raise ValidationError(_("Write the name alone, without addresses."))


class EmailField(StringField):  # type: ignore[misc]  # WTForms has no types
    """An e-mail address; ``data`` is in its compared form once it is valid."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        address = email_or_none(self.data)
        if address is None:
            raise ValidationError(EMAIL_FAULT)
        self.data = address


class PhoneField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A telephone number; ``data`` is E.164 once it is valid. Numbers without a country code are Indonesian."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        number = phone_or_none(self.data)
        if number is None:
            raise ValidationError(PHONE_FAULT)
        self.data = number


class NewPasswordField(PasswordField):  # type: ignore[misc]  # WTForms has no types
    """A password to be set; ``about`` names the form's fields that it must not contain."""

    def __init__(self, *args: Any, about: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.about = about

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            return
        fault = password_fault(self.data, [str(form[name].data or "") for name in self.about if name in form])
        if fault is not None:
            raise ValidationError(fault)


def new_password(label: Any, *about: str) -> NewPasswordField:
    """The field in which a new password is chosen."""
    return NewPasswordField(
        label,
        validators=[needed()],
        about=about,
        description=_("At least 10 characters. A few words that do not belong together are easy to remember."),
        render_kw={"autocomplete": "new-password", "minlength": 10, "maxlength": 200},
    )


def present_password() -> PasswordField:
    """The field in which a person shows once more that it is them."""
    return PasswordField(
        _("Your present password"), validators=[needed()], render_kw={"autocomplete": "current-password"}
    )


def country_choices() -> dict[str, str]:
    """All countries by name in the reader's language, an empty choice first: code -> name."""
    return _countries(current_locale())


@cache
def _countries(locale: str) -> dict[str, str]:
    names = {code: format_country(code, locale) for code in COUNTRIES}
    return {"": "", **dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))}


@cache
def time_zone_choices() -> dict[str, str]:
    """UTC and the zones named after places: zone -> label."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    zones = sorted(zone for zone in available_timezones() if zone.startswith(areas))
    return {"UTC": "UTC", **{zone: zone.replace("_", " ") for zone in zones}}


class WebsiteField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A website; ``data`` begins with https:// once it is valid."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            self.data = ""
            return
        typed = cleaned(self.data, 200)
        address = typed if "://" in typed else f"https://{typed}"
        if not _WEBSITE.fullmatch(address):
            raise ValidationError(_("This is no website address. It should look like www.company.example."))
        self.data = address


class VersionField(IntegerField):  # type: ignore[misc]  # WTForms has no types
    """The hidden version of what a page showed, by which a stale edit is noticed."""

    widget = HiddenInput()
