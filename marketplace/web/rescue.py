"""Leads nobody answers, for mentors, the desk and partners: look, write to the buyer, or tell them not to wait."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from wtforms import TextAreaField
from wtforms.validators import Length

from marketplace.accounts.contact import whatsapp_address
from marketplace.accounts.models import User
from marketplace.accounts.queries import member_ids
from marketplace.accounts.rules import LINK_PATHS, Purpose
from marketplace.i18n.addresses import localised
from marketplace.i18n.formats import format_country, format_date
from marketplace.i18n.locales import known
from marketplace.i18n.translations import current_locale, speaking
from marketplace.kernel.audit import audit, audit_look
from marketplace.kernel.clock import today
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.forms import GuardedForm
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import settings
from marketplace.kernel.paging import page_number
from marketplace.kernel.uow import transaction
from marketplace.leads.forms import HeardForm
from marketplace.leads.heard import log_answer_for, people_of
from marketplace.leads.linking import make_answer_link
from marketplace.rfqs import showing, wording
from marketplace.rfqs.fields import Cleaned
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.queries.conversation import buyer_moments, messages_of
from marketplace.rfqs.queries.goods import goods_by_line
from marketplace.rfqs.queries.offers import product_titles
from marketplace.rfqs.queries.rescuing import WaitingLead, waiting_lead, waiting_leads
from marketplace.rfqs.rules import MomentCode, RecipientState, RfqState, Side, is_answerable, talks, written_in
from marketplace.rfqs.services import release_buyer, write_for_programme
from marketplace.rfqs.talk import bubbles
from marketplace.rfqs.visits import Headers, refused_beside

bp = Blueprint("rescue", __name__)
DESK = "/console/waiting-leads"
CHAPTER = "/partner/waiting-leads"


class HelpForm(GuardedForm):
    """Words of the programme to the buyer; the seller reads them, too."""

    text = TextAreaField(
        lazy_gettext("Your message"),
        description=lazy_gettext("Buyer and seller both read it, as a message of the programme."),
        validators=[Cleaned(lazy_gettext("Write a message first.")), Length(max=20000)],
    )


class ReleaseForm(GuardedForm):
    """A word along with the release."""

    note = TextAreaField(
        lazy_gettext("A word to the buyer"),
        description=lazy_gettext("It stands on the timeline, where the seller reads it as well."),
        validators=[Length(max=2000)],
    )


@bp.get(DESK)
def waiting() -> ResponseReturnValue:
    """Leads that wait for an answer, one's own pesantren's first."""
    session, actor, locale = db.session(), current_actor(), current_locale()
    page = waiting_leads(session, actor, page_number(request.args.get("page")))
    titles = product_titles(
        session, [line.product_id or 0 for one in page.items for line in one.recipient.rfq.lines], locale
    )
    rows = [(one, _goods(one, titles, locale), wording.RESCUES.get(one.step or "", "")) for one in page.items]
    steps = wording.MOMENTS
    return render_template(
        "rescue/list.html", page=page, rows=rows, steps=steps, time_left=showing.time_left, root=_root()
    )


@bp.get(f"{DESK}/<key>")
def lead(key: str) -> ResponseReturnValue:
    """One of them: what was asked, what was done, and what can be done. That somebody looked is written down."""
    found = waiting_lead(db.session(), current_actor(), key)
    if request.method == "GET":
        subject = f"recipient:{found.recipient.id}"
        with transaction() as session:
            audit_look(session, current_actor(), "lead.seen", subject)
    return _page(key, HelpForm(formdata=None), ReleaseForm(formdata=None))


@bp.post(f"{DESK}/<key>/write")
def write(key: str) -> ResponseReturnValue:
    """Write to the buyer; the first message takes the conversation over."""
    form, actor = HelpForm(), current_actor()
    waiting_lead(db.session(), actor, key)
    if not form.validate():
        return _page(key, form, ReleaseForm(formdata=None), 422)
    try:
        with action() as act:
            language = written_in(form.text.data, current_locale())
            write_for_programme(act.session, actor, key, form.text.data, language=language)
            act.leads_to(url_for(".lead", key=key))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _page(key, form, ReleaseForm(formdata=None), status, headers)
    flash(_("Your message is sent. Buyer and seller are told."), "success")
    return act.redirect()


@bp.post(f"{DESK}/<key>/release")
def release(key: str) -> ResponseReturnValue:
    """Tell the buyer not to wait."""
    form, actor = ReleaseForm(), current_actor()
    waiting_lead(db.session(), actor, key)
    if not form.validate():
        return _page(key, HelpForm(formdata=None), form, 422)
    try:
        with action() as act:
            release_buyer(act.session, actor, key, form.note.data or "")
            act.leads_to(url_for(".waiting"))
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return _page(key, HelpForm(formdata=None), form, status, headers)
    flash(_("The buyer is told and sees other suppliers."), "success")
    return act.redirect()


@bp.route(f"{DESK}/<key>/heard", methods=["GET", "POST"])
def heard(key: str) -> ResponseReturnValue:
    """Put down what the seller answered by telephone or WhatsApp."""
    session, actor = db.session(), current_actor()
    found = waiting_lead(session, actor, key)
    form, status = HeardForm(people_of(session, found.recipient), data={"on": today()}), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with action(url_for(".waiting")) as act:
                    recipient = waiting_lead(act.session, actor, key).recipient
                    log_answer_for(act.session, actor, recipient, form.draft(current_locale()))
            except DomainError as fault:
                if isinstance(fault, NotFound):
                    raise
                status, _headers = refused_beside(form, fault)
                found = waiting_lead(session, actor, key)
            else:
                flash(_("The answer is written down. The buyer reads it with who said it, how and when."), "success")
                return act.redirect()
    titles = product_titles(session, [line.product_id or 0 for line in found.recipient.rfq.lines], current_locale())
    values = {"form": form, "found": found, "goods": _goods(found, titles, current_locale())}
    return render_template("rescue/heard.html", **values), status


@bp.post(f"{DESK}/<key>/whatsapp")
def whatsapp(key: str) -> ResponseReturnValue:
    """Prepare a WhatsApp text with an answer link for the seller; the token stands on this page and nowhere else."""
    session, actor = db.session(), current_actor()
    found = waiting_lead(session, actor, key)
    people = member_ids(session, found.recipient.seller.organisation_id)
    if not people or not _is_answerable(found):
        return _page(key, HelpForm(formdata=None), ReleaseForm(formdata=None), 409)
    with transaction() as inside:
        token = make_answer_link(inside, found.recipient, people[0])
        audit(inside, actor, "lead.link_made", f"recipient:{found.recipient.id}")
    return _page(
        key,
        HelpForm(formdata=None),
        ReleaseForm(formdata=None),
        chat=_chat(waiting_lead(session, actor, key), people[0], token),
    )


def _chat(found: WaitingLead, user_id: int, token: str) -> str:
    """An address that opens WhatsApp with the reminder in the seller's language."""
    session = db.session()
    user = session.scalars(select(User).where(User.id == user_id)).one()
    recipient, locale = found.recipient, known(user.locale)
    titles = product_titles(session, [line.product_id or 0 for line in recipient.rfq.lines], locale)
    path = LINK_PATHS[Purpose.LEAD_REMINDER].format(token=token)
    with speaking(locale):
        text = _(
            "A buyer in %(country)s asks you about %(product)s on Pesantren Souq and waits for an answer "
            "(until %(deadline)s). Answer here without signing in: %(link)s",
            country=format_country(recipient.rfq.buyer.country, locale),
            product=_goods(found, titles, locale),
            deadline=format_date(recipient.deadline_at.date(), locale),
            link=localised(settings().web.public_url, locale, path),
        )
    number = recipient.seller.whatsapp or user.phone or ""
    return whatsapp_address(number, text)


def _page(
    key: str,
    form: HelpForm,
    release_form: ReleaseForm,
    status: int = 200,
    headers: Headers | None = None,
    chat: str = "",
) -> ResponseReturnValue:
    session, actor, locale = db.session(), current_actor(), current_locale()
    found = waiting_lead(session, actor, key)
    recipient, rfq, zone = found.recipient, found.recipient.rfq, actor.time_zone
    titles = product_titles(session, [line.product_id or 0 for line in rfq.lines], locale)
    names = {recipient.id: (recipient.seller.organisation.name, recipient.decline_reason)}
    is_silent = recipient.state == RecipientState.NO_ANSWER and _is_answerable(found)
    is_taken = found.step in {MomentCode.TAKEN_OVER, MomentCode.RELEASED}
    can_talk = talks(RfqState(rfq.state), RecipientState(recipient.state))
    values: dict[str, Any] = {
        "found": found,
        "rfq": rfq,
        "seller": recipient.seller,
        "goods": _goods(found, titles, locale),
        "showing": showing,
        "titles": titles,
        "terms": showing.wanted_pairs(rfq, locale, zone),
        "pill": showing.recipient_pill(recipient, rfq),
        "clock": showing.clock_of(recipient, rfq, locale, zone),
        "messages": _messages(recipient, rfq.buyer.name, recipient.seller.organisation.name, locale, zone),
        "steps": showing.timeline_items(
            buyer_moments(session, rfq.id, recipient.id), rfq, locale=locale, zone=zone, sellers=names
        ),
        "can_write": can_talk and (is_silent or is_taken),
        "can_release": is_silent and found.step is not MomentCode.RELEASED,
        "can_remind": actor.is_staff and _is_answerable(found),
        "form": form,
        "release_form": release_form,
        "chat": chat,
        "root": _root(),
    }
    return render_template("rescue/lead.html", **values), status, headers or {}


def _messages(recipient: Recipient, buyer: str, seller: str, locale: str, zone: str) -> list[dict[str, Any]]:
    said = messages_of(db.session(), recipient.id)
    goods = goods_by_line(db.session(), recipient.rfq_id, locale) if any(one.parts for one in said) else None
    names = {Side.BUYER: buyer, Side.SELLER: seller}
    return [
        {**bubble, "can_be_reported": False, "files": []}
        for one in said
        for bubble in bubbles([one], Side.PROGRAMME, names.get(one.side, ""), locale=locale, zone=zone, goods=goods)
    ]


def _goods(found: WaitingLead, titles: dict[int, str], locale: str) -> str:
    lines = found.recipient.rfq.lines
    return showing.goods_of(lines[0] if lines else None, titles, locale, found.recipient.rfq.subject)


def _root() -> str:
    """Where the reader's own pages of this kind are: the desk's, or the chapter's."""
    return CHAPTER if current_actor().is_partner else DESK


def _is_answerable(found: WaitingLead) -> bool:
    return is_answerable(RfqState(found.recipient.rfq.state), RecipientState(found.recipient.state))
