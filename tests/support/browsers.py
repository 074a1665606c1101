"""The test client, which closes what it opened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class TidyClient(FlaskClient):
    """Closes the body it sent: Werkzeug keeps one above half a megabyte in a temporary file and leaves it open.

    Such a file is collected at some later moment, and the warning about it then strikes whichever test runs.
    """

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> tuple[Iterable[bytes], str, Headers]:
        try:
            return super().run_wsgi_app(environ, buffered)
        finally:
            environ["wsgi.input"].close()
