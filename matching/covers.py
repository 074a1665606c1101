"""Which certificate proves another."""

from collections.abc import Mapping

COVERED_BY: Mapping[str, frozenset[str]] = {
    "halal": frozenset({"halal-bpjph"}),
    "halal-bpjph": frozenset({"halal"}),
    "organic": frozenset({"organic-eu", "organic-nop", "organic-jas", "organic-cn", "organic-sni", "demeter", "gots"}),
}


def covers(held: str, wanted: str) -> bool:
    """Whether a certificate held proves the one wanted."""
    return held == wanted or held in COVERED_BY.get(wanted, frozenset())
