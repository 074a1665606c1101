"""Small cookies of our own: for this site alone, unreadable by scripts, secure wherever the site is."""

from __future__ import annotations

from werkzeug.wrappers import Response

from marketplace.kernel.outside import settings


def keep_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    """Let the browser remember a value for so many seconds."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings().web.is_https,
        path="/",
    )
