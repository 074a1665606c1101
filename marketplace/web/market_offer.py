"""What an offer already shows of the evidence a destination asks for. Unknown is not failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.catalogue.queries.product_view import CertificateView, ProductView, RegistrationView
from marketplace.catalogue.rules.claims import claim_words
from marketplace.marketaccess.holding import evidence_of
from marketplace.marketaccess.rules import EvidenceKind, MarketFacts, Requirement, evidence_for, requirements_for


class Standing(StrEnum):
    """How an offer stands to one piece of evidence."""

    CHECKED = "checked"  # valid, and the programme has checked it
    STATED = "stated"  # valid by the seller's word
    ENDED = "ended"  # its last day has passed
    SHIPMENT = "shipment"  # made for every shipment, so no offer can have it yet
    UNSTATED = "unstated"  # the offer says nothing about it


@dataclass(frozen=True, slots=True)
class Held:
    """One piece of evidence of an offer; ``code`` is that of its certificate or registration, if any."""

    standing: Standing
    code: str = ""
    until: date | None = None

    @property
    def is_shown(self) -> bool:
        return self.standing in {Standing.CHECKED, Standing.STATED}


@dataclass(frozen=True, slots=True)
class MarketCheck:
    """Everything that a destination asks of an offer, and how the offer stands to each piece of evidence."""

    requirements: tuple[Requirement, ...]
    evidence: tuple[EvidenceKind, ...]
    held: Mapping[str, Held]

    def count(self, *standings: Standing) -> int:
        """How many pieces of evidence stand so."""
        return sum(self.held[kind.key].standing in standings for kind in self.evidence)


_ORDER = list(Standing)


def check_market(facts: MarketFacts, offer: ProductView, destination: str, day: date) -> MarketCheck:
    """What ``destination`` asks of this offer on ``day``."""
    requirements = requirements_for(facts, offer.hs_code, destination, claims_of(offer, day))
    evidence = evidence_for(requirements)
    found = _found(facts, offer, destination, day)
    return MarketCheck(requirements, evidence, {kind.key: _held(kind, found) for kind in evidence})


def claims_of(offer: ProductView, day: date) -> frozenset[str]:
    """The claims of an offer that call for more: organic and halal, by text, specification or valid certificate."""
    texts = [text for view in offer.texts.values() for text in (view.title, view.description)]
    claims = set(claim_words(texts) & {"organic", "halal"})
    for certificate in offer.certificates_on(day):
        claims |= {claim for claim in ("organic", "halal") if certificate.code.startswith(f"{claim}-")}
    if any(spec.field == "organic_status" and spec.value == "certified" for spec in offer.specs):
        claims.add("organic")
    return frozenset(claims)


def _held(kind: EvidenceKind, found: Mapping[str, Held]) -> Held:
    if kind.key in found:
        return found[kind.key]
    return Held(Standing.SHIPMENT if kind.is_per_shipment else Standing.UNSTATED)


def _found(facts: MarketFacts, offer: ProductView, destination: str, day: date) -> dict[str, Held]:
    """Evidence by its key; of several certificates for the same thing the best one counts."""
    found: dict[str, Held] = {}
    for key, held in _all(facts, offer, destination, day):
        if key not in found or _ORDER.index(held.standing) < _ORDER.index(found[key].standing):
            found[key] = held
    return found


def _all(facts: MarketFacts, offer: ProductView, destination: str, day: date) -> Iterator[tuple[str, Held]]:
    for certificate in offer.certificates:
        standing = _of_certificate(certificate, day)
        if standing is not None:
            held = Held(standing, certificate.code, certificate.valid_to)
            yield from ((key, held) for key in evidence_of(facts, certificate.code, destination))
    for registration in offer.registrations:
        held = Held(_of_registration(registration, day), registration.kind, registration.valid_to)
        yield from ((key, held) for key in evidence_of(facts, registration.kind, destination))


def _of_certificate(certificate: CertificateView, day: date) -> Standing | None:
    """None for one that begins later: it shows nothing yet."""
    if certificate.valid_to is not None and certificate.valid_to < day:
        return Standing.ENDED
    if not certificate.is_valid_on(day):
        return None
    return Standing.CHECKED if certificate.is_verified else Standing.STATED


def _of_registration(registration: RegistrationView, day: date) -> Standing:
    has_ended = registration.valid_to is not None and registration.valid_to < day
    return Standing.ENDED if has_ended else Standing.STATED
