"""What happened, as values: domains record events, handlers of higher domains react in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Event:
    """Base of all events: past tense, keys only."""


E = TypeVar("E", bound=Event)
Handler = Callable[[Session, Any], None]
_handlers: dict[type[Event], list[Handler]] = defaultdict(list)
PENDING = "souq_pending_events"


def on(kind: type[E]) -> Callable[[Callable[[Session, E], None]], Callable[[Session, E], None]]:
    """Subscribe a handler to one kind of event. It runs inside the transaction: no network, no files."""

    def subscribe(handler: Callable[[Session, E], None]) -> Callable[[Session, E], None]:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return subscribe


def record(session: Session, event: Event) -> None:
    """Remember ``event``; its handlers run before the transaction commits."""
    session.info.setdefault(PENDING, []).append(event)


def dispatch(session: Session) -> None:
    """Run the handlers of all recorded events, and of those they record, in order."""
    pending: list[Event] = session.info.get(PENDING, [])
    rounds = 0
    while pending:
        rounds += 1
        if rounds > 1000:
            raise RuntimeError("events keep causing events; a handler loops")
        event = pending.pop(0)
        for handler in _handlers.get(type(event), ()):
            handler(session, event)
            session.flush()  # a later handler's query must see what this one wrote
