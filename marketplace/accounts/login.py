"""Flask-Login over session rows: the signed cookie holds a random token, the row decides."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask import session as cookie_session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer

from marketplace.accounts.queries import actor_of_token
from marketplace.accounts.services.sessions import SEEN_STEP, end_session, touch
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.policy import Actor
from marketplace.kernel.uow import transaction

login_manager = LoginManager()


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, whose signer is made once and not twice a request."""

    def __init__(self) -> None:
        self._signer: tuple[object, URLSafeTimedSerializer | None] | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = (app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ()))
        held = self._signer
        if held is None or held[0] != keys:
            held = self._signer = (keys, super().get_signing_serializer(app))
        return held[1]


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
        with db.engine.connect() as connection:  # many pages need nothing else: a session costs more
            found = actor_of_token(connection, token)
    if found is None:
        return None
    actor, seen = found
    if actor.session_id is not None and now() - seen > SEEN_STEP:
        with transaction() as session:  # short and of its own, before the answer
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
    login_manager.session_protection = None  # rows on the server do this better than an address hash
    login_manager.init_app(app)
