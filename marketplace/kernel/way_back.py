"""Where a visitor goes on once signed in: registering leads over a mail, and the address of the page is lost."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from marketplace.kernel.cookies import keep_cookie

COOKIE = "way_back"


def keep_way_back(response: Response, path: str, seconds: int) -> None:
    """Let the browser remember a path of this site for so many seconds."""
    keep_cookie(response, COOKIE, path, seconds)


def way_back() -> str:
    """What the browser remembers. A person can write anything there: the caller checks that it is a local path."""
    return request.cookies.get(COOKIE, "")


def forget_way_back(response: Response) -> None:
    """The way was gone, or is no longer of use."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path="/")
