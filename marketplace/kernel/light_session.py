"""The site's session: a transaction of prepared statements alone is spoken straight to the database.

Nothing of SQLAlchemy's transaction is made until something asks for it: an object that is read, added or changed, a
statement that is not prepared. Then it goes on upon the same connection, within the same transaction. What an action
promises is the same either way; an action that many people wait for asks for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy.orm import InstanceState, SessionTransaction
from sqlalchemy.orm.attributes import instance_state

from marketplace.kernel.lines import WRITES, Line, is_heard

_MOST_WAITING = 16  # objects that are looked through before each statement


class LightSession(Session):
    """A session that can begin a writing transaction on a `Line`; it is the line's until it is asked for more."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.line: Line | None = None  # while the transaction is spoken to directly
        self._waiting: dict[tuple[type[Any], int], Any] = {}  # written objects, to be held once it is asked for more

    def begin_writing(self) -> None:
        """Begin a transaction that writes; there must be none."""
        engine: Any = self.get_bind()
        if is_heard(engine):
            self.connection(execution_options={WRITES: True})
            return
        line = Line(engine)
        try:
            line.begin_writing()
        except BaseException:
            line.close()
            raise
        self.line = line

    def spoken(self) -> Line | None:
        """The line to run a prepared statement on, if there is one: what was changed in objects counts before it."""
        if self.line is not None and self._is_changed():
            self._autobegin_t()
        return self.line

    def hold_later(self, thing: Any, key: int) -> None:
        """Hold an object whose row was written; at once where objects are held already."""
        if self.line is not None and len(self._waiting) == _MOST_WAITING:
            self._autobegin_t()
        if self.line is None:
            self._save_or_update_impl(instance_state(thing))
        else:
            self._waiting[type(thing), key] = thing

    def get(self, entity: Any, ident: Any, **wishes: Any) -> Any:
        """As SQLAlchemy's; an object that was written in this transaction is at hand."""
        if not wishes and self.line is not None and (thing := self._waiting.get((entity, ident))) is not None:
            return thing
        return super().get(entity, ident, **wishes)

    def get_one(self, entity: Any, ident: Any, **wishes: Any) -> Any:
        """As SQLAlchemy's; an object that was written in this transaction is at hand."""
        if not wishes and self.line is not None and (thing := self._waiting.get((entity, ident))) is not None:
            return thing
        return super().get_one(entity, ident, **wishes)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """As SQLAlchemy's; nothing where only prepared statements have been run."""
        if self.line is not None:
            if not self._is_changed():
                return
            self._autobegin_t()
        super().flush(objects)

    def commit(self) -> None:
        """As SQLAlchemy's, with its events."""
        if self.line is not None and not self._is_changed():
            self.dispatch.before_commit(self)  # whoever is told so may ask for more, or change what was written
            if self.line is not None and not self._is_changed():
                self.line.commit()
                self.line = None
                self.dispatch.after_commit(self)
                return
        super().commit()  # it begins by `_autobegin_t`

    def rollback(self) -> None:
        """As SQLAlchemy's, with its events."""
        if self.line is not None:
            self._autobegin_t()
        super().rollback()

    def in_transaction(self) -> bool:
        """As SQLAlchemy's."""
        return self.line is not None or super().in_transaction()

    def _validate_persistent(self, state: InstanceState[Any]) -> None:
        if self._waiting:
            self._autobegin_t()
        super()._validate_persistent(state)

    def _is_changed(self) -> bool:
        # a generator costs more than what it looks at
        return True in [instance_state(thing).modified for thing in self._waiting.values()]

    def _autobegin_t(self, begin: bool = False) -> SessionTransaction:
        """Where everything of SQLAlchemy begins: the line's transaction becomes its own."""
        is_new = self._transaction is None
        transaction = super()._autobegin_t(begin)
        if is_new:
            if self.line is not None:
                connection, self.line = self.line.adopted(), None
                transaction._connection_for_bind(connection, None)
                known = transaction._connections
                for name, (one, begun, should_commit, _is_closed) in list(known.items()):
                    known[name] = one, begun, should_commit, True  # nobody else will give it back
            waiting, self._waiting = self._waiting, {}
            for thing in waiting.values():
                state = instance_state(thing)
                if state.modified:  # and what was put beside it
                    self._save_or_update_state(state)
                else:
                    self._save_or_update_impl(state)
        return transaction

    def close(self) -> None:
        """As SQLAlchemy's; at once where nothing was ever held, as at the end of nearly every request."""
        is_empty = self._transaction is None and not (self._new or self._deleted or self.identity_map)
        if self.line is None and is_empty:
            self._waiting.clear()
        else:
            super().close()

    def _close_impl(self, invalidate: bool, is_reset: bool = False) -> None:
        if self.line is not None:
            self._autobegin_t()
        self._waiting.clear()
        super()._close_impl(invalidate, is_reset)
