"""What a trade paper is made from: plain values of one agreement, frozen when the paper is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from marketplace.kernel.measures import Quantity
from marketplace.kernel.money import Money, UnitPrice

ByLanguage = Mapping[str, str]  # locale -> text; "en" is always there


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A company as it stands on papers: its registered name, address lines, and numbers of registers."""

    name: str
    country: str  # ISO 3166 two letters
    address: tuple[str, ...] = ()
    registration: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class BankFacts:
    """The account bound to the verified seller; ``changed_on`` says since when it is another than before."""

    holder: str
    bank: str
    account: str
    swift: str
    currency: str
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line: goods, quantity, price for one unit and the line's amount, rounded once where it was agreed."""

    description: ByLanguage
    quantity: Quantity
    unit_price: UnitPrice | None = None
    amount: Money | None = None
    hs: str = ""
    national_codes: tuple[str, ...] = ()  # of the destination's customs territory, with its schedule: "CN 0901 11 00"
    origin: str = ""  # ISO 3166 two letters
    net: Quantity | None = None
    gross: Quantity | None = None
    packages: Quantity | None = None
    packing: ByLanguage = field(default_factory=dict)  # "jute bag of 60 kg"
    specifications: tuple[tuple[ByLanguage, ByLanguage], ...] = ()  # name and value
    certificates: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """One kind of container of the packing plan: how many, and how full the last one is (0 to 1)."""

    unit: str
    count: int
    fullness: float


@dataclass(frozen=True, slots=True)
class TradeFacts:
    """Everything that a quotation, invoice, packing list, contract or specification sheet may say.

    ``made_at`` is the moment of the data (a version sent, an agreement made), not of the printing.
    """

    number: str
    reference: str  # the request's key
    made_at: datetime
    seller: PartyFacts
    buyer: PartyFacts
    lines: tuple[LineFacts, ...]
    currency: str
    total: Money | None = None
    deposit: Money | None = None
    incoterm: str = ""
    place: str = ""
    port: str = ""
    destination: str = ""
    valid_until: datetime | None = None
    ship_by: date | None = None
    lead_time_days: int | None = None  # from the deposit
    payment_terms: ByLanguage = field(default_factory=dict)  # with the seller's own words, which are not translated
    packing_note: str = ""
    containers: tuple[ContainerFacts, ...] = ()
    freight_payer: str = ""  # of a sample: buyer | seller
    tracking: str = ""
    bank: BankFacts | None = None
    note: str = ""
    is_buyers_note: bool = False  # of a counter-offer: words of bargaining, which the seller's own papers do not carry
    producer: str = ""
    producers: tuple[str, ...] = ()  # of a pool, in the order of their shares; "" for one who wants to stay unnamed
    pool_specification: str = ""  # the one that holds for all of them
    is_sample_data: bool = False  # of the sample marketplace
