"""Documents of a request: added by its buyer, taken back while nobody has it."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.services.files import store_document
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.http import action, current_actor
from marketplace.rfqs.forms import FilesForm
from marketplace.rfqs.queries.requests import request_of
from marketplace.rfqs.services import attach_files, detach_file
from marketplace.rfqs.views.blueprint import bp
from marketplace.rfqs.visits import read_papers


@bp.post("/requests/<key>/files")
def add_files(key: str) -> ResponseReturnValue:
    """Put documents to a request."""
    actor, form = current_actor(), FilesForm()
    request_of(db.session(), actor, key)
    documents = read_papers(form.files.data)
    if not documents:
        raise DomainError(_("Choose a file first."))
    with action() as act:
        attach_files(act.session, actor, key, [store_document(act.session, actor, one) for one in documents])
        act.leads_to(url_for("rfqs.rfq", key=key))
    flash(_("The documents are added. A seller reads them once they have committed to answer."), "success")
    return act.redirect()


@bp.post("/requests/<key>/files/<int:file_id>/remove")
def remove_file(key: str, file_id: int) -> ResponseReturnValue:
    """Take a document back while no seller has the request."""
    with action() as act:
        detach_file(act.session, current_actor(), key, file_id)
        act.leads_to(url_for("rfqs.rfq", key=key))
    flash(_("The document is taken away."), "success")
    return act.redirect()
