"""Runs and graded pairs as JSON lines, read strictly: a fault names file, line and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from search.evaluation.sets import SetFault, rows, text_of

_HIGHEST = 3


@dataclass(frozen=True, slots=True)
class Run:
    """What was ranked for each request, best first, and how sure the matcher was where it says so (0 to 1)."""

    rankings: Mapping[str, list[str]]
    confidences: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Grades of sellers (0 to 3) by request, the best of their offers, and the seller of each offer."""

    grades: Mapping[str, Mapping[str, int]]
    sellers: Mapping[str, str]


def read_run(path: Path) -> Run:
    """``{request_id, ranking: [{id}], confidence?}`` a line; raises SetFault."""
    rankings: dict[str, list[str]] = {}
    confidences: dict[str, float] = {}
    for place, row in rows(path):
        request = text_of(row, "request_id", place, is_needed=True)
        if request in rankings:
            raise SetFault(f"{place}: the request {request} comes twice")
        ranking = row.get("ranking")
        if not isinstance(ranking, list) or not all(isinstance(each, dict) for each in ranking):
            raise SetFault(f"{place}: ranking is no list of objects")
        rankings[request] = [text_of(each, "id", place, is_needed=True) for each in ranking]
        if "confidence" in row:
            told = row["confidence"]
            if not isinstance(told, int | float) or isinstance(told, bool) or not 0 <= told <= 1:
                raise SetFault(f"{place}: the confidence is not a number from 0 to 1")
            confidences[request] = float(told)
    return Run(rankings, confidences)


def read_pairs(path: Path) -> Pairs:
    """``{request_id, offer_id, supplier_id?, grade}`` a line, grades 0, 1, 2 or 3; raises SetFault."""
    grades: dict[str, dict[str, int]] = {}
    sellers: dict[str, str] = {}
    for place, row in rows(path):
        request = text_of(row, "request_id", place, is_needed=True)
        offer = text_of(row, "offer_id", place, is_needed=True)
        grade = row.get("grade")
        if grade is None or isinstance(grade, bool) or grade not in range(_HIGHEST + 1):
            raise SetFault(f"{place}: the grade is not 0, 1, 2 or 3")
        seller = sellers[offer] = text_of(row, "supplier_id", place) or offer
        of_request = grades.setdefault(request, {})
        of_request[seller] = max(of_request.get(seller, 0), int(grade))
    return Pairs(grades, sellers)
