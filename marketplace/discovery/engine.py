"""The search engine of the running application, chosen by settings and connected on first use."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from marketplace.discovery.embedder import current_embedder
from marketplace.kernel.database import db
from marketplace.kernel.outside import settings
from search.engine import Engine, connect, connect_sqlite

if TYPE_CHECKING:
    from search.engines.sqlite.engine import SqliteEngine

_KEY = "souq_search_engine"


def engine() -> Engine:
    """The engine; nothing is sent or opened before it is used."""
    made = current_app.extensions.get(_KEY)
    if made is None:
        made = current_app.extensions[_KEY] = _connect()
    return cast("Engine", made)


def known_engine(app: Flask) -> Engine | None:
    """The engine of an application if it was used before; needs no context."""
    return cast("Engine | None", app.extensions.get(_KEY))


def lives_in_database() -> bool:
    """Whether the index is part of the business database, so that rows and index commit together."""
    stores = settings().stores
    return stores.search_url == "sqlite:" and stores.is_sqlite


def embedded_engine() -> SqliteEngine:
    """The engine as one that writes inside a caller's transaction; only where ``lives_in_database``."""
    return cast("SqliteEngine", engine())


def related_folder() -> Path:
    """Where the vectors of documents are kept that a worker learnt."""
    return settings().home / "related"


def switched_off() -> frozenset[str]:
    """What of ranking the operators have switched off, by name."""
    return settings().stores.ranked_without


def use_engine(made: Engine | None) -> None:
    """Replace the engine of the running application (tests); None connects anew from the settings."""
    current_app.extensions[_KEY] = made


def _connect() -> Engine:
    stores = settings().stores
    embedding = partial(current_embedder, related_folder())
    if lives_in_database():
        path = db.engine.url.database
        assert path, "the embedded index needs a database file"
        return connect_sqlite(connection=lambda: _open(path), embedding=embedding)
    if stores.search_url.startswith("sqlite:"):
        return connect(stores.search_url, embedding=embedding)
    return connect(stores.search_url, api_key=stores.search_api_key, ca_file=stores.search_ca_file, embedding=embedding)


def _open(path: str) -> sqlite3.Connection:
    """A connection to the business database beside SQLAlchemy's, for searching and for rebuilding."""
    opened = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    for pragma in ("synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
        opened.execute(f"PRAGMA {pragma}")
    return opened
