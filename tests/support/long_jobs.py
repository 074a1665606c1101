"""A worker with jobs that tests can watch: `python -m tests.support.long_jobs worker FOLDER` or `… one KEY PARENT`.

It is the command's own worker and the command's own child, with three jobs more and none that comes by the clock.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from pathlib import Path

from marketplace.cli.context import with_app
from marketplace.cli.worker import die_with, do_one, work_until_told
from marketplace.kernel import jobs


@jobs.job("test.long", is_long=True)
def long(folder: str, name: str, seconds: float) -> None:
    """Write down when it begins and ends, and whether somebody else is at the same."""
    with open(Path(folder) / f"{name}.alone", "w") as alone:
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(folder, f"twice {name}")
        _say(folder, f"begin {name} {os.getpid()}")
        time.sleep(seconds)
        _say(folder, f"end {name} {os.getpid()}")


@jobs.job("test.short")
def short(folder: str, seconds: float = 0.0) -> None:
    """Write down which process does it, and that it is done."""
    _say(folder, f"short x {os.getpid()}")
    time.sleep(seconds)
    _say(folder, f"shortly x {os.getpid()}")


@jobs.job("test.prompt", is_prompt=True)
def prompt(folder: str, seconds: float = 0.0) -> None:
    """Write down when it begins and ends."""
    _say(folder, f"prompt x {os.getpid()}")
    time.sleep(seconds)
    _say(folder, f"promptly x {os.getpid()}")


@jobs.job("test.outside", is_outside=True)
def outside(folder: str, seconds: float = 0.0) -> None:
    """Write down when it begins and ends."""
    _say(folder, f"outside x {os.getpid()}")
    time.sleep(seconds)
    _say(folder, f"outsidely x {os.getpid()}")


def _say(folder: str, words: str) -> None:
    with open(Path(folder) / "said", "a") as said:
        said.write(words + "\n")


def _one(key: int) -> list[str]:
    return [sys.executable, "-m", "tests.support.long_jobs", "one", str(key), str(os.getpid())]


@with_app
def _work(folder: str) -> None:
    jobs._periodic.clear()
    work_until_told(Path(folder), _one)


def main() -> None:
    """Be the worker, or the process that does one task for it."""
    if sys.argv[1] == "worker":
        _work(sys.argv[2])
    else:
        die_with(int(sys.argv[3]))
        with_app(do_one)(int(sys.argv[2]))


if __name__ == "__main__":
    main()
