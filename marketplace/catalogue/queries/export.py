"""Products as rows of the standard columns, so that a file that was exported can be imported again."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.catalogue.importing.columns import MOST_CERTIFICATES, MOST_RUNGS
from marketplace.catalogue.models import Product, ProductCertificate
from marketplace.catalogue.registry.calendar import MonthRange
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import NumberRange
from marketplace.catalogue.rules.minimum import MinimumBasis
from marketplace.catalogue.rules.specs import value_of
from marketplace.kernel.regions import REGENCIES

BATCH = 200
_PARTS = (
    selectinload(Product.texts),
    selectinload(Product.specs),
    selectinload(Product.prices),
    selectinload(Product.certificates).joinedload(ProductCertificate.certificate),
    selectinload(Product.tariff_codes),
    joinedload(Product.producer),
)


def export_rows(session: Session, seller_id: int | None, locale: str = "en") -> list[dict[str, str]]:
    """Every product of a seller (of all sellers for None) by standard column; one ladder a product, as in the template.

    ``locale`` is the language of choices in the specifications.
    """
    rows: list[dict[str, str]] = []
    last = 0
    while True:
        query = select(Product).options(*_PARTS).where(Product.id > last).order_by(Product.id).limit(BATCH)
        if seller_id is not None:
            query = query.where(Product.seller_id == seller_id)
        products = session.scalars(query).all()
        if not products:
            return rows
        rows += [_row(product, locale) for product in products]
        last = products[-1].id
        session.expunge_all()  # memory holds texts, not objects


def _row(product: Product, locale: str) -> dict[str, str]:
    unit = product.unit
    region = REGENCIES.get(product.origin_region)
    is_usual = product.moq_basis in (MinimumBasis.GROUP, MinimumBasis.SYSTEM)
    row = {
        "external_key": product.external_key or product.slug,
        "commodity": product.commodity,
        "language": product.original_language,
        "stage": product.stage,
        "hs_code": product.hs_code,
        "producer": product.producer.name if product.producer else "",
        "origin_country": product.origin_country,
        "origin_region": region.full_name if region else product.origin_region,
        "moq": "" if is_usual else _amount(product.moq, unit),
        "moq_usual": "yes" if is_usual else "",
        "capacity_per_month": _amount(product.capacity_per_month, unit),
        "lead_time_days": "" if product.lead_time_days is None else str(product.lead_time_days),
        "packaging": product.packaging,
        "pack_unit": product.pack_unit,
        "pack_net_weight": _amount(product.pack_net_kg, "kg"),
        "packs_per_carton": _count(product.packs_per_carton),
        "cartons_per_fcl20": _count(product.cartons_per_fcl20),
        "cartons_per_fcl40": _count(product.cartons_per_fcl40),
        "unit_weight": _amount(product.unit_weight_kg, "kg"),
        "units_per_fcl20": _plain(product.units_per_fcl20),
        "units_per_fcl40": _plain(product.units_per_fcl40),
        "sample_offered": _answer(product.sample_is_offered),
        "sample_free": _answer(product.sample_is_free),
        "sample_days": "" if product.sample_days is None else str(product.sample_days),
        "sample_note": product.sample_note,
        "ports": "; ".join(product.ports),
        "destinations": "; ".join(product.destinations),
        "private_label": _answer(product.has_private_label),
    }
    for code in product.tariff_codes:
        row[f"tariff_{code.market}"] = code.code
        row[f"tariff_{code.market}_source"] = code.source
    for text in product.texts:
        row[f"title_{text.language}"] = text.title
        row[f"description_{text.language}"] = text.description
    return row | _prices(product) | _certificates(product) | _specs(product, locale)


def _prices(product: Product) -> dict[str, str]:
    """The ladder of the card; the template has room for one."""
    ladder = [p for p in product.prices if f"{p.incoterm} {p.place}"[:80] == product.card_price_term]
    ladder = [p for p in ladder if (p.unit, p.currency) == (product.card_price_unit, product.card_price_currency)]
    if not ladder:
        return {}
    found = {"incoterm": ladder[0].incoterm, "price_place": ladder[0].place}
    for number, rung in enumerate(sorted(ladder, key=lambda p: p.min_quantity)[:MOST_RUNGS], 1):
        name = "price" if number == 1 else f"price_{number}"
        found[name] = f"{rung.currency} {_plain(rung.unit_price)}/{rung.unit}"
        found[f"{name}_from"] = _amount(rung.min_quantity, rung.unit)
    return found


def _certificates(product: Product) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, link in enumerate(product.certificates[:MOST_CERTIFICATES], 1):
        held, name = link.certificate, f"certificate_{number}"
        found[f"{name}_code"], found[f"{name}_issuer"] = held.code, held.issuer
        found[f"{name}_number"] = held.number
        found[f"{name}_from"] = held.valid_from.isoformat() if held.valid_from else ""
        found[f"{name}_to"] = held.valid_to.isoformat() if held.valid_to else ""
    return found


def _specs(product: Product, locale: str) -> dict[str, str]:
    rules = load_registry().commodity(product.commodity).rules
    found: dict[str, str] = {}
    for row in product.specs:
        rule = rules.get(row.field)
        value = value_of(rule.field, row.number, row.number_to, row.values) if rule else None
        if rule is None or value is None:
            continue
        if isinstance(value, bool):
            text = _answer(value)
        elif isinstance(value, Decimal):
            text = _plain(value)
        elif isinstance(value, NumberRange):
            text = f"{_plain(value.low)} - {_plain(value.high)}"
        elif isinstance(value, MonthRange):
            text = f"{value.first}-{value.last}"
        elif isinstance(value, tuple):
            text = "; ".join(rule.field.value_name(one, locale) for one in value)
        elif isinstance(value, str) and value in rule.field.values:
            text = rule.field.value_name(value, locale)
        else:
            text = str(value)
        found[f"spec.{row.field}"] = text
    return found


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _amount(number: Decimal | None, unit: str) -> str:
    return "" if number is None else f"{_plain(number)} {unit}"


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _answer(is_so: bool) -> str:
    return "yes" if is_so else "no"
