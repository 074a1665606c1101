"""A product of a file judged by the rules of the site, and turned into rows."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.catalogue.importing.products import ImportedProduct
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Commodity
from marketplace.catalogue.rules import TextSource
from marketplace.catalogue.rules.card import contents_of
from marketplace.catalogue.rules.completeness import ListingFacts, missing_items
from marketplace.catalogue.rules.minimum import MinimumBasis
from marketplace.catalogue.rules.specs import SpecColumns, columns_of
from marketplace.catalogue.rules.tariffs import TariffCode
from marketplace.catalogue.rules.trade import LARGEST_NUMBER, Rung
from marketplace.catalogue.services.card import price_columns
from marketplace.catalogue.services.drafts import TradeDraft
from marketplace.catalogue.services.products import LARGEST_SPEC
from marketplace.catalogue.services.trade import (
    normal_ports,
    normal_rungs,
    packing_columns,
    rung_problems,
    trade_problems,
    usual_minimum_of,
)
from marketplace.kernel.numerals import ParseError
from marketplace.kernel.ports import unknown_ports
from marketplace.kernel.regions import find_regency
from marketplace.kernel.text import slug as slug_of

# Raised when rows are kept in another way, so that a second import brings old products in line.
FORMAT = 2
_SIX_PLACES = Decimal("0.000001")
_TRADE_COLUMNS = {
    "moq": "moq", "capacity_per_month": "capacity_per_month", "unit_weight_kg": "unit_weight",
    "units_per_fcl20": "units_per_fcl20", "units_per_fcl40": "units_per_fcl40", "unit": "moq",
    "lead_time_days": "lead_time_days", "sample_days": "sample_days",
    "pack_unit": "pack_unit", "pack_net_kg": "pack_net_weight", "packs_per_carton": "packs_per_carton",
    "cartons_per_fcl20": "cartons_per_fcl20", "cartons_per_fcl40": "cartons_per_fcl40", "ports": "ports",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What the rules have against a row; ``column`` is one of the standard columns."""

    column: str
    sentence: object
    is_fatal: bool = True


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A product as column values, its parts without their product's key."""

    row: int
    external_key: str
    digest: str
    columns: dict[str, Any]
    texts: tuple[dict[str, Any], ...]
    specs: tuple[tuple[str, SpecColumns], ...]
    rungs: tuple[dict[str, Any], ...]
    certificates: tuple[dict[str, Any], ...]
    tariff_codes: tuple[TariffCode, ...]
    producer: str
    missing: tuple[str, ...]


def faults_of(product: ImportedProduct) -> list[Fault]:
    """What the site's rules have against a product of a file; one that is not fatal is only told."""
    draft = TradeDraft(
        unit=product.unit,
        moq=_rounded(product.moq.amount if product.moq else None),
        capacity_per_month=_rounded(product.capacity_per_month.amount if product.capacity_per_month else None),
        lead_time_days=product.lead_time_days,
        unit_weight_kg=_rounded(product.unit_weight_kg),
        units_per_fcl20=_rounded(product.units_per_fcl20),
        units_per_fcl40=_rounded(product.units_per_fcl40),
        packing=product.packing,
        ports=product.ports,
        sample_days=product.sample_days,
    )
    faults = [Fault(_TRADE_COLUMNS[name], sentence) for name, sentence in trade_problems(draft).items()]
    for sentence in rung_problems(_rungs(product)).values():
        faults.append(Fault("price", sentence))
    if product.hs_code not in load_registry().commodity(product.commodity).hs_codes:
        faults.append(Fault("hs_code", _("Choose one of the HS codes of this commodity.")))
    if any(len(title) < 3 for title in product.titles.values()):
        faults.append(Fault(f"title_{product.original_language}", _("Give a title of at least three letters.")))
    for port in unknown_ports(product.ports):
        sentence = _("We do not know a sea port called %(name)s. It stays as it is written.", name=port)
        faults.append(Fault("ports", sentence, is_fatal=False))
    for key, value in product.specs.items():
        columns = columns_of(value)
        if columns.number is not None and _is_too_large(columns):
            faults.append(Fault(f"spec.{key}", _("This number is too large.")))
    return faults


def ready_row(product: ImportedProduct, seller_id: int) -> ReadyRow:
    """The product as rows; it has no fatal faults."""
    commodity = load_registry().commodity(product.commodity)
    rungs = normal_rungs(_rungs(product))
    moq = _rounded(product.moq.amount if product.moq else None)
    weight = _rounded(product.unit_weight_kg)
    contents = contents_of(product.unit, weight, commodity.contents(), product.packing)
    region = _region(product.origin_country, product.origin_region)
    title = product.titles[product.original_language]
    columns: dict[str, Any] = {
        "slug": import_slug(title, seller_id, product.external_key),
        "external_key": product.external_key,
        "commodity": commodity.key,
        "category": commodity.category,
        "hs_code": product.hs_code,
        "stage": product.stage,
        "original_language": product.original_language,
        "unit": product.unit,
        "moq": moq,
        "moq_basis": _basis(product, commodity),
        "capacity_per_month": _rounded(product.capacity_per_month.amount if product.capacity_per_month else None),
        "lead_time_days": product.lead_time_days,
        "packaging": product.packaging,
        **packing_columns(product.packing),
        "unit_weight_kg": weight,
        "units_per_fcl20": _rounded(product.units_per_fcl20),
        "units_per_fcl40": _rounded(product.units_per_fcl40),
        "ports": normal_ports(product.ports),
        "destinations": sorted(product.destinations),
        "has_private_label": product.has_private_label,
        "sample_is_offered": product.sample_is_offered,
        "sample_is_free": product.sample_is_offered and product.sample_is_free,
        "sample_days": product.sample_days if product.sample_is_offered else None,
        "sample_note": product.sample_note if product.sample_is_offered else "",
        "origin_country": product.origin_country,
        "origin_region": region,
        "crop_year": product.crop_year[:20],
        "card_titles": dict(product.titles),
        "filled_in": list(product.filled_in),
    }
    facts = ListingFacts(
        title=title,
        producer_id=0,  # the batch sees to it that there is one
        hs_code=product.hs_code,
        unit=product.unit,
        moq=moq,
        capacity_per_month=columns["capacity_per_month"],
        lead_time_days=product.lead_time_days,
        packaging=product.packaging,
        has_packing=product.packing.is_stated,
        origin_country=product.origin_country,
        price_count=len(rungs),
        photo_count=0,
        missing_specs=tuple(rule.field.key for rule in commodity.required if rule.field.key not in product.specs),
    )
    texts = tuple(
        {
            "language": language,
            "title": text,
            "description": product.descriptions.get(language, ""),
            "source": TextSource.ORIGINAL if language == product.original_language else TextSource.HUMAN,
        }
        for language, text in product.titles.items()
    )
    specs = tuple((key, columns_of(value)) for key, value in product.specs.items())
    certificates = tuple(
        {"code": c.code, "issuer": c.issuer, "number": c.number, "valid_from": c.valid_from, "valid_to": c.valid_to}
        for c in product.certificates
    )
    rung_rows = tuple(
        {
            "incoterm": rung.incoterm, "place": rung.place, "unit": rung.unit, "currency": rung.currency,
            "min_quantity": rung.min_quantity, "unit_price": rung.unit_price,
        }
        for rung in rungs
    )  # fmt: skip
    # the rates of the day are no part of what the file says
    digest = _digest((columns, texts, specs, certificates, rung_rows, product.tariff_codes, product.producer))
    return ReadyRow(
        row=product.row,
        external_key=product.external_key,
        digest=digest,
        columns=columns | price_columns(rungs, moq, product.unit, contents),
        texts=texts,
        specs=specs,
        rungs=rung_rows,
        certificates=certificates,
        tariff_codes=product.tariff_codes,
        producer=product.producer,
        missing=tuple(missing_items(facts, needs_photo=False)),
    )


def import_slug(title: str, seller_id: int, external_key: str) -> str:
    """An address that the same product of the same seller always gets, without asking the database."""
    mark = hashlib.blake2b(f"{seller_id}\n{external_key}".encode(), digest_size=6).digest()
    return f"{slug_of(title, 'product')}-{base64.b32encode(mark).decode().rstrip('=').lower()}"


def _rungs(product: ImportedProduct) -> list[Rung]:
    return [
        Rung(
            rung.incoterm, rung.place, rung.price.unit, rung.price.currency, _kept(rung.min_quantity.amount),
            rung.price.amount,
        )
        for rung in product.rungs
    ]  # fmt: skip


def _basis(product: ImportedProduct, commodity: Commodity) -> str:
    """Who said the smallest order: the row, or the usual one of the group or of the marketplace that it accepts."""
    if product.moq is None:
        return ""
    if not product.takes_usual_moq:
        return MinimumBasis.OWN
    contents = contents_of(product.unit, product.unit_weight_kg, commodity.contents(), product.packing)
    found = usual_minimum_of(commodity, product.unit, contents)
    return found.basis if found else MinimumBasis.SYSTEM


def _is_too_large(columns: SpecColumns) -> bool:
    return any(n is not None and abs(n) > LARGEST_SPEC for n in (columns.number, columns.number_to))


def _region(country: str, region: str) -> str:
    """A regency of East Java under its key; other regions as they stand."""
    if country != "ID" or not region:
        return region[:80]
    try:
        return find_regency(region).key
    except ParseError:
        return region[:80]


def _rounded(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else _kept(amount)


def _kept(amount: Decimal) -> Decimal:
    """Six decimals, as the database keeps; conversions of pounds and containers make more of them."""
    return amount.quantize(_SIX_PLACES) if abs(amount) <= LARGEST_NUMBER else amount


def _digest(parts: Iterable[Any]) -> str:
    return hashlib.blake2b(f"{FORMAT}{parts!r}".encode(), digest_size=16).hexdigest()
