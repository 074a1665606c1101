"""A batch of products of a file written at once: new, changed and unchanged ones told apart, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from flask_babel import lazy_gettext as _
from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.events import ProductsChanged
from marketplace.catalogue.labels import item_name
from marketplace.catalogue.models import PriceRung, Product, ProductSpec, ProductText
from marketplace.catalogue.queries.own import paused_commodities
from marketplace.catalogue.rules import ListingState
from marketplace.catalogue.services.import_certificates import covered_by, link_imported
from marketplace.catalogue.services.import_claims import review_changed_claims
from marketplace.catalogue.services.import_rows import ReadyRow
from marketplace.catalogue.services.import_tariffs import write_tariff_codes
from marketplace.catalogue.services.problems import ListingIncomplete
from marketplace.catalogue.services.trial import NOT_YET
from marketplace.kernel.clock import now
from marketplace.kernel.countries import country_name
from marketplace.kernel.errors import NotFound
from marketplace.kernel.events import record
from marketplace.kernel.text import slug as slug_of
from marketplace.sellers.models import Producer, Seller, SellerProducer
from marketplace.sellers.rules import CurationState


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """Whose products the file holds, and what may be done with them."""

    seller_id: int
    is_sample: bool
    may_publish: bool
    makes_producers: bool  # a trial seller gets producers as the file names them
    producers: dict[str, int]  # by folded name; grows while producers are made
    paused: frozenset[str]


@dataclass(slots=True)
class BatchResult:
    """What becomes of a batch; ``refused`` rows are not written, ``held_back`` ones not published."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    published: int = 0
    refused: list[tuple[int, str, object]] = field(default_factory=list)  # row, column, sentence
    held_back: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)  # row, what it lacks


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    digest: str
    state: str


@dataclass(slots=True)
class BatchPlan:
    """What is to be written: new products with their state, changed ones with what is known of them."""

    result: BatchResult = field(default_factory=BatchResult)
    new: list[tuple[ReadyRow, ListingState]] = field(default_factory=list)
    changed: list[tuple[ReadyRow, _Known, ListingState]] = field(default_factory=list)


_Row = dict[str, Any]
# plain tables: a million objects would cost more than a million rows
_PRODUCT, _TEXT, _SPEC, _RUNG = (
    cast(Table, model.__table__) for model in (Product, ProductText, ProductSpec, PriceRung)
)


def import_target(session: Session, seller_id: int, *, publish: bool, makes_producers: bool = False) -> ImportTarget:
    """What an import for this seller rests on, as it is now; ``NOT_YET`` stands for a trial seller still to be made."""
    paused = frozenset(paused_commodities(session))
    if seller_id == NOT_YET:
        return ImportTarget(seller_id, False, publish, makes_producers, {}, paused)
    seller = session.execute(
        select(Seller.curation, Organisation.is_sample)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Seller.id == seller_id)
    ).first()
    if seller is None:
        raise NotFound
    producers = session.execute(
        select(Producer.name, Producer.id)
        .join(SellerProducer, SellerProducer.producer_id == Producer.id)
        .where(SellerProducer.seller_id == seller_id)
        .order_by(SellerProducer.id)
    )
    return ImportTarget(
        seller_id=seller_id,
        is_sample=seller[1],
        may_publish=publish and seller[0] == CurationState.APPROVED,
        makes_producers=makes_producers,
        producers={name.casefold(): key for name, key in producers},
        paused=paused,
    )


def plan_batch(session: Session, target: ImportTarget, rows: Sequence[ReadyRow], *, publish: bool) -> BatchPlan:
    """What would become of products of a file, as the database stands now; writes nothing."""
    plan = BatchPlan()
    result = plan.result
    known = _known(session, target.seller_id, [row.external_key for row in rows])
    for row in rows:
        before = known.get(row.external_key)
        refusal = _refusal(target, row, before)
        if refusal is not None:
            result.refused.append((row.row, *refusal))
            continue
        publishes = target.may_publish and not row.missing
        if before is None:
            plan.new.append((row, ListingState.LISTED if publishes else ListingState.DRAFT))
            result.created += 1
            result.published += publishes
        elif before.digest == row.digest and not (publishes and before.state == ListingState.DRAFT):
            result.unchanged += 1
            continue
        else:
            state = ListingState(before.state)
            if publishes and state is ListingState.DRAFT:
                state = ListingState.LISTED
                result.published += 1
            plan.changed.append((row, before, state))
            result.updated += 1
        if publish and not publishes:
            result.held_back.append((row.row, row.missing))
    return plan


def write_batch(session: Session, target: ImportTarget, plan: BatchPlan) -> None:
    """Write a plan in the transaction in which it was made."""
    new = [(row, _columns(session, target, row, state)) for row, state in plan.new]
    changed = [(row, before, _columns(session, target, row, state)) for row, before, state in plan.changed]
    keys = _insert(session, target, new) + _update(session, target, changed)
    if keys:
        record(session, ProductsChanged(tuple(keys), target.seller_id))


def _known(session: Session, seller_id: int, keys: Sequence[str]) -> dict[str, _Known]:
    rows = session.execute(
        select(Product.external_key, Product.id, Product.import_digest, Product.state).where(
            Product.seller_id == seller_id, Product.external_key.in_(keys)
        )
    )
    return {key: _Known(product_id, digest, state) for key, product_id, digest, state in rows if key is not None}


def _refusal(target: ImportTarget, row: ReadyRow, before: _Known | None) -> tuple[str, object] | None:
    """Column and sentence of what stands against writing the row now."""
    if row.columns["commodity"] in target.paused:
        return "commodity", _("The programme does not offer this commodity at present.")
    if before is not None and before.state == ListingState.HIDDEN:
        return "external_key", _("The programme has hidden this listing; a file cannot change it.")
    if before is not None and before.state == ListingState.LISTED and row.missing:
        return "external_key", ListingIncomplete(row.missing, [item_name(code) for code in row.missing]).sentence
    if row.producer and not target.makes_producers and row.producer.casefold() not in target.producers:
        return "producer", _("This seller sells for no producer called “%(name)s”.", name=row.producer)
    if not target.producers and not target.makes_producers:
        return "producer", _("This seller has no producer yet. Add one in the seller's profile.")
    return None


def _columns(session: Session, target: ImportTarget, row: ReadyRow, state: ListingState) -> _Row:
    moment = now()
    return row.columns | {
        "seller_id": target.seller_id,
        "producer_id": _producer(session, target, row),
        "state": state,
        "import_digest": row.digest,
        "changed_at": moment,
        "listed_at": moment if state is ListingState.LISTED else None,
    }


def _producer(session: Session, target: ImportTarget, row: ReadyRow) -> int:
    country = row.columns["origin_country"]
    name = row.producer
    if not name:
        if not target.makes_producers:
            return next(iter(target.producers.values()))
        name = f"Unnamed farms in {country_name(country, 'en') if country else 'unknown country'} (trial import)"
    key = target.producers.get(name.casefold())
    if key is None:
        producer = Producer(
            slug=f"{slug_of(name, 'producer')[:60]}-{target.seller_id}-{len(target.producers) + 1}",
            name=name[:200],
            country=country or "ID",
            regency="",
            created_at=now(),
        )
        session.add(producer)
        session.flush()  # the link needs the key
        session.add(SellerProducer(seller_id=target.seller_id, producer_id=producer.id, relation="trial"))
        key = target.producers[name.casefold()] = producer.id
    return key


def _insert(session: Session, target: ImportTarget, new: Sequence[tuple[ReadyRow, _Row]]) -> list[int]:
    if not new:
        return []
    moment = now()
    fixed: _Row = {
        "market_partner_id": None, "is_sample": target.is_sample, "created_at": moment, "version": 1,
        "cover_photo": "", "card_certificates": [],
    }  # fmt: skip
    session.connection().execute(insert(_PRODUCT), [columns | fixed for _row, columns in new])
    # asking for the keys afterwards costs a third of having every INSERT give them back
    written = _known(session, target.seller_id, [row.external_key for row, _columns in new])
    keys = [written[row.external_key].id for row, _columns in new]
    _write_parts(session, target, keys, [row for row, _columns in new], is_new=True)
    return keys


def _update(session: Session, target: ImportTarget, changed: Sequence[tuple[ReadyRow, _Known, _Row]]) -> list[int]:
    if not changed:
        return []
    keys = [before.id for _row, before, _columns in changed]
    listed = [(before.id, row) for row, before, _columns in changed if before.state == ListingState.LISTED]
    if listed and not target.may_publish:
        review_changed_claims(session, listed, {before.id: columns for _row, before, columns in changed})
    names = [name for name in changed[0][2] if name not in {"slug", "listed_at"}]
    table = _PRODUCT
    statement = (
        update(table)
        .where(table.c.id == bindparam("_id"))
        .values(
            version=table.c.version + 1,
            listed_at=func.coalesce(table.c.listed_at, bindparam("_listed_at", type_=table.c.listed_at.type)),
            **{name: bindparam(f"_{name}", type_=table.c[name].type) for name in names},
        )
    )
    session.connection().execute(
        statement,
        [
            {"_id": before.id, "_listed_at": columns["listed_at"], **{f"_{name}": columns[name] for name in names}}
            for _row, before, columns in changed
        ],
    )
    _write_parts(session, target, keys, [row for row, _before, _columns in changed], is_new=False)
    session.expire_all()  # objects read before no longer say what the rows say
    return keys


def _write_parts(
    session: Session, target: ImportTarget, keys: Sequence[int], rows: Sequence[ReadyRow], *, is_new: bool
) -> None:
    """Texts, specifications, prices and certificates; what a person added in other languages stays."""
    texts = _with_product(keys, (row.texts for row in rows))
    if not is_new:
        session.execute(delete(ProductSpec).where(ProductSpec.product_id.in_(keys)))
        session.execute(delete(PriceRung).where(PriceRung.product_id.in_(keys)))
        table = _TEXT
        session.connection().execute(
            delete(table).where(table.c.product_id == bindparam("_id"), table.c.language == bindparam("_language")),
            [{"_id": text["product_id"], "_language": text["language"]} for text in texts],
        )
    for part, values in (
        (_TEXT, texts),
        (_SPEC, _spec_rows(keys, rows)),
        (_RUNG, _with_product(keys, (row.rungs for row in rows))),
    ):
        if values:
            session.connection().execute(insert(part), values)
    write_tariff_codes(session, keys, rows, is_new=is_new)
    link_imported(session, target.seller_id, covered_by(keys, rows), is_new=is_new)


def _with_product(keys: Sequence[int], parts: Iterable[Sequence[_Row]]) -> list[_Row]:
    return [part | {"product_id": key} for key, several in zip(keys, parts, strict=True) for part in several]


def _spec_rows(keys: Sequence[int], rows: Sequence[ReadyRow]) -> list[_Row]:
    return [
        {
            "product_id": key, "field": field, "number": columns.number, "number_to": columns.number_to,
            "values": list(columns.values),
        }
        for key, row in zip(keys, rows, strict=True)
        for field, columns in row.specs
    ]  # fmt: skip
