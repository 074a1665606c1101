"""The page behind an answer link: light, without a sign-in and without scripts. Opening it only shows."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.views.visit import keep_private
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.uow import transaction
from marketplace.leads.linking import ANSWER_SENTENCES, LinkAction, LinkAnswer, answer_by_link, opened_by_link
from marketplace.leads.pages import goods_named
from marketplace.leads.policies import may_settle
from marketplace.rfqs import showing
from marketplace.rfqs.contacts import without_contacts
from marketplace.rfqs.phrases.bank import phrase_bank
from marketplace.rfqs.queries.contacts import why_hidden
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.rules import written_in
from marketplace.rfqs.wording import DECLINE_REASONS

bp = Blueprint("answer_link", __name__)
bp.after_request(keep_private)
LONGEST = 5000


@bp.get("/answer/<token>")
def show(token: str) -> ResponseReturnValue:
    """What a buyer asks and three ways to answer."""
    return _page(token)


@bp.post("/answer/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Use the link up: yes, no or a question."""
    chosen = request.form.get("action", "")
    text = request.form.get("text", "")[:LONGEST]
    if chosen not in set(LinkAction):
        return _page(token, _("Choose one of the three answers."), 422)
    sentences = tuple(request.form.getlist("sentence")[: len(ANSWER_SENTENCES)])
    # sentences are spoken in the language of the page; alone, words are marked with their own
    language = current_locale() if sentences else written_in(text, current_locale())
    said = LinkAnswer(LinkAction(chosen), text, language, request.form.get("reason", ""), sentences)
    try:
        with transaction() as session:
            answer_by_link(session, token, said)
    except NotFound:
        return _over()
    except DomainError as fault:
        return _page(token, str(fault.sentence), fault.status)
    return render_template("answer/done.html", chosen=said.action)


def _page(token: str, problem: str = "", status: int = 200) -> ResponseReturnValue:
    session, locale = db.session(), current_locale()
    try:
        actor, recipient = opened_by_link(session, token)
    except NotFound:
        return _over()
    rfq = recipient.rfq
    line = rfq.lines[0] if rfq.lines else None
    titles = product_titles(session, [each.product_id or 0 for each in rfq.lines], locale)
    body = render_template(
        "answer/page.html",
        recipient=recipient,
        rfq=rfq,
        asked=without_contacts(rfq.text) if why_hidden(session, recipient.id) else rfq.text,
        goods=goods_named(session, recipient, locale),
        facts=[showing.quantity_of(line, locale), showing.summary_of(rfq, line, locale, rfq.buyer.country)],
        more=[
            " · ".join(filter(None, (showing.goods_of(each, titles, locale), showing.quantity_of(each, locale))))
            for each in rfq.lines[1:]
        ],
        clock=showing.clock_of(recipient, rfq, locale, actor.time_zone),
        language=showing.language_tag(rfq.language),
        decision=may_settle(recipient),
        reasons=DECLINE_REASONS,
        problem=problem,
        chosen=request.form.get("action", ""),
        chosen_reason=request.form.get("reason", ""),
        text=request.form.get("text", "")[:LONGEST],
        sentences=[(code, phrase_bank()[code].shown(locale)) for code in ANSWER_SENTENCES],
        chosen_sentences=request.form.getlist("sentence"),
    )
    return body, status


def _over() -> ResponseReturnValue:
    return render_template("answer/over.html"), 404
