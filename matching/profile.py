"""What a matcher knows of an offer and of a request: plain values, no database rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

BASE_UNITS = ("kg", "litre", "pcs", "metre", "m2", "m3")


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate an offer holds; without a date it is taken as valid."""

    concept: str
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From ``quantity`` base units on, one unit costs ``usd``."""

    quantity: float
    usd: float


@dataclass(frozen=True, slots=True)
class OfferProfile:
    """One seller's offer. Anything left at None is unknown, and unknown never counts as failed."""

    key: str
    seller: str
    titles: Mapping[str, str] = field(default_factory=dict)
    """Language to title; the key "" for a text of unknown language."""
    descriptions: Mapping[str, str] = field(default_factory=dict)
    commodity: str | None = None
    """Concept the seller picked; stronger than any text."""
    hs: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)
    """Figure concept to what the seller states of it in a form; stronger than any text."""
    unit: str = "kg"
    minimum: float | None = None
    monthly_capacity: float | None = None
    certificates: tuple[Held, ...] = ()
    registrations: tuple[str, ...] = ()
    prices: tuple[PriceBreak, ...] = ()
    incoterms: tuple[str, ...] = ()
    ships_to: frozenset[str] | None = None
    """ISO 3166 codes; None means no limit is known."""
    lead_days: int | None = None
    has_sample: bool | None = None
    is_suspended: bool = False
    export_years: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The words of a request that something was read from; an empty text means a form field."""

    start: int = 0
    end: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing read from a request, with the words it came from: what the site shows as a chip."""

    kind: str
    """goods, attribute, limit, quantity, packing, price, incoterm, certificate, destination, deadline, soon, sample,
    private_label."""
    value: str
    stance: str = "required"
    """required, preferred, excluded, or assumed where nothing was said."""
    source: Source = Source()


@dataclass(frozen=True, slots=True)
class TargetPrice:
    """What the buyer wants to pay at most for one ``unit`` (kg, litre or pcs)."""

    amount: float
    currency: str
    unit: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A figure the goods must keep: the concept of the figure, ``most`` or ``least``, and its value."""

    figure: str
    bound: str
    value: float
    source: Source = Source()


@dataclass(frozen=True, slots=True)
class RequestProfile:
    """What a buyer asks for, as read from text and form fields."""

    key: str = ""
    text: str = ""
    lang: str | None = None
    posted: date | None = None
    goods: tuple[str, ...] = ()
    """Concepts wanted, any of which will do, the most telling first."""
    excluded_goods: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    preferred_attributes: tuple[str, ...] = ()
    excluded_attributes: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    hs: str | None = None
    quantity: float | None = None
    unit: str | None = None
    least: float | None = None
    """The lower end of a range; ``quantity`` is its upper end."""
    months: float | None = None
    """Over how many months the quantity is taken, where that is known: 12 for a year's need, 12/52 for a week's."""
    period: str = ""
    """The same as the buyer said it: week, month, quarter, half-year, year, or a number of weeks or months
    ("2-months"); empty where it is wanted once."""
    price: TargetPrice | None = None
    incoterms: tuple[str, ...] = ()
    place: str | None = None
    """Concept of the place named with the Incoterm."""
    certificates: tuple[tuple[str, ...], ...] = ()
    """Each group must be met by one of its members."""
    preferred_certificates: tuple[str, ...] = ()
    """Welcome, never a condition."""
    destinations: tuple[str, ...] = ()
    deadline: date | None = None
    is_of_leaving: bool = False
    """Whether the deadline is the day on which the goods leave (an ETD), not that on which they must be there."""
    wants_sample: bool = False
    wants_private_label: bool = False
    understood: tuple[Understood, ...] = ()
    lines: tuple["RequestProfile", ...] = ()
    """One request a line where several goods are wanted side by side, this one's own fields being those of the first;
    empty where one kind of goods is wanted."""

    @property
    def is_implied(self) -> bool:
        """Whether the goods are only told by a variety, an origin or a shape."""
        return bool(self.goods) and any(
            (each.kind, each.stance) == ("goods", "assumed") and each.value in self.goods for each in self.understood
        )

    def without(self, chip: Understood) -> "RequestProfile":
        """The same request after the buyer took one chip away."""
        from matching.reader.correct import drop

        return drop(self, chip)

    def but(self, **changes: object) -> "RequestProfile":
        """A copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
