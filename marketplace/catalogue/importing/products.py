"""One product as a file states it, typed and checked; nothing of it is in the database yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.catalogue.registry.specs import SpecValue
from marketplace.catalogue.rules.packing import Packing
from marketplace.catalogue.rules.tariffs import TariffCode
from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import UnitPrice


@dataclass(frozen=True, slots=True)
class ImportedRung:
    """A price from a quantity on, at an Incoterm and its place."""

    incoterm: str
    place: str
    price: UnitPrice
    min_quantity: Quantity


@dataclass(frozen=True, slots=True)
class ImportedCertificate:
    """A certificate as stated; nobody has verified it."""

    code: str
    issuer: str
    number: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ImportedProduct:
    """A product as its row states it.

    ``moq``, ``capacity_per_month`` and ``units_per_fcl*`` are in ``unit``; a usual ``moq`` was accepted where the row
    states none. ``missing`` names what publication asks for
    and the row lacks (columns, ``spec.…`` included); ``filled_in`` names what did not come from the row but from a
    constant, a default or the registry. ``origin_country`` is an ISO code.
    """

    row: int
    external_key: str
    commodity: str
    category: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    original_language: str
    stage: str
    hs_code: str
    tariff_codes: tuple[TariffCode, ...]
    producer: str
    origin_country: str
    origin_region: str
    unit: str
    moq: Quantity | None
    takes_usual_moq: bool
    capacity_per_month: Quantity | None
    lead_time_days: int | None
    packaging: str
    packing: Packing
    unit_weight_kg: Decimal | None
    units_per_fcl20: Decimal | None
    units_per_fcl40: Decimal | None
    rungs: tuple[ImportedRung, ...]
    sample_is_offered: bool
    sample_is_free: bool
    sample_days: int | None
    sample_note: str
    ports: tuple[str, ...]
    destinations: tuple[str, ...]
    has_private_label: bool
    certificates: tuple[ImportedCertificate, ...]
    photos: tuple[str, ...]
    specs: Mapping[str, SpecValue]
    filled_in: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def crop_year(self) -> str:
        """The crop year of the specification, or nothing."""
        value = self.specs.get("crop_year")
        return value if isinstance(value, str) else ""

    @property
    def is_complete(self) -> bool:
        """Whether everything is there that publication asks for."""
        return not self.missing
