"""What a destination asks of goods from Indonesia: requirements by HS code, destination and claim.

Working facts for check lists, not legal advice: every requirement carries its sources, how sure they are, and the day
by which a person looks at it again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

EVERYWHERE = "ANY"
GROUPS = frozenset({EVERYWHERE, "EU", "OTHER"})  # places that are no country
_CLAIM = "claim:"


class RequirementLevel(StrEnum):
    """How binding a requirement is: by law, by law in stated cases, or asked by buyers."""

    MANDATORY = "mandatory"
    CONDITIONAL = "conditional"
    BUYER = "buyer"


class Side(StrEnum):
    """Which end of the voyage asks."""

    EXPORT = "export"
    IMPORT = "import"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class FactSource:
    """Where a fact was read, and when; ``is_seen`` is false for general knowledge."""

    key: str
    title: str
    where: str
    quality: str
    is_seen: bool
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A document, registration or piece of data that an exporter shows."""

    key: str
    kind: str
    labels: Mapping[str, str]
    is_per_shipment: bool = False  # made anew with every shipment: an offer cannot have it yet

    def name(self, locale: str = "en") -> str:
        """Its name in Indonesian for Indonesians, in English for all others."""
        return self.labels.get(locale) or self.labels["en"]


@dataclass(frozen=True, slots=True)
class Step:
    """From a day on, something applies."""

    day: date
    what: str


@dataclass(frozen=True, slots=True)
class Limit:
    """The most of something that is allowed."""

    item: str
    most: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a destination asks. ``prefixes`` are HS prefixes of two to six digits; empty means all goods."""

    id: str
    title: str
    destinations: frozenset[str]
    side: Side
    kind: str
    level: RequirementLevel
    authority: str
    prefixes: tuple[str, ...]
    excluded: tuple[str, ...]
    who: str
    trigger: str
    exporter_shows: tuple[EvidenceKind, ...]
    importer_does: tuple[str, ...]
    limits: tuple[Limit, ...]
    legal_basis: tuple[str, ...]
    effective: tuple[Step, ...]
    sources: tuple[FactSource, ...]
    is_seen: bool
    note: str
    review_by: date

    @property
    def claim(self) -> str:
        """The claim of a listing (organic, halal) that calls for this, or nothing."""
        return self.trigger.removeprefix(_CLAIM) if self.trigger.startswith(_CLAIM) else ""

    @property
    def condition(self) -> str:
        """A case that only a person can judge ("species listed in CITES"), or nothing."""
        return "" if self.trigger.startswith(_CLAIM) else self.trigger

    def is_in_force(self, day: date) -> bool:
        """Whether its first step has come; without dates it has."""
        return not self.effective or self.effective[0].day <= day

    def next_step(self, day: date) -> Step | None:
        """What changes after ``day``."""
        return next((step for step in self.effective if step.day > day), None)

    def wants_checking(self, day: date) -> bool:
        """Whether it must not be shown without a warning: from memory, or not looked at for too long."""
        return not self.is_seen or self.review_by < day


@dataclass(frozen=True, slots=True)
class OriginForm:
    """A certificate of origin under one agreement; ``prefixes`` as of a requirement."""

    form: str
    agreement: str
    destinations: frozenset[str]
    status: str
    proof: str
    prefixes: tuple[str, ...]
    sources: tuple[FactSource, ...]
    is_seen: bool
    note: str


@dataclass(frozen=True, slots=True)
class HalalRecognition:
    """Whose halal certificates a destination takes."""

    destination: str
    body: str
    indonesian_body: str
    status: str
    since: date | None
    sources: tuple[FactSource, ...]
    is_seen: bool
    note: str

    @property
    def is_of_bpjph(self) -> bool:
        """Whether Indonesia's state certificates are taken, as far as was read."""
        return self.indonesian_body == "BPJPH" and self.status.startswith("recognised")


@dataclass(frozen=True, slots=True)
class Incoterm:
    """One of the eleven terms of 2010/2020: who bears which cost up to where."""

    code: str
    name: str
    is_sea_only: bool
    named_place: str
    risk_passes: str
    costs: Mapping[str, str]
    insurance_rule: str
    note: str


@dataclass(frozen=True, slots=True)
class MarketFacts:
    """All facts of one edition; made once by ``facts.load_facts``."""

    as_of: date
    disclaimer: str
    destinations: Mapping[str, str]
    blocs: Mapping[str, frozenset[str]]
    evidence: Mapping[str, EvidenceKind]
    sources: Mapping[str, FactSource]
    requirements: tuple[Requirement, ...]
    origin_forms: tuple[OriginForm, ...]
    halal: tuple[HalalRecognition, ...]
    incoterms: Mapping[str, Incoterm]


INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
SEA_INCOTERMS = frozenset({"FAS", "FOB", "CFR", "CIF"})


def goes_to(destinations: Collection[str], destination: str, blocs: Mapping[str, frozenset[str]]) -> bool:
    """Whether a rule for ``destinations`` (countries, blocs, ANY) reaches the country."""
    if EVERYWHERE in destinations or destination in destinations:
        return True
    return any(bloc in destinations and destination in members for bloc, members in blocs.items())


def applies(
    requirement: Requirement,
    hs_code: str,
    destination: str,
    claims: Collection[str] = (),
    blocs: Mapping[str, frozenset[str]] | None = None,
) -> bool:
    """Whether the requirement concerns goods of this six-digit code on their way to this country.

    (a) the destination is listed, itself or by its bloc, or all are; (b) a prefix matches; (c) no excluded prefix
    matches; (d) the claim that triggers it is made. A condition that only a person can judge does not hide it.
    """
    if not goes_to(requirement.destinations, destination, blocs or {}):
        return False
    if requirement.prefixes and not hs_code.startswith(requirement.prefixes):
        return False
    if requirement.excluded and hs_code.startswith(requirement.excluded):
        return False
    return not requirement.claim or requirement.claim in claims


def requirements_for(
    facts: MarketFacts, hs_code: str, destination: str, claims: Collection[str] = ()
) -> tuple[Requirement, ...]:
    """What this destination asks of these goods, the binding first, exporting before importing."""
    found = [r for r in facts.requirements if applies(r, hs_code, destination, claims, facts.blocs)]
    levels, sides = list(RequirementLevel), list(Side)
    return tuple(sorted(found, key=lambda r: (levels.index(r.level), sides.index(r.side))))


def evidence_for(requirements: Iterable[Requirement]) -> tuple[EvidenceKind, ...]:
    """Everything an exporter shows for these requirements, each once, in the order in which it is first asked."""
    found = {kind.key: kind for requirement in requirements for kind in requirement.exporter_shows}
    return tuple(found.values())


def countries_of(facts: MarketFacts) -> tuple[str, ...]:
    """The countries of which the facts speak, as codes in no particular order."""
    return tuple(code for code in facts.destinations if code not in GROUPS)


def origin_forms_for(facts: MarketFacts, hs_code: str, destination: str) -> tuple[OriginForm, ...]:
    """Certificates of origin for these goods to the destination: preferential forms before the general one."""
    found = [
        form
        for form in facts.origin_forms
        if goes_to(form.destinations, destination, facts.blocs)
        and (not form.prefixes or hs_code.startswith(form.prefixes))
    ]
    return tuple(sorted(found, key=lambda form: EVERYWHERE in form.destinations))


def halal_recognition_for(facts: MarketFacts, destination: str) -> HalalRecognition | None:
    """Whose halal certificates the destination takes, where that is known."""
    for fact in facts.halal:
        if goes_to((fact.destination,), destination, facts.blocs):
            return fact
    return None
