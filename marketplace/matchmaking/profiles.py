"""Rows -> profiles: what the matcher knows of an offer. A few statements, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import (
    Certificate,
    MarketRegistration,
    PriceRung,
    Product,
    ProductCertificate,
    ProductSpec,
    ProductText,
)
from marketplace.catalogue.policies import is_public
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.card import contents_of
from marketplace.catalogue.rules.packing import Packing
from marketplace.kernel.clock import today
from marketplace.kernel.exchange import RateUnknown, reference_rates
from marketplace.kernel.measures import Contents, Quantity, UnitMismatch
from marketplace.matchmaking.rules import BASE_UNITS, FIGURES, NOT_ATTRIBUTES, REGISTRATION, UNIT_OF_MATCHER
from marketplace.sellers.models import Seller
from matching.profile import Held, OfferProfile, PriceBreak
from matching.reader.limits import is_most
from search.analysis import lexicon

_COLUMNS = (
    Product.id, Product.seller_id, Product.commodity, Product.hs_code, Product.unit, Product.moq,
    Product.capacity_per_month, Product.lead_time_days, Product.unit_weight_kg, Product.destinations,
    Product.sample_is_offered, Seller.export_years, Product.pack_unit, Product.pack_net_kg, Product.packs_per_carton,
    Product.cartons_per_fcl20, Product.cartons_per_fcl40,
)  # fmt: skip
_BATCH = 1000


def offer_profiles(session: Session, keys: Sequence[int] | None = None) -> Iterator[OfferProfile]:
    """Profiles of the public products, or of those among ``keys``; the others do not come."""
    wanted = list(keys) if keys is not None else open_offers(session)
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        rows = session.execute(
            select(*_COLUMNS)
            .join(Seller, Seller.id == Product.seller_id)
            .join(Organisation, Organisation.id == Seller.organisation_id)
            .where(Product.id.in_(batch), is_public())
            .order_by(Product.id)
        ).all()
        parts = _Parts(session, [row.id for row in rows])
        yield from (_profile(row, parts) for row in rows)


_OPEN = (
    select(Product.id)
    .join(Seller, Seller.id == Product.seller_id)
    .join(Organisation, Organisation.id == Seller.organisation_id)
    .where(is_public())
)


def open_offers(session: Session) -> list[int]:
    """Keys of all products that can be suggested now."""
    return list(session.scalars(_OPEN.order_by(Product.id)))


def count_open(session: Session) -> int:
    """How many products can be suggested now."""
    return session.scalar(select(func.count()).select_from(_OPEN.subquery())) or 0


def open_among(session: Session, keys: Iterable[int]) -> set[int]:
    """Those of some products that can be suggested now."""
    wanted = list(keys)
    batches = (wanted[start : start + _BATCH] for start in range(0, len(wanted), _BATCH))
    return {key for batch in batches for key in session.scalars(_OPEN.where(Product.id.in_(batch)))}


def commodities_of(session: Session, keys: Sequence[int]) -> dict[int, str]:
    """What some products are registered as; those that are gone do not come."""
    batches = (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))
    statements = (select(Product.id, Product.commodity).where(Product.id.in_(batch)) for batch in batches)
    return {key: commodity for statement in statements for key, commodity in session.execute(statement)}


def turned_since(session: Session, day: date) -> list[int]:
    """Keys of the products whose certificates began or whose registrations ended after a day, up to today."""
    begun = (
        select(ProductCertificate.product_id)
        .join(Certificate, ProductCertificate.certificate_id == Certificate.id)
        .where(Certificate.valid_from > day, Certificate.valid_from <= today())
    )
    ended = select(MarketRegistration.product_id).where(
        MarketRegistration.valid_to >= day, MarketRegistration.valid_to < today()
    )
    return sorted(session.scalars(begun.union(ended)))


class _Parts:
    """What hangs on products, fetched for a whole batch."""

    def __init__(self, session: Session, keys: Sequence[int]) -> None:
        self.texts = _by_product(
            session.execute(
                select(ProductText.product_id, ProductText.language, ProductText.title, ProductText.description).where(
                    ProductText.product_id.in_(keys)
                )
            )
        )
        self.specs = _by_product(
            session.execute(
                select(
                    ProductSpec.product_id,
                    ProductSpec.field,
                    ProductSpec.values,
                    ProductSpec.number,
                    ProductSpec.number_to,
                ).where(ProductSpec.product_id.in_(keys))
            )
        )
        self.prices = _by_product(
            session.execute(
                select(
                    PriceRung.product_id, PriceRung.incoterm, PriceRung.unit, PriceRung.currency,
                    PriceRung.min_quantity, PriceRung.unit_price,
                ).where(PriceRung.product_id.in_(keys))
            )
        )  # fmt: skip
        self.certificates = _by_product(
            session.execute(
                select(ProductCertificate.product_id, Certificate.code, Certificate.valid_to)
                .join(Certificate, ProductCertificate.certificate_id == Certificate.id)
                .where(
                    ProductCertificate.product_id.in_(keys),
                    Certificate.verified_at.is_not(None),
                    or_(Certificate.valid_from.is_(None), Certificate.valid_from <= today()),
                )
            )
        )
        self.registrations = _by_product(
            session.execute(
                select(MarketRegistration.product_id, MarketRegistration.kind).where(
                    MarketRegistration.product_id.in_(keys),
                    or_(MarketRegistration.valid_to.is_(None), MarketRegistration.valid_to >= today()),
                )
            )
        )


def _by_product(rows: Iterable[Row[Any]]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    return grouped


def _profile(row: Any, parts: _Parts) -> OfferProfile:
    commodity = load_registry().commodities.get(row.commodity)
    packing = Packing(
        row.pack_unit, row.pack_net_kg, row.packs_per_carton, row.cartons_per_fcl20, row.cartons_per_fcl40
    )
    contents = contents_of(row.unit, row.unit_weight_kg, commodity.contents() if commodity else {}, packing)
    unit = base_unit(row.unit, contents)
    texts = parts.texts[row.id]
    return OfferProfile(
        key=str(row.id),
        seller=str(row.seller_id),
        titles={each.language: each.title for each in texts},
        descriptions={each.language: each.description for each in texts if each.description},
        commodity=row.commodity,
        hs=row.hs_code or None,
        attributes={
            each.field: " ".join(each.values)
            for each in parts.specs[row.id]
            if each.values and each.field not in NOT_ATTRIBUTES
        },
        figures=_figures(parts.specs[row.id]),
        unit=UNIT_OF_MATCHER.get(unit, "kg"),
        minimum=_amount(row.moq, row.unit, unit, contents),
        monthly_capacity=_amount(row.capacity_per_month, row.unit, unit, contents),
        certificates=tuple(Held(each.code, each.valid_to) for each in parts.certificates[row.id]),
        registrations=tuple(REGISTRATION.get(each.kind, each.kind) for each in parts.registrations[row.id]),
        prices=tuple(_price_breaks(parts.prices[row.id], unit, contents)),
        incoterms=tuple(sorted({each.incoterm for each in parts.prices[row.id]})),
        ships_to=frozenset(row.destinations) if row.destinations else None,
        lead_days=row.lead_time_days,
        has_sample=row.sample_is_offered,
        export_years=row.export_years,
    )


def _figures(specs: list[Any]) -> dict[str, float]:
    """What requests put bounds on; of a range the end that a buyer has to reckon with."""
    found = {}
    for each in specs:
        figure = FIGURES.get(each.field)
        if figure and each.number is not None:
            ends = [float(end) for end in (each.number, each.number_to) if end is not None]
            found[figure] = max(ends) if is_most(figure, lexicon()) else min(ends)
    return found


def base_unit(unit: str, contents: Contents) -> str:
    """Kilogram, litre or piece: the one this unit counts in; kilogram where none is known. Pieces stay pieces even
    where their weight is known, because buyers ask for so many of them."""
    for known in ({}, contents):
        for base in BASE_UNITS:
            if unit and Quantity(Decimal(1), unit).converts_to(base, known):
                return base
    return "kg"


def _amount(amount: Decimal | None, unit: str, target: str, contents: Contents) -> float | None:
    """The amount in the base unit, None where it does not convert."""
    if amount is None or not unit:
        return None
    try:
        return float(Quantity(amount, unit).to(target, contents).amount)
    except UnitMismatch:
        return None


def _price_breaks(rungs: Iterable[Any], unit: str, contents: Contents) -> Iterator[PriceBreak]:
    """The ladder of the term that comes cheapest, in US dollars for one base unit."""
    ladders: dict[str, list[PriceBreak]] = defaultdict(list)
    for rung in rungs:
        size = _amount(Decimal(1), rung.unit, unit, contents)
        least = _amount(rung.min_quantity, rung.unit, unit, contents)
        try:
            price = reference_rates().convert(rung.unit_price, rung.currency, "USD")
        except RateUnknown:
            continue
        if size and least is not None:
            ladders[rung.incoterm].append(PriceBreak(least, float(price) / size))
    if ladders:
        yield from min(ladders.values(), key=lambda ladder: min(each.usd for each in ladder))


@cache
def rates_per_dollar() -> Mapping[str, float]:
    """Units of each currency for one US dollar by the reference rates; for comparing only."""
    known = reference_rates()
    found: dict[str, float] = {}
    for currency in known.per_euro:
        try:
            found[currency] = float(known.convert(Decimal(1), "USD", currency))
        except RateUnknown:
            continue
    return found
