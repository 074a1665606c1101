"""Closures that many pesantren share, as proposals for the form: a dated table of estimates."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from marketplace.closures.rules import Days

_TABLE = Path(__file__).with_name("data") / "presets.csv"


class PresetKind(StrEnum):
    """Why pesantren close."""

    RAMADAN = "ramadan"
    EID = "eid"
    SCHOOL_WINTER = "school_winter"
    SCHOOL_SUMMER = "school_summer"


HIJRI = frozenset({PresetKind.RAMADAN, PresetKind.EID})


@dataclass(frozen=True, slots=True)
class Preset:
    """One proposal; ``label`` names the year ("1448 H", "2026/2027"). Its days are estimates."""

    kind: PresetKind
    label: str
    days: Days

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return f"{self.kind}-{self.days.first.year}-{self.days.first.month}"

    @property
    def is_hijri(self) -> bool:
        """Whether the sighting of the moon decides."""
        return self.kind in HIJRI


@cache
def presets() -> tuple[Preset, ...]:
    """The whole table, by first day."""
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple(
        Preset(
            PresetKind(row["kind"]),
            row["label"],
            Days(date.fromisoformat(row["first"]), date.fromisoformat(row["last"])),
        )
        for row in csv.DictReader(lines)
    )


def presets_ahead(day: date, most: int = 6) -> list[Preset]:
    """Those that have not begun on ``day``, the nearest first."""
    return [one for one in presets() if one.days.first >= day][:most]


def preset_named(key: str) -> Preset | None:
    """The one with this name."""
    return next((one for one in presets() if one.key == key), None)
