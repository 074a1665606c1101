"""Learning what goods are near to each other: vectors from the catalogue's own texts, then an index with them.

Search works without: pages with few finds then end there. What is learnt stays while the catalogue grows, until it has
doubled, its lexicon has changed, or a week is over: so long words of a text that is gone may be remembered.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketplace.discovery.checking import count_public, public_names, rebuild_index
from marketplace.discovery.embedder import current_embedder, point_to
from marketplace.discovery.engine import lives_in_database, related_folder
from marketplace.discovery.projection import product_documents
from marketplace.discovery.rules import PRODUCT
from marketplace.discovery.services import refresh_marked
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from search.analysis import lexicon
from search.errors import SearchError
from search.related import Said, said_of_document

if TYPE_CHECKING:
    from matching.embedding import LearntEmbedder

log = logging.getLogger(__name__)
KEPT = timedelta(days=7)
_DUE = "index-due"
_LOCK = "learning.lock"
_BATCH = 250
_LOOKED_SECONDS = 0.3
_MARK = 6
_TIME = "%y%m%d%H%M%S"


def look_after_vectors() -> str | None:
    """Learn where nothing usable was learnt, or what was has aged; gives the name of what was learnt.

    An index that still has to take in what was learnt is made anew. Nothing is done while somebody learns by hand.
    Raises SearchError where the engine does not answer: then it is due again the next time.
    """
    from matching.embedding import LEAST

    keys = _products(db.session())
    db.session.rollback()
    folder = related_folder()
    with _alone(folder, is_waiting=False) as is_alone:
        if not is_alone:
            return None
        known = current_embedder(folder)
        if len(keys) >= LEAST and (known is None or _is_aged(known.name, known.texts, len(keys))):
            return _learn(folder, keys)
        if known is not None and (folder / _DUE).exists():
            _index(folder)
        return None


def are_vectors_due(session: Session) -> bool:
    """Whether `look_after_vectors` would find work: a look at a pointer, some files and one count."""
    from matching.embedding import LEAST

    folder = related_folder()
    known = current_embedder(folder)
    if known is not None and (folder / _DUE).exists():
        return True
    products = count_public(session, PRODUCT)
    return products >= LEAST and (known is None or _is_aged(known.name, known.texts, products))


def learn_vectors() -> str | None:
    """Learn from the products and index them anew with what was learnt; gives its name, None where there are too few
    products to learn from. Waits for whoever is learning."""
    from matching.embedding import LEAST

    folder = related_folder()
    with _alone(folder, is_waiting=True):
        keys = _products(db.session())
        return _learn(folder, keys) if len(keys) >= LEAST else None


@contextmanager
def _alone(folder: Path, *, is_waiting: bool) -> Iterator[bool]:
    """Let one process at a time learn, index and sweep; whether this is the one."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | (0 if is_waiting else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def _learn(folder: Path, keys: Sequence[int]) -> str:
    from matching.embedding import MOST

    step = max(1, -(-len(keys) // MOST))
    name = f"{now().strftime(_TIME)}{lexicon().version[:_MARK]}"
    made = _learnt_beside(list(_said(keys[::step])), folder / name)
    (folder / _DUE).touch()
    point_to(made)
    log.info("discovery.learnt", extra={"make": name, "products": len(keys)})
    _index(folder)
    return name


def _learnt_beside(texts: Sequence[Said], folder: Path) -> LearntEmbedder:
    """What `learn` gives. It takes a worker up to minutes, and changes go on into the index meanwhile."""
    from matching.embedding import learn

    made: list[LearntEmbedder] = []
    faults: list[Exception] = []

    def work() -> None:
        try:
            made.append(learn(texts, folder))
        except Exception as fault:
            faults.append(fault)

    # a worker that is told to stop does not wait for it; the next one sweeps what is half learnt
    thread = threading.Thread(target=work, name="learning", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_LOOKED_SECONDS)
        _bring_in()
    if faults:
        raise faults[0]
    return made[0]


def _bring_in(_count: int = 0) -> None:
    """Changes made since are indexed, where an index of its own waits for the worker; what fails stays marked."""
    if not lives_in_database():
        try:
            refresh_marked()
        except (SearchError, SQLAlchemyError) as fault:  # the job that follows every change tries again
            db.session.rollback()
            log.info("discovery.brought_in_later", extra={"fault": type(fault).__name__})


def _index(folder: Path) -> None:
    """Index everything with the vectors of now, and let those of before go, with what somebody left half learnt."""
    current = current_embedder(folder)
    rebuild_index(_bring_in)
    (folder / _DUE).unlink(missing_ok=True)
    for each in folder.iterdir():
        if each.is_dir() and current is not None and each.name != current.name:
            shutil.rmtree(each, ignore_errors=True)


def _is_aged(name: str, texts: int, products: int) -> bool:
    from matching.embedding import MOST

    if not name.endswith(lexicon().version[:_MARK]):
        return True
    learnt_at = datetime.strptime(name[:-_MARK], _TIME).replace(tzinfo=now().tzinfo)
    return now() - learnt_at > KEPT or min(products, MOST) >= 2 * texts


def _products(session: Session) -> list[int]:
    return [key for kind, key in public_names(session) if kind == PRODUCT]


def _said(keys: Sequence[int]) -> Iterator[Said]:
    session = db.session()
    for start in range(0, len(keys), _BATCH):
        documents = product_documents(session, dict.fromkeys(keys[start : start + _BATCH], 1))
        session.rollback()  # no reader holds the database for long
        yield from (said_of_document(each) for each in documents)
        _bring_in()
