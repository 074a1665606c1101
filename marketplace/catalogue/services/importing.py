"""A file of products brought in: read by a mapping, judged row by row, written in batches that hold or fall whole.

Each batch is a transaction of its own. A process that dies leaves whole batches; the same file sent again finds
them by seller and item code and goes on, so nothing is doubled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import gettext

from marketplace.catalogue.importing.columns import standard_columns
from marketplace.catalogue.importing.fieldrules import ColumnMapping
from marketplace.catalogue.importing.mapping import standard_mapping
from marketplace.catalogue.importing.problems import RowProblem
from marketplace.catalogue.importing.reading import open_rows
from marketplace.catalogue.importing.rows import RowReader, RowResult
from marketplace.catalogue.services.import_batch import BatchResult, import_target, plan_batch, write_batch
from marketplace.catalogue.services.import_rows import ReadyRow, faults_of, ready_row
from marketplace.catalogue.services.trial import NOT_YET, trial_seller
from marketplace.kernel.audit import audit
from marketplace.kernel.database import db
from marketplace.kernel.policy import Actor
from marketplace.kernel.uow import transaction

BATCH = 500
MOST_TOLD = 1000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ImportWish:
    """How a file is brought in; ``locale`` is the reader's language for choices that problems name."""

    publish: bool = False
    skip_bad_rows: bool = False
    dry_run: bool = False
    makes_producers: bool = False
    locale: str = "en"
    most_rows: int = 0  # 0: no bound


@dataclass(frozen=True, slots=True)
class ToldProblem:
    """What is wrong in one row, in words; ``is_fatal`` tells whether the row was lost or one value left out."""

    row: int
    column: str
    sentence: str
    is_fatal: bool


@dataclass(slots=True)
class ImportReport:
    """What became of a file. ``problems`` holds the first thousand; the counts hold all."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    published: int = 0
    rows: int = 0
    is_dry_run: bool = False
    was_stopped: bool = False  # all or nothing: some row failed, so no row was written
    is_too_long: bool = False
    skipped: Counter[str] = field(default_factory=Counter)  # by the mapping's reason
    filled_in: Counter[str] = field(default_factory=Counter)  # by column
    held_back: Counter[str] = field(default_factory=Counter)  # missing items that kept rows from being published
    unread_columns: tuple[str, ...] = ()
    problems: list[ToldProblem] = field(default_factory=list)

    def tell(self, problem: ToldProblem) -> None:
        """Keep a problem, as long as there is room."""
        if len(self.problems) < MOST_TOLD:
            self.problems.append(problem)


def run_import(
    path: Path,
    seller_id: int,
    wish: ImportWish,
    mapping: ColumnMapping | None = None,
    actor: Actor | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring the file in for a seller; raises ``FileProblem``, with nothing written, when it cannot be read to its end.

    Without ``skip_bad_rows`` nothing is written when a row fails. ``NOT_YET`` stands for the trial seller, made only
    when something is written.
    """
    step = progress or (lambda _rows: None)
    if wish.dry_run or not wish.skip_bad_rows:
        report = _judged(path, seller_id, wish, mapping, step)
        if wish.dry_run or report.is_too_long:
            return report
        if report.failed:
            report.was_stopped = True
            report.created = report.updated = report.unchanged = report.published = 0
            return report
    else:
        for _row in open_rows(path, mapping.layout if mapping else None).rows:
            pass  # damage near the end must not leave the beginning behind; takes a thousandth of what writing takes
    if seller_id == NOT_YET:
        with transaction() as session:
            seller_id = trial_seller(session).id
    return _written(path, seller_id, wish, mapping, actor, step)


def _judged(
    path: Path, seller_id: int, wish: ImportWish, mapping: ColumnMapping | None, step: Progress
) -> ImportReport:
    """Read every row and write none: what would become of them."""
    report = ImportReport(is_dry_run=wish.dry_run)
    session = db.session()
    target = import_target(session, seller_id, publish=wish.publish, makes_producers=wish.makes_producers)
    for batch in _batches(path, seller_id, wish, mapping, report, step):
        _add(report, plan_batch(session, target, batch, publish=wish.publish).result)
        session.rollback()  # a long file must not hold one snapshot of the database
    return report


def _written(
    path: Path,
    seller_id: int,
    wish: ImportWish,
    mapping: ColumnMapping | None,
    actor: Actor | None,
    step: Progress,
) -> ImportReport:
    report = ImportReport()
    for batch in _batches(path, seller_id, wish, mapping, report, step):
        with transaction() as session:
            target = import_target(session, seller_id, publish=wish.publish, makes_producers=wish.makes_producers)
            plan = plan_batch(session, target, batch, publish=wish.publish)
            write_batch(session, target, plan)
            done = plan.result
            if plan.new or plan.changed:
                audit(
                    session, actor, "products.imported", f"seller:{seller_id}", created=done.created,
                    updated=done.updated, published=done.published,
                )  # fmt: skip
            session.flush()  # what is forgotten next must have been written
            session.expunge_all()  # memory does not grow with the file
        _add(report, done)
    return report


def _batches(
    path: Path,
    seller_id: int,
    wish: ImportWish,
    mapping: ColumnMapping | None,
    report: ImportReport,
    step: Progress,
) -> Iterator[list[ReadyRow]]:
    """Rows that can be written, some hundreds at a time; the others are told in the report."""
    source = open_rows(path, mapping.layout if mapping else None)
    by = mapping or standard_mapping(source.headings)
    report.unread_columns = by.unread
    batch: list[ReadyRow] = []
    for result in RowReader(by, source.headings, wish.locale).read_all(source.rows):
        if wish.most_rows and report.rows >= wish.most_rows:
            report.is_too_long = True
            return
        report.rows += 1
        ready = _ready(result, seller_id, report)
        if ready is not None:
            batch.append(ready)
        if len(batch) == BATCH:
            yield batch
            step(report.rows)
            batch = []
    if batch:
        yield batch
    step(report.rows)


def _ready(result: RowResult, seller_id: int, report: ImportReport) -> ReadyRow | None:
    """The row ready for writing, or nothing; problems and what was filled in go into the report."""
    for problem in result.problems:
        report.tell(_told(problem))
    if result.skipped_because:
        report.skipped[result.skipped_because] += 1
        return None
    product = result.product
    if product is None:
        report.failed += 1
        return None
    is_lost = False
    for fault in faults_of(product):
        report.tell(ToldProblem(result.row, _heading(fault.column), str(fault.sentence), fault.is_fatal))
        is_lost = is_lost or fault.is_fatal
    if is_lost:
        report.failed += 1
        return None
    report.filled_in.update(product.filled_in)
    return ready_row(product, seller_id)


def _add(report: ImportReport, result: BatchResult) -> None:
    report.created += result.created
    report.updated += result.updated
    report.unchanged += result.unchanged
    report.published += result.published
    report.failed += len(result.refused)
    for row, column, sentence in result.refused:
        report.tell(ToldProblem(row, _heading(column), str(sentence), is_fatal=True))
    for _row, missing in result.held_back:
        report.held_back.update(missing or ("seller",))


def _told(problem: RowProblem) -> ToldProblem:
    return ToldProblem(problem.row, problem.column, problem.sentence(gettext), problem.is_fatal)


def _heading(column: str) -> str:
    known = standard_columns().get(column)
    return known.heading_en if known else column
