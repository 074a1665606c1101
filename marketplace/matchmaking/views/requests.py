"""A request in own words: write it, see what was read and who can serve it, choose, send."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.catalogue.queries.cards import CardRow, cards
from marketplace.fairs.queries import public_fair
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.http import action, actor_or_none, current_actor
from marketplace.kernel.way_back import forget_way_back
from marketplace.matchmaking import wording
from marketplace.matchmaking.blueprint import bp
from marketplace.matchmaking.corrections import FIELD_OF
from marketplace.matchmaking.doubt_wording import doubt_sentences
from marketplace.matchmaking.forms import DraftForm, SendForm, WordsForm, goods_choices
from marketplace.matchmaking.models import Suggestion
from marketplace.matchmaking.pooling import parts_of, pooled
from marketplace.matchmaking.queries import chosen_suggestions, outcome_of, put_aside_by_buyer, suggestions_of
from marketplace.matchmaking.queries.exposure import full_sellers
from marketplace.matchmaking.reading import profile_of
from marketplace.matchmaking.rules import LONGEST_TEXT, NOT_FOR_ME, RESTING
from marketplace.matchmaking.services import (
    give_verdict,
    load_matcher,
    post_openly,
    revise_request,
    start_request,
)
from marketplace.matchmaking.views.showing import pool_of, suggested
from marketplace.rfqs.drafts import ChosenRecipient
from marketplace.rfqs.forms import FilesForm
from marketplace.rfqs.line_forms import BUTTON, blank_line
from marketplace.rfqs.met_at import fair_of_visit, tell_left_out
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.queries.files import files_of
from marketplace.rfqs.queries.requests import request_of
from marketplace.rfqs.rules import DEFAULT_QUOTE_CAP, LIVE, MAX_RECIPIENTS, RfqState
from marketplace.rfqs.services import drop_text, kept_text, send_request
from marketplace.rfqs.visitor_texts import kept_for_visitor
from marketplace.rfqs.visits import refused_beside

COOKIE = "kept_words"
FIELD, FAIR = "words", "fair"


@bp.get("/requests/new")
def new_request() -> ResponseReturnValue:
    """The text box, with what was typed before signing in or searched for."""
    kept = kept_text(db.session(), request.cookies.get(COOKIE, ""))
    text = kept.get(FIELD) or request.args.get("text", "")[:LONGEST_TEXT]
    fair = fair_of_visit() or kept.get(FAIR, "")
    return _words_page(WordsForm(formdata=None, data={"text": text, "fair": fair}))


@bp.post("/requests/new")
def read_words() -> ResponseReturnValue:
    """Keep the text as a draft and show what was read; a visitor's is kept for their browser alone."""
    actor, form = actor_or_none(), WordsForm()
    if not form.validate():
        return _words_page(form, 422)
    if actor is None:
        return _kept(form)
    load_matcher(db.session())  # before the transaction: loading, or fitting after an upgrade, takes its time
    try:
        with action() as act:
            rfq = start_request(act.session, actor, str(form.text.data), current_locale(), fair=form.fair.code)
            is_counted = rfq.fair_id is not None
            drop_text(act.session, request.cookies.get(COOKIE, ""))
            act.leads_to(url_for("matchmaking.match", key=rfq.key))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _words_page(form, status, headers)
    tell_left_out(form.fair.data, is_counted=is_counted)
    response: Response = act.redirect()
    response.delete_cookie(COOKIE, path="/")
    forget_way_back(response)
    return response


@bp.get("/requests/<key>/match")
def match(key: str) -> ResponseReturnValue:
    """A draft: what was read, to be put right, and the sellers who can serve it."""
    rfq = request_of(db.session(), current_actor(), key)
    if RfqState(rfq.state) in LIVE:
        return redirect(url_for("matchmaking.further", key=key))
    if rfq.state != RfqState.DRAFT:
        return redirect(url_for("rfqs.rfq", key=key))
    return _match_page(rfq, DraftForm(formdata=None, data=DraftForm.filled_from(rfq)))


@bp.post("/requests/<key>/match")
def revise(key: str) -> ResponseReturnValue:
    """Put the draft right, or take away one thing that was read; suppliers are looked for again."""
    actor, form = current_actor(), DraftForm()
    rfq = request_of(db.session(), actor, key)
    if form.changed_lines(request.form.get(BUTTON, "")):
        return _match_page(rfq, form)
    form.fill_choices(current_locale())
    if not form.validate():
        return _match_page(rfq, form, 422)
    load_matcher(db.session())
    try:
        with action() as act:
            own = request_of(act.session, actor, key)
            description = own.lines[0].description if own.lines else ""
            revise_request(
                act.session,
                actor,
                own,
                form.seen_version,
                text=str(form.text.data),
                line=form.line(description),
                terms=form.terms(),
                more=[one.as_draft(commodity=one.goods.data or "") for one in form.wanted_lines],
                dropped=[each[:160] for each in request.form.getlist("drop")],
                turned=[each[:160] for each in request.form.getlist("turn")],
                changed=_changed(),
            )
            act.leads_to(url_for("matchmaking.match", key=key))
    except DomainError as fault:
        status, _headers = refused_beside(form, fault)
        return _match_page(request_of(db.session(), actor, key), form, status)
    return act.redirect()


@bp.post("/requests/<key>/send")
def send(key: str) -> ResponseReturnValue:
    """Send the draft to the chosen sellers; with none chosen it is posted as an open request."""
    actor, form = current_actor(), SendForm()
    chosen = [int(each) for each in request.form.getlist("product") if _is_key(each)][: MAX_RECIPIENTS + 1]
    try:
        with action() as act:
            own = request_of(act.session, actor, key)
            if str(form.version.data or "") != str(own.version):
                raise Conflict(_("This draft has changed meanwhile. Reload the page to see how it stands now."))
            picked = chosen_suggestions(act.session, own.id, chosen)
            recipients = [
                ChosenRecipient(each.seller_id, each.product_id, each.score, dict(each.reasons)) for each in picked
            ]
            if form.is_posted.data or not recipients:
                post_openly(act.session, own)
            rfq = send_request(act.session, actor, own, recipients)
            act.leads_to(url_for("rfqs.rfq", key=key))
            is_open = rfq.state == RfqState.OPEN
    except DomainError as fault:
        status, _headers = refused_beside(form, fault)
        found = request_of(db.session(), actor, key)
        if found.state != RfqState.DRAFT:
            raise
        return _match_page(found, DraftForm(formdata=None, data=DraftForm.filled_from(found)), status, form)
    if not is_open:
        flash(_("Your request is with the curators, usually for less than a working day. Then it goes out."), "success")
    elif recipients:
        flash(_("Your request is on its way. Sellers have 72 hours to answer."), "success")
    else:
        flash(_("Your request is open. Sellers who can serve it see it until it closes."), "success")
    return act.redirect()


@bp.post("/requests/<key>/not-for-me")
def judge_suggestion(key: str) -> ResponseReturnValue:
    """Put a suggested seller aside for this request, or take one back."""
    actor, product = current_actor(), request.form.get("aside", "") or request.form.get("back", "")
    if not _is_key(product):
        raise NotFound
    with action() as act:
        own = request_of(act.session, actor, key)
        give_verdict(act.session, own, int(product), NOT_FOR_ME if request.form.get("aside") else "")
        act.leads_to(url_for("matchmaking.match", key=key))
    return act.redirect()


def _changed() -> dict[str, str]:
    """The chip whose value was changed, by its name."""
    name = request.form.get("change", "")[:160]
    value = request.form.get(f"value:{name}", "").strip().replace(",", ".")[:160] if name else ""
    return {name: value} if value else {}


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _words_page(form: WordsForm, status: int = 200, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    fair = public_fair(db.session(), form.fair.data)
    return render_template("matchmaking/new.html", form=form, fair=fair), status, headers or {}


def _kept(form: WordsForm) -> ResponseReturnValue:
    """Keep a visitor's text for two days and show what was read from it."""
    tell_left_out(form.fair.data, is_counted=public_fair(db.session(), form.fair.data) is not None)
    fields = {FIELD: str(form.text.data), FAIR: form.fair.code}
    return kept_for_visitor(fields, COOKIE, leads_to=url_for("matchmaking.preview"), way_back="/requests/new")


def _match_page(rfq: Rfq, form: DraftForm, status: int = 200, send_form: SendForm | None = None) -> ResponseReturnValue:
    session, locale = db.session(), current_locale()
    form.fill_choices(locale)
    profile = profile_of(rfq)
    rows, aside = suggestions_of(session, rfq.id), put_aside_by_buyer(session, rfq.id)
    products = {row.id: row for row in cards(session, [each.product_id for each in (*rows, *aside)], locale)}
    outcome = outcome_of(session, rfq.id)
    shown = [each for each in rows if each.product_id in products]
    full = full_sellers(session, {each.seller_id: each.product_id for each in shown})
    together = pooled(parts_of((each.product_id, each.seller_id, each.reasons) for each in shown if not each.fits))
    fitting = [_for_choice(each, products, full, locale) for each in shown if each.fits]
    for one in ([each for each in fitting if not each["is_full"]] or fitting)[:DEFAULT_QUOTE_CAP]:
        one["is_chosen"] = True
    almost = [_for_choice(each, products, full, locale) for each in shown if not each.fits]
    for one in almost:
        one["is_chosen"] = not fitting and one["product_id"] in together.products
    body = render_template(
        "matchmaking/match.html",
        rfq=rfq,
        form=form,
        blank=blank_line(locale, "kg", goods_choices(locale)),
        files=files_of(session, rfq.id),
        files_form=FilesForm(formdata=None),
        send_form=send_form or SendForm(formdata=None, data={"version": str(rfq.version)}),
        chips=wording.chip_rows(profile.understood, locale),
        doubts=doubt_sentences(profile),
        fix=request.args.get("fix", "") if request.args.get("fix", "") in set(FIELD_OF.values()) else "",
        fitting=fitting,
        almost=almost,
        aside=[(each.product_id, products[each.product_id].title) for each in aside if each.product_id in products],
        together=None if fitting else pool_of(together, {one["product_id"]: one for one in almost}, locale),
        band=outcome.band if outcome else RESTING,
        is_resting=outcome is None or outcome.band == RESTING,
        most=MAX_RECIPIENTS,
    )
    return body, status


def _for_choice(each: Suggestion, products: dict[int, CardRow], full: set[int], locale: str) -> dict[str, Any]:
    """One kept suggestion as ready strings, with whether its seller is asked a lot this week."""
    shown = suggested(products[each.product_id], each.reasons, locale)
    return {**shown, "is_full": each.seller_id in full, "is_chosen": False}
