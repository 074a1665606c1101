"""Starting a product, its texts and its origin."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from marketplace.accounts.forms.parts import VersionField, at_most, clean, country_choices, needed
from marketplace.catalogue.forms.parts import mark_needed
from marketplace.catalogue.forms.tariffs import TariffFields
from marketplace.catalogue.models import Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules import Stage
from marketplace.catalogue.services.drafts import OriginDraft, ProductStart, TextDraft
from marketplace.i18n.locales import LANGUAGES
from marketplace.i18n.translations import current_locale
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.numerals import ParseError
from marketplace.kernel.regions import REGENCIES, find_regency
from marketplace.sellers.models import Producer

LANGUAGE_CHOICES = {language.locale: language.name for language in LANGUAGES}
_TITLE = {"maxlength": 200, "autocomplete": "off"}


class StartForm(GuardedForm):
    """A title in the seller's own words begins a draft."""

    title = StringField(
        _("Title"),
        filters=[clean],
        validators=[needed(), Length(3, 200, _("Use 3 to 200 letters."))],
        description=_("What a buyer reads first, without prices or contact data."),
        render_kw=_TITLE,
    )
    language = SelectField(_("I write in"), choices=LANGUAGE_CHOICES)
    producer = SelectField(_("Made by"), coerce=str, validators=[Optional()])
    description = TextAreaField(
        _("Description"), filters=[clean], validators=[at_most(8000)], render_kw={"rows": 5},
        description=_("How it is grown or made, and what is special about it. You can write this later."),
    )  # fmt: skip

    def for_producers(self, producers: Sequence[Producer]) -> StartForm:
        """Offer these producers."""
        self.producer.choices = {str(one.id): one.name for one in producers}
        return self

    def as_start(self, commodity: str) -> ProductStart:
        """The draft that was asked for."""
        return ProductStart(
            commodity=commodity,
            title=self.title.data,
            language=self.language.data,
            producer_id=int(self.producer.data) if self.producer.data else None,
            description=self.description.data or "",
        )


class TranslationForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The texts in one further language, by a person."""

    language = HiddenField()
    title = StringField(_("Title"), filters=[clean], validators=[at_most(200)], render_kw=_TITLE)
    description = TextAreaField(_("Description"), filters=[clean], validators=[at_most(8000)], render_kw={"rows": 4})


class TextsForm(GuardedForm):
    """The seller's own words, and translations that people made."""

    version = VersionField()
    language = SelectField(_("I write in"), choices=LANGUAGE_CHOICES)
    title = StringField(
        _("Title"),
        filters=[clean],
        validators=[needed(), Length(3, 200, _("Use 3 to 200 letters."))],
        description=_("What a buyer reads first, without prices or contact data."),
        render_kw=_TITLE,
    )
    description = TextAreaField(
        _("Description"), filters=[clean], validators=[at_most(8000)], render_kw={"rows": 8},
        description=_("How it is grown or made, how it tastes or feels, what is special about it."),
    )  # fmt: skip
    translations = FieldList(FormField(TranslationForm), max_entries=len(LANGUAGES))

    @classmethod
    def of(cls, product: Product) -> TextsForm:
        """The form as the product stands, or as it was sent."""
        texts = {text.language: text for text in product.texts}
        original = texts.get(product.original_language)
        others = [
            {
                "language": language.locale,
                "title": texts[language.locale].title if language.locale in texts else "",
                "description": texts[language.locale].description if language.locale in texts else "",
            }
            for language in LANGUAGES
            if language.locale != product.original_language
        ]
        return cls(
            data={
                "version": product.version,
                "language": product.original_language,
                "title": original.title if original else "",
                "description": original.description if original else "",
                "translations": others,
            }
        )

    def drafts(self) -> tuple[TextDraft, list[TextDraft]]:
        """The original and the translations."""
        original = TextDraft(self.language.data, self.title.data, self.description.data or "")
        others = [
            TextDraft(entry.form.language.data, entry.form.title.data or "", entry.form.description.data or "")
            for entry in self.translations
            if entry.form.language.data != self.language.data
        ]
        return original, others


class OriginForm(TariffFields):
    """Who makes the goods, where, how far they are worked, their HS code and the national codes it begins."""

    version = VersionField()
    producer = SelectField(_("Made by"), coerce=str, validators=[Optional()])
    stage = RadioField(_("Place in the value chain"))
    hs_code = SelectField(_("HS code"), description=_("Six digits. If you are unsure, keep the first."))
    country = SelectField(_("Country of origin"))
    region = StringField(
        _("Region of origin"), filters=[clean], validators=[at_most(80)],
        description=_("Regency or city in East Java, or a growing region."),
    )  # fmt: skip

    @classmethod
    def of(cls, product: Product, producers: Sequence[Producer]) -> OriginForm:
        """The form as the product stands, or as it was sent."""
        region = REGENCIES.get(product.origin_region)
        form = cls(
            data={
                "version": product.version,
                "producer": str(product.producer_id or ""),
                "stage": product.stage,
                "hs_code": product.hs_code,
                "country": product.origin_country,
                "region": region.full_name if region else product.origin_region,
                **cls.tariff_data(product.tariff_codes),
            }
        )
        registry, locale = load_registry(), current_locale()
        commodity = registry.commodity(product.commodity)
        form.producer.choices = {str(one.id): one.name for one in producers}
        form.stage.choices = {stage.value: registry.term(f"stage:{stage}", locale) for stage in Stage}
        form.hs_code.choices = {code: f"{code[:4]}.{code[4:]}" for code in commodity.hs_codes}
        form.country.choices = {code: name for code, name in country_choices().items() if code}
        mark_needed(form.producer, form.stage, form.hs_code, form.country)
        return form

    def as_draft(self) -> OriginDraft:
        """What was entered."""
        region = self.region.data or ""
        if self.country.data == "ID" and region:
            try:
                region = find_regency(region).key
            except ParseError:
                region = str(region)  # another island, or a region that is no regency
        return OriginDraft(
            producer_id=int(self.producer.data) if self.producer.data else None,
            hs_code=self.hs_code.data,
            stage=self.stage.data,
            country=self.country.data,
            region=region,
            tariff_codes=self.tariff_codes(),
        )


def region_options() -> list[str]:
    """The regencies and cities of East Java, for suggestions."""
    return [one.full_name for one in REGENCIES.values()]
