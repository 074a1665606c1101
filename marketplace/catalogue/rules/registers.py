"""Public registers in which whoever reads a certificate can look it up by its number or holder.

The addresses were last seen in use on 2026-11-23. Certificates without a public register have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REGISTERS: Mapping[str, str] = MappingProxyType(
    {
        "halal-bpjph": "https://bpjph.halal.go.id/search/sertifikat",
        "organic-eu": "https://webgate.ec.europa.eu/tracesnt/directory/publication/organic-operator/index",
        "organic-nop": "https://organic.ams.usda.gov/integrity/",
        "fair-trade": "https://www.flocert.net/about-flocert/customer-search/",
        "fssc-22000": "https://www.fssc.com/public-register/",
        "brcgs": "https://directory.brcgs.com/",
        "fsc": "https://search.fsc.org/en/",
        "svlk": "https://silk.menlhk.go.id/",
        "bpom-md": "https://cekbpom.pom.go.id/",
    }
)


def register_of(code: str) -> str:
    """The address of the register of a kind of certificate; empty where there is none."""
    return REGISTERS.get(code, "")
