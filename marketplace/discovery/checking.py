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
from marketplace.discovery.rules import KINDS, PRODUCT, SELLER
from marketplace.discovery.services import Name, build, drop_marks, mark, raise_versions
from marketplace.kernel.database import db
from marketplace.kernel.uow import transaction
from marketplace.sellers.models import Seller
from marketplace.sellers.rules import CurationState
from search.document import Document, Reference
from search.errors import EngineUnavailable
from search.patience import unhurried

_AHEAD = 100
_REBUILT_TOGETHER = 250  # documents read in one transaction: fewer statements, and no writer waits for long


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

    Raises EngineUnavailable: of an engine that does not answer nobody can say what differs. What looks wrong is looked
    at a second time: a document that changed between the two looks is at work, not wrong.
    """
    with unhurried():
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
    health = index.health()
    if not health.is_ready:
        raise EngineUnavailable(health.detail)
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
        is_current=health.is_current,
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


def count_public(session: Session, *kinds: str) -> int:
    """How many documents should be in the index, of some kinds."""
    keys = _public_keys()
    counts = (select(func.count()).select_from(keys[kind].order_by(None).subquery()) for kind in kinds)
    return sum(session.scalar(each) or 0 for each in counts)


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

    A mark whose document was read after it was set goes with the rebuild; any other stays, and is worked off as ever.
    Of a rebuild that fails nothing is left but versions that the index does not have: those documents are marked.
    """
    met: set[tuple[str, int, int]] = set()
    raised: list[Name] = []
    try:
        with unhurried():
            written = engine().rebuild(_documents(report, met, raised))
    except BaseException:
        _mark_all(raised)
        raise
    _drop(met)
    return written


def _mark_all(names: list[Name]) -> None:
    """Mark many documents, no writer waiting for long."""
    db.session.rollback()
    for start in range(0, len(names), _REBUILT_TOGETHER):
        with transaction() as session:
            mark(session, names[start : start + _REBUILT_TOGETHER])


def fill_empty_index() -> int:
    """Rebuild an index that lacks most of what is public, as after a new release made its tables anew.

    Gives how many documents were written; an engine that does not answer is left alone.
    """
    return rebuild_index() if lacks_documents() else 0


def lacks_documents() -> bool:
    """Whether the engine answers, and lacks most of what is public."""
    health = engine().health()
    return health.is_ready and lacks_most(health.documents)


def lacks_most(documents: int) -> bool:
    """Whether fewer than half of what is public are in an index of so many documents."""
    session = db.session()
    public = count_public(session, *KINDS)
    session.rollback()
    return documents * 2 < public


def is_anything_public() -> bool:
    """Whether there is anything to find at all; as cheap as a look can be."""
    session = db.session()
    found = any(session.scalar(keys.order_by(None).limit(1)) is not None for keys in _public_keys().values())
    session.rollback()
    return found


def _documents(report: Callable[[int], None], met: set[tuple[str, int, int]], raised: list[Name]) -> Iterator[Document]:
    """All public documents in batches, each read in a short transaction of its own; ``met`` gathers their marks and
    ``raised`` their names."""
    names = list(public_names(db.session()))
    db.session.rollback()
    for start in range(0, len(names), _REBUILT_TOGETHER):
        batch = names[start : start + _REBUILT_TOGETHER]
        with transaction() as session:
            versions = raise_versions(session, batch)
            met |= _marks_of(session, batch)
            documents, _ = build(session, versions)
        raised += batch
        yield from documents
        report(start + len(batch))


def _marks_of(session: Session, names: list[Name]) -> set[tuple[str, int, int]]:
    """Kind, key and version of the marks that some documents have."""
    found: set[tuple[str, int, int]] = set()
    for kind in {kind for kind, _ in names}:
        marks = select(StaleDocument.key, StaleDocument.version).where(
            StaleDocument.kind == kind, StaleDocument.key.in_([key for each, key in names if each == kind])
        )
        found.update((kind, key, version) for key, version in session.execute(marks))
    return found


def _drop(marks: set[tuple[str, int, int]]) -> None:
    """Take marks away that nothing has raised since they were met."""
    left = sorted(marks)
    for start in range(0, len(left), _REBUILT_TOGETHER):
        with transaction() as session:
            drop_marks(session, left[start : start + _REBUILT_TOGETHER])
