"""Whole pages kept for visitors without an account, answered before Flask is asked.

Only a view can say that its page may be kept (`discovery.page_cache.kept`), and only for a request that could not be
anyone's own: GET, no session cookie, no cookie that is read otherwise than as plain text. The page carries the state
of the market that it was made from; it is given out as long as that state stands, by whichever process.

Behind the memory stand doors: pages that many visitors see first of all, drawn from rows without Flask. A door gives
the HTML alone; everything else of its answer is what Flask said of such a page before.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from werkzeug.http import parse_etags

from marketplace.i18n.addresses import KEY
from marketplace.i18n.locales import BY_LOCALE, chosen_locale
from marketplace.kernel.absence import DATABASE_FAULTS
from marketplace.kernel.caching import KeptPage, release_mark
from marketplace.kernel.clock import now
from marketplace.kernel.compression import LEAST, LEVEL, takes_gzip
from marketplace.kernel.http import HEADERS
from search.document import Change

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
CHANCE = "souq.kept_page"
LONGEST_QUERY = 1_000
SECONDS = 300
SECONDS_WITHOUT_STATE = 5  # an engine that cannot tell its state: a change shows after that at the latest
REQUEST_ID = "X-Request-Id"
NOT_MODIFIED = "304 NOT MODIFIED"
_PLAIN_COOKIE = re.compile(r"([A-Za-z0-9_.-]+)=([A-Za-z0-9_.%:|~!*@$&+/-]*)")
_OF_THE_BODY = frozenset({"content-encoding", "content-language", "content-length", "content-type"})
# what an answer behind a door says for every page alike, but for the two that follow from its body
_OF_EVERY_PAGE = frozenset({
    "content-type", "content-length", "content-language", "content-encoding", "vary", "cache-control", "etag",
    "strict-transport-security", *(name.lower() for name in HEADERS),
})  # fmt: skip
Counted = Callable[[str, int, float], None]  # route, status, seconds
Reread = Callable[[str, str, str], None]  # route, query, locale


class Visit(NamedTuple):
    """What a page behind a door may depend on, besides rows and the day; ``prefix`` is the address's, "" for none.

    ``query`` is written as in the address; ``state`` is the market's, as found before anything was read.
    """

    path: str
    locale: str
    prefix: str
    theme: str
    query: str = ""
    state: str = ""


class Drawn(NamedTuple):
    """A page that is known to exist: ``mark`` differs whenever the HTML would, ``html`` draws it in UTF-8.

    ``shows`` tells its door's ``is_touched`` what can change the page; empty where everything can.
    """

    mark: bytes
    html: Callable[[], bytes]
    shows: str = ""


class Door(NamedTuple):
    """The pages of one route, for visitors; ``draw`` gives None for what Flask shall answer.

    ``is_touched`` tells whether a page that ``shows`` something may differ after documents of the market have changed.
    """

    route: str
    draw: Callable[[Visit], Drawn | None]
    takes_query: bool = False
    is_touched: Callable[[str, Iterable[Change]], bool] | None = None


class Asked(NamedTuple):
    """A visitor's request: the name of its page, and what it depends on besides the market."""

    key: str
    locale: str
    theme: str
    is_packed: bool


class Chance:
    """A request whose page may be kept; a view takes it by telling the state before it reads anything."""

    __slots__ = ("key", "name", "route", "state")

    def __init__(self, key: str) -> None:
        self.key = key
        self.name = ""
        self.route = ""
        self.state: str | None = None

    def take(self, state: str, route: str, beside: str = "") -> str:
        """Keep the page if it goes well; gives the name of its content, which ``beside`` is a part of."""
        self.state, self.route = state, route
        text = f"{self.key}\0{state}\0{release_mark()}\0{beside}"
        self.name = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        return self.name


class PageKeeper:
    """WSGI middleware inside the language prefix and round everything else.

    ``state`` tells the market's state now, or None where it cannot be told; ``counted`` takes the figures of an answer
    that Flask did not see, ``reread`` is told of a kept page with a query; ``doors`` stand by where their
    addresses begin: by "/products/" those below "/products". ``changes`` gives what changed from one state to another,
    or None where that cannot be told.
    """

    def __init__(
        self,
        application: WSGIApplication,
        memory: Callable[[], Any],
        state: Callable[[], str | None],
        counted: Counted,
        session_cookies: tuple[str, ...],
        doors: Mapping[str, Door] | None = None,
        reread: Reread | None = None,
        changes: Callable[[str, str], Iterable[Change] | None] = lambda _old, _new: None,
    ) -> None:
        self.application = application
        self._memory = memory
        self._state = state
        self._counted = counted
        self._session_cookies = session_cookies
        self._heads: set[str] = set()  # first steps of addresses of which a page was ever kept
        self._doors = doors or {}
        self._reread = reread
        self._changes = changes
        self._said: dict[tuple[str, str, str, str, bool], list[tuple[str, str]]] = {}  # headers of pages behind doors

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return self.application(environ, start_response)
        asked = self._asked(environ)
        if asked is None:
            return self.application(environ, start_response)
        head = _head(environ)
        if head in self._heads:
            began = time.perf_counter()
            page, state = self._memory().get(asked.key), self._state()
            if not isinstance(page, KeptPage) or page.state != state:
                door = self._doors.get(_beginning(environ))
                page = self._drawn_or_old(door, asked, environ, state, page) if door is not None else None
            elif self._reread is not None and environ.get("QUERY_STRING"):
                self._reread(page.route, environ["QUERY_STRING"], asked.locale)
            if page is not None:
                return self._given(page, environ, start_response, began)
        return self._made(asked, environ, start_response)

    def _asked(self, environ: WSGIEnvironment) -> Asked | None:
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
        key = hashlib.blake2b(text.encode("latin-1", "replace"), digest_size=16).hexdigest()
        return Asked(key, locale, theme, bool(packed))

    def _drawn_or_old(
        self, door: Door, asked: Asked, environ: WSGIEnvironment, state: str | None, old: Any
    ) -> KeptPage | None:
        """The page as its door draws it; as it was kept where the database is away, for as long as it would be."""
        try:
            return self._drawn(door, asked, environ, state, old)
        except DATABASE_FAULTS:
            log.warning("pages.database_away", extra={"route": door.route})
            return old if isinstance(old, KeptPage) else None  # what Flask has to say then is that it is away

    def _drawn(
        self, door: Door, asked: Asked, environ: WSGIEnvironment, state: str | None, old: Any
    ) -> KeptPage | None:
        """The page as its door draws it, kept for the next; None where Flask has to answer."""
        prefix = BY_LOCALE[asked.locale].prefix if KEY in environ else ""
        said = self._said.get((door.route, asked.locale, prefix, asked.theme, asked.is_packed))
        query = environ.get("QUERY_STRING", "")
        if state is None or said is None or (query and not door.takes_query):
            return None
        if environ.get("SCRIPT_NAME", "") != prefix:  # mounted below some path: Flask knows what that means
            return None
        chance = Chance(asked.key)
        wish = environ.get("HTTP_IF_NONE_MATCH")
        if parse_etags(wish).contains_weak(chance.take(state, door.route)):
            return None  # Flask says so without reading anything
        known = old if isinstance(old, KeptPage) else None
        if known is not None and self._still_stands(door, known, state):
            body, mark, shows, read_at = known.body, known.mark, known.shows, known.read_at
        else:
            read_at = str(int(now().timestamp()))
            drawn = door.draw(Visit(environ["PATH_INFO"], asked.locale, prefix, asked.theme, query, state))
            if drawn is None:
                return None
            mark, shows = drawn.mark, drawn.shows
            body = known.body if known is not None and known.mark == mark else _packed(drawn, asked)
        own = {"content-length": str(len(body)), "etag": f'W/"{chance.name}"'}
        headers = tuple((name, own.get(name.lower(), text)) for name, text in said)
        page = KeptPage(state, "200 OK", headers, body, chance.name, door.route, mark, shows, read_at)
        self._keep(asked, page)
        return page

    def _still_stands(self, door: Door, old: KeptPage, state: str) -> bool:
        """Whether nothing that this page shows is among what has changed since: then none of its rows is read.

        What changes no document, such as how fast a seller answers, shows as late as it does on a market that stands
        still: rows are read again when the page's time is over.
        """
        if door.is_touched is None or not old.shows or not 0 <= now().timestamp() - int(old.read_at or 0) < SECONDS:
            return False
        changed = self._changes(old.state, state)
        return changed is not None and not door.is_touched(old.shows, changed)

    def _keep(self, asked: Asked, page: KeptPage) -> None:
        seconds = SECONDS if page.state else SECONDS_WITHOUT_STATE
        if page.read_at:  # its rows may be older than this page: its time is theirs
            seconds = max(1, seconds - int(now().timestamp()) + int(page.read_at))
        self._memory().set(asked.key, page, timeout=seconds)

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

    def _made(self, asked: Asked, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chance = environ[CHANCE] = Chance(asked.key)
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
            self._keep(asked, page)
            self._heads.add(_head(environ))
            self._learn(asked, environ, page)
        return [body]

    def _learn(self, asked: Asked, environ: WSGIEnvironment, page: KeptPage) -> None:
        """Remember what is said of pages behind a door; nothing of one that says more than others."""
        door, names = self._doors.get(_beginning(environ)), {name.lower() for name, _text in page.headers}
        if door is None or door.route != page.route or len(page.body) < LEAST or not names <= _OF_EVERY_PAGE:
            return
        if asked.is_packed == ("content-encoding" in names):
            prefix = BY_LOCALE[asked.locale].prefix if KEY in environ else ""
            self._said[door.route, asked.locale, prefix, asked.theme, asked.is_packed] = list(page.headers)


def _packed(drawn: Drawn, asked: Asked) -> bytes:
    body = drawn.html()
    return gzip.compress(body, LEVEL, mtime=0) if asked.is_packed else body


def _head(environ: WSGIEnvironment) -> str:
    path: str = environ.get("PATH_INFO", "")
    return path[1:].partition("/")[0]


def _beginning(environ: WSGIEnvironment) -> str:
    """The first step of the address, with a slash behind it where more follows."""
    path: str = environ.get("PATH_INFO", "")
    return "/" + "".join(path[1:].partition("/")[:2])


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
