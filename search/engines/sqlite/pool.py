"""Connections of one process to one file, handed to one thread at a time."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Open = Callable[[], sqlite3.Connection]


class Pool:
    """Keeps idle connections; after a fork the child opens its own. ``is_single`` is for a database in memory."""

    def __init__(self, open_connection: Open, *, is_single: bool) -> None:
        self._open = open_connection
        self._idle: list[sqlite3.Connection] = []
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._turn = threading.RLock() if is_single else None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one read transaction, so that all statements see one state."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def peeking(self) -> Iterator[sqlite3.Connection]:
        """A connection for one statement, which is a transaction of its own."""
        with self._turn or threading.Lock():
            connection = self._take()
            try:
                yield connection
            except sqlite3.Error:
                if self._turn is None:
                    connection.close()
                else:
                    self._give_back(connection)
                raise
            self._give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one write transaction: committed at the end, rolled back on an error."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._turn or threading.Lock():
            connection = self._take()
            try:
                connection.execute(begin)
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error:
                if self._turn is None:
                    connection.close()  # whatever is wrong with it, the next search opens a fresh one
                else:
                    self._give_back(connection)  # closing it would lose a database in memory
                raise
            except BaseException:
                self._give_back(connection)
                raise
            self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._process != os.getpid():  # a parent's connections must not be used, nor closed, by its child
                self._idle, self._process = [], os.getpid()
            if self._idle:
                return self._idle.pop()
        return self._open()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            self._idle.append(connection)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
