"""What happens to reports."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class ReportMade(Event):
    report_id: int


@dataclass(frozen=True)
class ReportDecided(Event):
    report_id: int


@dataclass(frozen=True)
class AppealMade(Event):
    report_id: int


@dataclass(frozen=True)
class AppealDecided(Event):
    report_id: int
