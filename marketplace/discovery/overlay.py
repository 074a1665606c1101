"""Operators' names for concepts, laid over the shipped lexicon in every process: search and matching read the same."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Lock, Thread
from time import monotonic

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketplace.discovery.models import LexiconChange
from marketplace.kernel.database import db
from search.analysis import use_overlay
from search.lexicon.loader import LexiconFault
from search.lexicon.model import Concept
from search.lexicon.stored import shipped

log = logging.getLogger(__name__)
_EVERY_SECONDS = 15.0
_lock = Lock()


@dataclass
class _State:
    """Which edits this process reads by, and when it looks for new ones."""

    applied: int = 0
    next_look: float = 0.0


_state = _State()
Added = tuple[str, str, str]  # concept, language, name


def newest(session: Session) -> int:
    """The version of the operators' edits; 0 where there are none."""
    return session.scalar(select(func.max(LexiconChange.id))) or 0


def added_names(session: Session) -> list[Added]:
    """Names that hold now, in the order in which they were given."""
    held: dict[Added, bool] = {}
    rows = session.execute(
        select(LexiconChange.concept, LexiconChange.language, LexiconChange.name, LexiconChange.is_added).order_by(
            LexiconChange.id
        )
    )
    for concept, language, name, is_added in rows:
        held.pop((concept, language, name), None)
        if is_added:
            held[concept, language, name] = True
    return list(held)


def overlay_of(added: Iterable[Added]) -> list[Concept]:
    """Shipped concepts with the added names behind their own; a concept that is no longer shipped is left out."""
    by_concept: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for concept, language, name in added:
        by_concept[concept].append((language, name))
    if not by_concept:
        return []
    return [_with_names(each, by_concept[each.id]) for each in shipped().concepts if each.id in by_concept]


def _with_names(concept: Concept, added: list[tuple[str, str]]) -> Concept:
    names = {language: list(known) for language, known in concept.names.items()}
    for language, name in added:
        known = names.setdefault(language, [])
        if name not in known:
            known.append(name)
    return replace(concept, names={language: tuple(known) for language, known in names.items()})


def bring_current(session: Session) -> bool:
    """Read by the newest edits from now on; whether anything changed. Edits that contradict the lexicon are ignored."""
    version = newest(session)
    with _lock:
        if version == _state.applied:
            return False
        try:
            use_overlay(overlay_of(added_names(session)))
        except LexiconFault:
            log.exception("discovery.overlay_refused", extra={"version": version})
        _state.applied = version
    return True


def applied() -> int:
    """The version of the edits that this process reads by."""
    return _state.applied


def look_now_and_then(app: Flask) -> None:
    """From time to time, and beside the request: see whether another process changed the lexicon."""
    moment = monotonic()
    if moment < _state.next_look:
        return
    _state.next_look = moment + _EVERY_SECONDS
    Thread(target=_look, args=(app,), daemon=True, name="souq-lexicon").start()


def _look(app: Flask) -> None:
    try:
        with app.app_context():
            bring_current(db.session())
            db.session.remove()
    except SQLAlchemyError:
        log.warning("discovery.overlay_waits")
