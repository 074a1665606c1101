"""Progress of long work: a moving line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Report = Callable[[str, int], None]
STEP_SECONDS = 5.0


@contextmanager
def reporter(what: str) -> Iterator[Report]:
    """A function ``report(part, count)`` to call as often as one likes."""
    is_terminal = sys.stderr.isatty()
    last = time.monotonic()

    def report(part: str, count: int) -> None:
        nonlocal last
        moment = time.monotonic()
        if is_terminal and moment - last > 0.1:
            click.echo(f"\r\x1b[K{what} {part}: {count}", nl=False, err=True)
            last = moment
        elif not is_terminal and moment - last > STEP_SECONDS:
            click.echo(f"{what} {part}: {count}", err=True)
            last = moment

    yield report
    if is_terminal:
        click.echo("\r\x1b[K", nl=False, err=True)
