"""What changed against what is saved: each new match is written down once, together with the end of its mark.

Reading and matching happen outside the write transaction; the transaction keeps only what still stands: a product that
changed again meanwhile stays marked, a search deleted meanwhile is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from marketplace.discovery.projection import product_documents
from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction
from marketplace.saved.batches import in_batches
from marketplace.saved.models import (
    ChangedProduct,
    ProductSnapshot,
    SavedSearch,
    SavedSearchMatch,
    SavedSearchTerm,
)
from marketplace.saved.percolation import Batch, places
from marketplace.saved.queries import hidden_sellers, owners_of
from marketplace.saved.snapshots import packed, unpacked
from search.document import Document

BATCH = 500
_TERMS_AT_ONCE = 400
_ROWS_AT_ONCE = 10_000
_MATCHES = cast(Table, SavedSearchMatch.__table__)
_SEARCHES = cast(Table, SavedSearch.__table__)
_COUNTED = (
    update(_SEARCHES)
    .where(_SEARCHES.c.id == bindparam("_id"))
    .values(match_count=_SEARCHES.c.match_count + bindparam("_more"), last_match_at=bindparam("_at"))
)
_READ_ALL_ABOVE = 4_000  # terms: with that many, nearly every search is named by one


class _Pair(NamedTuple):
    """A search and a product that meet; ``is_new`` says that they did not before."""

    search_id: int
    product_id: int
    is_new: bool


@dataclass(frozen=True)
class _Changed:
    """Marked products with their documents now and when saved searches saw them last."""

    marks: Mapping[int, tuple[int, datetime]]
    now: Sequence[Document | None]
    before: Sequence[Document | None]
    days: Sequence[date]
    owners: Mapping[int, tuple[int, datetime | None]]

    @property
    def keys(self) -> list[int]:
        return list(self.marks)


def match_changed(limit: int = 20_000) -> int:
    """Show marked products to the saved searches, oldest marks first; how many were settled."""
    done = 0
    while done < limit:
        count = _match_batch(min(BATCH, limit - done))
        done += count
        if not count:
            break
    return done


def _match_batch(limit: int) -> int:
    session = db.session()
    changed = _changed(session, limit)
    if not changed.marks:
        session.rollback()
        return 0
    pairs = list(_pairs(session, changed))
    session.rollback()  # nothing was written; the write transaction below begins with fresh eyes
    with transaction() as writing:
        settled = _still_as_read(writing, changed)
        _keep(writing, [pair for pair in pairs if pair.product_id in settled])
        _remember(writing, changed, settled)
        writing.execute(delete(ChangedProduct).where(ChangedProduct.product_id.in_(settled)))
    return len(settled)


def _changed(session: Session, limit: int) -> _Changed:
    rows = session.execute(
        select(ChangedProduct.product_id, ChangedProduct.version, ChangedProduct.marked_at)
        .order_by(ChangedProduct.marked_at, ChangedProduct.product_id)
        .limit(limit)
    ).all()
    marks = {row.product_id: (row.version, row.marked_at) for row in rows}
    documents = {each.key: each for each in product_documents(session, dict.fromkeys(marks, 1))}
    seen = {
        row.product_id: (unpacked(row.document), row.day)
        for row in session.execute(
            select(ProductSnapshot.product_id, ProductSnapshot.document, ProductSnapshot.day).where(
                ProductSnapshot.product_id.in_(list(marks))
            )
        )
    }
    return _Changed(
        marks=marks,
        now=[documents.get(key) for key in marks],
        before=[seen[key][0] if key in seen else None for key in marks],
        days=[seen[key][1] if key in seen else today() for key in marks],
        owners=owners_of(session, marks),
    )


def _pairs(session: Session, changed: _Changed) -> Iterator[_Pair]:
    """New meetings; and meetings that end, so that they do not count as new when they come again."""
    present = Batch(changed.now, [today()] * len(changed.now))
    before = Batch(changed.before, changed.days)
    unseen = sum(1 << place for place, document in enumerate(changed.before) if document is None)
    keys = changed.keys
    for rows in in_batches(_candidates(session, present, before), 2_000):
        hidden: Mapping[int, frozenset[int]] | None = None
        for key, user_id, conditions, created_at in rows:
            met, known = present.matching(conditions), before.matching(conditions)
            if met == known:
                continue
            for place in places(known & ~met):
                if changed.now[place] is not None:
                    yield _Pair(key, keys[place], is_new=False)
            fresh = places(met & ~known)
            if fresh and hidden is None:
                hidden = hidden_sellers(session, {row[1] for row in rows})
            for place in fresh:
                product_id = keys[place]
                organisation_id, listed_at = changed.owners[product_id]
                if hidden is not None and organisation_id in hidden.get(user_id, ()):
                    continue
                seen_from = listed_at if unseen >> place & 1 else changed.marks[product_id][1]
                if seen_from is None or seen_from >= created_at:
                    yield _Pair(key, product_id, is_new=True)


def _candidates(session: Session, *batches: Batch) -> Iterator[Any]:
    """Searches that one of the documents may meet: key, person, conditions, since when."""
    terms = sorted({term for batch in batches for term in batch.terms()})
    columns = select(SavedSearch.id, SavedSearch.user_id, SavedSearch.conditions, SavedSearch.created_at)
    if len(terms) > _READ_ALL_ABOVE:
        yield from session.execute(columns.execution_options(yield_per=2_000))
        return
    seen: set[int] = set()
    for some in in_batches(terms, _TERMS_AT_ONCE):
        named = select(SavedSearchTerm.saved_search_id).where(SavedSearchTerm.term.in_(some))
        for row in session.execute(columns.where(SavedSearch.id.in_(named))).all():
            if row.id not in seen:
                seen.add(row.id)
                yield row


def _still_as_read(session: Session, changed: _Changed) -> list[int]:
    """Products whose mark nothing has touched since it was read; locked until the end of the transaction."""
    rows = session.execute(
        select(ChangedProduct.product_id, ChangedProduct.version)
        .where(ChangedProduct.product_id.in_(changed.keys))
        .order_by(ChangedProduct.product_id)
        .with_for_update(skip_locked=True)
    )
    return [row.product_id for row in rows if changed.marks[row.product_id][0] == row.version]


def _keep(session: Session, pairs: Sequence[_Pair]) -> None:
    """Write down pairs that are not yet known; who is told of them later is decided by ``told_at``.

    By the tables themselves: a broad search and a busy hour make hundreds of thousands of rows.
    """
    moment, known = now(), _known(session, {pair.product_id for pair in pairs})
    connection = session.connection()
    for some in in_batches((pair for pair in pairs if (pair.search_id, pair.product_id) not in known), _ROWS_AT_ONCE):
        alive = _alive(session, {pair.search_id for pair in some})
        rows = [
            {
                "saved_search_id": pair.search_id,
                "product_id": pair.product_id,
                "is_new": pair.is_new,
                "found_at": moment,
                "told_at": None if pair.is_new else moment,
            }
            for pair in some
            if pair.search_id in alive
        ]
        if rows:
            connection.execute(insert(_MATCHES), rows)
        counts = Counter(pair.search_id for pair in some if pair.is_new and pair.search_id in alive)
        if counts:
            # not a change that a person's open form must be held against, so the version stays
            connection.execute(_COUNTED, [{"_id": key, "_more": count, "_at": moment} for key, count in counts.items()])


def _known(session: Session, product_ids: set[int]) -> set[tuple[int, int]]:
    query = select(SavedSearchMatch.saved_search_id, SavedSearchMatch.product_id).where(
        SavedSearchMatch.product_id.in_(product_ids)
    )
    return {(search_id, product_id) for search_id, product_id in session.execute(query)}


def _alive(session: Session, search_ids: set[int]) -> set[int]:
    return set(session.scalars(select(SavedSearch.id).where(SavedSearch.id.in_(search_ids))))


def _remember(session: Session, changed: _Changed, settled: Iterable[int]) -> None:
    """Keep what was seen; a product that left the market keeps its last picture, so that coming back is no news."""
    kept = set(settled)
    rows = [
        {"product_id": document.key, "document": packed(document), "day": today()}
        for document in changed.now
        if document is not None and document.key in kept
    ]
    session.execute(delete(ProductSnapshot).where(ProductSnapshot.product_id.in_([row["product_id"] for row in rows])))
    if rows:
        session.execute(insert(ProductSnapshot), rows)
