"""What the sign-in pages share: the device, the way back, the start page of each kind of person."""

from __future__ import annotations

import re

from flask import Response, request
from flask import session as cookie_session
from sqlalchemy.orm import Session

from marketplace.accounts.login import sign_in
from marketplace.accounts.models import User
from marketplace.accounts.queries import actor_of_token
from marketplace.accounts.services.sessions import open_session
from marketplace.i18n.locales import BY_PREFIX
from marketplace.kernel.policy import Actor

HALF_TOKEN = "half"  # noqa: S105 - the name of a cookie entry
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_name() -> str:
    """Browser and system in two words, for the list of one's sessions; no version, no address."""
    agent = request.headers.get("User-Agent", "")[:500]
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def keep_private(response: Response) -> Response:
    """After a request whose address holds a token: nothing keeps the page, no search engine lists it."""
    if request.view_args and "token" in request.view_args:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def safe_next(wish: str | None) -> str:
    """``wish`` if it is a path of this site, with the reader's language; empty otherwise."""
    if not wish or len(wish) > 1000 or not _LOCAL.fullmatch(wish):
        return ""
    first = "/" + wish[1:].split("/", 1)[0].split("?", 1)[0]
    return wish if first in BY_PREFIX else request.script_root + wish


def home_of(actor: Actor) -> str:
    """Where this person's work begins."""
    if actor.is_staff:
        path = "/console"
    elif actor.is_seller:
        path = "/leads"
    elif actor.is_buyer:
        path = "/requests"
    elif actor.is_partner:
        path = "/partner/distributors"
    else:
        path = "/account"
    if (actor.is_staff or actor.is_partner) and not actor.has_second_factor:
        path = "/account/second-factor"
    return request.script_root + path


def begin_session(
    session: Session, user: User, *, with_second_factor: bool = False, acting_for: int | None = None
) -> str:
    """Open a session inside a transaction; gives the token to hand to `enter` after the commit."""
    return open_session(session, user, device_name(), with_second_factor=with_second_factor, acting_for=acting_for)


def enter(session: Session, token: str) -> Actor | None:
    """Put the session into a renewed cookie. None where a code is still to come: the cookie then says so."""
    found = actor_of_token(session, token)
    if found is None:
        cookie_session.clear()
        cookie_session[HALF_TOKEN] = token
        return None
    sign_in(found[0], token)
    return found[0]
