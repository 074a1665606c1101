"""What a new worker prepares before the first visitor waits for it: registry, lexicon, word cutters, index columns,
vectors."""

from __future__ import annotations

import logging
import threading
import time

from flask import Flask

from marketplace.i18n.locales import LOCALES
from marketplace.kernel.database import db

log = logging.getLogger(__name__)


def share(app: Flask | None = None) -> None:
    """Load plain data that every worker needs, before workers are forked. Leaves no connection open and no thread.

    With the application its common pages are gone through, too (see `rehearsal`).
    """
    from marketplace.catalogue.registry.loading import load_registry
    from search.analysis import find_concepts, words

    load_registry()
    for locale in LOCALES:
        words("arabica coffee 咖啡", locale)
    find_concepts("arabica coffee")
    if app is not None:
        from marketplace.web.rehearsal import rehearse

        rehearse(app)


def warm(app: Flask) -> None:
    """Load what is loaded once a process. A failure is logged and left to the first request that needs the thing."""
    began = time.perf_counter()
    with app.app_context():
        try:
            from marketplace.discovery.engine import engine
            from search.query import Query

            share()
            engine().search(Query())
            _read_vectors()
        except Exception:
            log.exception("warming.failed")
        finally:
            db.session.remove()
    log.info("warming.done", extra={"seconds": round(time.perf_counter() - began, 2)})


def _read_vectors() -> None:
    """What a search that finds little compares with. Only here: after the fork, since numpy brings threads, and not
    where there is nothing to compare with, since it brings megabytes."""
    from marketplace.discovery.embedder import current_embedder
    from marketplace.discovery.engine import related_folder, switched_off
    from search.ranking import RELATED_NAME
    from search.related import Said

    embedder = None if RELATED_NAME in switched_off() else current_embedder(related_folder())
    if embedder is not None:
        embedder.vectors([Said((("en", "arabica coffee"),))])


def warm_in_background(app: Flask) -> None:
    """The same beside the first requests."""
    threading.Thread(target=warm, args=(app,), name="warming", daemon=True).start()
