"""A seller's certificates."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.documents import Document, read_document
from marketplace.accounts.services.files import store_document
from marketplace.catalogue import services
from marketplace.catalogue.forms.papers import CertificateForm
from marketplace.catalogue.forms.parts import attach
from marketplace.catalogue.labels import VERIFIED_BY, certificate_name
from marketplace.catalogue.models import Certificate
from marketplace.catalogue.queries.own import (
    own_certificate,
    own_certificates,
    producers_of,
    products_with,
    seller_of,
)
from marketplace.catalogue.rules import is_valid_on
from marketplace.catalogue.services.problems import Unfit
from marketplace.catalogue.views.blueprint import bp
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.http import Action, action, current_actor
from marketplace.kernel.outbox import enqueue

SOON = 90


@bp.get("/selling/certificates")
def certificates() -> ResponseReturnValue:
    """All certificates of the seller, the next to end first."""
    return _list()


@bp.get("/selling/certificates/new")
def certificate_form() -> ResponseReturnValue:
    """The form for a new certificate."""
    return _page(_form(None), None)


@bp.post("/selling/certificates/new")
def add_certificate() -> ResponseReturnValue:
    """Keep a new certificate with its document."""
    form = _form(None)
    if not form.validate_on_submit():
        return _page(form, None), 422
    try:
        document = _document()
        with action() as act:
            services.add_certificate(act.session, current_actor(), form.as_draft(_kept(act, document, None)))
            act.leads_to(url_for("catalogue.certificates"))
    except DomainError as failure:
        return _again(form, None, failure)
    flash(_("The certificate is kept. It shows to buyers once staff have checked it."), "success")
    return act.redirect()


@bp.get("/selling/certificates/<int:certificate_id>")
def certificate(certificate_id: int) -> ResponseReturnValue:
    """The form for a certificate that exists."""
    held = own_certificate(db.session(), current_actor(), certificate_id)
    return _page(_form(held), held)


@bp.post("/selling/certificates/<int:certificate_id>")
def change_certificate(certificate_id: int) -> ResponseReturnValue:
    """Change a certificate; a checked one must be checked again."""
    held = own_certificate(db.session(), current_actor(), certificate_id)
    form = _form(held)
    if not form.validate_on_submit():
        return _page(form, held), 422
    try:
        document, present = _document(), held.file_id
        with action() as act:
            file_id = _kept(act, document, present)
            version = form.version.data if form.version.data is not None else -1
            services.edit_certificate(act.session, current_actor(), certificate_id, version, form.as_draft(file_id))
            act.leads_to(url_for("catalogue.certificates"))
    except DomainError as failure:
        return _again(form, certificate_id, failure)
    flash(_("Saved."), "success")
    return act.redirect()


@bp.post("/selling/certificates/<int:certificate_id>/remove")
def remove_certificate(certificate_id: int) -> ResponseReturnValue:
    """Delete a certificate on which no listing leans."""
    try:
        with action() as act:
            key = services.remove_certificate(act.session, current_actor(), certificate_id)
            if key is not None:
                enqueue(act.session, "catalogue.delete_document", key=key)
            act.leads_to(url_for("catalogue.certificates"))
    except Conflict as failure:
        return _list(failure), failure.status
    flash(_("The certificate is deleted."), "success")
    return act.redirect()


def _document() -> Document | None:
    """The document that was sent along, judged before the transaction opens: drawing it anew takes its time."""
    upload = request.files.get("document")
    if upload is None or not upload.filename:
        return None
    return read_document(upload.stream.read(), upload.filename)


def _kept(act: Action, document: Document | None, present: int | None) -> int | None:
    """The key of the document that was sent along, or of the one that is there."""
    return store_document(act.session, current_actor(), document).id if document is not None else present


def _form(held: Certificate | None) -> CertificateForm:
    session, actor = db.session(), current_actor()
    return CertificateForm.of(producers_of(session, seller_of(session, actor).id), held)


def _again(form: CertificateForm, certificate_id: int | None, failure: DomainError) -> tuple[str, int]:
    if failure.status == 404:
        raise failure
    if isinstance(failure, Unfit):
        attach(form, failure)
    else:
        form.form_errors.append(failure.sentence)
    # the failed transaction let go of everything read before it
    held = own_certificate(db.session(), current_actor(), certificate_id) if certificate_id is not None else None
    return _page(form, held), failure.status


def _list(failure: DomainError | None = None) -> str:
    session, locale, day = db.session(), current_locale(), today()
    rows = []
    for held in own_certificates(session, current_actor()):
        is_held = is_valid_on(held.valid_from, held.valid_to, day)
        is_ending = held.valid_to is not None and 0 <= (held.valid_to - day).days <= SOON
        state = "expired" if not is_held else "expiring" if is_ending else "valid"
        rows.append(
            {
                "id": held.id,
                "name": certificate_name(held.code, locale),
                "held": held,
                "state": state if held.verified_at or not is_held else "unverified",
                "how": VERIFIED_BY.get(held.verified_method, ""),
                "products": len(products_with(session, held.id)),
            }
        )
    return render_template("catalogue/certificates.html", rows=rows, failure=failure)


def _page(form: CertificateForm, held: Certificate | None) -> str:
    return render_template("catalogue/certificate.html", form=form, held=held)
