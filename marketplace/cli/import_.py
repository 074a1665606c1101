"""`souq import`: files of products."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from marketplace.cli.context import with_rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketplace.catalogue.services.importing import ImportReport

LARGE = 256 * 1024  # bytes of a file beyond which its rows are in the thousands
SOME_FAILED = 1
NOT_UNDERSTOOD = 2


@click.group("import")
def command() -> None:
    """Bring in files of products."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seller", "slug", help="Address part of the seller; without it a trial seller takes the products.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A mapping file, for sheets with headings of their own (docs/ref-mapping.md).",
)
@click.option(
    "--publish", is_flag=True, help="Put on the market what passes the rules of submission; a photo may lack."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option(
    "--skip-bad-rows", is_flag=True, help="Bring in good rows although others fail; otherwise all or nothing."
)
@click.option("--lang", default="en", type=click.Choice(["en", "id", "de", "zh_Hans", "zh_Hant"]), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@with_rows
def products(
    file: Path,
    slug: str | None,
    mapping: Path | None,
    publish: bool,
    dry_run: bool,
    skip_bad_rows: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Bring products in from FILE (CSV, XLSX or JSON lines).

    A second import of the same file changes nothing: products are known by seller and item code. Exit status: 0 when
    every row is in, 1 when some failed, 2 when the file, its mapping or the seller is not understood.
    """
    from flask_babel import gettext

    from marketplace.catalogue.importing.mapping import load_mapping
    from marketplace.catalogue.importing.problems import FileProblem
    from marketplace.catalogue.services.importing import ImportWish, run_import
    from marketplace.catalogue.services.trial import NOT_YET, SLUG, seller_by_slug
    from marketplace.cli.progress import reporter
    from marketplace.i18n.translations import speaking
    from marketplace.kernel.database import db
    from marketplace.kernel.datafiles import DataFault
    from marketplace.kernel.upkeep import refresh_statistics

    if file.stat().st_size > LARGE:
        _prepare_for_many(db.session())
    with speaking(lang):
        try:
            chosen = load_mapping(mapping) if mapping else None
        except (DataFault, UnicodeDecodeError) as fault:
            _not_understood(str(fault), as_json)
        seller = seller_by_slug(db.session(), slug or SLUG)
        seller_id = seller.id if seller else NOT_YET  # a trial seller is made when the first row is written
        db.session.rollback()  # a long file must not hold one snapshot of the database
        if slug and not seller_id:
            _not_understood(gettext("There is no seller “%(slug)s”.", slug=slug), as_json)
        wish = ImportWish(publish, skip_bad_rows, dry_run, makes_producers=slug is None, locale=lang)
        try:
            with reporter("import") as tell:
                report = run_import(file, seller_id, wish, chosen, progress=lambda rows: tell("rows", rows))
        except FileProblem as problem:
            _not_understood(problem.sentence(gettext), as_json)
        if report.created and not report.is_dry_run:  # a rehearsal does not write figures either
            refresh_statistics()
        click.echo(json.dumps(answer(report), ensure_ascii=False) if as_json else in_words(report))
    if report.failed:
        sys.exit(SOME_FAILED)


def _prepare_for_many(session: Session) -> None:
    """What a long import does without: the index, which a job makes, and the search for garbage in what is loaded."""
    from marketplace.discovery.handlers import LATER

    session.info[LATER] = True  # the lexicon alone would cost as much as a thousand rows
    gc.collect()
    gc.freeze()  # otherwise everything that was loaded is looked through again and again: a fifth of an import


def answer(report: ImportReport) -> dict[str, object]:
    """The report for programs: counts, then the failed rows with their reasons."""
    return {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "failed": report.failed,
        "published": report.published,
        "skipped": dict(report.skipped),
        "dry_run": report.is_dry_run,
        "stopped": report.was_stopped,
        "filled_in": dict(report.filled_in),
        "held_back": dict(report.held_back),
        "unread_columns": list(report.unread_columns),
        "failed_rows": [
            {"row": told.row, "column": told.column, "problem": told.sentence}
            for told in report.problems
            if told.is_fatal
        ],
        "left_out": [
            {"row": told.row, "column": told.column, "problem": told.sentence}
            for told in report.problems
            if not told.is_fatal
        ],
    }


def in_words(report: ImportReport) -> str:
    """The report for people, in the words of the page that shows the same; the counts keep the names of the answer."""
    from flask_babel import gettext as _

    lines = []
    for told in report.problems:
        mark = "" if told.is_fatal else f" ({_('only this value is left out')})"
        lines.append(f"{_('Row')} {told.row}, {told.column}: {told.sentence}{mark}")
    if report.filled_in:
        lines.append(f"{_('Filled in, because the file does not say it')}:")
        lines += [f"  {column}: {count}" for column, count in report.filled_in.most_common()]
    lines += [f"Skipped {count}: {because}" for because, count in report.skipped.items()]
    if report.unread_columns:
        lines.append(_("These columns are not read: %(columns)s.", columns=", ".join(report.unread_columns)))
    if report.held_back:
        lacking = ", ".join(f"{item} ({count})" for item, count in report.held_back.most_common())
        lines.append(f"Not published for want of: {lacking}")
    lines.append(
        f"created {report.created}, updated {report.updated}, unchanged {report.unchanged}, failed {report.failed}, "
        f"published {report.published}"
    )
    if report.is_dry_run:
        lines.append(f"--dry-run: {_('Nothing is saved yet.')}")
    if report.was_stopped:
        stopped = _("Nothing was saved, because rows cannot be taken. Mend them in the file, or leave them out.")
        lines.append(f"{stopped} (--skip-bad-rows)")
    return "\n".join(lines)


def _not_understood(sentence: str, as_json: bool) -> NoReturn:
    click.echo(json.dumps({"error": sentence}, ensure_ascii=False) if as_json else sentence, err=not as_json)
    sys.exit(NOT_UNDERSTOOD)
