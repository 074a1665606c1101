"""New rows written at once by prepared statements, for actions that many people wait for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import bindparam, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state

from marketplace.kernel.light_session import LightSession
from marketplace.kernel.prepared import Prepared, Statement, insert_into

T = TypeVar("T")


class _Writer:
    """The INSERT of one class of objects with a key that the database gives."""

    def __init__(self, kind: Any) -> None:
        mapper = inspect(kind)
        table = mapper.local_table
        self.mapper = mapper
        (key,) = table.primary_key.columns
        self.key = mapper.get_property_by_column(key).key
        self.defaults: dict[str, Any] = {}
        for column in table.columns:
            if column is key:
                continue
            default = column.default
            if default is not None and not default.is_scalar:
                raise TypeError(f"{column} has a default that only the unit of work can tell")
            self.defaults[mapper.get_property_by_column(column).key] = default.arg if default is not None else None
        self._table, self._key = table, key
        self._columns = {name: getattr(kind, name) for name in self.defaults}
        self._statements: dict[tuple[str, ...], Prepared] = {}
        self._rows: dict[tuple[int, tuple[str, ...]], Prepared] = {}
        self._named: list[list[tuple[str, Any, str]]] = []
        self.has_places = "position" in table.columns

    def statement(self, unless_taken: tuple[str, ...]) -> Prepared:
        """The INSERT; with names of unique columns one that gives no row where their values are taken."""
        found = self._statements.get(unless_taken)
        if found is None:
            found = self._statements[unless_taken] = Prepared(lambda dialect: self._insert(dialect, unless_taken))
        return found

    def named(self, row: int) -> list[tuple[str, Any, str]]:
        """Name, default and the parameter of each column in this row of an INSERT of many."""
        while len(self._named) <= row:
            place = len(self._named)
            self._named.append([(name, default, f"{name}_{place}") for name, default in self.defaults.items()])
        return self._named[row]

    def rows(self, count: int, unless_taken: tuple[str, ...] = ()) -> Prepared:
        """The INSERT of so many rows, whose values are named "name_row"; it gives each row's key, and its position
        where the table has one. With names of unique columns, rows whose values are taken are left out."""
        found = self._rows.get((count, unless_taken))
        if found is None:
            made_for = Prepared(lambda dialect: self._insert_rows(dialect, count, unless_taken))
            found = self._rows[count, unless_taken] = made_for
        return found

    def _insert_rows(self, dialect: str, count: int, unless_taken: tuple[str, ...]) -> Statement:
        values = [
            {column.name: bindparam(f"{name}_{row}", type_=column.type) for name, column in self._columns.items()}
            for row in range(count)
        ]
        given = (self._key, self._table.c.position) if self.has_places else (self._key,)
        made = insert_into(dialect, self._table).values(values)
        if unless_taken:
            made = made.on_conflict_do_nothing(index_elements=unless_taken)
        return made.returning(*given)

    def _insert(self, dialect: str, unless_taken: tuple[str, ...]) -> Statement:
        columns = self._columns.items()
        values = {column.name: bindparam(name, type_=column.type) for name, column in columns}
        made = insert_into(dialect, self._table).values(values)
        if unless_taken:
            made = made.on_conflict_do_nothing(index_elements=unless_taken)
        return made.returning(self._key)


_WRITERS: dict[Any, _Writer] = {}
_MANAGERS: dict[Any, Any] = {}  # what makes the objects of a class


def _writer(kind: Any) -> _Writer:
    found = _WRITERS.get(kind)
    if found is None:
        found = _WRITERS[kind] = _Writer(kind)
    return found


def made(kind: type[T], /, **values: Any) -> T:
    """A new object that is to be written (see `write`) and never added: nothing is noted of where its values come from.

    Making one by its class costs as much as writing it, since the unit of work would want to know of each value.
    """
    manager = _MANAGERS.get(kind)
    if manager is None:
        manager = _MANAGERS[kind] = inspect(kind).class_manager
    thing: T = manager.new_instance()
    thing.__dict__.update(values)
    return thing


def change(thing: Any, **values: Any) -> None:
    """Set values of an object. Of one that has no row yet nobody needs to notice them one by one."""
    if instance_state(thing).key is None:
        thing.__dict__.update(values)
        return
    for name, value in values.items():
        setattr(thing, name, value)


def write(session: Session, thing: Any, *, unless_taken: tuple[str, ...] = ()) -> bool:
    """Insert a new object now and give it its key and its defaults; the session does not hold it yet (see `hold`).

    With names of unique columns, a row that has the same values already lets nothing happen, and False is given.
    """
    writer = _writer(type(thing))
    known = thing.__dict__
    values = {**writer.defaults, **known}
    rows = writer.statement(unless_taken).run(session, values)
    if not rows:
        return False
    # as if it had been read: nobody needs the history of a row that is written
    known.update({writer.key: rows[0][0], **values})
    return True


def write_values(
    session: Session, kind: Any, rows: Sequence[Mapping[str, Any]], *, unless_taken: tuple[str, ...] = ()
) -> int:
    """Insert rows of one class, given by their values, in one statement and in their order; gives how many.

    With names of unique columns, a row that has the same values already lets nothing happen.
    """
    writer = _writer(kind)
    return len(writer.rows(len(rows), unless_taken).run(session, _named_values(writer, rows)))


def write_family(session: Session, owner: Any, children: Sequence[Any], link: str) -> None:
    """Insert a new object and those that name it by their column ``link``; the session holds them all."""
    write(session, owner)
    key = getattr(owner, _writer(type(owner)).key)
    for child in children:
        setattr(child, link, key)
    if len(children) > 1 and _writer(type(children[0])).has_places:
        _write_rows(session, children)
    else:
        for child in children:
            write(session, child)
    hold(session, *children, owner)


def _write_rows(session: Session, things: Sequence[Any]) -> None:
    """Insert objects of one class in one statement; each has a ``position`` of its own, by which it gets its key."""
    writer = _writer(type(things[0]))
    named = _named_values(writer, [thing.__dict__ for thing in things])
    keys = {place: key for key, place in writer.rows(len(things)).run(session, named)}
    for row, thing in enumerate(things):
        thing.__dict__.setdefault(writer.key, keys[thing.position])
        for name in writer.defaults:
            thing.__dict__.setdefault(name, named[f"{name}_{row}"])


def _named_values(writer: _Writer, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The values of rows by "name_row", as the INSERT of many takes them."""
    return {
        key: values.get(name, default) for row, values in enumerate(rows) for name, default, key in writer.named(row)
    }


def hold(session: Session, *things: Any) -> None:
    """Let the session hold written objects as if it had read them: found by key, and changes are noticed.

    An object is given together with its children: what stands behind it is not looked for, which cost more than
    writing its row.
    """
    for thing in things:
        writer, state = _writer(type(thing)), instance_state(thing)
        key = thing.__dict__[writer.key]
        # as if it had been read: every column is known, and what is changed from now on is a change
        state.key = writer.mapper.identity_key_from_primary_key((key,))
        state._commit_all(state.dict)
        if isinstance(session, LightSession):
            session.hold_later(thing, key)
        else:
            session._save_or_update_impl(state)
