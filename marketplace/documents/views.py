"""Papers of quotes, deals and samples: asked for here, made by a job, handed out to both sides."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.services.files import content_of
from marketplace.documents import wording
from marketplace.documents.annexes import annex_of_coordinator, annex_of_member
from marketplace.documents.comparing import LAYOUT, comparison_sheet, moment_of
from marketplace.documents.drawing import DrawingFailed, drawn_apart
from marketplace.documents.forms import PaperForm
from marketplace.documents.papers.pool_annex import AnnexFacts, pool_annex
from marketplace.documents.queries import (
    Subject,
    deal_subject,
    failed,
    page_of_paper,
    paper_of,
    papers_of,
    quote_subject,
    sample_subject,
)
from marketplace.documents.rules import PaperKind
from marketplace.documents.services import ask_paper, holds, try_again
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.orders.policies import root_for
from marketplace.quotes.asked import asked_comparison

bp = Blueprint("documents", __name__)
log = logging.getLogger(__name__)
Reading = Callable[[Session], Subject]


@bp.route("/quotations/<recipient_key>/<int(max=2147483647):number>/papers", methods=["GET", "POST"])
def quote_papers(recipient_key: str, number: int) -> ResponseReturnValue:
    """Papers of one sent version of a quote."""
    return _papers(lambda session: quote_subject(session, current_actor(), recipient_key, number))


@bp.route("/deals/<key>/papers", methods=["GET", "POST"])
def deal_papers(key: str) -> ResponseReturnValue:
    """Papers of an agreement."""
    return _papers(lambda session: deal_subject(session, current_actor(), key))


@bp.route("/samples/<key>/papers", methods=["GET", "POST"])
def sample_papers(key: str) -> ResponseReturnValue:
    """Papers of a sample."""
    return _papers(lambda session: sample_subject(session, current_actor(), key))


@bp.get("/papers/<key>")
def paper(key: str) -> ResponseReturnValue:
    """The PDF as a download; 404 while it is being made."""
    found = paper_of(db.session(), current_actor(), key)
    if found.file is None:
        raise NotFound(_("The paper is being made. Try again in a minute."))
    return _download(content_of(found.file), found.file.name)


def _download(data: bytes, name: str) -> Response:
    return Response(
        data,
        mimetype="application/pdf",
        headers={
            "Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


@bp.get("/requests/<key>/quotes.pdf")
def comparison(key: str) -> ResponseReturnValue:
    """The quotes of one's own request side by side, to print; asked for like the page."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    rfq, quoted, found = asked_comparison(session, actor, key, request.args, locale=locale)
    if not quoted:
        raise NotFound
    moment, name = moment_of(rfq, quoted), f"quotes-{rfq.key}.pdf"
    text, fingerprint = comparison_sheet(rfq, found, moment, locale, actor.time_zone)
    session.rollback()  # nothing is held while it is drawn
    try:
        data = drawn_apart(text, fingerprint, moment, LAYOUT)
    except DrawingFailed:
        log.exception("documents.comparison_failed")
        raise Conflict(_("The PDF could not be made just now. Take the table (XLSX), or try again later.")) from None
    return _download(data, name)


@bp.get("/pools/<key>/annex.pdf")
def annex(key: str) -> ResponseReturnValue:
    """The agreed shares, for a member."""
    return _annex(annex_of_member(db.session(), current_actor(), key))


@bp.get("/leads/<key>/pool/annex.pdf")
def own_annex(key: str) -> ResponseReturnValue:
    """The same for the seller of record."""
    return _annex(annex_of_coordinator(db.session(), current_actor(), key))


@bp.get("/partner/pools/<key>/annex.pdf")
def coordinated_annex(key: str) -> ResponseReturnValue:
    """The same for the chapter that coordinates."""
    return _annex(annex_of_coordinator(db.session(), current_actor(), key))


def _annex(facts: AnnexFacts) -> Response:
    locale = current_locale()
    sheet = pool_annex(facts, ("en",) if locale == "en" else ("en", locale))
    db.session().rollback()  # nothing is held while it is drawn
    try:
        data = drawn_apart(sheet.data(), sheet.fingerprint(), sheet.made_at, "paper")
    except DrawingFailed:
        log.exception("documents.annex_failed")
        raise Conflict(_("The PDF could not be made just now. Try again later.")) from None
    return _download(data, f"{facts.number.lower()}-annex.pdf")


@bp.post("/papers/<key>/again")
def again(key: str) -> ResponseReturnValue:
    """Try once more to draw a paper."""
    root, actor = root_for(current_actor()), current_actor()
    with action() as act:
        found = paper_of(act.session, actor, key)
        try_again(act.session, found)
        act.leads_to(f"{request.script_root}{root}{page_of_paper(act.session, found)}")
    flash(_("The paper is being made. It stands in the list in a moment."), "success")
    return act.redirect()


def _papers(read: Reading) -> ResponseReturnValue:
    subject = read(db.session())
    form = PaperForm(subject.kinds)
    if request.method == "POST" and form.validate():
        with action() as act:
            kind, language = PaperKind(form.kind.data), form.language.data or ""
            ask_paper(act.session, current_actor(), read(act.session), kind, language)
            act.leads_to(f"{request.script_root}{request.path}")
        flash(_("The paper is being made. It stands in the list in a moment."), "success")
        return act.redirect()
    back = _back(subject)
    papers = papers_of(db.session(), subject)
    body = render_template(
        "documents/papers.html",
        papers=papers,
        failed=failed(db.session(), papers),
        holds=holds(db.session(), subject),
        form=form,
        wording=wording,
        back=back,
        root=root_for(current_actor()),
        sample=subject.sample,
        deal=subject.deal,
        version=subject.version,
    )
    return body, 422 if request.method == "POST" else 200


def _back(subject: Subject) -> str:
    if subject.deal is not None:
        return f"/deals/{subject.deal.key}/progress"
    return f"/samples/{subject.sample.key}" if subject.sample is not None else ""
