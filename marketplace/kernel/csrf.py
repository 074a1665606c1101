"""The guard of every form, whose signed token is read once: it stands in many forms of the same session."""

from __future__ import annotations

import hmac
from functools import lru_cache

from flask import Flask, Request, current_app, g, request
from flask import session as cookie_session
from flask_wtf.csrf import CSRFProtect, same_origin
from itsdangerous import BadData, URLSafeTimedSerializer

FIELD = "csrf_token"
_SALT = "wtf-csrf-token"  # the library's own: it signs the tokens
_LONGEST = 300


class CsrfGuard(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no types
    """The library's guard. It goes the usual way by itself; every doubt and refusal is the library's."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a request that would change something without the token of this session."""
        if request.method in current_app.config["WTF_CSRF_METHODS"] and not _is_plainly_ours():
            super().protect(apply_exemptions)


def _is_plainly_ours() -> bool:
    """Whether the form brought this session's token, and came from this site where that can be told."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxies have it
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # as above
    raw, token = cookie_session.get(FIELD), asked.form.get(FIELD, "")
    if not isinstance(raw, str) or not raw or not token or len(token) > _LONGEST:
        return False
    if app.config["WTF_CSRF_TIME_LIMIT"] is not None:  # the library judges how old a token is
        return False
    if not hmac.compare_digest(raw.encode(), _signed_in(token, str(app.secret_key)).encode()):
        return False
    if asked.is_secure and not same_origin(asked.referrer or "", f"https://{asked.host}/"):
        return False
    g.csrf_valid = True  # as the library says it
    return True


@lru_cache(maxsize=1024)
def _signed_in(token: str, key: str) -> str:
    """What was signed in ``token``; empty where the signature is wrong."""
    try:
        found = URLSafeTimedSerializer(key, salt=_SALT).loads(token)
    except BadData:
        return ""
    return found if isinstance(found, str) else ""
