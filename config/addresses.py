"""Addresses of servers as settings name them: can they be used at all, and is the package there that speaks to them."""

from __future__ import annotations

from importlib.util import find_spec
from urllib.parse import urlsplit

_INSTALL = "`make install-full` brings it"
_PACKAGES = {"postgresql+psycopg": "psycopg", "redis": "redis", "rediss": "redis", "unix": "redis", "s3": "obstore"}


def is_database(url: str) -> bool:
    """Whether a SQLAlchemy address can be taken apart; passwords may hold signs that other addresses may not."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return bool(make_url(url).database)
    except (ArgumentError, ValueError):
        return False


def is_server(url: str, *, names_host: bool = True) -> bool:
    """Whether host and port of each address between the commas can be understood."""
    scheme, _, rest = url.partition("://")
    places = rest.replace(f",{scheme}://", ",").partition("/")[0]
    try:
        for place in places.split(","):
            parts = urlsplit(f"{scheme}://{place}")
            _ = parts.port
            if names_host and not parts.hostname:
                return False
    except ValueError:
        return False
    return True


def lacking_package(url: str) -> str:
    """What to say where the package that speaks to this kind of server is not installed; empty where nothing lacks."""
    package = _PACKAGES.get(url.partition("://")[0], "")
    if not package:
        return ""
    try:
        is_there = find_spec(package) is not None
    except ModuleNotFoundError:
        is_there = False
    return "" if is_there else f"the package {package} is not installed; {_INSTALL}."


def is_scanner(url: str) -> bool:
    """Whether this can be the address of a clamd: ``clamd://HOST:PORT`` or ``unix:/SOCKET``."""
    if url.startswith("clamd://"):
        return is_server(url)
    return url.startswith("unix:/") and not url.startswith("unix://") and len(url) > len("unix:/")
