"""T4 on every form that any test sends: beside it, the same form goes to a copy of the site, with thirty names more.

With SOUQ_EXTRA_NAMES naming a folder (`make extra-names`), each kind of form that a test submits with success is sent
three times, each time to the same copy of the database as it was before: twice as the test sent it, which tells the
columns that are never alike (keys, tokens), and once with the names. The third must do what the first did, to the
column. The test's own site never sees them. ``python -m tests.support.extra_names FOLDER`` then tells which POST
routes were reached, and fails for every one that was not.
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request

from marketplace.kernel.copying import tables
from marketplace.kernel.database import db
from tests.support.application import build, home_settings

FOLDER = os.environ.get("SOUQ_EXTRA_NAMES", "")
# names of columns and of habits elsewhere, each with what somebody would like it to be
EXTRAS = {
    "role": "operator", "roles": "operator", "kind": "programme", "is_admin": "1", "admin": "true", "is_staff": "1",
    "verified": "1", "is_verified": "true", "verification_level": "verified", "verified_at": "2026-01-01",
    "email_verified_at": "2026-01-01", "totp_secret": "", "totp_enabled_at": "", "password_hash": "x",
    "seller_id": "1", "organisation_id": "1", "buyer_id": "1", "user_id": "1", "owner_id": "1", "producer_id": "1",
    "chapter_id": "1", "rfq_id": "1", "product_id": "1", "id": "1", "slug": "taken-over", "status": "won",
    "curation": "approved", "score": "1", "weight": "99", "unit_price": "0.000001", "card_price": "0",
    "price_per_kg_usd": "0", "total": "0", "subtotal": "0", "amount": "0", "fee": "0", "deposit": "0",
    "discount": "100", "paid_at": "2026-01-01", "created_at": "2020-01-01", "changed_at": "2020-01-01",
    "listed_at": "2020-01-01", "sent_at": "2020-01-01", "expires_at": "2099-01-01", "deleted_at": "2026-01-01",
    "suspended_at": "", "is_listed": "1", "_method": "DELETE",
}  # fmt: skip
# rows of visits and of looking on: not what a form is about
LEFT_OUT = {"session", "tally", "search_log"}
BESIDE = "souq_beside"  # tells the applications apart
MOST_TRIES = 40  # of one route, by one process
Rows = dict[str, Any]


class Beside:
    """A copy of the site of a test, on which a form is tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Path(tempfile.mkdtemp(prefix="souq-beside-"))
        self.app: Flask | None = None
        self.tries: Counter[str] = Counter()
        self.seen: set[tuple[str, frozenset[str]]] = set()

    def look(self, app: Flask, environ: dict[str, Any]) -> None:
        """Try the request of ``environ`` on a copy of ``app``, if no form like it was tried yet."""
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        with Request({**environ, "wsgi.input": io.BytesIO(body)}) as asked:
            try:
                endpoint, _values = app.create_url_adapter(asked).match()  # type: ignore[union-attr,arg-type]  # inside a request there is one
            except HTTPException:
                return
            names = frozenset([*asked.form, *asked.files])
        if (endpoint, names) in self.seen or self.tries[endpoint] >= MOST_TRIES:
            return
        self.tries[endpoint] += 1
        kept = self._kept(app)
        status, first = self._sent(environ, body, kept)
        if status >= 400:
            return
        self.seen.add((endpoint, names))
        _again, twin = self._sent(environ, body, kept)
        odd_status, odd = self._sent(environ, _with_more(body, environ["CONTENT_TYPE"], names), kept)
        changed = sorted(_differing(first, odd) - _differing(first, twin))
        assert (odd_status, changed) == (status, []), f"T4: more names change what {endpoint} does: {changed}"
        with open(self.folder / f"{os.getpid()}.txt", "a", encoding="utf-8") as told:
            told.write(f"{endpoint}\n")

    def _kept(self, source: Flask) -> Path:
        """The database of the test as it is now, and its files."""
        settings = source.extensions["souq_settings"]
        kept = self.home / "kept.sqlite3"
        kept.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(settings.stores.database_url.split(":///", 1)[1])) as reading,
            closing(sqlite3.connect(kept)) as copy,
        ):
            reading.backup(copy)
        shutil.rmtree(self.home / "files", ignore_errors=True)
        if (settings.home / "files").is_dir():
            shutil.copytree(settings.home / "files", self.home / "files")
        return kept

    def _sent(self, environ: dict[str, Any], body: bytes, kept: Path) -> tuple[int, Rows]:
        """The status and all rows after a request that came upon the kept database."""
        if self.app is None:
            self.app = build(home_settings(self.home))
            self.app.extensions[BESIDE] = True
        for ending in ("", "-wal", "-shm"):
            (self.home / f"souq.sqlite3{ending}").unlink(missing_ok=True)
        shutil.copyfile(kept, self.home / "souq.sqlite3")
        own = {key: value for key, value in environ.items() if not key.startswith(("werkzeug.", "flask."))}
        own |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        with self.app.app_context():
            try:
                _body, status, _headers = run_wsgi_app(self.app.wsgi_app, own, buffered=True)
                with db.engine.connect() as connection:
                    rows = {
                        table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
                        for table in tables()
                        if table.name not in LEFT_OUT
                    }
            finally:
                db.session.remove()
                db.engine.dispose()
        return int(status.split()[0]), rows


def _differing(one: Rows, other: Rows) -> set[tuple[str, str]]:
    """(table, column) whose values are not the same; the column "" stands for the number of rows."""
    found: set[tuple[str, str]] = set()
    for table, left in one.items():
        right = other[table]
        if len(left) != len(right):
            found.add((table, ""))
        names = left[0] if left else right[0] if right else {}
        found |= {
            (table, name)
            for name in names
            if Counter(repr(row[name]) for row in left) != Counter(repr(row[name]) for row in right)
        }
    return found


def _with_more(body: bytes, content_type: str, names: frozenset[str]) -> bytes:
    """The body of a form with the names that it lacks."""
    more = {name: value for name, value in EXTRAS.items() if name not in names}
    assert len(more) >= 30
    if not content_type.startswith("multipart/"):
        return b"&".join([part for part in (body, urlencode(more).encode()) if part])
    mark = b"--" + parse_options_header(content_type)[1]["boundary"].encode()
    parts = [
        mark + f'\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in more.items()
    ]
    return b"".join(parts) + body


@contextmanager
def tried_beside(folder: Path) -> Iterator[None]:
    """While it lasts, every kind of form that a test's client sends is tried on a copy of its site first."""
    beside, lock = Beside(folder), threading.Lock()
    real = FlaskClient.run_wsgi_app

    def run(client: FlaskClient, environ: dict[str, Any], buffered: bool = False) -> Any:
        app = client.application
        if environ["REQUEST_METHOD"] == "POST" and app.extensions["souq_settings"].stores.is_sqlite:
            client._add_cookies_to_wsgi(environ)
            if lock.acquire(blocking=False):  # of many at once, one is enough
                try:
                    beside.look(app, environ)
                finally:
                    lock.release()
        return real(client, environ, buffered)

    FlaskClient.run_wsgi_app = run  # type: ignore[method-assign]  # for the length of a run
    try:
        yield
    finally:
        FlaskClient.run_wsgi_app = real  # type: ignore[method-assign]  # for the length of a run
        shutil.rmtree(beside.home, ignore_errors=True)


def main() -> int:
    """Tell how many POST routes took more names, and which did not."""
    with tempfile.TemporaryDirectory() as home:
        app = build(home_settings(Path(home)))
        wanted = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    found = {line for file in Path(sys.argv[1]).glob("*.txt") for line in file.read_text("utf-8").split()}
    missing = sorted(wanted - found)
    print(f"T4: {len(wanted & found)} of {len(wanted)} POST routes took {len(EXTRAS)} more names and did the same.")
    if missing:
        print("No test sends with success: " + ", ".join(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
