"""A file of many different products, written for the import as an exporter would."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from random import Random

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Commodity, FieldType, SpecRule

PLACES = ("Malang", "Jember", "Banyuwangi", "Blitar", "Bondowoso", "Lumajang", "Pasuruan", "Kediri", "Tuban", "Sumenep")
LOTS = ("estate lot", "small farms", "cooperative lot", "first harvest", "selected grade", "export lot", "trial lot")


def write_products(path: Path, count: int) -> None:
    """``count`` rows over all commodities of the registry with every required specification; the same each time."""
    random, registry = Random(7), load_registry()
    commodities = [registry.commodity(key) for key in sorted(registry.commodities)]
    fields = sorted({rule.field.key for one in commodities for rule in one.required})
    head = [
        "external_key", "commodity", "language", "title_en", "description_en", "origin_country", "origin_region", "moq",
        "capacity_per_month", "lead_time_days", "packaging", "incoterm", "price_place", "price",
        *(f"spec.{key}" for key in fields),
    ]  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, head, restval="")
        writer.writeheader()
        for number in range(count):
            writer.writerow(_row(commodities[number % len(commodities)], number, random))


def _row(commodity: Commodity, number: int, random: Random) -> dict[str, str]:
    place, unit = random.choice(PLACES), commodity.units[0]
    name = commodity.name("en")
    least = random.choice((50, 100, 200, 500, 1000))
    row = {
        "external_key": f"BENCH-{number:06d}",
        "commodity": commodity.key,
        "language": "en",
        "title_en": f"{name} of {place}, {random.choice(LOTS)} {number}",
        "description_en": f"{name} grown or made around {place} and packed for export. Lot {number}.",
        "origin_country": "ID",
        "origin_region": place,
        "moq": f"{least} {unit}",
        "capacity_per_month": f"{least * random.randint(4, 40)} {unit}",
        "lead_time_days": str(random.randint(7, 60)),
        "packaging": commodity.packaging[0],
        "incoterm": "FOB",
        "price_place": "Surabaya",
        "price": f"USD {random.randint(80, 2500) / 100:.2f}/{unit}",
    }
    return row | {f"spec.{rule.field.key}": _usual(rule) for rule in commodity.required}


def _usual(rule: SpecRule) -> str:
    field = rule.field
    if field.type is FieldType.NUMBER:
        low, high = rule.typical or (rule.lowest, rule.highest)
        low = next(n for n in (low, field.minimum, Decimal(0)) if n is not None)
        high = next(n for n in (high, field.maximum, low) if n is not None)
        return f"{(low + high) / 2:.1f}"
    plain = {
        FieldType.BOOL: "yes",
        FieldType.TEXT: "Malang",
        FieldType.DATE: "2026-08-01",
        FieldType.MONTH_RANGE: "05-09",
        FieldType.CROP_YEAR: "2026",
    }
    return plain.get(field.type) or next(iter(field.values))
