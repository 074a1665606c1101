"""Sellers as search documents: who makes what, where, with which certificates."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Certificate, Product
from marketplace.catalogue.policies import is_public
from marketplace.discovery import measuring
from marketplace.discovery.projection import branches, certificate_counts, latest, level_on
from marketplace.discovery.rules import SELLER
from marketplace.kernel.clock import now, today
from marketplace.sellers.models import Producer, ProducerText, Seller, SellerProducer
from marketplace.sellers.rules import CurationState
from search.document import Document


def seller_documents(session: Session, versions: dict[int, int]) -> list[Document]:
    """Documents of those sellers (key -> version to write) that are on the market now."""
    keys = list(versions)
    if not keys:
        return []
    rows = session.execute(
        select(
            Seller.id, Seller.slug, Seller.form, Seller.created_at, Seller.lead_count, Seller.answered_count,
            Seller.languages, Organisation.name, Organisation.country, Organisation.verification_level,
            Organisation.verified_until,
        )
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(
            Seller.id.in_(keys),
            Seller.curation == CurationState.APPROVED,
            Organisation.suspended_at.is_(None),
        )
    ).all()  # fmt: skip
    found = [row.id for row in rows]
    producers, stories = _producers(session, found)
    goods, certificates, capacities = _goods(session, found), _certificates(session, found), _capacities(session, found)
    return [
        _document(
            row,
            producers[row.id],
            stories[row.id],
            goods[row.id],
            certificates[row.id],
            capacities.get(row.id),
            versions[row.id],
        )
        for row in rows
    ]


def _producers(session: Session, keys: list[int]) -> tuple[dict[int, list[Any]], dict[int, dict[str, str]]]:
    producers: dict[int, list[Any]] = defaultdict(list)
    stories: dict[int, dict[str, str]] = defaultdict(dict)
    for row in session.execute(
        select(SellerProducer.seller_id, Producer.name, Producer.regency)
        .join(Producer, SellerProducer.producer_id == Producer.id)
        .where(SellerProducer.seller_id.in_(keys))
        .order_by(SellerProducer.id)
    ):
        producers[row.seller_id].append(row)
    for seller_id, language, story in session.execute(
        select(SellerProducer.seller_id, ProducerText.language, ProducerText.story)
        .join(ProducerText, ProducerText.producer_id == SellerProducer.producer_id)
        .where(SellerProducer.seller_id.in_(keys))
    ):
        stories[seller_id].setdefault(language, story)
    return producers, stories


def _goods(session: Session, keys: list[int]) -> dict[int, list[Any]]:
    goods: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(Product.seller_id, Product.commodity, Product.category, func.count().label("count"))
        .join(Seller, Product.seller_id == Seller.id)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(Product.seller_id.in_(keys), is_public())
        .group_by(Product.seller_id, Product.commodity, Product.category)
    ):
        goods[row.seller_id].append(row)
    return goods


def _capacities(session: Session, keys: list[int]) -> dict[int, float]:
    """The most kilograms a month that each seller states for one of their goods."""
    found: dict[int, float] = {}
    for row in session.execute(
        select(Product.seller_id, Product.capacity_per_month, Product.unit, Product.commodity, *measuring.PACKED)
        .join(Seller, Product.seller_id == Seller.id)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(Product.seller_id.in_(keys), Product.capacity_per_month.is_not(None), is_public())
    ):
        amount = measuring.in_unit(row.capacity_per_month, row.unit, "kg", measuring.contents_of(row))
        if amount is not None:
            found[row.seller_id] = max(amount, found.get(row.seller_id, 0.0))
    return found


def _certificates(session: Session, keys: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for seller_id, code, end in session.execute(
        select(Certificate.seller_id, Certificate.code, Certificate.valid_to).where(
            Certificate.seller_id.in_(keys), *certificate_counts(today())
        )
    ):
        found[seller_id].append((code, end))
    return found


def _document(
    row: Any,
    producers: list[Any],
    stories: dict[str, str],
    goods: list[Any],
    certificates: list[Any],
    capacity: float | None,
    version: int,
) -> Document:
    level = level_on(row.verification_level, row.verified_until, today())
    names = list(dict.fromkeys([row.name, *(each.name for each in producers)]))
    return Document(
        kind=SELLER,
        key=row.id,
        version=version,
        titles={"id": ", ".join(names)[:400]},
        descriptions=stories,
        original_language="id",
        concepts=tuple(dict.fromkeys(each.commodity for each in goods)),
        keywords={
            "seller": (row.slug,),
            "commodity": tuple(dict.fromkeys(each.commodity for each in goods)),
            "category": tuple(dict.fromkeys(step for each in goods for step in branches(each.category))),
            "regency": tuple(dict.fromkeys(each.regency for each in producers if each.regency)),
            "origin_country": (row.country,),
            "verified_level": (level,) if level else (),
            "offer_language": tuple(row.languages),
        },
        numbers={
            "listed_at": float(int(row.created_at.timestamp())),
            "products": float(sum(each.count for each in goods)),
            "capacity_kg": capacity,
        },
        certificates=latest(certificates),
        signals={
            "freshness": measuring.freshness(row.created_at, now()),
            "completeness": min(1.0, len(goods) / 5),
            "answer_rate": measuring.answer_rate(row.lead_count, row.answered_count),
            "verified": measuring.standing(level),
        },
    )
