"""What was read from a visitor's text and who could serve it; sent by an account, or confirmed by mail alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from marketplace.catalogue.queries.cards import cards
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.http import action
from marketplace.matchmaking import wording
from marketplace.matchmaking.blueprint import bp
from marketplace.matchmaking.doubt_wording import doubt_sentences
from marketplace.matchmaking.forms import SendForm
from marketplace.matchmaking.rules import MOST_ALMOST, MOST_SUGGESTED
from marketplace.matchmaking.services import matches_for_text
from marketplace.matchmaking.services.guests import keep_words
from marketplace.matchmaking.services.suggesting import reasons_of
from marketplace.matchmaking.views.requests import COOKIE, FAIR, FIELD
from marketplace.matchmaking.views.showing import suggested
from marketplace.rfqs.forms import GuestForm
from marketplace.rfqs.rules import DEFAULT_QUOTE_CAP, MAX_RECIPIENTS
from marketplace.rfqs.services import drop_text, kept_text
from marketplace.rfqs.visits import refused_beside

if TYPE_CHECKING:
    from matching.matcher import Match


@bp.get("/requests/preview")
def preview() -> ResponseReturnValue:
    """What was read, who could serve it, and how to send it."""
    text = _text()
    if not text:
        return redirect(url_for("matchmaking.new_request"))
    return _page(text, GuestForm(formdata=None), SendForm(formdata=None), None)


@bp.post("/requests/preview")
def keep_for_guest() -> ResponseReturnValue:
    """Let the request wait for the visitor's mailbox; the answer is the same for everybody."""
    text, guest, form = _text(), GuestForm(), SendForm()
    if not text:
        return redirect(url_for("matchmaking.new_request"), 303)
    chosen = [int(each) for each in request.form.getlist("product") if each.isascii() and each.isdigit()]
    chosen = [each for each in chosen if each < 10**18][:MAX_RECIPIENTS]
    if not guest.validate():
        return _page(text, guest, form, chosen), 422
    try:
        with action(url_for("rfqs.guest_sent")) as act:
            registration = guest.as_registration(current_locale())
            keep_words(
                act.session,
                registration,
                text,
                chosen,
                request.remote_addr,
                is_posted=bool(form.is_posted.data),
                fair=_fair(),
            )
            drop_text(act.session, request.cookies.get(COOKIE, ""))
    except DomainError as fault:
        status, headers = refused_beside(guest, fault)
        return _page(text, guest, form, chosen), status, headers
    response: Response = act.redirect()
    response.delete_cookie(COOKIE, path="/")
    return response


def _fair() -> str:
    return kept_text(db.session(), request.cookies.get(COOKIE, "")).get(FAIR, "")


def _text() -> str:
    return kept_text(db.session(), request.cookies.get(COOKIE, "")).get(FIELD, "")


def _page(text: str, guest: GuestForm, form: SendForm, chosen: Sequence[int] | None) -> str:
    """``chosen`` are the products that were ticked, None before anybody ticked one: then the first few are."""
    session, locale = db.session(), current_locale()
    profile, found = matches_for_text(session, text, locale, today())
    shown = found.matches[:MOST_SUGGESTED] if found and found.is_served else ()
    others = found.almost[:MOST_ALMOST] if found else ()
    rows = {row.id: row for row in cards(session, [int(each.offer) for each in (*shown, *others)], locale)}
    first = [int(each.offer) for each in shown][:DEFAULT_QUOTE_CAP]

    def presented(matches: Sequence[Match]) -> list[dict[str, Any]]:
        known = [(rows[int(each.offer)], reasons_of(each)) for each in matches if int(each.offer) in rows]
        ticked = set(first if chosen is None else chosen)
        return [{**suggested(row, reasons, locale), "is_chosen": row.id in ticked} for row, reasons in known]

    return render_template(
        "matchmaking/preview.html",
        text=text,
        chips=wording.chip_rows(profile.understood, locale),
        doubts=doubt_sentences(profile),
        suggested=presented(shown),
        almost=presented(others),
        is_resting=found is None,
        guest=guest,
        form=form,
    )
