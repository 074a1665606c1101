"""A worker that never lags, for tests whose index lives beside the database: marks are worked off after each commit.

With SQLite rows and index commit together; elsewhere a job follows. Tests of pages ask for what stands on the market,
not for how soon the job came.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.kernel.database import db

_MARKED = "souq_test_marked"
_LAGS = "souq_test_lags"
_MARKS = "INSERT INTO stale_document"


def keep_index_in_step(app: Flask) -> None:
    """Let ``app``'s index follow every commit at once."""
    app.extensions[_MARKED] = False

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(_MARKS):
            app.extensions[_MARKED] = True

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)


def let_index_lag(app: Flask) -> None:
    """Let marks wait for a job from now on, as they do on a site; nothing changes where rows and index are one."""
    app.extensions[_LAGS] = True


@event.listens_for(Session, "after_commit")
def _follow(_session: Session) -> None:
    if not current_app or not current_app.extensions.get(_MARKED) or current_app.extensions.get(_LAGS):
        return
    from marketplace.discovery.services import refresh_marked

    current_app.extensions[_MARKED] = False
    with current_app.app_context():  # a session of its own: this one has just committed
        try:
            refresh_marked()
        finally:
            db.session.remove()
