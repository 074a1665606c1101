"""The door for signed calls of WhatsApp, and the page on which a seller agrees to messages or ends them."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.contact import readable_phone, whatsapp_address
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.errors import NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.whatsapp import cloud, envelope, services
from marketplace.whatsapp.queries import contact_of
from marketplace.whatsapp.rules import START

bp = Blueprint("whatsapp", __name__)
LARGEST = 1024 * 1024
LONGEST_CHALLENGE = 100


@bp.get("/whatsapp/events")
def verify() -> ResponseReturnValue:
    """Show that this address is ours, when it is entered at WhatsApp."""
    known = settings().whatsapp
    token = request.args.get("hub.verify_token", "")
    challenge = request.args.get("hub.challenge", "")
    is_ours = known.is_on and hmac.compare_digest(token.encode(), known.verify_token.encode())
    if not is_ours or request.args.get("hub.mode") != "subscribe":
        abort(404)
    if not challenge.isalnum() or not challenge.isascii() or len(challenge) > LONGEST_CHALLENGE:
        abort(400)
    return Response(challenge, mimetype="text/plain")


@bp.post("/whatsapp/events")
def events() -> ResponseReturnValue:
    """Keep what a signed call tells and answer at once; jobs file it. Everything else is a 400."""
    known = settings().whatsapp
    if not known.is_on:
        abort(404)
    body = request.stream.read(LARGEST + 1)
    if len(body) > LARGEST or not cloud.is_signed(known, body, request.headers.get("X-Hub-Signature-256", "")):
        return "", 400
    try:
        messages, states = envelope.read(body, known.phone_id)
    except (ValueError, RecursionError):
        return "", 400
    with transaction() as session:
        for message in messages:
            services.take_in(session, message)
        for state in states:
            services.note_state(session, state)
    return "", 204


@bp.get("/notices/whatsapp")
def own() -> ResponseReturnValue:
    """Whether one gets messages of new leads on WhatsApp, and how to begin or end that."""
    known, actor = settings().whatsapp, current_actor()
    if not known.is_on:
        raise NotFound
    contact = contact_of(db.session(), actor.user_id)
    has_code = contact is not None and contact.code and contact.code_until is not None and contact.code_until > now()
    chat = whatsapp_address(known.number, f"{START.upper()} {contact.code}") if contact and has_code else ""
    is_on = contact is not None and contact.agreed_at is not None and contact.stopped_at is None
    phone = readable_phone(contact.phone) if contact is not None and contact.phone else ""
    return render_template(
        "whatsapp/own.html", chat=chat, is_on=is_on, phone=phone, number=readable_phone(f"+{known.number}")
    )


@bp.post("/notices/whatsapp/begin")
def begin() -> ResponseReturnValue:
    """Get a code to write from one's own telephone."""
    if not settings().whatsapp.is_on:
        raise NotFound
    with action(url_for(".own")) as act:
        services.begin(act.session, current_actor())
    return act.redirect()


@bp.post("/notices/whatsapp/end")
def end() -> ResponseReturnValue:
    """No more messages."""
    if not settings().whatsapp.is_on:
        raise NotFound
    with action(url_for(".own")) as act:
        services.end(act.session, current_actor())
    flash(_("You get no more messages on WhatsApp."), "success")
    return act.redirect()
