"""Certificates, photos and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, MultipleFileField
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from marketplace.accounts.forms.parts import VersionField, at_most, clean, needed
from marketplace.catalogue.forms.parts import mark_needed
from marketplace.catalogue.labels import certificate_codes, certificate_name
from marketplace.catalogue.models import Certificate, Photo, Product
from marketplace.catalogue.services.drafts import CertificateDraft
from marketplace.i18n.locales import LANGUAGES
from marketplace.i18n.translations import current_locale
from marketplace.kernel.forms import CheckListField, GuardedForm
from marketplace.sellers.models import Producer


class CertificateForm(GuardedForm):
    """A certificate as it stands on paper."""

    version = VersionField(validators=[Optional()])
    code = SelectField(_("Kind of certificate"))
    issuer = StringField(_("Issued by"), filters=[clean], validators=[needed(), at_most(200)])
    number = StringField(_("Number"), filters=[clean], validators=[needed(), at_most(80)])
    scope = StringField(
        _("What it covers"), filters=[clean], validators=[at_most(200)],
        description=_("Products and places named on the certificate."),
    )  # fmt: skip
    valid_from = DateField(_("Valid from"), validators=[Optional()])
    valid_to = DateField(_("Valid to"), validators=[Optional()])
    producer = SelectField(_("Held by"), coerce=str, validators=[Optional()])
    document = FileField(
        _("Document"), description=_("PDF or photo of the certificate. Only you and the curators see it.")
    )

    @classmethod
    def of(cls, producers: Sequence[Producer], certificate: Certificate | None = None) -> CertificateForm:
        """An empty form, or one as the certificate stands."""
        data: dict[str, Any] = {}
        if certificate is not None:
            names = ("version", "code", "issuer", "number", "scope", "valid_from", "valid_to")
            data = {name: getattr(certificate, name) for name in names}
            data["producer"] = str(certificate.producer_id or "")
        form = cls(data=data)
        locale = current_locale()
        form.code.choices = {code: certificate_name(code, locale) for code in certificate_codes()}
        mark_needed(form.code)
        form.producer.choices = {"": gettext("The business unit")} | {str(one.id): one.name for one in producers}
        return form

    def validate_valid_to(self, field: DateField) -> None:
        """The last day does not lie before the first."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("The last day lies before the first."))

    def as_draft(self, file_id: int | None) -> CertificateDraft:
        """What was entered; ``file_id`` is the document that was kept."""
        return CertificateDraft(
            code=self.code.data,
            issuer=self.issuer.data,
            number=self.number.data,
            scope=self.scope.data or "",
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            producer_id=int(self.producer.data) if self.producer.data else None,
            file_id=file_id,
        )


class CoverForm(GuardedForm):
    """Which certificates cover a product."""

    version = VersionField()
    certificates = CheckListField(_("These certificates cover the product"), coerce=int, validators=[Optional()])

    @classmethod
    def of(cls, product: Product, certificates: Sequence[Certificate]) -> CoverForm:
        """The form as the product stands, or as it was sent."""
        form = cls(
            data={
                "version": product.version,
                "certificates": [link.certificate_id for link in product.certificates],
            }
        )
        locale = current_locale()
        form.certificates.choices = {
            one.id: f"{certificate_name(one.code, locale)}, {one.issuer}, {one.number}" for one in certificates
        }
        return form


class PhotoUploadForm(GuardedForm):
    """Pictures to add."""

    photos = MultipleFileField(
        _("Photos"), description=_("Show the goods in daylight, then how they are packed. Up to 15 MB each.")
    )


class PhotoTextForm(GuardedForm):
    """What a picture shows, for people who do not see it."""

    alt_en = StringField(filters=[clean], validators=[at_most(200)])
    alt_id = StringField(filters=[clean], validators=[at_most(200)])
    alt_de = StringField(filters=[clean], validators=[at_most(200)])
    alt_zh_Hans = StringField(filters=[clean], validators=[at_most(200)])  # noqa: N815 - a locale's name
    alt_zh_Hant = StringField(filters=[clean], validators=[at_most(200)])  # noqa: N815 - a locale's name

    @classmethod
    def of(cls, photo: Photo) -> PhotoTextForm:
        """The form as the picture stands, or as it was sent."""
        form = cls(data={f"alt_{language.locale}": photo.alt.get(language.locale, "") for language in LANGUAGES})
        for language in LANGUAGES:
            form[f"alt_{language.locale}"].label.text = language.name
        return form

    def texts(self) -> dict[str, str]:
        """What was entered, by language."""
        return {language.locale: self[f"alt_{language.locale}"].data or "" for language in LANGUAGES}


class ImportForm(GuardedForm):
    """A file of products."""

    file = FileField(
        _("File"),
        validators=[InputRequired()],
        description=_("CSV, XLSX or JSON lines, best made from our template. Up to 2,000 rows."),
    )
