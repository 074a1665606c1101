"""Why a match: reason codes with their values. The site turns them into sentences of the reader's language."""

from typing import Any

from matching.answer import Match
from matching.conditions import Finding
from matching.features import GENERIC

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
    """The ``n`` best reasons for a match: the goods first, then attributes, then conditions it meets. Of a request of
    several lines how many are served, then the goods for each, and ``n`` reasons at least."""
    if match.lines > 1:
        served = [each for each in (match, *match.further) if each.grade > 0]
        count = sum(each.likeness.identity >= GENERIC for each in served)
        told = [{"code": "lines", "stance": "for", "values": {"served": count, "lines": match.lines}}] if count else []
        told += [reason for each in served for reason in _own_strengths(each)[:1]]
        return told + _own_strengths(match)[1 : 1 + max(0, n - len(told))]
    return _own_strengths(match)[:n]


def _own_strengths(match: Match) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    code = {3: "same_goods", 2: "similar_goods"}.get(match.likeness.identity, "related_goods")
    if match.likeness.goods:
        found.append({"code": code, "stance": "for", "values": {"goods": match.likeness.goods}})
    found += [{"code": "attribute", "stance": "for", "values": {"attribute": each}} for each in match.likeness.shared]
    found += [_told(each, "for") for each in sorted(match.verdict.passed, key=_rank)]
    return found


def obstacles(match: Match) -> list[dict[str, Any]]:
    """Everything that nearly fits or rules the match out; with the values that would have to change. Of a request of
    several lines each names the goods it is about as ``of_goods``."""
    if match.lines > 1:
        return [
            {**told, "values": {**told["values"], "of_goods": each.likeness.goods}}
            for each in (match, *match.further)
            for told in _own_obstacles(each)
        ]
    return _own_obstacles(match)


def _own_obstacles(match: Match) -> list[dict[str, Any]]:
    found = [_told(each, "against") for each in sorted(match.verdict.failed, key=_rank)]
    found += [_told(each, "near") for each in sorted(match.verdict.near, key=_rank)]
    found += [{"code": "attribute", "stance": "near", "values": {"attribute": each}} for each in match.likeness.missing]
    return found


def open_questions(match: Match) -> list[dict[str, Any]]:
    """What a buyer should ask, because the offer does not say."""
    own = [each for each in (match, *match.further) if each.grade > 0] or [match]
    found = [{"code": code, "stance": "unknown", "values": {}} for each in own for code in each.verdict.unknown]
    found += [
        {"code": "attribute", "stance": "unknown", "values": {"attribute": name}}
        for each in own
        for name in each.likeness.open
    ]
    return list({str(each): each for each in found}.values())


def reasons(match: Match) -> list[dict[str, Any]]:
    """Three reasons for, then every near miss and every obstacle."""
    return strengths(match) + obstacles(match)
