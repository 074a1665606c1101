"""What a form hands to a service: values that were read, not yet judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.catalogue.rules.packing import UNPACKED, Packing
from marketplace.catalogue.rules.tariffs import TariffCode
from marketplace.catalogue.rules.trade import Rung


@dataclass(frozen=True)
class ProductStart:
    """A new draft: the commodity decides what it will be asked."""

    commodity: str
    title: str
    language: str
    producer_id: int | None = None
    description: str = ""


@dataclass(frozen=True)
class TextDraft:
    """Title and description in one language."""

    language: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class OriginDraft:
    """Who makes the goods and where, how far they are worked, and their HS code."""

    producer_id: int | None
    hs_code: str
    stage: str
    country: str = "ID"
    region: str = ""  # key of a regency of East Java, else a name
    tariff_codes: tuple[TariffCode, ...] | None = None  # None leaves those there are


@dataclass(frozen=True)
class TradeDraft:
    """Terms of trade; quantities are in ``unit``.

    A seller who states no ``moq`` may keep to the usual minimum of the goods; a stated one comes before it.
    """

    unit: str
    moq: Decimal | None = None
    takes_usual_moq: bool = False
    capacity_per_month: Decimal | None = None
    lead_time_days: int | None = None
    packaging: str = ""
    unit_weight_kg: Decimal | None = None
    units_per_fcl20: Decimal | None = None
    units_per_fcl40: Decimal | None = None
    packing: Packing = UNPACKED
    ports: tuple[str, ...] = ()
    has_private_label: bool = False
    sample_is_offered: bool = False
    sample_is_free: bool = False
    sample_days: int | None = None
    sample_note: str = ""


@dataclass(frozen=True)
class PricesDraft:
    """All rungs of all ladders; what is left out is gone."""

    rungs: tuple[Rung, ...] = ()


@dataclass(frozen=True)
class MonthDraft:
    """One month of the calendar: ``month`` is the first day, or in year 1 for every year."""

    month: date
    kind: str
    quantity: Decimal | None = None


@dataclass(frozen=True)
class RegistrationDraft:
    """A registration a market asks for."""

    kind: str
    number: str = ""
    valid_to: date | None = None


@dataclass(frozen=True)
class MarketsDraft:
    """Where the goods may be shipped (nowhere named = everywhere) and which registrations exist."""

    destinations: tuple[str, ...] = ()
    registrations: tuple[RegistrationDraft, ...] = ()


@dataclass(frozen=True)
class CertificateDraft:
    """A certificate as stated by the seller; staff verify it."""

    code: str
    issuer: str
    number: str
    scope: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    producer_id: int | None = None
    file_id: int | None = None
