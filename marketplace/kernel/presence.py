"""Which workers of this home are alive: each holds a lock on a file of its own, which ends with its process."""

from __future__ import annotations

import fcntl
import re
import secrets
from pathlib import Path
from typing import IO

_NAME = re.compile(r"[0-9a-f]{16}")


class Presence:
    """The sign that one worker lives; kept until `leave` or until the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = secrets.token_hex(8)
        self._path = _path(folder, self.name)
        self._file: IO[str] = open(self._path, "w")  # noqa: SIM115 - the open file is the sign
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def fileno(self) -> int:
        """The open sign; a process that inherits it keeps it up until it has ended, too."""
        return self._file.fileno()

    def leave(self) -> None:
        """Take the sign away."""
        self._path.unlink(missing_ok=True)
        self._file.close()


def has_died(folder: Path, name: str) -> bool:
    """Whether the worker ``name`` left its sign and no longer holds it; False for workers of other homes."""
    if not _NAME.fullmatch(name):
        return False
    try:
        with open(_path(folder, name)) as sign:
            fcntl.flock(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except OSError:  # it is held, or there is no such sign here
        return False


def clear(folder: Path, name: str) -> None:
    """Remove the sign of a worker that has died, after its work was taken over."""
    _path(folder, name).unlink(missing_ok=True)


def signs(folder: Path) -> list[str]:
    """The names of all signs in ``folder``, of the living and the dead."""
    return sorted(path.stem for path in folder.glob("*.lock"))


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.lock"
