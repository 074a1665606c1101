"""Whole pages kept for visitors without an account, answered before Flask is asked.

Only a view can say that its page may be kept (`discovery.page_cache.kept`), and only for a request that could not be
anyone's own: GET, no session cookie, no cookie that is read otherwise than as plain text. The page carries the state
of the market that it was made from; it is given out as long as that state stands, by whichever process.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from werkzeug.http import parse_etags

from marketplace.i18n.addresses import KEY
from marketplace.i18n.locales import chosen_locale
from marketplace.kernel.caching import KeptPage, release_mark
from marketplace.kernel.compression import takes_gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHANCE = "souq.kept_page"
LONGEST_QUERY = 1_000
SECONDS = 300
SECONDS_WITHOUT_STATE = 5  # an engine that cannot tell its state: a change shows after that at the latest
REQUEST_ID = "X-Request-Id"
NOT_MODIFIED = "304 NOT MODIFIED"
_PLAIN_COOKIE = re.compile(r"([A-Za-z0-9_.-]+)=([A-Za-z0-9_.%:|~!*@$&+/-]*)")
_OF_THE_BODY = frozenset({"content-encoding", "content-language", "content-length", "content-type"})
Counted = Callable[[str, int, float], None]  # route, status, seconds


class Chance:
    """A request whose page may be kept; a view takes it by telling the state before it reads anything."""

    __slots__ = ("key", "name", "route", "state")

    def __init__(self, key: str) -> None:
        self.key = key
        self.name = ""
        self.route = ""
        self.state: str | None = None

    def take(self, state: str, route: str) -> str:
        """Keep the page if it goes well; gives the name of its content."""
        self.state, self.route = state, route
        self.name = hashlib.blake2b(f"{self.key}\0{state}\0{release_mark()}".encode(), digest_size=16).hexdigest()
        return self.name


class PageKeeper:
    """WSGI middleware inside the language prefix and round everything else.

    ``state`` tells the market's state now, or None where it cannot be told; ``counted`` takes the figures of an answer
    that Flask did not see.
    """

    def __init__(
        self,
        application: WSGIApplication,
        memory: Callable[[], Any],
        state: Callable[[], str | None],
        counted: Counted,
        session_cookies: tuple[str, ...],
    ) -> None:
        self.application = application
        self._memory = memory
        self._state = state
        self._counted = counted
        self._session_cookies = session_cookies
        self._heads: set[str] = set()  # first steps of addresses of which a page was ever kept

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return self.application(environ, start_response)
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        if _head(environ) in self._heads:
            began = time.perf_counter()
            page = self._memory().get(key)
            if isinstance(page, KeptPage) and page.state == self._state():
                return self._given(page, environ, start_response, began)
        return self._made(key, environ, start_response)

    def _key(self, environ: WSGIEnvironment) -> str | None:
        """What the page depends on besides the market; None where it could depend on a person."""
        header = environ.get("HTTP_COOKIE", "")
        language = theme = ""
        if header:
            if any(name in header for name in self._session_cookies):
                return None
            cookies = plain_cookies(header)
            if cookies is None:
                return None
            language, theme = cookies
        locale = environ.get(KEY) or chosen_locale(language, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        packed = "gzip" if takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else ""
        parts = (environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
        text = "\0".join((locale, theme, packed, *parts))
        return hashlib.blake2b(text.encode("latin-1", "replace"), digest_size=16).hexdigest()

    def _given(
        self, page: KeptPage, environ: WSGIEnvironment, start_response: StartResponse, began: float
    ) -> Iterable[bytes]:
        status, headers, body = page.status, [*page.headers, (REQUEST_ID, secrets.token_hex(8))], [page.body]
        wish = environ.get("HTTP_IF_NONE_MATCH")
        if wish and parse_etags(wish).contains_weak(page.etag):
            status, body = NOT_MODIFIED, []
            headers = [pair for pair in headers if pair[0].lower() not in _OF_THE_BODY]
        start_response(status, headers)
        self._counted(page.route, int(status[:3]), time.perf_counter() - began)
        return body

    def _made(self, key: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chance = environ[CHANCE] = Chance(key)
        said: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said[:] = [status, headers]
            return start_response(status, headers) if exc_info is None else start_response(status, headers, exc_info)

        answer = self.application(environ, start)
        if chance.state is None or not said or not said[0].startswith("200"):
            return answer
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        headers = tuple(pair for pair in said[1] if pair[0] != REQUEST_ID)
        if not any(name.lower() == "set-cookie" for name, _value in headers):
            page = KeptPage(chance.state, said[0], headers, body, chance.name, chance.route)
            self._memory().set(key, page, timeout=SECONDS if page.state else SECONDS_WITHOUT_STATE)
            self._heads.add(_head(environ))
        return [body]


def _head(environ: WSGIEnvironment) -> str:
    path: str = environ.get("PATH_INFO", "")
    return path[1:].partition("/")[0]


@lru_cache(maxsize=256)
def plain_cookies(header: str) -> tuple[str, str] | None:
    """Language and theme of a visitor's cookies; None where they are not written plainly, each name once."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        match = _PLAIN_COOKIE.fullmatch(part.strip(" \t"))
        if match is None or match[1] in found:
            return None
        found[match[1]] = match[2]
    theme = found.get("theme", "")
    return found.get("language", ""), theme if theme in {"light", "dark"} else ""
