"""Certificates told by letters that mean one beside other papers only: RA, the EU of "NOP or EU", 有機EU."""

import re
from collections.abc import Sequence

from search.lexicon.model import ConceptHit

_AND = r"(?:\s?(?:/|&|\+|,|和|及|或者?|与|與|跟|、)\s?|\s(?i:or|and|und|oder|atau|dan|sowie|plus)\s)"
_ORGANIC = r"(?i:organic|organik|bio|öko|有机|有機)"
_RULE = r"(?:NOP|USDA|JAS)(?:[- ](?i:organic|bio))?"
_PAPER = r"(?i:fair ?trade|flo|utz|4c|halal|haccp|organi[ck]|bio|eudr|brc|nop|公平贸易|公平貿易|有机|有機|清真)"
_NEEDED = (
    r"(?i:certif\w*|cert\b|sertif\w*|zertifi\w*|required|needed|must\b|necessary|mandatory|wajib|harus|perlu|usah|"
    r"pflicht|nötig|erforderlich|认证|認證|证|證|必须|必須)"
)
_ALONE = r"(?![A-Za-z0-9-])"
_SHORT = (
    (
        "rainforest-alliance",
        re.compile(
            rf"(?:{_PAPER}[^\W\d_]{{0,12}}{_AND}|"
            r"(?<![^\W\d_])(?i:must have|needs?|harus|wajib|mit|with|without|ohne|no)\s|"
            rf"[要需带帶])(?P<name>RA){_ALONE}"
        ),
    ),
    (
        "rainforest-alliance",
        re.compile(
            rf"(?<![A-Za-z0-9-])(?P<name>RA)(?:(?=[- ](?i:is |are |ist |tidak |nicht |gak |nggak )?{_NEEDED})|"
            rf"(?={_AND}{_PAPER}))"
        ),
    ),
    ("organic-eu", re.compile(rf"{_RULE}{_AND}(?P<name>EU){_ALONE}")),
    ("organic-eu", re.compile(rf"(?<![A-Za-z]){_ORGANIC}[- :(（]{{0,2}}(?P<name>EU){_ALONE}")),
    ("organic-eu", re.compile(rf"(?<![A-Za-z])(?P<name>EU)(?={_AND}{_RULE})")),
    ("organic-nop", re.compile(rf"(?<![A-Za-z])(?P<name>USDA|NOP)(?={_AND}EU)")),
    ("organic-nop", re.compile(rf"(?<![A-Za-z])EU(?:[- ]{_ORGANIC})?{_AND}(?P<name>USDA|NOP)(?![A-Za-z])")),
)


def short_papers(text: str, hits: Sequence[ConceptHit]) -> list[ConceptHit]:
    """Certificates told by such letters, where no name that is known has them already."""
    if "RA" not in text and "EU" not in text:
        return []
    found: dict[tuple[int, int], ConceptHit] = {}
    for concept, pattern in _SHORT:
        for hit in pattern.finditer(text):
            start, end = hit.span("name")
            known = any(
                each.start < end and start < each.end and each.concept.startswith(concept.partition("-")[0])
                for each in hits
            )
            if not known:
                found[start, end] = ConceptHit(concept, start, end, hit["name"])
    return list(found.values())
