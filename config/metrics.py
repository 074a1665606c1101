"""Where the processes of a site count together: in memory where the machine has a place for it, else in the home.

The counters are files mapped into memory, whose room is taken as they are written: on a full disk that ends a process
with SIGBUS, and every worker with it. Memory fills with the machine alone, and counts need not outlive a start.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own below it, which nobody else may write


def metrics_folder(home: Path, memory: Path = _MEMORY) -> Path:
    """The folder of the counters of the site in ``home``, made where it is missing."""
    name = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    for folder in (memory / f"souq-{os.getuid()}-{name}", home / "metrics"):
        try:
            folder.mkdir(mode=0o700, parents=folder.parent == home)
        except FileExistsError:
            pass
        except OSError:
            continue
        if _is_ours(folder):
            return folder
    raise NotADirectoryError(f"{home}/metrics is no folder of this user")


def _is_ours(folder: Path) -> bool:
    """Whether this is a folder of this user and no link to another place: below it everybody may make names."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
