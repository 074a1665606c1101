"""Pages behind a guest's links: confirm a request, come back to it, end the link or choose a password.

Opening a link only shows, since mail programmes and link previews open links; a form sets things going.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.services import throttle
from marketplace.accounts.services.files import store_document
from marketplace.accounts.services.guests import (
    WaitingGuest,
    admit_guest,
    end_access,
    guest_of_access,
    is_guest,
    password_link,
    prolong_access,
    waiting_guest,
)
from marketplace.accounts.views.visit import begin_session, enter, keep_private, safe_next
from marketplace.i18n.translations import current_locale
from marketplace.kernel.database import db
from marketplace.kernel.errors import DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.http import action, actor_or_none, current_actor
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.outside import settings
from marketplace.kernel.policy import Actor
from marketplace.kernel.uow import transaction
from marketplace.matchmaking.services import load_matcher
from marketplace.matchmaking.services.guests import send_kept_words
from marketplace.rfqs.drafts import InquiryDraft
from marketplace.rfqs.forms import FilesForm
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.queries.offers import offer_of_product, product_titles
from marketplace.rfqs.rules import RfqSource, RfqState
from marketplace.rfqs.services import attach_files
from marketplace.rfqs.services.guests import send_kept_inquiry
from marketplace.rfqs.showing import later_answer
from marketplace.rfqs.visits import read_papers, refused_beside

bp = Blueprint("guests", __name__)
bp.after_request(keep_private)


@bp.get("/guest-requests/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """What waits behind the link of a mail; opening it sends nothing."""
    return _confirm_page(token, FilesForm(formdata=None))


@bp.post("/guest-requests/<token>")
def send_confirmed(token: str) -> ResponseReturnValue:
    """Confirm the address and send what waits: the guest, or the owner of the account, follows it from now on."""
    form, actor = FilesForm(), actor_or_none()
    try:
        waiting = waiting_guest(db.session(), token)
    except NotFound:
        with action():  # a second click is led where the first one went
            raise
    if waiting.account_id is not None and (actor is None or actor.user_id != waiting.account_id):
        return _confirm_page(token, form)
    if waiting.wish["kind"] == RfqSource.REQUEST:
        load_matcher(db.session())  # before the transaction: loading takes its time
    session_token = ""
    try:
        if any(form.files.data or ()):  # counted whatever becomes of it: looking into pictures is dear
            with transaction() as counting:
                throttle.spend(counting, throttle.GUEST_PAPERS, waiting.email)
        documents = read_papers(form.files.data)
        with action() as act:
            asking, wish = admit_guest(act.session, token, actor)
            rfq = _sent(act.session, asking, wish, waiting.locale)
            if documents:  # only now there is somebody whose they are
                attach_files(
                    act.session, asking, rfq.key, [store_document(act.session, asking, one) for one in documents]
                )
            here = url_for("rfqs.rfq", key=rfq.key)
            act.leads_to(here)
            if waiting.account_id is None:
                session_token = begin_session(act.session, act.session.get_one(User, asking.user_id))
                about, path = f"rfq:{rfq.id}", f"/requests/{rfq.key}"
                named = {"request": rfq.key.upper(), "product": _goods(act.session, waiting)}
                record(act.session, NoticeWanted("guest_sent", about, (asking.user_id,), named, path))
            is_open, later = rfq.state == RfqState.OPEN, ""
            if is_open and rfq.source == RfqSource.INQUIRY:
                later = later_answer(rfq.recipients[0], current_locale(), asking.time_zone)
    except DomainError as fault:
        status, headers = refused_beside(form, fault)
        return *_confirm_page(token, form, status), headers
    if session_token:
        enter(db.session(), session_token)
    if is_open:
        flash(later or _("Your request is on its way. Sellers have 72 hours to answer."), "success")
    else:
        flash(_("Your request is with the curators, usually for less than a working day. Then it goes out."), "success")
    return redirect(here, 303)


@bp.get("/guest/<token>")
def come_back(token: str) -> ResponseReturnValue:
    """The door of a guest's link; opening it lets nobody in yet."""
    user = guest_of_access(db.session(), token, settings().web.secret_key)
    actor = actor_or_none()
    if actor is not None and actor.user_id == user.id:
        return redirect(safe_next(request.args.get("to")) or url_for("rfqs.requests"))
    wish = safe_next(request.args.get("to"))
    return render_template("rfqs/guest_door.html", name=user.name, other=actor, wish=wish)


@bp.post("/guest/<token>")
def go_in(token: str) -> ResponseReturnValue:
    """Begin a guest's visit."""
    user_id = guest_of_access(db.session(), token, settings().web.secret_key).id
    with transaction() as session:
        throttle.spend(session, throttle.LINK_TRY, f"guest:{user_id}")
    with transaction() as session:
        user = guest_of_access(session, token, settings().web.secret_key)
        prolong_access(session, user.id)
        session_token = begin_session(session, user)
    enter(db.session(), session_token)
    return redirect(safe_next(request.form.get("to")) or url_for("rfqs.requests"), 303)


@bp.get("/guest-link")
def own_link() -> ResponseReturnValue:
    """What a guest can do about their link: end it, or choose a password instead."""
    if not is_guest(db.session(), current_actor().user_id):
        raise NotFound
    return render_template("rfqs/guest_link.html")


@bp.post("/guest-link/end")
def end_link() -> ResponseReturnValue:
    """Make the link in all mails worthless and end every visit, this one too."""
    actor = current_actor()
    if not is_guest(db.session(), actor.user_id):
        raise NotFound
    with transaction() as session:
        end_access(session, actor)
    logout_user()  # the session row is gone already
    cookie_session.clear()
    flash(_("The link is worthless now. To come back, choose a password with your e-mail address."), "success")
    return redirect(url_for("accounts.forgot_password"), 303)


@bp.post("/guest-link/password")
def choose_password() -> ResponseReturnValue:
    """Lead a guest to their first password: the same company and requests, from now on with a sign-in."""
    with transaction() as session:
        token = password_link(session, current_actor())
    return redirect(url_for("accounts.reset", token=token), 303)


def _sent(session: Session, actor: Actor, wish: dict[str, Any], locale: str) -> Rfq:
    if wish["kind"] == RfqSource.INQUIRY:
        return send_kept_inquiry(session, actor, wish)
    return send_kept_words(session, actor, wish, locale)


def _confirm_page(token: str, form: FilesForm, status: int = 200) -> tuple[str, int]:
    session, actor = db.session(), actor_or_none()
    waiting = waiting_guest(session, token)
    is_owner = actor is not None and actor.user_id == waiting.account_id
    body = render_template(
        "rfqs/guest_confirm.html",
        waiting=waiting,
        text=_words(waiting),
        goods=_goods(session, waiting),
        more=_further_goods(session, waiting),
        form=form,
        must_sign_in=waiting.account_id is not None and not is_owner,
        is_other=actor is not None and not is_owner and waiting.account_id is not None,
        is_buyer=actor is None or actor.is_buyer,
        here=f"/guest-requests/{token}",
    )
    return body, status


def _words(waiting: WaitingGuest) -> str:
    """What was written, for whoever confirms it."""
    wish = waiting.wish
    return str(InquiryDraft.of_json(wish["draft"]).text if wish["kind"] == RfqSource.INQUIRY else wish["text"])


def _goods(session: Session, waiting: WaitingGuest) -> str:
    """The product that was asked about, empty for a request in own words or a product that is gone."""
    if waiting.wish["kind"] != RfqSource.INQUIRY:
        return ""
    offer = offer_of_product(session, int(waiting.wish["product"]), current_locale())
    return offer.title if offer else ""


def _further_goods(session: Session, waiting: WaitingGuest) -> list[str]:
    """The other goods of an inquiry, by title or in the guest's words."""
    if waiting.wish["kind"] != RfqSource.INQUIRY:
        return []
    lines = InquiryDraft.of_json(waiting.wish["draft"]).more
    titles = product_titles(session, [line.product_id for line in lines if line.product_id], current_locale())
    return [titles.get(line.product_id or 0) or line.description for line in lines]
