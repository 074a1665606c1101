"""Rows -> search documents. What is not open to everyone is not in an index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select
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
from marketplace.catalogue.rules.claims import claim_words
from marketplace.discovery import measuring
from marketplace.discovery.facts import facts_in_words
from marketplace.discovery.readiness import readiness
from marketplace.discovery.rules import PRODUCT
from marketplace.kernel.clock import now, today
from marketplace.offers.queries import openly_offered
from marketplace.sellers.models import Producer, Seller
from search.document import Document
from search.schema import SPEC_PREFIX

_ASKING_MORE = frozenset({"organic", "halal"})  # claims for which destinations ask for more
_COLUMNS = (
    Product.id, Product.commodity, Product.category, Product.hs_code, Product.stage, Product.original_language,
    Product.unit, Product.moq, Product.capacity_per_month, Product.lead_time_days,
    Product.ports, Product.destinations, Product.has_private_label, Product.sample_is_offered, Product.sample_is_free,
    Product.origin_country, Product.origin_region, Product.crop_year, Product.card_price, Product.card_price_currency,
    Product.card_price_unit, Product.price_per_kg_usd, Product.cover_photo, Product.listed_at,
    Seller.slug.label("seller"), Seller.lead_count, Seller.answered_count, Organisation.verification_level,
    Organisation.verified_until, Organisation.name.label("organisation"), Producer.regency,
    Producer.name.label("producer"), Product.packaging, *measuring.PACKED,
)  # fmt: skip


def product_documents(session: Session, versions: dict[int, int]) -> list[Document]:
    """Documents of those products (key -> version to write) that are open to everyone now."""
    keys = list(versions)
    if not keys:
        return []
    rows = session.execute(
        select(*_COLUMNS)
        .join(Seller, Product.seller_id == Seller.id)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .outerjoin(Producer, Product.producer_id == Producer.id)
        .where(Product.id.in_(keys), is_public())
    ).all()
    parts = _Parts(session, [row.id for row in rows])
    return [_document(row, parts, versions[row.id]) for row in rows]


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
                    ProductSpec.product_id, ProductSpec.field, ProductSpec.number, ProductSpec.number_to,
                    ProductSpec.values,
                ).where(ProductSpec.product_id.in_(keys))
            )
        )  # fmt: skip
        self.prices = _by_product(
            session.execute(
                select(PriceRung.product_id, PriceRung.incoterm).distinct().where(PriceRung.product_id.in_(keys))
            )
        )
        self.certificates = _by_product(
            session.execute(
                select(ProductCertificate.product_id, Certificate.code, Certificate.valid_to)
                .join(Certificate, ProductCertificate.certificate_id == Certificate.id)
                .where(ProductCertificate.product_id.in_(keys), *certificate_counts(today()))
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
        self.offered = openly_offered(session, keys)  # the clock marks a product whose offer opens or ends


def certificate_counts(day: date) -> tuple[Any, ...]:
    """Certificates that staff have verified and that have begun; their end is judged when someone searches."""
    return (
        Certificate.verified_at.is_not(None),
        or_(Certificate.valid_from.is_(None), Certificate.valid_from <= day),
    )


def latest(ends: Iterable[tuple[str, date | None]]) -> dict[str, date | None]:
    """For each code the certificate that holds longest; None is without end."""
    found: dict[str, date | None] = {}
    for code, end in ends:
        if code not in found:
            found[code] = end
        else:
            known = found[code]
            found[code] = None if known is None or end is None else max(known, end)
    return found


def _by_product(rows: Iterable[Row[Any]]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    return grouped


def _document(row: Any, parts: _Parts, version: int) -> Document:
    texts = parts.texts[row.id]
    level = level_on(row.verification_level, row.verified_until, today())
    keywords, numbers = _specs(parts.specs[row.id])
    keywords |= {
        "commodity": (row.commodity,),
        "category": branches(row.category),
        "stage": (row.stage,),
        "hs_chapter": (row.hs_code[:2],),
        "origin_country": (row.origin_country,),
        "regency": _filled(row.regency or row.origin_region),
        "incoterm": tuple(each.incoterm for each in parts.prices[row.id]),
        "ships_to": tuple(row.destinations),
        "registration": tuple(each.kind for each in parts.registrations[row.id]),
        "market_ready": _market_ready(row, parts),
        "offer_language": tuple(each.language for each in texts),
        "verified_level": _filled(level),
        "seller": (row.seller,),
        "port": tuple(row.ports),
        "crop_year": _filled(row.crop_year),
        "tag": _tags(row, has_offer=row.id in parts.offered),
    }
    numbers |= _figures(row)
    return Document(
        kind=PRODUCT,
        key=row.id,
        version=version,
        titles={each.language: each.title for each in texts},
        descriptions={each.language: each.description for each in texts if each.description},
        facts=facts_in_words(row, parts.specs[row.id], [each.code for each in parts.certificates[row.id]]),
        original_language=row.original_language,
        concepts=(row.commodity, *dict.fromkeys(each.code for each in parts.certificates[row.id])),
        codes=_filled(row.hs_code if row.hs_code.isdigit() else ""),
        keywords=keywords,
        numbers=numbers,
        certificates=latest((each.code, each.valid_to) for each in parts.certificates[row.id]),
        signals={
            "freshness": measuring.freshness(row.listed_at, now()),
            "completeness": _completeness(row, parts),
            "answer_rate": measuring.answer_rate(row.lead_count, row.answered_count),
            "verified": measuring.standing(level),
        },
    )


def _market_ready(row: Any, parts: _Parts) -> tuple[str, ...]:
    day = today()
    texts = [text for each in parts.texts[row.id] for text in (each.title, each.description)]
    held = {each.code for each in parts.certificates[row.id] if each.valid_to is None or each.valid_to >= day}
    claims = set(claim_words(texts) & _ASKING_MORE)
    claims |= {claim for claim in _ASKING_MORE for code in held if code.startswith(f"{claim}-")}
    if any(each.field == "organic_status" and "certified" in (each.values or ()) for each in parts.specs[row.id]):
        claims.add("organic")
    codes = held | {each.kind for each in parts.registrations[row.id]}
    return readiness(row.hs_code, frozenset(claims), frozenset(codes), day)


def level_on(level: str, until: date | None, day: date) -> str:
    """The verification level that holds on ``day``."""
    return level if until is None or until >= day else "none"


def branches(category: str) -> tuple[str, ...]:
    """A category and all above it: food/coffee/green counts for food/coffee and food as well."""
    steps = category.split("/")
    return tuple("/".join(steps[:end]) for end in range(1, len(steps) + 1))


def _filled(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _tags(row: Any, *, has_offer: bool) -> tuple[str, ...]:
    flags = {
        "open_offer": has_offer,
        "sample": row.sample_is_offered,
        "free_sample": row.sample_is_offered and row.sample_is_free,
        "private_label": row.has_private_label,
    }
    return tuple(name for name, is_set in flags.items() if is_set)


def _specs(rows: Iterable[Any]) -> tuple[dict[str, tuple[str, ...]], dict[str, float | None]]:
    """Specifications that the registry lets people filter by."""
    fields = load_registry().fields
    keywords: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, float | None] = {}
    for each in rows:
        field = fields.get(each.field)
        if field is None or not field.facet:
            continue
        if field.facet == "range" and each.number is not None:
            middle = each.number if each.number_to is None else (each.number + each.number_to) / 2
            numbers[SPEC_PREFIX + each.field] = float(middle)
        elif field.facet == "terms" and each.values:
            keywords[SPEC_PREFIX + each.field] = tuple(str(value)[:200] for value in each.values)
    return keywords, numbers


def _figures(row: Any) -> dict[str, float | None]:
    contents = measuring.contents_of(row)
    minimum, capacity = row.moq, row.capacity_per_month
    return {
        "price_usd_kg": None if row.price_per_kg_usd is None else float(row.price_per_kg_usd),
        "price_usd_piece": measuring.price_per_piece(row.card_price, row.card_price_currency, row.card_price_unit),
        "price_usd_litre": measuring.price_per_litre(row.card_price, row.card_price_currency, row.card_price_unit),
        "price_usd_unit": measuring.price_per_own_unit(
            row.card_price, row.card_price_currency, row.card_price_unit, row.price_per_kg_usd
        ),
        "moq_kg": measuring.in_unit(minimum, row.unit, "kg", contents),
        "moq_pieces": measuring.in_unit(minimum, row.unit, "piece", contents),
        "capacity_kg": measuring.in_unit(capacity, row.unit, "kg", contents),
        "capacity_pieces": measuring.in_unit(capacity, row.unit, "piece", contents),
        "lead_days": None if row.lead_time_days is None else float(row.lead_time_days),
        "listed_at": None if row.listed_at is None else float(int(row.listed_at.timestamp())),
    }


def _completeness(row: Any, parts: _Parts) -> float:
    """How much of what a buyer looks for a listing says."""
    texts = parts.texts[row.id]
    said = (
        len(texts) > 1,
        any(len(each.description) > 200 for each in texts),
        bool(row.cover_photo),
        bool(parts.prices[row.id]),
        row.moq is not None,
        row.capacity_per_month is not None,
        row.lead_time_days is not None,
        len(parts.specs[row.id]) >= 5,
        bool(parts.certificates[row.id]),
        row.sample_is_offered,
    )
    return round(sum(map(bool, said)) / len(said), 2)
