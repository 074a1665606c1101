"""A process that dies by SIGKILL at its n-th touch of the database or of a file in the site's home."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from marketplace.kernel import database, light_session
from marketplace.kernel.lines import Found, Line

_WRITES = ("INSERT", "UPDATE", "DELETE")
_TURNING = frozenset({"commit", "committed", "moved"})  # the touches at which half a step would show


class Fuse:
    """Counts touches while it burns; at number ``at`` the process is gone, as if the power had failed."""

    def __init__(self) -> None:
        self.home = ""  # where files count
        self.at = 0
        self.burns = False
        self.touches: list[str] = []
        self.direct_commits = 0
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", lambda _connection: self._touch("commit"))
        event.listen(Session, "after_commit", lambda _session: self._touch("committed"))
        sys.addaudithook(self._file)
        self._listen_to_lines()

    @contextmanager
    def burning(self, at: int = 0) -> Iterator[None]:
        """Count what happens inside; with ``at``, nothing happens after that touch."""
        self.at, self.burns, self.touches = at, True, []
        try:
            yield
        finally:
            self.burns = False

    def turning_points(self) -> list[int]:
        """Numbers of the touches before and after each commit, and before each file that moves, of what was counted."""
        return [number for number, name in enumerate(self.touches, 1) if name in _TURNING]

    def _listen_to_lines(self) -> None:
        """Transactions are spoken directly in this process, as in a running site: what listens is no reason not to."""
        for module in (light_session, database):
            vars(module)["is_heard"] = lambda _engine: False
        run, commit = Line.run, Line.commit

        def heard(line: Line, sql: str, values: Any) -> Found:
            self._statement(None, None, sql)
            return run(line, sql, values)

        def committed(line: Line) -> None:
            self._touch("commit")
            self.direct_commits += 1
            commit(line)

        setattr(Line, "run", heard)  # noqa: B010 - mypy knows no assignment to a method
        setattr(Line, "commit", committed)  # noqa: B010 - as above

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(_WRITES):
            self._touch("write")

    def _file(self, name: str, arguments: tuple[Any, ...]) -> None:
        if not self.burns or not self.home:
            return
        if name == "open":
            path, mode, _flags = arguments
            if isinstance(mode, str) and mode[:1] in "wax" and str(path).startswith(self.home):
                self._touch("file")
        elif (name == "os.rename" and str(arguments[1]).startswith(self.home)) or (
            name in {"os.remove", "os.link"} and str(arguments[0]).startswith(self.home)
        ):
            self._touch("moved")

    def _touch(self, name: str) -> None:
        if not self.burns:
            return
        self.touches.append(name)
        if len(self.touches) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
