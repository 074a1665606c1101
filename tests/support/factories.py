"""Things on the market for tests, in the trade's words: drafts, listed products, certificates."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from marketplace.catalogue.events import CertificateChanged, ListingPublished, ProductChanged
from marketplace.catalogue.models import (
    Certificate,
    MonthPlan,
    Photo,
    PriceRung,
    Product,
    ProductCertificate,
    ProductSpec,
    ProductText,
)
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Commodity, FieldType, SpecRule
from marketplace.catalogue.rules import CapacityKind, ListingState, Stage
from marketplace.kernel.clock import now, today
from marketplace.kernel.events import record
from marketplace.kernel.uow import transaction
from tests.support.people import Person

_numbers = itertools.count(1)
Rung = tuple[str, str, str, str, str, str]  # incoterm, place, unit, currency, from quantity, price


def a_draft(person: Person, commodity: str = "coffee-arabica-green", **more: Any) -> Product:
    """A draft of ``person``'s that lacks nothing but a curator's word; ``more`` replaces columns and parts.

    Parts: ``title``, ``description``, ``texts`` {language: title}, ``specs`` {field: text or number}, ``rungs`` (list
    of ``Rung``), ``certificates`` (rows), ``has_photo``, ``months`` {month 1-12: quantity}.
    """
    return _product(person, commodity, ListingState.DRAFT, more)


def a_listed_product(person: Person, commodity: str = "coffee-arabica-green", **more: Any) -> Product:
    """A listed product of ``person``'s, complete by the commodity's rules; ``more`` as for ``a_draft``."""
    return _product(person, commodity, ListingState.LISTED, more)


def a_certificate(person: Person, code: str = "organic-eu", **more: Any) -> Certificate:
    """A certificate of ``person``'s, verified and valid for a year unless told otherwise."""
    values: dict[str, Any] = {
        "issuer": "Contoh Certification", "number": f"C-{next(_numbers):05d}", "scope": "",
        "valid_from": today() - timedelta(days=30), "valid_to": today() + timedelta(days=335),
        "verified_at": now(), "verified_method": "document", "created_at": now(),
    }  # fmt: skip
    with transaction() as session:
        certificate = Certificate(seller_id=person.seller_id, code=code, **(values | more))
        session.add(certificate)
        session.flush()  # the event needs its key
        record(session, CertificateChanged(certificate.id))
    return certificate


def _product(person: Person, key: str, state: ListingState, more: dict[str, Any]) -> Product:
    commodity = load_registry().commodity(key)
    number = next(_numbers)
    title = more.pop("title", f"{commodity.name('en')} {number}")
    texts = more.pop("texts", {})
    description = more.pop("description", f"{commodity.name('en')} of one harvest, packed for export.")
    specs = _specs(commodity, more.pop("specs", {}))
    rungs: list[Rung] = more.pop("rungs", [])
    certificates: list[Certificate] = more.pop("certificates", [])
    has_photo = more.pop("has_photo", True)
    months: dict[int, Any] = more.pop("months", {})
    language = more.get("original_language", "en")
    unit = more.get("unit", commodity.units[0])
    values: dict[str, Any] = {
        "slug": f"product-{number}", "seller_id": person.seller_id, "producer_id": person.producer_id,
        "category": commodity.category, "hs_code": commodity.hs, "stage": Stage.JUAL, "state": state,
        "original_language": language, "unit": unit, "moq": Decimal(100), "moq_basis": "own",
        "capacity_per_month": Decimal(5000),
        "lead_time_days": 21, "packaging": commodity.packaging[0], "ports": ["Tanjung Perak"], "destinations": [],
        "sample_is_offered": True, "origin_country": "ID", "origin_region": "kab-malang", "crop_year": "2026",
        "listed_at": now() if state is ListingState.LISTED else None, "created_at": now(), "changed_at": now(),
    }  # fmt: skip
    if not rungs:
        rungs = [("FOB", "Tanjung Perak", unit, "USD", str(values["moq"]), "6.200000")]
    first = rungs[0]
    values |= {
        "card_price": Decimal(first[5]), "card_price_currency": first[3], "card_price_unit": first[2],
        "card_price_term": f"{first[0]} {first[1]}",
        "price_per_kg_usd": Decimal(first[5]) if (first[2], first[3]) == ("kg", "USD") else None,
        "card_titles": {language: title, **texts},
        "card_certificates": [
            [held.code, held.valid_from and held.valid_from.isoformat(), held.valid_to and held.valid_to.isoformat()]
            for held in certificates if held.verified_at
        ],
    }  # fmt: skip
    stem = f"{number:032x}"
    with transaction() as session:
        product = Product(
            commodity=key,
            **(values | ({"cover_photo": stem} if has_photo else {}) | more),
            texts=[ProductText(language=language, title=title, description=description, source="original")],
            specs=specs,
            prices=[
                PriceRung(
                    incoterm=term, place=place, unit=of, currency=currency, min_quantity=Decimal(least),
                    unit_price=Decimal(price),
                )
                for term, place, of, currency, least, price in rungs
            ],
            certificates=[ProductCertificate(certificate_id=held.id) for held in certificates],
            photos=[Photo(stem=stem, width=1280, height=960, alt={"en": title}, created_at=now())] if has_photo else [],
            months=[
                MonthPlan(month=date(1, month, 1), kind=CapacityKind.FREE, quantity=Decimal(quantity))
                for month, quantity in months.items()
            ],
            registrations=[],
        )  # fmt: skip
        product.texts += [
            ProductText(language=other, title=name, description="", source="human") for other, name in texts.items()
        ]
        session.add(product)
        session.flush()  # the events need its key
        record(session, ProductChanged(product.id))
        if state is ListingState.LISTED:
            record(session, ListingPublished(product.id))
    return product


def _specs(commodity: Commodity, chosen: dict[str, Any]) -> list[ProductSpec]:
    """Every required field with a usual value, and the chosen ones as told."""
    found = {rule.field.key: _usual(rule) for rule in commodity.required}
    if "origin_region" in found:
        found["origin_region"] = ProductSpec(field="origin_region", values=["Kabupaten Malang"])
    for key, value in chosen.items():
        if isinstance(value, Decimal | int):
            found[key] = ProductSpec(field=key, number=Decimal(value), values=[])
        else:
            found[key] = ProductSpec(field=key, values=list(value) if isinstance(value, list | tuple) else [str(value)])
    return list(found.values())


def _usual(rule: SpecRule) -> ProductSpec:
    field = rule.field
    if field.type is FieldType.NUMBER:
        if rule.typical:
            low, high = rule.typical
        else:
            low = next(n for n in (rule.lowest, field.minimum, Decimal(0)) if n is not None)
            high = next(n for n in (rule.highest, field.maximum, low) if n is not None)
        middle = (low + high) / 2
        return ProductSpec(field=field.key, number=middle.quantize(Decimal("0.1")), values=[])
    value = {
        FieldType.BOOL: "yes", FieldType.TEXT: "Malang", FieldType.DATE: "2026-08-01",
        FieldType.MONTH_RANGE: "05-09", FieldType.CROP_YEAR: "2026",
    }.get(field.type) or next(iter(field.values))  # fmt: skip
    return ProductSpec(field=field.key, values=[value])
