"""Why a match: reason codes with their values. The site turns them into sentences of the reader's language."""

from typing import Any

from matching.conditions import Finding
from matching.matcher import Match

# What tells a buyer most comes first.
_ORDER = (
    "certificate",
    "price",
    "deadline",
    "capacity",
    "minimum",
    "incoterm",
    "destination",
    "registration",
    "sample",
)


def _told(finding: Finding, stance: str) -> dict[str, Any]:
    return {"code": finding.code, "stance": stance, "values": dict(finding.values)}


def _rank(finding: Finding) -> int:
    return _ORDER.index(finding.code) if finding.code in _ORDER else len(_ORDER)


def strengths(match: Match, n: int = 3) -> list[dict[str, Any]]:
    """The ``n`` best reasons for a match: the goods first, then attributes, then conditions it meets."""
    found: list[dict[str, Any]] = []
    code = {3: "same_goods", 2: "similar_goods"}.get(match.likeness.identity, "related_goods")
    if match.likeness.goods:
        found.append({"code": code, "stance": "for", "values": {"goods": match.likeness.goods}})
    found += [{"code": "attribute", "stance": "for", "values": {"attribute": each}} for each in match.likeness.shared]
    found += [_told(each, "for") for each in sorted(match.verdict.passed, key=_rank)]
    return found[:n]


def obstacles(match: Match) -> list[dict[str, Any]]:
    """Everything that nearly fits or rules the match out; with the values that would have to change."""
    found = [_told(each, "against") for each in sorted(match.verdict.failed, key=_rank)]
    found += [_told(each, "near") for each in sorted(match.verdict.near, key=_rank)]
    found += [{"code": "attribute", "stance": "near", "values": {"attribute": each}} for each in match.likeness.missing]
    return found


def open_questions(match: Match) -> list[dict[str, Any]]:
    """What a buyer should ask, because the offer does not say."""
    found = [{"code": each, "stance": "unknown", "values": {}} for each in match.verdict.unknown]
    found += [{"code": "attribute", "stance": "unknown", "values": {"attribute": each}} for each in match.likeness.open]
    return found


def reasons(match: Match) -> list[dict[str, Any]]:
    """Three reasons for, then every near miss and every obstacle."""
    return strengths(match) + obstacles(match)
