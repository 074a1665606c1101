"""A mentor's desk: the first quotes of their pesantren, sent on or given back with a note."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.console.blueprint import bp
from marketplace.console.forms import RequestNoteForm
from marketplace.console.seeing import note_seen
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.forms import seen_version
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.quotes import showing
from marketplace.quotes.queries import waiting_page, waiting_version
from marketplace.quotes.queries.sheets import sheet_of
from marketplace.quotes.services import approve_quote, return_quote
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.showing import goods_of, line_pairs, wanted_pairs
from marketplace.rfqs.visits import Headers, refused_beside

DECISIONS = ("approve", "return")


@bp.get("/console/quotes")
def quotes() -> ResponseReturnValue:
    """Quotes of the actor's pesantren that wait, the oldest first."""
    page = waiting_page(db.session(), current_actor(), page_number(request.args.get("page")))
    return render_template("console/quotes.html", page=page)


@bp.get("/console/quotes/<int:version_id>")
def quote(version_id: int) -> ResponseReturnValue:
    """One of them beside what the buyer asked for."""
    row = waiting_version(db.session(), current_actor(), version_id)
    note_seen("quote.seen", f"quote_version:{row.id}")
    return _page(version_id, RequestNoteForm(formdata=None))


@bp.post("/console/quotes/<int:version_id>")
def decide_quote(version_id: int) -> ResponseReturnValue:
    """Send it on, or give it back with a note."""
    form, actor, decision = RequestNoteForm(), current_actor(), request.form.get("decision", "")
    waiting_version(db.session(), actor, version_id)
    if decision not in DECISIONS or not form.validate():
        return _page(version_id, form, 422)
    try:
        with action() as act:
            if decision == "approve":
                approve_quote(act.session, actor, version_id, seen_version())
            else:
                return_quote(act.session, actor, version_id, seen_version(), form.note.data or "")
            act.leads_to(url_for("console.quotes"))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _page(version_id, form, status, headers)
    flash(
        _("The quote is sent. Seller and buyer are told.") if decision == "approve"
        else _("The seller has it back with your note."), "success",
    )  # fmt: skip
    return act.redirect()


def _page(
    version_id: int, form: RequestNoteForm, status: int = 200, headers: Headers | None = None
) -> ResponseReturnValue:
    session, actor, locale = db.session(), current_actor(), current_locale()
    row = waiting_version(session, actor, version_id)
    rfq = row.quote.rfq
    titles = product_titles(session, [line.product_id or 0 for line in rfq.lines], locale)
    body = render_template(
        "console/quote.html",
        row=row,
        rfq=rfq,
        seller=row.quote.seller,
        form=form,
        view=showing.sheet_view(sheet_of(session, row), locale, actor.time_zone),
        asked=[line_pairs(line, goods_of(line, titles, locale, rfq.subject), locale) for line in rfq.lines],
        wanted=wanted_pairs(rfq, locale, actor.time_zone),
    )
    return body, status, headers or {}
