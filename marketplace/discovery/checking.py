"""The index against the database: what is missing, stale, or a ghost; and filling an index anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.policies import is_public
from marketplace.discovery.engine import engine
from marketplace.discovery.models import DocumentVersion, StaleDocument
from marketplace.discovery.rules import BATCH, PRODUCT, SELLER
from marketplace.discovery.services import Name, build, mark, raise_versions
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState
from search.document import Document, Reference

_AHEAD = 100


@dataclass(frozen=True)
class IndexReport:
    """What differs between index and database; documents with a mark are on their way and count as neither."""

    documents: int = 0
    waiting: int = 0
    missing: list[Name] = field(default_factory=list)
    stale: list[Reference] = field(default_factory=list)
    ghosts: list[Reference] = field(default_factory=list)
    is_current: bool = True

    @property
    def faults(self) -> int:
        """How many documents are wrong; an outdated mapping counts as one."""
        return len(self.missing) + len(self.stale) + len(self.ghosts) + (not self.is_current)


def check_index(*, is_repairing: bool = False) -> IndexReport:
    """Compare every document by presence and version; with ``is_repairing`` mark or rebuild what differs.

    What looks wrong is looked at a second time: a document that changed between the two looks is at work, not wrong.
    """
    report = _compare()
    if report.faults:
        report = _confirmed(report, _compare())
    if is_repairing and not report.is_current:
        rebuild_index()
    elif is_repairing and report.faults:
        _mend(report)
    return report


def _compare() -> IndexReport:
    index = engine()
    indexed = {(each.kind, each.key): each for each in index.versions()}
    session = db.session()
    session.rollback()  # see the database as it is now
    versions = {
        (kind, key): version
        for kind, key, version in session.execute(
            select(DocumentVersion.kind, DocumentVersion.key, DocumentVersion.version)
        )
    }
    expected = set(public_names(session))
    waiting = {(kind, key) for kind, key in session.execute(select(StaleDocument.kind, StaleDocument.key))}
    session.rollback()
    differing = {name for name, each in indexed.items() if versions.get(name) != each.version}
    return IndexReport(
        documents=len(indexed),
        waiting=len(waiting),
        missing=sorted(expected - indexed.keys() - waiting),
        stale=[indexed[name] for name in sorted(expected & differing - waiting)],
        ghosts=[indexed[name] for name in sorted(indexed.keys() - expected - waiting)],
        is_current=index.health().is_current,
    )


def _confirmed(first: IndexReport, second: IndexReport) -> IndexReport:
    """Faults that both looks found, in the same version."""
    return IndexReport(
        documents=second.documents,
        waiting=second.waiting,
        missing=[name for name in second.missing if name in set(first.missing)],
        stale=[each for each in second.stale if each in set(first.stale)],
        ghosts=[each for each in second.ghosts if each in set(first.ghosts)],
        is_current=first.is_current or second.is_current,
    )


def _mend(report: IndexReport) -> None:
    """Mark what differs, with versions that win over whatever stands in the index."""
    floors = {(each.kind, each.key): each.version for each in (*report.stale, *report.ghosts)}
    # what is missing may have been removed by hand under a version that nobody knows any more
    floors |= dict.fromkeys(report.missing, _AHEAD)
    names = list(floors)
    with transaction() as session:
        raise_versions(session, names, floors)
        mark(session, names)


def public_names(session: Session) -> Iterator[Name]:
    """Every document that should be in the index."""
    for kind, keys in _public_keys().items():
        yield from ((kind, key) for key in session.scalars(keys))


def _public_keys() -> dict[str, Select[int]]:
    """The rows that are public, by kind of document."""
    products = (
        select(Product.id)
        .join(Seller, Product.seller_id == Seller.id)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(is_public())
    )
    sellers = (
        select(Seller.id)
        .join(Organisation, Seller.organisation_id == Organisation.id)
        .where(Seller.curation == CurationState.APPROVED, Organisation.suspended_at.is_(None))
    )
    return {PRODUCT: products.order_by(Product.id), SELLER: sellers.order_by(Seller.id)}


def rebuild_index(report: Callable[[int], None] = lambda _count: None) -> int:
    """Fill the index anew while searches go on; how many documents were written.

    Marks stay: a change that arrives meanwhile is written by its own transaction or by the job.
    """
    return engine().rebuild(_documents(report))


def fill_empty_index() -> int:
    """Rebuild an index that lacks most of what is public, as after a new release made its tables anew.

    Gives how many documents were written; an engine that does not answer is left alone.
    """
    health = engine().health()
    if not health.is_ready:
        return 0
    session = db.session()
    public = sum(
        session.scalar(select(func.count()).select_from(keys.order_by(None).subquery())) or 0
        for keys in _public_keys().values()
    )
    session.rollback()
    return rebuild_index() if health.documents * 2 < public else 0


def _documents(report: Callable[[int], None]) -> Iterator[Document]:
    """All public documents in batches, each read in a short transaction of its own."""
    names = list(public_names(db.session()))
    db.session.rollback()
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        with transaction() as session:
            documents, _ = build(session, raise_versions(session, batch))
        yield from documents
        report(start + len(batch))
