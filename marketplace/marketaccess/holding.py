"""Which evidence a certificate or registration of an offer is, and what an offer still lacks for a destination."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from marketplace.marketaccess.rules import (
    MarketFacts,
    Requirement,
    RequirementLevel,
    evidence_for,
    goes_to,
    halal_recognition_for,
    requirements_for,
)

_ORGANIC_EVIDENCE = "organic_cert"
_HALAL_THERE = "halal_dest"
_HALAL_HERE = "halal-bpjph"
# codes of the catalogue's certificates and registrations -> evidence in the facts
_EVIDENCE: Mapping[str, tuple[str, ...]] = {
    _HALAL_HERE: ("halal_bpjph",),
    "haccp": ("haccp",),
    "iso-22000": ("iso22000",),
    "fssc-22000": ("iso22000",),
    "brcgs": ("iso22000",),
    "svlk": ("svlk_cert",),
    "sni": ("sni_cert",),
    "bpom-md": ("bpom_md",),
    "pirt": ("pirt",),
    "organic-jas": ("jas_cert",),
    "fda": ("fdr_number",),
    "gacc": ("gacc_number",),
    "eudr": ("plot_geojson", "plot_legality"),
}
# organic schemes count only where their own law rules
_ORGANIC: Mapping[str, str] = {"organic-eu": "EU", "organic-nop": "US", "organic-jas": "JP", "uk_organic": "GB"}
_HOLDABLE = frozenset({_ORGANIC_EVIDENCE, _HALAL_THERE, *(key for keys in _EVIDENCE.values() for key in keys)})


def evidence_of(facts: MarketFacts, code: str, destination: str) -> Iterator[str]:
    """Keys of the evidence that a certificate or registration by this code is for a destination."""
    yield from _EVIDENCE.get(code, ())
    if code in _ORGANIC and goes_to((_ORGANIC[code],), destination, facts.blocs):
        yield _ORGANIC_EVIDENCE
    if code == _HALAL_HERE:
        recognition = halal_recognition_for(facts, destination)
        if recognition is not None and recognition.is_of_bpjph:
            yield _HALAL_THERE


def holdable(facts: MarketFacts, hs_code: str, destination: str, claims: Collection[str], day: date) -> frozenset[str]:
    """Evidence that the law of a destination asks of goods on a day and that an offer can hold.

    Papers of single shipments, of the firm and of cases that only a person can judge are left out.
    """
    asked = [
        each
        for each in requirements_for(facts, hs_code, destination, claims)
        if _is_binding(each) and each.is_in_force(day)
    ]
    return frozenset({kind.key for kind in evidence_for(asked) if not kind.is_per_shipment} & _HOLDABLE)


def _is_binding(requirement: Requirement) -> bool:
    """By law always, or in a case that the offer's own claim makes."""
    if requirement.level is RequirementLevel.CONDITIONAL:
        return bool(requirement.claim)
    return requirement.level is RequirementLevel.MANDATORY and not requirement.condition
