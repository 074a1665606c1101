"""Sea ports by name and UN/LOCODE: FOB, FAS, CFR and CIF mean nothing at a place where no ship loads or unloads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from marketplace.kernel.datafiles import DataFault, load_table

# Codes marked "seen" were found in a copy of UN/LOCODE (UNECE, edition 2014-2) or in a public list of container ports;
# those marked "memory" are IATA-like codes that wait for a second look. A port without a code stays by its name.
AS_OF = "2026-11-23"
_DATA = Path(__file__).parent / "data" / "sea_ports.csv"
_CODE = re.compile(r"([A-Za-z]{2})[ -]?([A-Za-z2-9]{3})")
_IN_BRACKETS = re.compile(r"\s*\(([A-Za-z]{2} ?[A-Za-z2-9]{3})\)$")
_TERRITORIES = {"PR": "US"}  # a port of these has their own letters in its code


@dataclass(frozen=True, slots=True)
class SeaPort:
    """A port with container or general cargo traffic; ``country`` is ISO 3166-1, ``locode`` may be empty."""

    name: str
    country: str
    locode: str = ""

    @property
    def label(self) -> str:
        """Name and code as papers show them: Tanjung Perak (IDSUB)."""
        return f"{self.name} ({self.locode})" if self.locode else self.name


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).replace(",", " ").split())


@cache
def _by_name() -> Mapping[str, SeaPort]:
    """Ports by every name and code; ports of origin come first and keep a name that two ports share."""
    found: dict[str, SeaPort] = {}
    codes: set[str] = set()
    for row in load_table(_DATA):
        code, country, name = row["locode"], row["country"], row["name"]
        if (code in codes and code) or (code and _TERRITORIES.get(code[:2], code[:2]) != country):
            raise DataFault(f"sea_ports.csv: {name}: {code} stands there twice or is another country's")
        if (row["basis"] not in ("seen", "memory")) if code else row["basis"]:
            raise DataFault(f"sea_ports.csv: {name}: a code, and only a code, says where it comes from")
        codes.add(code)
        port = SeaPort(name, country, code)
        for spelling in (name, code, *row["other_names"].split("|")):
            if spelling.strip():
                found.setdefault(_folded(spelling), port)
    return MappingProxyType(found)


def sea_ports(country: str | None = None) -> tuple[SeaPort, ...]:
    """Every port, or those of one country, in the table's order."""
    ports = dict.fromkeys(_by_name().values())
    return tuple(port for port in ports if country in (None, port.country))


@lru_cache(maxsize=1024)
def find_sea_port(text: str) -> SeaPort | None:
    """The port with this name or UN/LOCODE, also when written with "port of", its city, its country or its code."""
    names = _by_name()
    behind = _IN_BRACKETS.search(text)  # "Tanjung Perak (IDSUB)", as our own pages write it
    if behind:
        text = text[: behind.start()]
    plain = _folded(text)
    code = _CODE.fullmatch(plain)
    if code and f"{code[1]}{code[2]}" in names:
        return names[f"{code[1]}{code[2]}"]
    for word in ("port of ", "pelabuhan ", "hafen ", "seaport "):
        plain = plain.removeprefix(word)
    if plain in names:
        return names[plain]
    shorter = plain.removesuffix(" port")
    # "Tanjung Perak, Surabaya", "Hamburg, Germany": the first part names the port
    first = _folded(text.split(",", maxsplit=1)[0]) if "," in text else shorter
    return names.get(shorter) or names.get(first)


def with_code(name: str) -> str:
    """What names a port with its UN/LOCODE behind it, as it is where the port or its code is not known."""
    port = find_sea_port(name)
    return f"{name} ({port.locode})" if port and port.locode and port.locode not in name else name


def with_codes(names: Iterable[str]) -> list[str]:
    """`with_code` of each."""
    return [with_code(name) for name in names]


def unknown_ports(names: Iterable[str]) -> list[str]:
    """Those of the names that the table does not have."""
    return [name for name in names if find_sea_port(name) is None]
