"""A file that changes a published claim sends the product back to review, as a form would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import (
    Certificate,
    ListingReview,
    Product,
    ProductCertificate,
    ProductSpec,
    ProductText,
)
from marketplace.catalogue.rules import ListingState, ReviewState
from marketplace.catalogue.rules.claims import CLAIM_FIELDS, Claims, changed_claims, claim_words
from marketplace.catalogue.services.import_rows import ReadyRow
from marketplace.kernel.clock import now


def review_changed_claims(
    session: Session, listed: Sequence[tuple[int, ReadyRow]], columns: Mapping[int, dict[str, Any]]
) -> None:
    """Set ``state`` of those among ``columns`` whose claims change to review, and open their reviews."""
    before = _claims_now(session, [key for key, _row in listed])
    reviews = []
    for key, row in listed:
        changed = changed_claims(before[key], _claims_then(row, columns[key], before[key].certificates))
        if changed:
            columns[key]["state"] = ListingState.IN_REVIEW
            reviews.append(
                {
                    "product_id": key, "state": ReviewState.WAITING, "submitted_at": now(), "changed_claims": changed,
                    "checklist": {}, "field_notes": {}, "note": "",
                }
            )  # fmt: skip
    if reviews:
        session.execute(insert(ListingReview), reviews)


def _claims_now(session: Session, keys: Sequence[int]) -> dict[int, Claims]:
    specs: dict[int, dict[str, object]] = defaultdict(dict)
    for key, field, number, number_to, values in session.execute(
        select(
            ProductSpec.product_id, ProductSpec.field, ProductSpec.number, ProductSpec.number_to, ProductSpec.values
        ).where(ProductSpec.product_id.in_(keys), ProductSpec.field.in_(CLAIM_FIELDS))
    ):
        specs[key][field] = (number, number_to, tuple(values))
    texts: dict[int, list[str]] = defaultdict(list)
    for key, title, description in session.execute(
        select(ProductText.product_id, ProductText.title, ProductText.description).where(
            ProductText.product_id.in_(keys)
        )
    ):
        texts[key] += [title, description]
    held: dict[int, set[object]] = defaultdict(set)
    for key, code, of_number in session.execute(
        select(ProductCertificate.product_id, Certificate.code, Certificate.number)
        .join(Certificate, Certificate.id == ProductCertificate.certificate_id)
        .where(ProductCertificate.product_id.in_(keys))
    ):
        held[key].add((code, of_number))
    rows = session.execute(
        select(
            Product.id, Product.commodity, Product.hs_code, Product.origin_country, Product.origin_region,
            Product.producer_id,
        ).where(Product.id.in_(keys))
    )  # fmt: skip
    return {
        key: Claims(
            commodity, hs, (country, region, producer), specs[key], frozenset(held[key]), claim_words(texts[key])
        )
        for key, commodity, hs, country, region, producer in rows
    }


def _claims_then(row: ReadyRow, product: Mapping[str, Any], held: frozenset[object]) -> Claims:
    """What the row will claim; one that states no certificates leaves those that are ``held``."""
    certificates = frozenset((stated["code"], stated["number"]) for stated in row.certificates)
    return Claims(
        commodity=product["commodity"],
        hs_code=product["hs_code"],
        origin=(product["origin_country"], product["origin_region"], product["producer_id"]),
        specs={
            field: (columns.number, columns.number_to, columns.values)
            for field, columns in row.specs
            if field in CLAIM_FIELDS
        },
        certificates=certificates or held,
        words=claim_words(part for text in row.texts for part in (text["title"], text["description"])),
    )
