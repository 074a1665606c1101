"""The list of one's sessions, and ending them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from marketplace.accounts.queries import open_sessions
from marketplace.accounts.services.sessions import end_all_sessions, end_session
from marketplace.accounts.views.blueprint import bp
from marketplace.kernel.database import db
from marketplace.kernel.http import action, current_actor


@bp.get("/account/sessions")
def sessions() -> ResponseReturnValue:
    """Every device that is signed in."""
    actor = current_actor()
    rows = open_sessions(db.session(), actor.user_id)
    return render_template("accounts/sessions.html", rows=rows, own_id=actor.session_id, zone=actor.time_zone)


@bp.post("/account/sessions/<int:session_id>/end")
def end_one_session(session_id: int) -> ResponseReturnValue:
    """End one session of one's own."""
    actor = current_actor()
    with action() as act:
        end_session(act.session, actor.user_id, session_id)
        act.leads_to(url_for("accounts.sessions"))
    if session_id == actor.session_id:
        logout_user()
        return redirect(url_for("accounts.sign_in"), 303)
    flash(_("The session was ended. Whoever used it has to sign in again."), "success")
    return act.redirect()


@bp.post("/account/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    """End every session but this one."""
    actor = current_actor()
    with action() as act:
        end_all_sessions(act.session, actor.user_id, but=actor.session_id)
        act.leads_to(url_for("accounts.sessions"))
    flash(_("All other sessions were ended."), "success")
    return act.redirect()
