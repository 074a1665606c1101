"""Language prefixes in addresses: `/de/products` is the German page, `/products` chooses for the reader.

The prefix is taken off before routing and put into SCRIPT_NAME, so every address that the
application builds keeps the reader's language by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from marketplace.i18n.locales import BY_LOCALE, BY_PREFIX

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "souq.locale"


class LanguagePrefix:
    """WSGI middleware that moves a known language prefix from PATH_INFO to SCRIPT_NAME."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        head, _slash, rest = path[1:].partition("/")
        language = BY_PREFIX.get("/" + head)
        if language is not None:
            environ[KEY] = language.locale
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + language.prefix
            environ["PATH_INFO"] = "/" + rest
        return self.application(environ, start_response)


def localised(public_url: str, locale: str, path: str) -> str:
    """The absolute address of a local ``path`` in one language, for mails and feeds."""
    return f"{public_url}{BY_LOCALE[locale].prefix}{path}"


def prefix_of(environ: dict[str, Any]) -> str:
    """The prefix of this request: "/de" or "" where the address has none."""
    locale = environ.get(KEY)
    return BY_LOCALE[locale].prefix if locale else ""
