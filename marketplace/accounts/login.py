"""Flask-Login over session rows: the signed cookie holds a random token, the row decides."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask import session as cookie_session
from flask_login import LoginManager, login_user, logout_user

from marketplace.accounts.queries import actor_of_token
from marketplace.accounts.services.sessions import SEEN_STEP, end_session, touch
from marketplace.kernel.clock import now
from marketplace.kernel.database import db, one_read
from marketplace.kernel.fullness import unless_full
from marketplace.kernel.policy import Actor
from marketplace.kernel.signed_session import Cookies
from marketplace.kernel.uow import transaction


class _Logins(LoginManager):  # type: ignore[misc]  # flask-login has no types
    """Flask-Login without its session protection: rows on the server do this better than a hash of the address."""

    def _session_protection_failed(self) -> bool:
        return False  # it would make that hash for every request, and then find that nobody wants it


login_manager = _Logins()


class SignedIn:
    """What Flask-Login carries: an actor and the token of their session."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, actor: Actor, token: str) -> None:
        self.actor = actor
        self.token = token

    def get_id(self) -> str:
        return self.token


@login_manager.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
def load(token: str) -> SignedIn | None:
    """The person of a session token, or None when the session has ended."""
    if db.session.registry.has() and db.session().in_transaction():
        found = actor_of_token(db.session(), token)  # who holds one connection must not wait for a second one
    else:
        with one_read() as line:  # many pages need nothing else: a session costs more
            found = actor_of_token(line, token)
    if found is None:
        return None
    actor, seen = found
    if actor.session_id is not None and now() - seen > SEEN_STEP:
        with unless_full(), transaction() as session:  # short and of its own, before the answer
            touch(session, actor.session_id)
    return SignedIn(actor, token)


def sign_in(actor: Actor, token: str) -> None:
    """Put a new session's token into a renewed cookie."""
    cookie_session.clear()
    login_user(SignedIn(actor, token))
    cookie_session.permanent = True


def sign_out(actor: Actor) -> None:
    """End the session row and empty the cookie."""
    if actor.session_id is not None:
        with transaction() as session:
            end_session(session, actor.user_id, actor.session_id)
    logout_user()
    cookie_session.clear()


def init_login(app: Flask) -> None:
    """Bind sign-in to ``app``."""
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=30)
    app.session_interface = Cookies()
    login_manager.session_protection = None
    login_manager.init_app(app)
