"""Files of products: the template, a seller's own products as a table, and bringing a file in after a look at it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Response, flash, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StoredFile
from marketplace.accounts.services.scanning import require_scanned
from marketplace.catalogue.forms.papers import ImportForm
from marketplace.catalogue.importing.problems import FileProblem
from marketplace.catalogue.labels import item_name
from marketplace.catalogue.queries.export import export_rows
from marketplace.catalogue.queries.own import seller_of
from marketplace.catalogue.services.import_file import drop_import_file, keep_import_file, read_import_file
from marketplace.catalogue.services.importing import ImportReport, ImportWish, run_import
from marketplace.catalogue.tables import as_csv, as_xlsx
from marketplace.catalogue.views.blueprint import bp
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import storage
from marketplace.kernel.policy import Actor
from marketplace.kernel.storage import MissingFile

MOST_ROWS = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/selling/import")
def import_form() -> ResponseReturnValue:
    """Choose a file."""
    seller_of(db.session(), current_actor())
    return render_template("catalogue/import.html", form=ImportForm())


@bp.post("/selling/import")
def send_import() -> ResponseReturnValue:
    """Keep the file for a look at what would become of it; nothing is brought in yet."""
    form = ImportForm()
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        form.file.errors = [_("Choose a file first.")]
        return render_template("catalogue/import.html", form=form), 422
    try:
        sent = read_import_file(upload.stream.read(), upload.filename)
        with action() as act:
            row = keep_import_file(act.session, current_actor(), sent)
            act.leads_to(url_for("catalogue.import_review", file_id=row.id))
    except DomainError as failure:
        form.file.errors = [failure.sentence]
        return render_template("catalogue/import.html", form=form), failure.status
    return act.redirect()


@bp.get("/selling/import/<int:file_id>")
def import_review(file_id: int) -> ResponseReturnValue:
    """What would become of the file, row by row."""
    row = _own_file(db.session(), current_actor(), file_id)
    name = row.name
    try:
        report = _run(row, dry_run=True, skip_bad_rows=False)
    except FileProblem as problem:
        form = ImportForm(formdata=None)
        form.file.errors = [problem.sentence(_)]
        return render_template("catalogue/import.html", form=form), 422
    return _report_page(report, file_id, name)


@bp.post("/selling/import/<int:file_id>")
def bring_in(file_id: int) -> ResponseReturnValue:
    """Bring the file in as drafts; the same file sent again changes nothing."""
    session, actor = db.session(), current_actor()
    row = _own_file(session, actor, file_id)
    name, skip = row.name, request.form.get("skip") == "yes"
    try:
        report = _run(row, dry_run=False, skip_bad_rows=skip)
    except FileProblem as problem:
        raise DomainError(problem.sentence(_)) from None
    if report.was_stopped or report.is_too_long:
        return _report_page(report, file_id, name), 422
    with action() as act:
        drop_import_file(act.session, current_actor(), file_id)
        act.leads_to(url_for("catalogue.own_list"))
    flash(
        _(
            "Brought in: %(created)s new, %(updated)s changed, %(unchanged)s unchanged, %(failed)s left out.",
            created=report.created, updated=report.updated, unchanged=report.unchanged, failed=report.failed,
        ),
        "success",
    )  # fmt: skip
    return act.redirect()


@bp.get("/selling/import/template.xlsx")
def import_template() -> ResponseReturnValue:
    """The workbook to fill in, for one commodity or all."""
    from marketplace.catalogue.importing.template import write_template
    from marketplace.catalogue.registry.lookup import CommodityUnknown

    out = io.BytesIO()
    wish = request.args.get("commodity", "")
    try:
        write_template(out, (wish,) if wish else ())
    except CommodityUnknown:
        raise NotFound from None
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name="produk-products.xlsx")


@bp.get("/selling/export.<ending>")
def export_own(ending: str) -> ResponseReturnValue:
    """The seller's products as a table that can be imported again."""
    if ending not in {"csv", "xlsx"}:
        raise NotFound
    session = db.session()
    seller = seller_of(session, current_actor())
    rows = export_rows(session, seller.id, current_locale())
    if ending == "csv":
        return Response(
            as_csv(rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="products.csv"'},
        )
    return send_file(as_xlsx(rows), mimetype=XLSX, as_attachment=True, download_name="products.xlsx")


def _own_file(session: Session, actor: Actor, file_id: int) -> StoredFile:
    row = session.scalar(
        select(StoredFile).where(
            StoredFile.id == file_id,
            StoredFile.organisation_id == actor.organisation_id,
            StoredFile.key.like("import/%"),
        )
    )
    if row is None:
        raise NotFound
    require_scanned(session, row.key)
    return row


def _run(row: StoredFile, *, dry_run: bool, skip_bad_rows: bool) -> ImportReport:
    actor = current_actor()
    seller_id = seller_of(db.session(), actor).id
    wish = ImportWish(
        dry_run=dry_run, skip_bad_rows=skip_bad_rows, locale=current_locale(), most_rows=MOST_ROWS
    )  # fmt: skip
    with _on_disk(row.key) as path:
        return run_import(path, seller_id, wish, actor=actor)


@contextmanager
def _on_disk(key: str) -> Iterator[Path]:
    """The kept file as a path, as the readers want it."""
    try:
        data = storage().get(key)
    except MissingFile:
        raise NotFound from None
    with tempfile.NamedTemporaryFile(suffix="." + key.rpartition(".")[2]) as file:
        file.write(data)
        file.flush()
        yield Path(file.name)


def _report_page(report: ImportReport, file_id: int, name: str) -> str:
    return render_template(
        "catalogue/import_report.html", report=report, file_id=file_id, name=name, most=MOST_ROWS, item_name=item_name
    )
