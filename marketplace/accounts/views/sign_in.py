"""Signing in and out: password, then a code where a second factor is set up."""

from __future__ import annotations

import logging

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.forms.sign_in import CodeForm, SignInForm
from marketplace.accounts.login import sign_out as end_sign_in
from marketplace.accounts.models import User
from marketplace.accounts.queries import half_signed_in
from marketplace.accounts.services import throttle
from marketplace.accounts.services.second_factor import accept_second_factor
from marketplace.accounts.services.sessions import end_session
from marketplace.accounts.services.sign_in import count_sign_in, note_success, person_of
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.views.visit import HALF_TOKEN, begin_session, enter, home_of, safe_next
from marketplace.kernel.database import db
from marketplace.kernel.errors import TooMany
from marketplace.kernel.http import actor_or_none
from marketplace.kernel.uow import transaction

log = logging.getLogger(__name__)


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form to sign in; those who are in go on to their work."""
    actor = actor_or_none()
    if actor is not None:
        return redirect(safe_next(request.args.get("next")) or home_of(actor))
    return render_template("accounts/sign_in.html", form=SignInForm(data={"next": request.args.get("next", "")}))


@bp.post("/sign-in")
def sign_in_with_password() -> ResponseReturnValue:
    """Check address and password; every failure reads the same and costs the same."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422
    typed, password = form.identifier.data, form.password.data
    try:
        with transaction() as session:
            count_sign_in(session, typed, request.remote_addr)
    except TooMany as limit:
        return _later("accounts/sign_in.html", form, limit)
    user = person_of(db.session(), typed, password)
    if user is None:
        form.form_errors.append(
            _(
                "That did not match. Check the address and the password. "
                "If you have just registered, open the link in our mail first."
            )
        )
        return render_template("accounts/sign_in.html", form=form), 422
    user_id = user.id
    with transaction() as session:
        user = session.get_one(User, user_id)
        note_success(session, user, typed, password, request.remote_addr)
        token = begin_session(session, user)
    return _go_on(token, form.next.data)


@bp.get("/sign-in/code")
def sign_in_code() -> ResponseReturnValue:
    """The form for the code, after the right password."""
    if half_signed_in(db.session(), cookie_session.get(HALF_TOKEN, "")) is None:
        return redirect(url_for("accounts.sign_in", next=request.args.get("next") or None))
    return render_template("accounts/sign_in_code.html", form=CodeForm(data={"next": request.args.get("next", "")}))


@bp.post("/sign-in/code")
def sign_in_with_code() -> ResponseReturnValue:
    """Check the code and begin the session proper, under a new token."""
    half = half_signed_in(db.session(), cookie_session.get(HALF_TOKEN, ""))
    if half is None:
        flash(_("Please sign in again. The code was not entered in time."), "info")
        return redirect(url_for("accounts.sign_in"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in_code.html", form=form), 422
    half_id, user_id = half[0], half[1].id
    try:
        with transaction() as session:
            throttle.spend(session, throttle.CODE_ACCOUNT, str(user_id))
    except TooMany as limit:
        return _later("accounts/sign_in_code.html", form, limit)
    with transaction() as session:
        user = session.get_one(User, user_id)
        is_good = accept_second_factor(session, user, form.code.data)
        if is_good:
            throttle.give_back(session, throttle.CODE_ACCOUNT, str(user_id))
            end_session(session, user_id, half_id)
            token = begin_session(session, user, with_second_factor=True)
    if not is_good:
        log.warning("accounts.code_refused", extra={"user_id": user_id})
        form.code.errors = [_("This code is not right or was used already. Wait for the next one and try again.")]
        return render_template("accounts/sign_in_code.html", form=form), 422
    return _go_on(token, form.next.data)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session; a copy of its cookie is dead."""
    actor = actor_or_none()
    if actor is not None:
        end_sign_in(actor)
    answer = redirect(request.script_root + "/", 303)
    # drafts lie in the browser: the next at the same machine finds none
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def _go_on(token: str, wish: str | None) -> ResponseReturnValue:
    actor = enter(db.session(), token)
    if actor is None:
        return redirect(url_for("accounts.sign_in_code", next=wish or None), 303)
    if (actor.is_staff or actor.is_partner) and not actor.has_second_factor:
        return redirect(home_of(actor), 303)
    return redirect(safe_next(wish) or home_of(actor), 303)


def _later(template: str, form: SignInForm | CodeForm, limit: TooMany) -> ResponseReturnValue:
    form.form_errors.append(str(limit.sentence))
    return render_template(template, form=form), 429, {"Retry-After": str(limit.retry_after)}
