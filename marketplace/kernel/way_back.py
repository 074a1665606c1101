"""Where a visitor goes on once signed in: registering leads over a mail, and the address of the page is lost."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from marketplace.kernel.outside import settings

COOKIE = "way_back"


def keep_way_back(response: Response, path: str, seconds: int) -> None:
    """Let the browser remember a path of this site for so many seconds."""
    response.set_cookie(
        COOKIE,
        path,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings().web.is_https,
        path="/",
    )


def way_back() -> str:
    """What the browser remembers. A person can write anything there: the caller checks that it is a local path."""
    return request.cookies.get(COOKIE, "")


def forget_way_back(response: Response) -> None:
    """The way was gone, or is no longer of use."""
    response.delete_cookie(COOKIE, path="/")
