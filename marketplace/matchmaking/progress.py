"""How far a fit has come: a small file beside the models, which the operator's page reads."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from marketplace.kernel.clock import now

_FILE = "fitting.json"
# A fit that has told nothing for so long is taken for dead.
_SILENT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Progress:
    """Offers read of how many, and what is done now: ``read`` or ``compared``."""

    read: int
    total: int
    step: str


class FitProgress:
    """Tells how far a fit has come, until it is left."""

    def __init__(self, folder: Path, total: int) -> None:
        self._path, self._total, self._read = folder / _FILE, total, 0
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> FitProgress:
        self.read(0)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._path.unlink(missing_ok=True)

    def read(self, count: int) -> None:
        """So many offers were read."""
        self._read = count
        self._tell("read")

    def step(self, name: str) -> None:
        """All are read; this is done now."""
        self._read = self._total
        self._tell(name)

    def _tell(self, step: str) -> None:
        draft = self._path.with_suffix(f".{os.getpid()}")
        told = {"read": self._read, "total": self._total, "step": step, "at": now().isoformat()}
        draft.write_text(json.dumps(told), encoding="utf-8")
        draft.replace(self._path)


def progress_of(folder: Path) -> Progress | None:
    """How far the fit that runs has come; None when none does."""
    try:
        told = json.loads((folder / _FILE).read_text("utf-8"))
        found = Progress(int(told["read"]), int(told["total"]), str(told["step"]))
        at = datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if now() - at < _SILENT else None
