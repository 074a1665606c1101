"""Requests of unverified buyers: looked at, let through or refused."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.services.guests import guests_among, is_guest
from marketplace.accounts.wording import LEVELS
from marketplace.console.blueprint import bp
from marketplace.console.forms import RequestNoteForm
from marketplace.console.seeing import note_seen
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.rfqs import wording
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.queries.conversation import buyer_moments
from marketplace.rfqs.queries.files import files_of
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.queries.requests import readable_request, requests_to_check
from marketplace.rfqs.rules import TO_CHECK, RfqState
from marketplace.rfqs.services import approve_request, reinstate_request, reject_request
from marketplace.rfqs.showing import goods_of, line_pairs, summary_of, wanted_pairs

DONE = {
    "approve": lambda: _("Let through: the suppliers have it now."),
    "reject": lambda: _("Refused, and the buyer reads your note."),
    "reinstate": lambda: _("Let through after all."),
}


@bp.get("/console/requests")
def requests() -> ResponseReturnValue:
    """Requests that wait for a check, the oldest first."""
    page = requests_to_check(db.session(), page_number(request.args.get("page")))
    locale = current_locale()
    keys = [line.product_id for rfq in page.items for line in rfq.lines if line.product_id is not None]
    titles = product_titles(db.session(), keys, locale)
    rows = [(rfq, *_goods_and_terms(rfq, titles, locale)) for rfq in page.items]
    guests = guests_among(db.session(), [rfq.created_by_id for rfq in page.items if rfq.created_by_id is not None])
    return render_template("console/requests.html", page=page, rows=rows, guests=guests)


def _goods_and_terms(rfq: Rfq, titles: dict[int, str], locale: str) -> tuple[str, str]:
    line = rfq.lines[0] if rfq.lines else None
    return goods_of(line, titles, locale, rfq.subject), summary_of(rfq, line, locale)


@bp.get("/console/requests/<key>")
def request_to_check(key: str) -> ResponseReturnValue:
    """One request with its buyer."""
    rfq = readable_request(db.session(), current_actor(), key)
    note_seen("request.seen", f"rfq:{rfq.id}")
    return _page(key, RequestNoteForm(formdata=None))


def _page(key: str, form: RequestNoteForm) -> str:
    session = db.session()
    rfq = readable_request(session, current_actor(), key)
    locale = current_locale()
    titles = product_titles(session, [line.product_id for line in rfq.lines if line.product_id is not None], locale)
    state = RfqState(rfq.state)
    return render_template(
        "console/request.html",
        rfq=rfq,
        goods=_goods_and_terms(rfq, titles, locale)[0],
        form=form,
        lines=[line_pairs(line, goods_of(line, titles, locale, rfq.subject), locale) for line in rfq.lines],
        terms=wanted_pairs(rfq, locale, current_actor().time_zone),
        files=files_of(session, rfq.id),
        moments=buyer_moments(session, rfq.id),
        wording=wording,
        levels=LEVELS,
        is_guest=rfq.created_by_id is not None and is_guest(session, rfq.created_by_id),
        is_waiting=state in TO_CHECK,
        can_reinstate=state is RfqState.REJECTED_SPAM,
    )


@bp.post("/console/requests/<key>")
def decide_request(key: str) -> ResponseReturnValue:
    """Let a request through, refuse it with a note, or put a refusal right."""
    decision = request.form.get("decision", "")
    form = RequestNoteForm()
    if decision not in DONE or not form.validate():
        return _page(key, form), 422
    note = form.note.data or ""
    if decision == "reject" and not note.strip():
        form.note.errors = [_("Tell the buyer why in a sentence.")]
        return _page(key, form), 422
    with action() as act:
        actor = current_actor()
        if decision == "approve":
            approve_request(act.session, actor, key)
        elif decision == "reject":
            reject_request(act.session, actor, key, note)
        else:
            reinstate_request(act.session, actor, key)
        act.leads_to(url_for("console.requests"))
    flash(DONE[decision](), "success")
    return act.redirect()
