"""What a report says, before it is one."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.moderation.rules import ReportReason, ReportTarget


@dataclass(frozen=True)
class ReportDraft:
    """Somebody's word that ``name`` (the public name of a thing) breaks the rules."""

    target: ReportTarget
    name: str
    reason: ReportReason
    text: str
    evidence: tuple[str, ...] = ()  # what it is or where it stands, one piece each
