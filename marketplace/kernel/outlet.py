"""The one door to servers whose address somebody typed: public addresses alone, no redirects, little time, few bytes.

A name is resolved once for each call, every address it has must be public, and the connection goes to the very address
that was judged: a name that answers otherwise a moment later leads nowhere else. TLS still checks the name.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, urlsplit

LONGEST_ADDRESS = 300
SECONDS = 10.0  # from the first byte sent to the last one read
RESOLVED_SECONDS = 5.0
FIRST_BYTES = 2048  # of an answer; nobody reads more
_HTTPS = 443
_FREE_PORTS = 1024  # below it live mail, databases and others that are no web servers
# translated to IPv4 on the way, or set apart by IANA though Python calls some of them global
_SET_APART = tuple(
    ipaddress.ip_network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "3fff::/20", "5f00::/16", "192.0.0.0/24", "192.88.99.0/24")
)


class Unreachable(StrEnum):
    """Why there was no answer."""

    ADDRESS = "address"  # no https address that could be called
    NOT_PUBLIC = "not_public"
    UNKNOWN_NAME = "unknown_name"
    NO_CONNECTION = "no_connection"
    TLS = "tls"
    TIME = "time"
    NO_HTTP = "no_http"


class NoAnswer(Exception):
    """Nothing that could be read came back; ``why`` says at which step."""

    def __init__(self, why: Unreachable) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Answer:
    """A status, the first bytes of the body, and how long it took."""

    status: int
    start: bytes
    milliseconds: int

    @property
    def is_good(self) -> bool:
        """Whether the server said that it took what was sent; a redirect is no yes."""
        return 200 <= self.status < 300


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a machine of the open internet: no loopback, private, link-local, shared,
    multicast or reserved one, and none that carries an IPv4 address inside by which it would be led elsewhere."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour is not None or ip.teredo is not None or ip.is_site_local:
            return False
    if any(ip in net for net in _SET_APART):
        return False
    is_odd = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local
    return ip.is_global and not ip.is_private and not is_odd


def parts_of(url: str) -> SplitResult:
    """The parts of an https address that can be called. Raises `NoAnswer` for any other text."""
    try:
        parts = urlsplit(url)
        port = parts.port or _HTTPS
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:  # UnicodeError is one
        raise NoAnswer(Unreachable.ADDRESS) from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    has_secret = "@" in parts.netloc
    if parts.scheme != "https" or not host or not is_plain or has_secret or parts.fragment:
        raise NoAnswer(Unreachable.ADDRESS)
    if len(url) > LONGEST_ADDRESS or (port != _HTTPS and port < _FREE_PORTS):
        raise NoAnswer(Unreachable.ADDRESS)
    return parts


class Outlet:
    """Calls servers outside. Tests bring one that resolves names and judges addresses their own way."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._tls: ssl.SSLContext | None = None

    def resolve(self, host: str, port: int) -> list[str]:
        """The addresses of a host; empty where nobody knows the name."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def may_reach(self, address: str) -> bool:
        """Whether an address may be called."""
        return is_public(address)

    def tls(self) -> ssl.SSLContext:
        """How servers prove who they are; made once, since it reads the authorities' file."""
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    def check(self, url: str) -> None:
        """Raise `NoAnswer` unless ``url`` could be called now."""
        parts = parts_of(url)
        self._address(parts.hostname or "", parts.port or _HTTPS)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body`` and read the beginning of what comes back. Raises `NoAnswer` where nothing does."""
        parts = parts_of(url)
        host, port = parts.hostname or "", parts.port or _HTTPS
        address = self._address(host, port)
        began = time.monotonic()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        named = {"Host": parts.netloc, "Connection": "close", **headers}
        with _Call(address, port, self._seconds) as call:
            call.secure(self.tls(), host)
            status, start = call.exchange(path, body, named)
        return Answer(status, start, round((time.monotonic() - began) * 1000))

    def _address(self, host: str, port: int) -> str:
        """The address to connect to; every one that the name has must be public."""
        found: list[str] = []
        # a name server that does not answer would hold the thread longer than any web server may
        asking = threading.Thread(target=lambda: found.extend(self.resolve(host, port)), name="resolving", daemon=True)
        asking.start()
        asking.join(RESOLVED_SECONDS)
        addresses = list(found)
        if not addresses:
            raise NoAnswer(Unreachable.UNKNOWN_NAME)
        if not all(self.may_reach(one) for one in addresses):
            raise NoAnswer(Unreachable.NOT_PUBLIC)
        return addresses[0]


class _Call:
    """One connection, cut off when its time is over, however slowly the server drips."""

    def __init__(self, address: str, port: int, seconds: float) -> None:
        self._seconds = seconds
        self._is_late = False
        try:
            self._socket = socket.create_connection((address, port), timeout=seconds)
        except OSError as fault:
            raise NoAnswer(Unreachable.TIME if isinstance(fault, TimeoutError) else Unreachable.NO_CONNECTION) from None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Call:
        self._timer.start()
        return self

    def __exit__(self, *_ignored: object) -> None:
        self._timer.cancel()
        self._socket.close()

    def _cut(self) -> None:
        self._is_late = True
        with suppress(OSError):  # it is closed already
            # the plain socket's own: that of TLS would first forget how to read
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS and check who answers."""
        try:
            self._socket = context.wrap_socket(self._socket, server_hostname=host, do_handshake_on_connect=False)
            self._socket.do_handshake()
        except (OSError, ValueError) as fault:
            raise NoAnswer(self._why(fault, Unreachable.TLS)) from None

    def exchange(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and first bytes of the answer to a POST."""
        connection: Any = http.client.HTTPConnection("unused")
        connection.sock = self._socket
        try:
            connection.request("POST", path, body=body, headers=dict(headers))
            answer = connection.getresponse()
            status, start = answer.status, answer.read(FIRST_BYTES)
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise NoAnswer(self._why(fault, Unreachable.NO_HTTP)) from None
        if self._is_late:  # what was cut may look like an end
            raise NoAnswer(Unreachable.TIME)
        return status, start

    def _why(self, fault: Exception, otherwise: Unreachable) -> Unreachable:
        return Unreachable.TIME if self._is_late or isinstance(fault, TimeoutError) else otherwise
