"""The registry read from its data files, every statement checked."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from marketplace.catalogue.registry.checks import all_used, flag, kind_of, known, number, text
from marketplace.catalogue.registry.lookup import Registry, folded
from marketplace.catalogue.registry.types import (
    LOCALES,
    Category,
    Commodity,
    Confidence,
    Container,
    FieldType,
    GradeBand,
    Labels,
    Level,
    Load,
    Source,
    SpecField,
    SpecRule,
    SpecUnit,
    Stage,
    bilingual,
)
from marketplace.kernel.datafiles import DataFault, Tree, load_table, load_yaml
from marketplace.kernel.measures import UNITS, Quantity

DATA = Path(__file__).parent.parent / "data"

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HS6 = re.compile(r"\d{6}")
MOST_CRITICAL = 8  # where everything decides, nothing does
_STOWAGES = frozenset({"loose", "palletised", "liner"})
_KEYS = (
    "key level category hs hs_alternates hs_heading names value_chain units packaging moq_unit moq_typical loads "
    "usable_cbm_fcl40hc loads_confidence loads_source spec shelf_life_months storage confidence note"
)
_COMMODITY_KEYS = frozenset(_KEYS.split())
_RULE_KEYS = frozenset({"field", "required", "critical", "typical", "min", "max", "basis", "basis_note"})


@cache
def load_registry() -> Registry:
    """The registry, read once; raises ``DataFault`` naming file and place when the data are not sound."""
    return read_registry(DATA)


def read_registry(folder: Path) -> Registry:
    """The registry in ``folder``, read anew."""
    tree = load_yaml(folder / "commodities.yaml")
    units = _units(folder)
    fields = _fields(folder, units)
    categories = _categories(folder)
    sources = {
        key: Source(key, text(row, "title", key), text(row, "where", key), flag(row, "seen", key))
        for key, row in tree["sources"].items()
    }
    names = _labels(folder, "commodities")
    commodities: dict[str, Commodity] = {}
    for row in tree["commodities"]:
        commodity = _commodity(row, names, fields, categories, sources)
        if commodity.key in commodities:
            raise DataFault(f"commodities.yaml: {commodity.key} stands there twice")
        commodities[commodity.key] = commodity
    all_used("labels/commodities.csv", names, commodities)
    return Registry(
        version=tree["version"],
        commodities=MappingProxyType(commodities),
        categories=MappingProxyType(categories),
        fields=MappingProxyType(fields),
        containers=MappingProxyType({key: _container(key, row) for key, row in tree["containers"].items()}),
        sni_2907_grades=_grades(tree["sni_2907_grades"]),
        terms=MappingProxyType(_labels(folder, "terms")),
        minimums=MappingProxyType(_minimums(folder, {*categories, *commodities})),
        keys_by_name=MappingProxyType(_names(commodities.values())),
    )


def _minimums(folder: Path, groups: Collection[str]) -> dict[str, Quantity]:
    """What the smallest order of a group of commodities, or of a commodity that differs from its group, usually is."""
    found: dict[str, Quantity] = {}
    for row in load_table(folder / "usual_minimums.csv"):
        key, place = row["group"], f"usual_minimums.csv: {row['group']}"
        known(UNITS, row["unit"], place)
        least = Quantity(number(row["quantity"], place), row["unit"])
        if key not in groups or key in found or least.amount <= 0:
            raise DataFault(f"{place}: is no group of goods, stands there twice or is not above zero")
        found[key] = least
    return found


def _labels(folder: Path, name: str) -> dict[str, Labels]:
    found: dict[str, Labels] = {}
    for row in load_table(folder / "labels" / f"{name}.csv"):
        key = row["key"]
        if key in found:
            raise DataFault(f"labels/{name}.csv: {key} stands there twice")
        texts = {locale: row[locale].strip() for locale in LOCALES}
        missing = [locale for locale, text in texts.items() if not text]
        if missing:
            raise DataFault(f"labels/{name}.csv: {key} has no label in {', '.join(missing)}")
        found[key] = MappingProxyType(texts)
    return found


def _units(folder: Path) -> dict[str, SpecUnit]:
    labels = _labels(folder, "spec_units")
    units = {}
    for row in load_table(folder / "labels" / "spec_units.csv"):
        code = row["key"]
        aliases = {code.casefold(): Decimal(1)}
        # An alias never holds a space in its factor, but may in its name ("g I2/100 g"): labels cover those.
        for pair in row["aliases"].split():
            word, found, factor = pair.rpartition("=")
            if not found:
                raise DataFault(f"labels/spec_units.csv: {code}: {pair} has no factor")
            aliases[word.casefold()] = number(factor, f"labels/spec_units.csv: {code}")
        for local in labels[code].values():
            aliases.setdefault(local.casefold(), Decimal(1))
        units[code] = SpecUnit(code, labels[code], MappingProxyType(aliases))
    return units


def _fields(folder: Path, units: Mapping[str, SpecUnit]) -> dict[str, SpecField]:
    labels, value_labels = _labels(folder, "spec_fields"), _labels(folder, "spec_values")
    fields: dict[str, SpecField] = {}
    used: set[str] = set()
    for row in load_table(folder / "spec_fields.csv"):
        key, place = row["key"], f"spec_fields.csv: {row['key']}"
        kind = kind_of(FieldType, row["type"], place)
        allowed = row["allowed"].split()
        if (kind is FieldType.NUMBER) != (row["unit"] in units):
            raise DataFault(f"{place}: numbers, and only they, have a known unit")
        if bool(allowed) != (kind in (FieldType.ENUM, FieldType.MULTI)):
            raise DataFault(f"{place}: choices, and only they, have allowed values")
        if key not in labels:
            raise DataFault(f"{place}: has no labels")
        if row["facet"] not in ("terms", "range", ""):
            raise DataFault(f"{place}: facet {row['facet']!r}")
        values = {}
        for value in allowed:
            used.add(f"{key}:{value}")
            values[value] = known(value_labels, f"{key}:{value}", "labels/spec_values.csv")
        fields[key] = SpecField(
            key=key,
            type=kind,
            unit=units.get(row["unit"]),
            minimum=number(row["min"], place) if row["min"] else None,
            maximum=number(row["max"], place) if row["max"] else None,
            pattern=re.compile(row["pattern"]) if row["pattern"] else None,
            facet="terms" if row["facet"] == "terms" else "range" if row["facet"] == "range" else "",
            labels=labels[key],
            values=MappingProxyType(values),
            spellings=MappingProxyType(_spellings(values)),
        )
    all_used("labels/spec_fields.csv", labels, fields)
    all_used("labels/spec_values.csv", value_labels, used)
    return fields


def _spellings(values: Mapping[str, Labels]) -> dict[str, str]:
    """Every way to write an allowed value: its key, its labels, and keys with spaces for hyphens."""
    found: dict[str, str] = {}
    for value, labels in values.items():
        for spelling in (value, value.replace("-", " "), *labels.values(), bilingual(labels)):
            found.setdefault(folded(spelling), value)
    return found


def _categories(folder: Path) -> dict[str, Category]:
    labels = _labels(folder, "categories")
    for key in labels:
        parent = key.rpartition("/")[0]
        if parent and parent not in labels:
            raise DataFault(f"labels/categories.csv: {key} hangs in the air")
    parents = {key: key.rpartition("/")[0] for key in labels}
    return {
        key: Category(key, parents[key], labels[key], tuple(child for child in labels if parents[child] == key))
        for key in labels
    }


def _commodity(
    row: Tree,
    names: Mapping[str, Labels],
    fields: Mapping[str, SpecField],
    categories: Mapping[str, Category],
    sources: Mapping[str, Source],
) -> Commodity:
    key = row.get("key", "?")
    place = f"commodities.yaml: {key}"
    unknown = set(row) - _COMMODITY_KEYS
    if unknown:
        raise DataFault(f"{place}: does not know {', '.join(sorted(unknown))}")
    if not _KEY.fullmatch(key):
        raise DataFault(f"{place}: not a key")
    known(categories, row["category"], place)
    codes = (row["hs"], *row.get("hs_alternates", ()))
    if not all(_HS6.fullmatch(code) for code in codes) or len(set(codes)) != len(codes):
        raise DataFault(f"{place}: HS codes {', '.join(codes)}")
    if list(row["value_chain"]) != list(Stage):
        raise DataFault(f"{place}: the value chain is petik, olah, kemas, jual")
    if list(row["names"]) != list(LOCALES) or not all(row["names"].values()):
        raise DataFault(f"{place}: needs search words in {', '.join(LOCALES)}")
    for unit in (*row["units"], row["moq_unit"]):
        known(UNITS, unit, place)
    source = row.get("loads_source")
    if source:
        known(sources, source, place)
    rules = _rules(row["spec"], fields, sources, place)
    confidence = kind_of(Confidence, row["confidence"], place)
    seen = [r for r in rules.values() if r.basis and r.basis.is_seen]
    if confidence is Confidence.SEEN and not seen and not (source and sources[source].is_seen):
        raise DataFault(f"{place}: is marked as seen, but nothing in it was")
    cbm = row.get("usable_cbm_fcl40hc")
    return Commodity(
        key=key,
        labels=known(names, key, "labels/commodities.csv"),
        words=MappingProxyType({locale: tuple(words) for locale, words in row["names"].items()}),
        level=kind_of(Level, row["level"], place),
        category=row["category"],
        hs=codes[0],
        hs_alternates=tuple(codes[1:]),
        hs_heading=row["hs_heading"],
        value_chain=MappingProxyType({Stage(stage): text for stage, text in row["value_chain"].items()}),
        units=tuple(row["units"]),
        packaging=tuple(row["packaging"]),
        moq_unit=row["moq_unit"],
        moq_typical=row["moq_typical"],
        loads=tuple(_load(load, place) for load in row.get("loads", ())),
        loads_confidence=kind_of(Confidence, row["loads_confidence"], place),
        usable_cbm_fcl40hc=(number(cbm[0], place), number(cbm[1], place)) if cbm else None,
        rules=MappingProxyType(rules),
        shelf_life_months=number(row["shelf_life_months"], place),
        storage=row["storage"],
        confidence=confidence,
        note=row.get("note", ""),
    )


def _rules(
    rows: Tree, fields: Mapping[str, SpecField], sources: Mapping[str, Source], place: str
) -> dict[str, SpecRule]:
    rules: dict[str, SpecRule] = {}
    for row in rows:
        field = known(fields, row["field"], place)
        here = f"{place}, {field.key}"
        unknown = set(row) - _RULE_KEYS
        if unknown or field.key in rules:
            raise DataFault(f"{here}: stands there twice or does not know {', '.join(sorted(unknown))}")
        typical = tuple(number(value, here) for value in row.get("typical", ()))
        lowest, highest = (number(row[end], here) if end in row else None for end in ("min", "max"))
        stated = [limit for limit in (*typical, lowest, highest) if limit is not None]
        if stated and field.type is not FieldType.NUMBER:
            raise DataFault(f"{here}: has limits but is no number")
        for limit in stated:
            if (field.minimum is not None and limit < field.minimum) or (
                field.maximum is not None and limit > field.maximum
            ):
                raise DataFault(f"{here}: {limit} lies outside the field's range")
        if (lowest is not None or highest is not None) and "basis" not in row:
            raise DataFault(f"{here}: a limit needs its basis")
        if typical and (len(typical) != 2 or typical[0] > typical[1]):
            raise DataFault(f"{here}: typical is a low and a high value")
        rules[field.key] = SpecRule(
            field=field,
            is_required=flag(row, "required", here) if "required" in row else False,
            is_critical=flag(row, "critical", here) if "critical" in row else False,
            typical=(typical[0], typical[1]) if typical else None,
            lowest=lowest,
            highest=highest,
            basis=known(sources, row["basis"], here) if "basis" in row else None,
            basis_note=row.get("basis_note", ""),
        )
    if not any(rule.is_required for rule in rules.values()):
        raise DataFault(f"{place}: asks for nothing")
    decisive = sum(rule.is_critical for rule in rules.values())
    if not 0 < decisive <= MOST_CRITICAL:
        raise DataFault(f"{place}: {decisive} fields decide, not one to {MOST_CRITICAL}")
    return rules


def _load(row: Tree, place: str) -> Load:
    container, stowage = row["container"], row["stowage"]
    if container not in UNITS or stowage not in _STOWAGES:
        raise DataFault(f"{place}: load {container} {stowage}")
    low, high = (Quantity(number(row[end], place), row["unit"]) for end in ("low", "high"))
    if not 0 < low.amount <= high.amount:
        raise DataFault(f"{place}: load {container} from {low.amount} to {high.amount}")
    return Load(container, stowage, low, high)


def _container(key: str, row: Tree) -> Container:
    place = f"commodities.yaml: containers, {key}"
    known(UNITS, key, place)
    payload = Quantity(number(row["max_payload_t"], place), "mt")
    return Container(key, number(row["inner_cbm"], place), payload, kind_of(Confidence, row["confidence"], place))


def _grades(rows: Tree) -> tuple[GradeBand, ...]:
    return tuple(
        GradeBand(row["grade"], int(row["defect_min"]), int(row["defect_max"]), row.get("note", "")) for row in rows
    )


def _names(commodities: Collection[Commodity]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for commodity in commodities:
        for word in (word for words in commodity.words.values() for word in words):
            found.setdefault(folded(word), set()).add(commodity.key)
    # A commodity's own name means it alone, even where another is searched for by the same word.
    for commodity in commodities:
        for name in (*commodity.labels.values(), bilingual(commodity.labels)):
            found[folded(name)] = {commodity.key}
    return {name: frozenset(keys) for name, keys in found.items()}
