"""The second factor: set up with an app, confirmed by a code, recovery codes shown once."""

from __future__ import annotations

import io

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.forms.sign_in import ChangeFactorForm, CodeForm, PasswordAgainForm
from marketplace.accounts.models import User
from marketplace.accounts.services import throttle
from marketplace.accounts.services.second_factor import (
    address_of,
    begin_second_factor,
    confirm_set_up,
    end_second_factor,
    recovery_codes_left,
    renew_recovery_codes,
    secret_of,
)
from marketplace.accounts.services.sessions import confirm_second_factor, end_all_sessions
from marketplace.accounts.views.again import code_again, password_again
from marketplace.accounts.views.blueprint import bp
from marketplace.kernel.database import db
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.http import action, current_actor
from marketplace.kernel.uow import transaction


@bp.get("/account/second-factor")
def second_factor() -> ResponseReturnValue:
    """How the second factor stands, and its set-up."""
    return _page(CodeForm(), PasswordAgainForm())


@bp.post("/account/second-factor/begin")
def begin_set_up() -> ResponseReturnValue:
    """Make a secret to scan, after the password was typed again."""
    form = PasswordAgainForm()
    if not form.validate_on_submit() or not password_again(form.present):
        return _page(CodeForm(formdata=None), form), 422
    with action() as act:
        begin_second_factor(act.session, act.session.get_one(User, current_actor().user_id))
        act.leads_to(url_for("accounts.second_factor"))
    return act.redirect()


@bp.get("/account/second-factor/code.svg")
def second_factor_picture() -> ResponseReturnValue:
    """The secret as a QR code, only while the set-up is open."""
    import segno

    user = db.session().get_one(User, current_actor().user_id)
    if user.totp_enabled_at is not None or not user.totp_secret:
        raise NotFound
    out = io.BytesIO()
    segno.make(address_of(user), error="m").save(
        out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, title=None
    )
    return Response(out.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


@bp.post("/account/second-factor")
def confirm_second_factor_set_up() -> ResponseReturnValue:
    """Turn it on by a first code; shows the recovery codes this once."""
    actor = current_actor()
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form, PasswordAgainForm(formdata=None)), 422
    with transaction() as session:
        throttle.spend(session, throttle.CODE_ACCOUNT, str(actor.user_id))
    with action() as act:
        act.leads_to(url_for("accounts.second_factor"))
        user = act.session.get_one(User, actor.user_id)
        codes = confirm_set_up(act.session, user, form.code.data)
        if codes is not None and actor.session_id is not None:
            throttle.give_back(act.session, throttle.CODE_ACCOUNT, str(actor.user_id))
            confirm_second_factor(act.session, actor.session_id)
            end_all_sessions(act.session, actor.user_id, but=actor.session_id)
    if codes is None:
        form.code.errors = [_("This code is not right. Check that the time on your phone is set by itself.")]
        return _page(form, PasswordAgainForm(formdata=None)), 422
    return _codes_page(codes)


@bp.post("/account/second-factor/codes")
def renew_codes() -> ResponseReturnValue:
    """Fresh recovery codes; the former ones are void. Whoever only knows the password gets none."""
    form = ChangeFactorForm()
    if not _is_shown_again(form):
        return _page(CodeForm(formdata=None), form), 422
    with action() as act:
        act.leads_to(url_for("accounts.second_factor"))
        user = act.session.get_one(User, current_actor().user_id)
        if user.totp_enabled_at is None:
            raise Conflict(_("Set up the second factor first."))
        codes = renew_recovery_codes(act.session, user)
    return _codes_page(codes)


@bp.post("/account/second-factor/off")
def turn_off() -> ResponseReturnValue:
    """Turn it off, by password and code; who needs it for their work is asked to set it up again at once."""
    form = ChangeFactorForm()
    if not _is_shown_again(form):
        return _page(CodeForm(formdata=None), form), 422
    actor = current_actor()
    with action() as act:
        user = act.session.get_one(User, actor.user_id)
        end_second_factor(act.session, user)
        end_all_sessions(act.session, actor.user_id)
        act.leads_to(url_for("accounts.sign_in"))
    flash(_("The second factor is off. Please sign in again."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _is_shown_again(form: ChangeFactorForm) -> bool:
    """Whether both the password and a code were right; a code is used up by that."""
    return bool(form.validate_on_submit()) and password_again(form.present) and code_again(form.code)


def _page(code_form: CodeForm, password_form: PasswordAgainForm | ChangeFactorForm) -> str:
    actor = current_actor()
    user = db.session().get_one(User, actor.user_id)
    if user.totp_enabled_at is not None and isinstance(password_form, PasswordAgainForm):
        password_form = ChangeFactorForm(formdata=None)
    return render_template(
        "accounts/second_factor.html",
        form=code_form,
        password_form=password_form,
        is_on=user.totp_enabled_at is not None,
        is_begun=bool(user.totp_secret) and user.totp_enabled_at is None,
        secret=secret_of(user) if user.totp_enabled_at is None else "",
        is_needed=actor.is_staff or actor.is_partner,
        codes_left=recovery_codes_left(db.session(), user.id),
    )


def _codes_page(codes: list[str]) -> ResponseReturnValue:
    page = render_template("accounts/recovery_codes.html", codes=codes)
    return Response(page, headers={"Cache-Control": "no-store"})
