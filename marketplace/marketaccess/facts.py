"""Market-access facts read from their data file, every statement checked."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from types import MappingProxyType

from marketplace.kernel.datafiles import DataFault, Tree, load_yaml
from marketplace.marketaccess.rules import (
    INCOTERMS,
    EvidenceKind,
    FactSource,
    HalalRecognition,
    Incoterm,
    Limit,
    MarketFacts,
    OriginForm,
    Requirement,
    RequirementLevel,
    Side,
    Step,
)

FILE = Path(__file__).parent / "data" / "market_access.yaml"

_PREFIX = re.compile(r"\d{2}|\d{4}|\d{6}")
_ALL_GOODS = "*"


@cache
def load_facts() -> MarketFacts:
    """The facts, read once; raises ``DataFault`` naming the place when they are not sound."""
    return read_facts(FILE)


def read_facts(path: Path) -> MarketFacts:
    """The facts in ``path``, read anew."""
    tree = load_yaml(path)
    try:
        return _facts(tree)
    except (KeyError, TypeError, ValueError, InvalidOperation) as fault:
        raise DataFault(f"{path.name}: {fault}") from fault


def _facts(tree: Tree) -> MarketFacts:
    sources = {key: _source(key, row) for key, row in tree["sources"].items()}
    evidence = {key: _evidence(key, row) for key, row in tree["documents"].items()}
    destinations = tree["destinations"]
    requirements = [
        _requirement(row, tree["hs_groups"], destinations, evidence, sources) for row in tree["requirements"]
    ]
    ids = [requirement.id for requirement in requirements]
    if len(set(ids)) != len(ids):
        raise DataFault("a requirement stands there twice")
    incoterms = {row["code"]: _incoterm(row, tree["incoterms_2020"]) for row in tree["incoterms_2020"]["rules"]}
    if set(incoterms) != set(INCOTERMS):
        raise DataFault("the Incoterms are not the eleven of 2020")
    return MarketFacts(
        as_of=date.fromisoformat(tree["meta"]["as_of"]),
        disclaimer=tree["meta"]["disclaimer"],
        destinations=MappingProxyType(destinations),
        blocs=MappingProxyType({bloc: frozenset(members) for bloc, members in tree["blocs"].items()}),
        evidence=MappingProxyType(evidence),
        sources=MappingProxyType(sources),
        requirements=tuple(requirements),
        origin_forms=tuple(_origin_form(row, tree["hs_groups"], destinations, sources) for row in tree["coo_forms"]),
        halal=tuple(_halal(row, destinations, sources) for row in tree["halal_recognition"]),
        incoterms=MappingProxyType(incoterms),
    )


def _evidence(key: str, row: Tree) -> EvidenceKind:
    if row.get("per", "") not in ("", "shipment"):
        raise DataFault(f"{key}: per {row['per']!r}")
    labels = {"en": row["label_en"], "id": row["label_id"]}
    return EvidenceKind(key, row["kind"], MappingProxyType(labels), is_per_shipment="per" in row)


def _source(key: str, row: Tree) -> FactSource:
    seen_on = row["seen_on"]
    return FactSource(
        key,
        row["title"],
        row["where"],
        row["quality"],
        _flag(row["seen"], key),
        date.fromisoformat(seen_on) if seen_on not in ("", "null", "~") else None,
    )


def _flag(text: str, place: str) -> bool:
    if text not in ("true", "false"):
        raise DataFault(f"{place}: {text!r} is neither true nor false")
    return text == "true"


def _is_seen(row: Tree, place: str, sources: tuple[FactSource, ...]) -> bool:
    if row["confidence"] not in ("seen", "memory"):
        raise DataFault(f"{place}: confidence {row['confidence']!r}")
    is_seen: bool = row["confidence"] == "seen"
    if is_seen and not any(source.is_seen for source in sources):
        raise DataFault(f"{place}: is marked as seen, but none of its sources was")
    return is_seen


def _sources(row: Tree, sources: Mapping[str, FactSource]) -> tuple[FactSource, ...]:
    return tuple(sources[key] for key in row["source"])


def _known(codes: Tree, destinations: Mapping[str, str], place: str) -> frozenset[str]:
    strange = set(codes) - set(destinations)
    if strange or not codes:
        raise DataFault(f"{place}: destinations {', '.join(sorted(strange)) or 'are missing'}")
    return frozenset(codes)


def _prefixes(entries: Tree, groups: Mapping[str, list[str]], place: str) -> tuple[str, ...]:
    found: list[str] = []
    for entry in entries:
        found += groups[entry[1:]] if entry.startswith("@") else [entry]
    if _ALL_GOODS in found:
        return ()
    for prefix in found:
        if not _PREFIX.fullmatch(prefix):
            raise DataFault(f"{place}: {prefix!r} is no HS prefix")
    return tuple(dict.fromkeys(found))


def _requirement(
    row: Tree,
    groups: Mapping[str, list[str]],
    destinations: Mapping[str, str],
    evidence: Mapping[str, EvidenceKind],
    sources: Mapping[str, FactSource],
) -> Requirement:
    place, goods = row["id"], row["applies_to"]
    seen_in = _sources(row, sources)
    effective = tuple(Step(date.fromisoformat(step["date"]), step["what"]) for step in row["effective"])
    if list(effective) != sorted(effective, key=lambda step: step.day):
        raise DataFault(f"{place}: its dates are not in order")
    for key in ("hs", "exporter_shows", "legal_basis", "authority"):
        if not (goods if key == "hs" else row)[key]:
            raise DataFault(f"{place}: {key} is missing")
    return Requirement(
        id=place,
        title=row["title"],
        destinations=_known(row["destinations"], destinations, place),
        side=Side(row["side"]),
        kind=row["kind"],
        level=RequirementLevel(row["level"]),
        authority=row["authority"],
        prefixes=_prefixes(goods["hs"], groups, place),
        excluded=_prefixes(goods["hs_exclude"], groups, place),
        who=goods["who"],
        trigger=goods["trigger"],
        exporter_shows=tuple(evidence[key] for key in row["exporter_shows"]),
        importer_does=tuple(text for text in row["importer_does"] if text != "-"),
        limits=tuple(Limit(limit["item"], Decimal(limit["max"]), limit["unit"]) for limit in row["limits"]),
        legal_basis=tuple(row["legal_basis"]),
        effective=effective,
        sources=seen_in,
        is_seen=_is_seen(row, place, seen_in),
        note=row["note"],
        review_by=date.fromisoformat(row["review_by"]),
    )


def _origin_form(
    row: Tree,
    groups: Mapping[str, list[str]],
    destinations: Mapping[str, str],
    sources: Mapping[str, FactSource],
) -> OriginForm:
    seen_in = _sources(row, sources)
    return OriginForm(
        form=row["form"],
        agreement=row["agreement"],
        destinations=_known(row["destinations"], destinations, row["form"]),
        status=row["status"],
        proof=row["proof"],
        prefixes=_prefixes(row.get("hs", []), groups, row["form"]),
        sources=seen_in,
        is_seen=_is_seen(row, row["form"], seen_in),
        note=row["note"],
    )


def _halal(row: Tree, destinations: Mapping[str, str], sources: Mapping[str, FactSource]) -> HalalRecognition:
    seen_in = _sources(row, sources)
    (destination,) = _known([row["destination"]], destinations, "halal_recognition")
    return HalalRecognition(
        destination=destination,
        body=row["body"],
        indonesian_body=row["indonesian_body"],
        status=row["status"],
        since=date.fromisoformat(row["since"]) if row["since"] else None,
        sources=seen_in,
        is_seen=_is_seen(row, f"halal in {destination}", seen_in),
        note=row["note"],
    )


def _incoterm(row: Tree, table: Tree) -> Incoterm:
    code = row["code"]
    if list(row["costs"]) != table["tasks"] or not set(row["costs"].values()) <= set(table["values"]):
        raise DataFault(f"{code}: costs")
    if row["modes"] not in ("any", "sea"):
        raise DataFault(f"{code}: modes {row['modes']!r}")
    return Incoterm(
        code=code,
        name=row["name"],
        is_sea_only=row["modes"] == "sea",
        named_place=row["named_place"],
        risk_passes=row["risk_passes"],
        costs=MappingProxyType(row["costs"]),
        insurance_rule=row["insurance_rule"],
        note=row["note"],
    )
