"""The rows of cards, remembered as long as nothing on the market changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketplace.catalogue.queries import CardRow, cards
from marketplace.discovery.engine import lives_in_database
from marketplace.kernel.clock import today

_KEY = "souq_card_rows"
_MOST_STATES = 6  # five languages and a change
_MOST_ROWS = 2_000
_State = tuple[str, str, str]  # state of rows and index, day, language


class _Memory:
    """Rows by state; a state is forgotten when newer ones come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[_State, dict[int, CardRow]] = {}

    def rows(self, state: _State) -> dict[int, CardRow]:
        """What is known in one state, to be added to."""
        with self._lock:
            found = self._states.get(state)
            if found is None:
                while len(self._states) >= _MOST_STATES:
                    del self._states[next(iter(self._states))]
                found = self._states[state] = {}
            return found


def card_rows(session: Session, keys: Sequence[int], locale: str) -> list[CardRow]:
    """The public products among ``keys``, in that order.

    Where index and rows share a database, every visible change counts up in its own transaction; the count is read
    in the same snapshot as the rows, so what is remembered under it is what the rows say.
    """
    state = _change(session) if lives_in_database() else ""
    if not state:
        return cards(session, keys, locale)
    known = _memory().rows((state, today().isoformat(), locale))
    missing = [key for key in keys if key not in known]
    if missing:
        found = {row.id: row for row in cards(session, missing, locale)}
        if len(known) + len(found) <= _MOST_ROWS:
            known.update(found)
        return [row for key in keys if (row := known.get(key) or found.get(key)) is not None]
    return [known[key] for key in keys]


def _change(session: Session) -> str:
    try:
        rows = session.connection().exec_driver_sql(
            "SELECT value FROM search_state WHERE name IN ('change', 'generation') ORDER BY name"
        )
        return ".".join(str(value) for (value,) in rows)
    except SQLAlchemyError:
        return ""  # nothing was indexed yet


def _memory() -> _Memory:
    made: _Memory = current_app.extensions.setdefault(_KEY, _Memory())
    return made
