"""A forgotten password, a link to set one, and changing it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.forms.sign_in import ChangePasswordForm, ForgotPasswordForm, NewPasswordForm
from marketplace.accounts.models import User
from marketplace.accounts.services.password import (
    ask_for_reset,
    new_password_fault,
    person_of_reset,
    reset_password,
    set_password,
)
from marketplace.accounts.views.again import password_again
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.views.visit import begin_session, enter
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.uow import transaction


@bp.get("/forgot-password")
def forgot_password() -> ResponseReturnValue:
    """Ask for a link."""
    return render_template("accounts/forgot_password.html", form=ForgotPasswordForm())


@bp.post("/forgot-password")
def send_reset_link() -> ResponseReturnValue:
    """The same answer whether or not there is such an account."""
    form = ForgotPasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgot_password.html", form=form), 422
    with transaction() as session:
        ask_for_reset(session, form.identifier.data, request.remote_addr)
    return render_template("accounts/reset_sent.html", typed=form.identifier.data)


@bp.get("/reset-password/<token>")
def reset(token: str) -> ResponseReturnValue:
    """The form for a new password; opening it uses nothing up."""
    person_of_reset(db.session(), token)
    return render_template("accounts/reset_password.html", form=NewPasswordForm())


@bp.post("/reset-password/<token>")
def reset_with_link(token: str) -> ResponseReturnValue:
    """Set the password; every session of the person ends."""
    form = NewPasswordForm()
    is_valid = form.validate_on_submit()
    user = person_of_reset(db.session(), token)
    if is_valid and (fault := new_password_fault(db.session(), user, form.password.data)) is not None:
        form.password.errors = [fault]
        is_valid = False
    if not is_valid:
        return render_template("accounts/reset_password.html", form=form), 422
    with action() as act:
        reset_password(act.session, token, form.password.data)
        act.leads_to(url_for("accounts.sign_in"))
    flash(_("The new password is set. Sign in with it now."), "success")
    return act.redirect()


@bp.get("/account/password")
def password() -> ResponseReturnValue:
    """The form to change the password."""
    return render_template("accounts/password.html", form=ChangePasswordForm())


@bp.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Change it; all sessions end, and this device goes on in a new one."""
    form = ChangePasswordForm()
    actor = current_actor()
    is_valid = form.validate_on_submit() and password_again(form.present)
    if is_valid:
        user = db.session().get_one(User, actor.user_id)
        if (fault := new_password_fault(db.session(), user, form.password.data)) is not None:
            form.password.errors = [fault]
            is_valid = False
    if not is_valid:
        return render_template("accounts/password.html", form=form), 422
    with action() as act:
        user = act.session.get_one(User, actor.user_id)
        set_password(act.session, user, form.password.data)
        token = begin_session(
            act.session, user, with_second_factor=actor.has_second_factor, acting_for=actor.organisation_id
        )
        act.leads_to(url_for("accounts.account"))
    enter(db.session(), token)
    flash(_("The password was changed. Your other sessions were ended."), "success")
    return redirect(act.location, 303)
