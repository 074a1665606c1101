"""Everything a product page shows, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.rules import ListingState, TextSource, is_valid_on
from marketplace.catalogue.rules.packing import Packing
from marketplace.sellers.rules import LEADS_BEFORE_FIGURES

# which language stands in where a text is missing; the original comes last of all
_NEAREST = {"zh_Hant": ("zh_Hans", "en"), "zh_Hans": ("zh_Hant", "en")}


@dataclass(frozen=True, slots=True)
class TextView:
    """Title and description in one language, and who wrote them."""

    language: str
    title: str
    description: str
    source: str

    @property
    def is_original(self) -> bool:
        return self.source == TextSource.ORIGINAL


@dataclass(frozen=True, slots=True)
class SpecView:
    """One specification: the registry's field and the typed value."""

    field: str
    value: SpecValue


@dataclass(frozen=True, slots=True)
class RungView:
    """From ``min_quantity`` on, a unit costs ``unit_price``."""

    min_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class LadderView:
    """Prices under one Incoterm at one place, per unit in one currency."""

    incoterm: str
    place: str
    unit: str
    currency: str
    rungs: tuple[RungView, ...]


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate that covers the product."""

    id: int
    code: str
    issuer: str
    number: str
    scope: str
    valid_from: date | None
    valid_to: date | None
    verified_at: datetime | None
    verified_method: str
    has_document: bool

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    def is_valid_on(self, day: date) -> bool:
        """Whether it holds on ``day``; the last day counts."""
        return is_valid_on(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A registration a market asks for."""

    kind: str
    number: str
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class TariffCodeView:
    """The national customs code of a market, where it was read, and whether a curator stands for it."""

    market: str
    code: str
    source: str
    stated_on: date
    is_by_staff: bool


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A picture; see `catalogue.photos.photo_path` for its addresses."""

    id: int
    stem: str
    width: int
    height: int
    alt: Mapping[str, str]
    is_illustration: bool

    def alt_in(self, locale: str, otherwise: str) -> str:
        """What the picture shows in the reader's language, or the nearest there is."""
        for language in (locale, *_NEAREST.get(locale, ("en",)), *self.alt):
            if self.alt.get(language):
                return self.alt[language]
        return otherwise


@dataclass(frozen=True, slots=True)
class MonthView:
    """Harvest or capacity of one month; year 1 stands for every year."""

    month: date
    kind: str
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class ProducerView:
    """Who makes the goods."""

    id: int
    slug: str
    name: str
    country: str
    regency: str
    santri_count: int | None
    founded_year: int | None
    stories: Mapping[str, str]  # language -> text
    original_language: str

    def story_in(self, locale: str) -> tuple[str, str]:
        """Language and text of the story for this reader; two empty texts where there is none."""
        for language in (locale, *_NEAREST.get(locale, ("en",)), self.original_language, *self.stories):
            if self.stories.get(language):
                return language, self.stories[language]
        return "", ""


@dataclass(frozen=True, slots=True)
class SellerView:
    """Who offers, answers and signs; ``answer_rate`` (0 to 1) and hours are told from five leads on."""

    id: int
    organisation_id: int
    slug: str
    name: str
    form: str
    country: str
    city: str
    verification_level: str
    verified_until: date | None
    export_years: int | None
    languages: tuple[str, ...]
    lead_count: int
    answered_count: int
    answer_minutes: int

    @property
    def answer_rate(self) -> float | None:
        return self.answered_count / self.lead_count if self.lead_count >= LEADS_BEFORE_FIGURES else None

    @property
    def answer_hours(self) -> float | None:
        if self.lead_count < LEADS_BEFORE_FIGURES or not self.answered_count:
            return None
        return self.answer_minutes / self.answered_count / 60


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product with all its parts."""

    id: int
    slug: str
    commodity: str
    category: str
    hs_code: str
    stage: str
    state: str
    original_language: str
    unit: str
    moq: Decimal | None
    moq_basis: str
    capacity_per_month: Decimal | None
    lead_time_days: int | None
    packaging: str
    unit_weight_kg: Decimal | None
    units_per_fcl20: Decimal | None
    units_per_fcl40: Decimal | None
    pack_unit: str
    pack_net_kg: Decimal | None
    packs_per_carton: int | None
    cartons_per_fcl20: int | None
    cartons_per_fcl40: int | None
    ports: tuple[str, ...]
    destinations: tuple[str, ...]
    has_private_label: bool
    sample_is_offered: bool
    sample_is_free: bool
    sample_days: int | None
    sample_note: str
    origin_country: str
    origin_region: str
    crop_year: str
    card_price: Decimal | None
    card_price_currency: str
    card_price_unit: str
    card_price_term: str
    price_per_kg_usd: Decimal | None
    cover_photo: str
    filled_in: tuple[str, ...]
    is_sample: bool
    listed_at: datetime | None
    changed_at: datetime
    version: int
    seller: SellerView
    producer: ProducerView | None
    market_partner: tuple[int, str] | None  # organisation and its name
    texts: Mapping[str, TextView]
    specs: tuple[SpecView, ...]
    ladders: tuple[LadderView, ...]
    certificates: tuple[CertificateView, ...]
    registrations: tuple[RegistrationView, ...]
    tariff_codes: tuple[TariffCodeView, ...]
    photos: tuple[PhotoView, ...]
    months: tuple[MonthView, ...]

    @property
    def is_listed(self) -> bool:
        return self.state == ListingState.LISTED

    @property
    def packing(self) -> Packing:
        """Packing as figures."""
        return Packing(
            self.pack_unit, self.pack_net_kg, self.packs_per_carton, self.cartons_per_fcl20, self.cartons_per_fcl40
        )

    def text_in(self, locale: str) -> TextView:
        """The text for this reader: their language, the nearest, English, the original."""
        for language in (locale, *_NEAREST.get(locale, ("en",)), self.original_language):
            if language in self.texts:
                return self.texts[language]
        return next(iter(self.texts.values()))

    def certificates_on(self, day: date) -> tuple[CertificateView, ...]:
        """Certificates that hold on ``day``, verified ones first."""
        held = (one for one in self.certificates if one.is_valid_on(day))
        return tuple(sorted(held, key=lambda one: (not one.is_verified, one.code)))

    def ended_certificates(self, day: date) -> tuple[CertificateView, ...]:
        """Certificates whose last day has passed."""
        return tuple(one for one in self.certificates if one.valid_to is not None and one.valid_to < day)


def title_in(titles: Mapping[str, str], locale: str, original: str) -> str:
    """A title for this reader out of ``titles`` by language."""
    for language in (locale, *_NEAREST.get(locale, ("en",)), original):
        if titles.get(language):
            return titles[language]
    return next(iter(titles.values()), "")
