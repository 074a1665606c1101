"""The seller's inbox and leads: light pages for a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from marketplace.accounts.models import StoredFile
from marketplace.accounts.services.files import store_document
from marketplace.i18n.translations import current_locale
from marketplace.kernel.clock import now, today
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.frames import in_frame
from marketplace.kernel.fullness import unless_full
from marketplace.kernel.http import Action, action, current_actor
from marketplace.kernel.paging import page_number
from marketplace.kernel.uow import transaction
from marketplace.leads import services
from marketplace.leads.forms import AnswerForm, AskForm, AssignForm, DeclineForm, HandOnForm, HeardForm
from marketplace.leads.heard import log_answer, people_of
from marketplace.leads.pages import closed_notice, goods_named, lead_values
from marketplace.leads.policies import may_decline, may_settle, may_write
from marketplace.leads.queries import (
    Shelf,
    colleagues,
    fellow_sellers,
    lead,
    unread_from_buyer,
)
from marketplace.leads.shelves import inbox_list
from marketplace.rfqs.models import Message
from marketplace.rfqs.phrases.parts import Part
from marketplace.rfqs.rules import DeclineReason, Side, written_in
from marketplace.rfqs.sentence_page import Place, sentence_page
from marketplace.rfqs.services import mark_read
from marketplace.rfqs.visits import Headers, is_read_by_a_person, read_papers, refused_beside

bp = Blueprint("leads", __name__)


@bp.get("/leads")
def leads() -> ResponseReturnValue:
    """The inbox: open leads by deadline first."""
    session, actor = db.session(), current_actor()
    wish = request.args.get("show", "")
    shelf = Shelf(wish) if wish in set(Shelf) else Shelf.OPEN
    number = page_number(request.args.get("page"))
    return in_frame(
        "leads/inbox.html",
        {},
        {"closed": closed_notice(session, actor), "inbox": inbox_list(session, actor, shelf, number)},
        is_work=True,
    )


@bp.get("/leads/<key>")
def lead_page(key: str) -> ResponseReturnValue:
    """One lead. Opening it marks it as seen, in a transaction of its own before the page is made."""
    session, actor = db.session(), current_actor()
    found = lead(session, actor, key)
    if is_read_by_a_person():
        is_unread = bool(unread_from_buyer(session, [found.id]))
        if found.seen_at is None or is_unread:
            moment, recipient_id = now(), found.id
            with unless_full(), transaction() as inside:
                services.mark_seen(inside, actor, key)
                mark_read(inside, recipient_id, Side.SELLER, moment)
    return _lead_page(key, AnswerForm(formdata=None))


@bp.post("/leads/<key>/answer")
def answer(key: str) -> ResponseReturnValue:
    """Answer the buyer; the first answer commits."""
    actor, form = current_actor(), AnswerForm()
    is_first = lead(db.session(), actor, key).committed_at is None
    if not form.validate():
        return _lead_page(key, form, 422)
    try:
        documents = read_papers(form.files.data)
        with action() as act:
            papers = [store_document(act.session, actor, one) for one in documents]
            language = written_in(form.text.data, current_locale())
            message = services.answer_lead(act.session, actor, key, form.text.data, language=language, files=papers)
            act.leads_to(f"{url_for('leads.lead_page', key=key)}#message-{message.id}")
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _lead_page(key, form, status, headers)
    flash(
        _("Your answer is sent. You now see who the buyer is.") if is_first else _("Your message is sent."), "success"
    )
    return act.redirect()


@bp.route("/leads/<key>/sentences", methods=["GET", "POST"])
def sentences(key: str) -> ResponseReturnValue:
    """Answer with sentences of the phrase bank; only the button that says so sends."""
    found = lead(db.session(), current_actor(), key)
    decision = may_write(found)
    if not decision.is_allowed:
        raise Conflict(decision.reason)
    is_first = found.committed_at is None
    more = _(
        "With your answer you say that you want to offer. From then on you see the buyer's name, and the buyer sees "
        "that you are on it."
    )
    place = Place(
        here=f"/leads/{key}",
        crumbs=[(_("Leads"), "/leads"), (goods_named(db.session(), found, current_locale()), f"/leads/{key}")],
        send_label=_("Send the answer") if is_first else _("Send"),
        sent=_("Your answer is sent. You now see who the buyer is.") if is_first else _("Your message is sent."),
        more=more if is_first else "",
    )

    def send(act: Action, parts: list[Part], language: str, papers: list[StoredFile]) -> Message:
        return services.answer_lead(act.session, current_actor(), key, "", language=language, files=papers, parts=parts)

    return sentence_page(found.rfq, Side.SELLER, place, send)


@bp.route("/leads/<key>/ask", methods=["GET", "POST"])
def ask(key: str) -> ResponseReturnValue:
    """Ask the buyer for what is missing."""

    def act_on(act: Action, form: Any) -> None:
        language = written_in(form.text.data, current_locale())
        services.ask_information(act.session, current_actor(), key, form.text.data, language=language)

    return _step(
        key, AskForm(), "leads/ask.html", act_on, _("Your question is sent. Your clock stands until they answer.")
    )


@bp.route("/leads/<key>/heard", methods=["GET", "POST"])
def heard(key: str) -> ResponseReturnValue:
    """Put down what a colleague answered by telephone or WhatsApp."""
    people = people_of(db.session(), lead(db.session(), current_actor(), key))

    def act_on(act: Action, form: Any) -> None:
        log_answer(act.session, current_actor(), key, form.draft(current_locale()))

    said = _("The answer is written down. The buyer reads it with who said it, how and when.")
    return _step(key, HeardForm(people, data={"on": today()}), "leads/heard.html", act_on, said)


@bp.route("/leads/<key>/decline", methods=["GET", "POST"])
def decline(key: str) -> ResponseReturnValue:
    """Say no, with a reason."""

    def act_on(act: Action, form: Any) -> None:
        reason = DeclineReason(form.reason.data)
        services.decline_lead(act.session, current_actor(), key, reason, form.note.data or "")

    return _step(key, DeclineForm(), "leads/decline.html", act_on, _("You have declined. The buyer knows why."))


@bp.route("/leads/<key>/hand-on", methods=["GET", "POST"])
def hand_on(key: str) -> ResponseReturnValue:
    """Hand the lead to another seller of the same goods."""
    form = HandOnForm()
    found = lead(db.session(), current_actor(), key)
    sellers = fellow_sellers(db.session(), found)
    form.seller.choices = [SelectChoice("", _("Choose")), *(SelectChoice(slug, name) for slug, name in sellers)]

    def act_on(act: Action, form: Any) -> None:
        services.hand_on(act.session, current_actor(), key, form.seller.data, form.note.data or "")

    said = _("The lead is handed on. The buyer sees to whom.")
    return _step(key, form, "leads/hand_on.html", act_on, said, assign=_assign_form(), has_sellers=bool(sellers))


@bp.post("/leads/<key>/assign")
def assign(key: str) -> ResponseReturnValue:
    """Give the lead to a colleague."""
    actor, form = current_actor(), _assign_form()
    found = lead(db.session(), actor, key)
    chosen = form.colleague.data or ""
    if not form.validate() or not chosen.isascii() or not chosen.isdigit():
        hand = HandOnForm(formdata=None)
        sellers = fellow_sellers(db.session(), found)
        hand.seller.choices = [SelectChoice("", _("Choose")), *(SelectChoice(slug, name) for slug, name in sellers)]
        goods = goods_named(db.session(), found, current_locale())
        values = {"form": hand, "assign": form, "has_sellers": bool(sellers), "lead": found, "goods": goods}
        return render_template("leads/hand_on.html", **values, can_act=may_settle(found)), 422
    with action() as act:
        services.assign_lead(act.session, actor, key, int(chosen))
        act.leads_to(url_for("leads.lead_page", key=key))
    flash(_("Your colleague has the lead now."), "success")
    return act.redirect()


def _assign_form() -> AssignForm:
    form, actor = AssignForm(), current_actor()
    people = [(actor.user_id, actor.name), *colleagues(db.session(), actor)]
    form.colleague.choices = [SelectChoice(str(user_id), name) for user_id, name in people]
    return form


def _step(
    key: str, form: GuardedForm, template: str, act_on: Callable[[Action, Any], None], said: str, **more: Any
) -> ResponseReturnValue:
    """Show the form of one such step, or take it; a refusal stands beside what was typed."""
    found = lead(db.session(), current_actor(), key)
    status: int = 200
    headers: Headers = {}
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with action() as act:
                    act_on(act, form)
                    act.leads_to(url_for("leads.lead_page", key=key))
            except DomainError as fault:
                status, headers = refused_beside(form, fault)
                found = lead(db.session(), current_actor(), key)
            else:
                flash(said, "success")
                return act.redirect()
    can_act = may_decline(found) if template == "leads/decline.html" else may_settle(found)
    goods = goods_named(db.session(), found, current_locale())
    return render_template(template, form=form, lead=found, goods=goods, can_act=can_act, **more), status, headers


def _lead_page(key: str, form: AnswerForm, status: int = 200, headers: Headers | None = None) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    values = lead_values(session, actor, lead(session, actor, key), current_locale(), actor.time_zone)
    return render_template("leads/lead.html", form=form, **values), status, headers or {}
