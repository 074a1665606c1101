"""Keeping the index in step: marks, versions, and writing documents from the rows as they are now."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, cast

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from marketplace.discovery.engine import embedded_engine, engine, lives_in_database
from marketplace.discovery.models import DocumentVersion, StaleDocument
from marketplace.discovery.projection import product_documents
from marketplace.discovery.rules import BATCH, PRODUCT, SELLER
from marketplace.discovery.seller_projection import seller_documents
from marketplace.kernel.clock import now
from marketplace.kernel.prepared import insert_into
from marketplace.kernel.uow import transaction
from search.document import Document, Reference
from search.errors import EngineUnavailable

log = logging.getLogger(__name__)
Name = tuple[str, int]  # kind and key
_BUILD = {PRODUCT: product_documents, SELLER: seller_documents}


def mark(session: Session, names: Iterable[Name]) -> int:
    """Mark documents as stale in the caller's transaction; how many."""
    wanted = sorted(set(names))
    statement = insert_into(session.get_bind().dialect.name, StaleDocument).on_conflict_do_update(
        index_elements=["kind", "key"], set_={"version": StaleDocument.version + 1}
    )
    moment = now()
    rows = [{"kind": kind, "key": key, "version": 1, "marked_at": moment} for kind, key in wanted]
    if rows:
        # one statement run many times; a VALUES list as long as an import's batch would be compiled anew each time
        session.connection().execute(statement, rows)
    return len(wanted)


def raise_versions(
    session: Session, names: Iterable[Name], floors: Mapping[Name, int] | None = None
) -> dict[Name, int]:
    """The next version of each document, never below its floor; locks the version rows until the transaction ends."""
    highest = (floors or {}).get
    wanted = sorted(set(names))
    rows = [{"kind": kind, "key": key, "version": highest((kind, key), 0) + 1} for kind, key in wanted]
    raised: dict[Name, int] = {}
    if not rows:
        return raised
    statement = insert_into(session.get_bind().dialect.name, DocumentVersion)
    statement = statement.on_conflict_do_update(
        index_elements=["kind", "key"], set_={"version": DocumentVersion.version + statement.excluded.version}
    )
    # one statement run many times and one look: a statement for each document was two thirds of a rebuild
    session.connection().execute(statement, rows)
    for kind in dict.fromkeys(kind for kind, _ in wanted):
        keys = [key for each, key in wanted if each == kind]
        found = select(DocumentVersion.key, DocumentVersion.version).where(
            DocumentVersion.kind == kind, DocumentVersion.key.in_(keys)
        )
        raised.update({(kind, key): version for key, version in session.execute(found)})
    return raised


def build(session: Session, versions: Mapping[Name, int]) -> tuple[list[Document], list[Reference]]:
    """Documents of what is open to everyone now, and references of what is not (any more)."""
    by_kind: dict[str, dict[int, int]] = defaultdict(dict)
    for (kind, key), version in versions.items():
        by_kind[kind][key] = version
    documents: list[Document] = []
    for kind, wanted in by_kind.items():
        documents += _BUILD[kind](session, wanted)
    present = {(each.kind, each.key) for each in documents}
    gone = [Reference(kind, key, version) for (kind, key), version in versions.items() if (kind, key) not in present]
    return documents, gone


def index_in_transaction(session: Session, names: Iterable[Name]) -> None:
    """Write documents with the caller's own transaction, where index and rows share a database."""
    versions = raise_versions(session, names)
    documents, gone = build(session, versions)
    connection = cast(Any, session.connection().connection.driver_connection)
    index = embedded_engine()
    index.ensure_schema(on=connection)
    index.put(documents, on=connection)
    index.remove(gone, on=connection)


def touch_index(session: Session) -> None:
    """Where index and rows share a database: let kept pages end with this transaction, before the marks are read."""
    if lives_in_database():
        connection = cast(Any, session.connection().connection.driver_connection)
        embedded_engine().touch(on=connection)


def are_marked(session: Session) -> bool:
    """Whether any document is marked: a look that locks nothing."""
    return session.scalar(select(StaleDocument.key).limit(1)) is not None


def refresh_marked(limit: int = 10_000) -> int:
    """Bring marked documents up to date, oldest marks first, to be found at once; how many marks were worked off."""
    done = 0
    while done < limit:
        wanted = min(BATCH, limit - done)
        count = _refresh_batch(wanted)
        done += count
        if count < wanted:  # what was marked since has a task of its own
            break
    if done and not lives_in_database():
        with suppress(EngineUnavailable):  # everything is written, and shows a second later by itself
            engine().refresh()
    return done


def _refresh_batch(limit: int) -> int:
    """One batch: read the rows, write the index, and only then drop the marks that nothing touched meanwhile."""
    with transaction() as session:
        rows = session.execute(
            select(StaleDocument.kind, StaleDocument.key, StaleDocument.version)
            .order_by(StaleDocument.marked_at, StaleDocument.kind, StaleDocument.key)
            .limit(limit)
        )
        marks = [(kind, key, version) for kind, key, version in rows]
        if not marks:
            return 0
        names = [(kind, key) for kind, key, _ in marks]
        if lives_in_database():
            index_in_transaction(session, names)
            drop_marks(session, marks)
            return len(marks)
        documents, gone = build(session, raise_versions(session, names))
    index = engine()
    index.put(documents)
    if gone:
        index.remove(gone)
    with transaction() as session:
        drop_marks(session, marks)
    return len(marks)


def drop_marks(session: Session, marks: Iterable[tuple[str, int, int]]) -> None:
    """Take marks (kind, key and version) away, except those that were raised meanwhile."""
    known = tuple_(StaleDocument.kind, StaleDocument.key, StaleDocument.version)
    session.execute(delete(StaleDocument).where(known.in_(list(marks))))
