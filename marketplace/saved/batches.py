"""Long rows of things, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most ``size`` things, in order; nothing is read further than the list that is handed out."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some
