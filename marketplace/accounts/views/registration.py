"""Registering: the three doors, the word to look into one's mailbox, and the link that opens the account."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.forms.registration import ConfirmForm
from marketplace.accounts.queries import link_id_of
from marketplace.accounts.services import throttle
from marketplace.accounts.services.registration import confirm_registration, waiting_registration
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.views.visit import begin_session, enter, home_of, safe_next
from marketplace.kernel.database import db
from marketplace.kernel.http import actor_or_none
from marketplace.kernel.uow import transaction
from marketplace.kernel.way_back import forget_way_back, way_back


@bp.get("/register")
def register() -> ResponseReturnValue:
    """I buy, I produce, I represent a market."""
    return render_template("accounts/register.html", is_signed_in=actor_or_none() is not None)


@bp.get("/register/sent")
def registration_sent() -> ResponseReturnValue:
    """A link is on its way; the page is the same for everybody."""
    return render_template("accounts/registration_sent.html")


@bp.get("/register/received")
def registration_received() -> ResponseReturnValue:
    """A curator will send a link by WhatsApp; the page is the same for everybody."""
    return render_template("accounts/registration_received.html")


@bp.get("/confirm-email/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    """Show what the link opens; opening it uses nothing up."""
    waiting = waiting_registration(db.session(), token)
    return render_template("accounts/confirm_email.html", form=ConfirmForm(), waiting=waiting)


@bp.post("/confirm-email/<token>")
def confirm_email_by_link(token: str) -> ResponseReturnValue:
    """Open the account with the password chosen at registration, and sign in."""
    waiting = waiting_registration(db.session(), token)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("accounts/confirm_email.html", form=form, waiting=waiting), 422
    with transaction() as session:
        throttle.spend(session, throttle.LINK_TRY, str(link_id_of(session, token)))
    session_token = ""
    with transaction() as session:
        user = confirm_registration(session, token, form.password.data)
        if user is not None:
            session_token = begin_session(session, user)
    if user is None:
        form.password.errors = [_("This is not the password you chose when you registered. You can register again.")]
        return render_template("accounts/confirm_email.html", form=form, waiting=waiting), 422
    actor = enter(db.session(), session_token)
    flash(_("Welcome. Your address is confirmed and your account is open."), "success")
    wish = safe_next(way_back()) if actor and actor.is_buyer else ""  # pages that keep a way are buyers'
    response = redirect(wish or home_of(actor) if actor else "/", 303)
    forget_way_back(response)
    return response
